/** Which lease proves what: a session's reports, spared units and hand-backs, each with each wrong lease. */
import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { HandBacks, type HandBacksParts } from '../../../../../coordinator/sessions/hand-backs.ts';
import { ReportBudget } from '../../../../../coordinator/sessions/report-budget.ts';
import { Reports, type ReportsParts } from '../../../../../coordinator/sessions/reports.ts';
import { LeaseCheck } from '../../../../../coordinator/sessions/provenance/lease-check.ts';
import {
  keyIdOf,
  openLease,
  signLease,
  type LeaseClaims,
  type LeaseKey,
} from '../../../../../coordinator/sessions/provenance/lease-token.ts';
import { Spares, type SparesParts } from '../../../../../coordinator/sessions/spares.ts';
import type { HeldAttempt, Misdeed } from '../../../../../coordinator/sessions/session-types.ts';
import type { AttemptAck } from '../../../../../shared/rpc/messages.ts';
import { silentLogger } from '../../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const NOW = 1_800_000_000_000;
const keyOf = (id: string, byte: number): LeaseKey => ({ id, secret: createSecretKey(Buffer.alloc(32, byte)) });
const [NEW, OLD, STRANGE] = [keyOf('1'.repeat(16), 1), keyOf('2'.repeat(16), 2), keyOf('3'.repeat(16), 3)] as const;
const NAMES = { attemptId: 'a'.repeat(32), evaluationId: 'ev_1', taskId: 'ev_1-1' };
const CLAIMS: LeaseClaims = { ...NAMES, namespace: 'team', agentId: 'ag_1', grant: 7, expiresAtMs: NOW + 1 };
const GOOD = signLease(NEW, CLAIMS);

function session({
  isSigned = true,
  areRequired = false,
  isHeld = true,
  isQuarantined = false,
  units = [0, 1, 2] as number[] | undefined,
} = {}) {
  const clock = new FakeClock();
  clock.time = NOW;
  const open = (lease: Buffer) => {
    const key = [NEW, OLD].find(({ id }) => id === keyIdOf(lease));
    const claims = key && openLease(key, lease);
    return claims ? { claims } : { problem: key ? ('forged' as const) : ('unknown' as const) };
  };
  const check = new LeaseCheck({ agentId: 'ag_1', open, now: () => NOW, areRequired });
  const own = { ...NAMES, agentId: 'ag_1', namespace: 'team', grant: 7, isSigned, first: 0, end: 3, done: new Set(), accepted: false };
  const held = new Map(
    isHeld ? [[NAMES.attemptId, { ...own, ...(units ? { units: new Set(units) } : {}) } as unknown as HeldAttempt]] : [],
  );
  const done: string[] = [];
  const acks: AttemptAck[] = [];
  const misdeeds: Misdeed[] = [];
  const duties = {
    commit: async ({ results }: { results: { unit: number }[] }) => {
      done.push(`commit ${results.map((r) => r.unit).join()}`);
      return { attemptId: NAMES.attemptId, units: results.map((r) => r.unit), lost: false, taskOver: false, counted: 1, errored: 0 };
    },
    spare: async () => (done.push('spare'), 'taken'),
    handBack: async () => void done.push('handBack'),
  };
  const parts = {
    ...{ agentId: 'ag_1', held, budget: new ReportBudget(), duties, clock, logger: silentLogger(), canSpare: true, from: {} },
    check: check.problemOf.bind(check),
    onMisdeed: (misdeed: Misdeed) => misdeeds.push(misdeed),
    isQuarantined: () => isQuarantined,
    onAck: (ack: AttemptAck) => acks.push(ack),
    settled: async () => undefined,
  };
  const reports = new Reports(parts as unknown as ReportsParts);
  const spares = new Spares(parts as unknown as SparesParts);
  const handBacks = new HandBacks(parts as unknown as HandBacksParts);
  const of = (lease: Buffer | undefined, names: Partial<typeof NAMES> = {}) => ({ ...NAMES, ...names, ...(lease ? { lease } : {}) });
  const says = {
    report: async (lease: Buffer | undefined, names?: Partial<typeof NAMES>, reported = [1]) => {
      const results = reported.map((unit) => ({ unit, content: Buffer.from('{}') }));
      reports.take({ ...of(lease, names), results, traceparent: '' });
      await new Promise(setImmediate);
    },
    spared: (lease: Buffer | undefined, names?: Partial<typeof NAMES>) => spares.take({ kind: 'spared', units: [1], ...of(lease, names) }),
    handBack: (lease: Buffer | undefined, names?: Partial<typeof NAMES>) =>
      handBacks.take({ kind: 'handBack', reason: 'drain', detail: '', ...of(lease, names) }),
  };
  return { says, held, done, acks, misdeeds };
}

const KINDS = ['report', 'spared', 'handBack'] as const;

