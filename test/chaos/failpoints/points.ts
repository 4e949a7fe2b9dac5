/** The calls of a coordinator at which it is made to fail: before and after each, by a crash, an error, a delay. */
import { textOf, type Failpoint } from '../process/failpoint.ts';

/** Submit, plan, enqueue, fetch, grant, renew, commit, command, finish: in the order in which a sample meets them. */
export const PLACES = [
  'store.manifest',
  'store.stage',
  'ledger.create',
  'store.generation',
  'store.markAccepted',
  'ledger.looks',
  'ledger.control',
  'ledger.planView',
  'ledger.unitCodes',
  'ledger.plan',
  'queue.add',
  'ledger.notify',
  'queue.fetch',
  'leases.add',
  'ledger.grant',
  'store.readContent',
  'leases.renew',
  'store.appendResults',
  'ledger.commit',
  'leases.remove',
  'queue.complete',
  'store.appendControl',
  'store.unfinished',
  'flight.run',
  'ledger.snapshot',
  'store.closeSegment',
  'store.openResults',
  'store.putReport',
  'store.markFinished',
] as const;

/** Those that nobody meets who is never in trouble: spare, skip, requeue, expiry, recovery, deletion. */
export const TROUBLED_PLACES = [
  'ledger.spare',
  'ledger.close',
  'store.appendVoids',
  'ledger.reopen',
  'leases.expired',
  'leases.take',
  'ledger.task',
  'ledger.release',
  'store.claimGeneration',
  'ledger.restore',
  'store.reopen',
  'ledger.forget',
  'store.remove',
] as const;
const TROUBLED: ReadonlySet<string> = new Set(TROUBLED_PLACES);

export const isInTrouble = ({ place }: Failpoint): boolean => TROUBLED.has(place);

/** Every point with every mode. */
export const FAILPOINTS: readonly Failpoint[] = [...PLACES, ...TROUBLED_PLACES].flatMap((place) =>
  (['before', 'after'] as const).flatMap((side) => (['exit', 'throw', 'delay'] as const).map((mode) => ({ place, side, mode, call: 1 }))),
);

/** So many of them, spread by a seed over places and modes. */
export function sampleOf(count: number, random: (bound: number) => number): Failpoint[] {
  const rest = [...FAILPOINTS];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(random(rest.length), 1)[0]!).toSorted((a, b) =>
    textOf(a).localeCompare(textOf(b)),
  );
}
