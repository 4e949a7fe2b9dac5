/** The calls of a coordinator at which it is made to fail: before and after each, by a crash, an error, a delay. */
import { textOf, type Failpoint } from '../process/failpoint.ts';

/** Submit, plan, enqueue, fetch, grant, renew, commit, command, finish: in the order in which a sample meets them. */
export const PLACES = [
  'store.hasContent',
  'store.putContent',
  'store.contentSize',
  'store.manifest',
  'store.stage',
  'ledger.create',
  'store.generation',
  'store.markAccepted',
  'store.isAccepted',
  'ledger.looks',
  'ledger.control',
  'store.controls',
  'ledger.planView',
  'ledger.unitCodes',
  'ledger.plan',
  'queue.add',
  'ledger.notify',
  'queue.fetch',
  'queue.delay',
  'leases.add',
  'ledger.grant',
  'store.readContent',
  'leases.renew',
  'store.appendResults',
  'ledger.commit',
  'leases.remove',
  'queue.complete',
  'events.after',
  'store.appendControl',
  'store.unfinished',
  'store.switches',
  'ledger.tasks',
  'flight.run',
  'ledger.snapshot',
  'store.closeSegment',
  'store.openResults',
  'store.putReport',
  'store.markFinished',
  'store.isFinished',
  'store.unitCodes',
  'store.report',
] as const;

/** Those that nobody meets who is never in trouble: spare, skip, requeue, expiry, recovery, deletion. */
export const TROUBLED_PLACES = [
  'ledger.spare',
  'ledger.close',
  'store.appendVoids',
  'ledger.reopen',
  'leases.expired',
  'leases.take',
  'leases.ofAgent',
  'leases.missing',
  'ledger.task',
  'ledger.release',
  'store.claimGeneration',
  'store.sealVoids',
  'ledger.restore',
  'ledger.head',
  'store.reopen',
  'ledger.forget',
  'store.remove',
] as const;

/** Met more than once by whoever is never in trouble, each time as one that was half done before: the second call fails. */
const TWICE = [
  'ledger.control',
  'ledger.planView',
  'queue.fetch',
  'leases.add',
  'ledger.grant',
  'store.appendResults',
  'ledger.commit',
  'leases.remove',
  'queue.complete',
  'store.appendControl',
] as const;
/** The same of those in trouble: when what was skipped runs again, when Redis is empty, at the second end. */
const TROUBLED_TWICE = [
  'ledger.create',
  'ledger.plan',
  'queue.add',
  'ledger.close',
  'ledger.release',
  'store.claimGeneration',
  'store.sealVoids',
  'ledger.restore',
  'store.putReport',
  'store.markFinished',
] as const;
const IN_TROUBLE: ReadonlySet<string> = new Set([
  ...TROUBLED_PLACES.flatMap((place) => [`${place} 1`, `${place} 2`]),
  ...TROUBLED_TWICE.map((place) => `${place} 2`),
]);

/** Met only when more is fetched than agents have room for at that moment: it is no fault when nothing comes by. */
const CHANCY: ReadonlySet<string> = new Set(['queue.delay']);

/** Met when their time comes: an evaluation that is over before has not met them. */
const TIMED: ReadonlySet<string> = new Set(['leases.renew', 'store.switches']);

export const isTimed = ({ place }: Failpoint): boolean => TIMED.has(place);
export const isInTrouble = ({ place, call }: Failpoint): boolean => IN_TROUBLE.has(`${place} ${call}`);
export const isChancy = ({ place }: Failpoint): boolean => CHANCY.has(place);

const SIDES = ['before', 'after'] as const;
const MODES = ['exit', 'throw', 'delay'] as const;

const failpointsAt = (places: readonly string[], call: number): Failpoint[] =>
  places.flatMap((place) => SIDES.flatMap((side) => MODES.map((mode) => ({ place, side, mode, call }))));

/** Every point with every mode, at the first call. */
export const FAILPOINTS = failpointsAt([...PLACES, ...TROUBLED_PLACES], 1);
export const SECOND_CALLS = failpointsAt([...TWICE, ...TROUBLED_TWICE], 2);
/** Where it matters which store it is. */
export const OF_STORE = FAILPOINTS.filter(({ place }) => place.startsWith('store.'));

/** One side of every point with every mode, which one by a seed. */
export function oneSideOf(all: readonly Failpoint[], random: (bound: number) => number): Failpoint[] {
  const places = [...Map.groupBy(all, ({ place, mode }) => `${place} ${mode}`).values()];
  return places.map((sides) => sides[random(sides.length)]!);
}

/** So many of each course, spread by a seed over places and modes. */
export function sampleOf(count: number, random: (bound: number) => number): Failpoint[] {
  const chosen = [true, false].flatMap((inTrouble) => {
    const rest = FAILPOINTS.filter((failpoint) => !isChancy(failpoint) && isInTrouble(failpoint) === inTrouble);
    return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(random(rest.length), 1)[0]!);
  });
  return chosen.toSorted((a, b) => textOf(a).localeCompare(textOf(b)));
}