const WRONG: Record<string, { lease?: Buffer; names?: Partial<typeof NAMES>; isHonest?: boolean }> = {
  'none at all': {},
  'of another agent': { lease: signLease(NEW, { ...CLAIMS, agentId: 'ag_2' }) },
  'of another namespace': { lease: signLease(NEW, { ...CLAIMS, namespace: 'teams' }) },
  'of another evaluation': { lease: signLease(NEW, { ...CLAIMS, evaluationId: 'ev_2', taskId: 'ev_2-1' }) },
  'of another task': { lease: signLease(NEW, { ...CLAIMS, taskId: 'ev_1-2' }) },
  'of another attempt': { lease: signLease(NEW, { ...CLAIMS, attemptId: 'b'.repeat(32) }) },
  'of another grant': { lease: signLease(NEW, { ...CLAIMS, grant: 8 }) },
  'of another generation': { lease: signLease(NEW, { ...CLAIMS, grant: 7 + 2 ** 32 }) },
  'that is over': { lease: signLease(NEW, { ...CLAIMS, expiresAtMs: NOW }), isHonest: true },
  'of a key that is no more': { lease: signLease(STRANGE, CLAIMS), isHonest: true },
  'that is cut': { lease: GOOD.subarray(0, -1) },
  'good, about another evaluation': { lease: GOOD, names: { evaluationId: 'ev_2', taskId: 'ev_2-1' } },
  'good, about another task': { lease: GOOD, names: { taskId: 'ev_1-2' } },
};

describe.each(KINDS)('%s', (kind) => {
  test('with its lease is taken, by the new key and by the old one', async () => {
    for (const key of [NEW, OLD]) {
      const { says, done, misdeeds } = session();
      await says[kind](signLease(key, CLAIMS));
      expect([done.length, misdeeds]).toEqual([1, []]);
    }
  });

  test.each(Object.entries(WRONG))('with a lease %s: refused, told once, and nothing changed', async (_, { lease, names, isHonest }) => {
    const { says, done, acks, held, misdeeds } = session();
    const before = structuredClone([...held]);
    await says[kind](lease, names);
    expect(done).toEqual([]);
    expect([...held]).toEqual(before);
    expect(misdeeds).toEqual([expect.objectContaining({ kind: 'lease', count: 1 })]);
    expect(misdeeds[0]!.isHonest ?? false).toBe(isHonest ?? false);
    expect(acks).toEqual(kind === 'handBack' ? [] : [{ attemptId: NAMES.attemptId, units: [1], lost: true }]);
  });

  test('with each byte of its lease changed: refused, told once, and nothing changed', async () => {
    for (let at = 0; at < GOOD.length; at++) {
      const { says, done, held, misdeeds } = session();
      const before = structuredClone([...held]);
      const changed = Buffer.from(GOOD);
      changed[at]! ^= 1;
      await says[kind](changed);
      expect([done, [...held], misdeeds.length]).toEqual([[], before, 1]);
    }
  });

  test('of an attempt that was granted without one needs none, unless all do', async () => {
    const { says, done } = session({ isSigned: false });
    await says[kind](undefined);
    expect(done).toHaveLength(1);
    const strict = session({ isSigned: false, areRequired: true });
    await strict.says[kind](undefined);
    expect([strict.done, strict.misdeeds.length]).toEqual([[], 1]);
    // One that is shown must hold all the same.
    const forged = session({ isSigned: false });
    await forged.says[kind](GOOD.subarray(0, -1));
    expect([forged.done, forged.misdeeds.length]).toEqual([[], 1]);
  });

  test('of what is not held any more: with its own lease it comes late, with another one it is told', async () => {
    const late = session({ isHeld: false });
    await late.says[kind](GOOD);
    expect([late.done, late.misdeeds]).toEqual([[], []]);
    const stolen = session({ isHeld: false });
    await stolen.says[kind](signLease(NEW, { ...CLAIMS, agentId: 'ag_2' }));
    expect([stolen.done, stolen.misdeeds.length]).toEqual([[], 1]);
  });

  test('of one that is quarantined: what it does not hold is not even looked at, what it holds is', async () => {
    const aside = session({ isHeld: false, isQuarantined: true });
    for (const lease of [GOOD, undefined]) await aside.says[kind](lease);
    expect([aside.done, aside.misdeeds]).toEqual([[], []]);
    const holder = session({ isQuarantined: true });
    await holder.says[kind](GOOD);
    expect([holder.done.length, holder.misdeeds]).toEqual([1, []]);
  });
});

test('units that were not granted are refused and counted; the rest of the report is taken', async () => {
  for (const units of [[0, 2], undefined]) {
    const { says, done, acks, misdeeds } = session({ units });
    await says.report(GOOD, {}, [0, 9, 2, 4_294_967_295]);
    expect(done).toEqual(['commit 0,2']);
    expect(misdeeds).toEqual([expect.objectContaining({ kind: 'unit', count: 2, namespace: 'team' })]);
    expect(acks.flatMap(({ units: own, lost }) => (lost ? [] : own)).toSorted((a, b) => a - b)).toEqual([0, 2, 9, 4_294_967_295]);
  }
  const { says, done, misdeeds, held } = session({ units: [0, 2] });
  await says.report(GOOD, {}, [1]);
  expect([done, misdeeds.length, held.get(NAMES.attemptId)!.accepted]).toEqual([[], 1, false]);
});
