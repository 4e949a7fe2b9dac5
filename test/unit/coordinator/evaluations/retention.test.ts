/** Which finished evaluations go, in what order, and how many at a time. */
import { beforeEach, expect, test } from 'vitest';
import { openIndexOf } from '../../../../coordinator/index/open-index.ts';
import type { EvaluationIndex } from '../../../../coordinator/index/evaluation-index.ts';
import { Retention } from '../../../../coordinator/evaluations/retention/retention.ts';
import { emptyStatus, StoreBoard } from '../../../../coordinator/evaluations/retention/store-board.ts';
import type { SingleFlight } from '../../../../coordinator/evaluations/single-flight.ts';
import type { RetentionPolicy } from '../../../../shared/client/types.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { createMetrics } from '../../../../shared/telemetry/metrics.ts';
import { summary } from '../../../support/cli-samples.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const idOf = (n: number): string => `ev_${String(n).padStart(26, '0')}`;
const HOUR = 3_600_000;

let index: EvaluationIndex;
let clock: FakeClock;
let switches: Map<string, unknown>;
let board: StoreBoard;
/** Numbers of those that were removed, in order. */
let retired: number[];
let refuses: (n: number) => boolean;
/** How far Redis's clock is ahead of this host's. */
let aheadMs: number;
let warnings: string[];

beforeEach(async () => {
  clock = new FakeClock();
  clock.time = 1000 * HOUR;
  index = await openIndexOf(undefined, undefined, { logger: { warn: () => undefined }, clock });
  switches = new Map();
  const store = {
    putSwitch: async (_kind: string, name: string, value: unknown) => void switches.set(name, value),
    switches: async () => switches,
    space: async () => ({ freeBytes: 7, totalBytes: 70 }),
  };
  board = new StoreBoard(store, clock);
  retired = [];
  refuses = () => false;
  aheadMs = 0;
  warnings = [];
});

/** Finished `hours` ago, one of 100 bytes for each. */
function finished(hours: readonly number[], more: { keep?: boolean; storedBytes?: number; namespace?: string } = {}, from = 0): void {
  index.put(
    hours.map((ago, i) =>
      summary({ evaluationId: idOf(from + i), state: 'succeeded', finishedAtMs: clock.time - ago * HOUR, storedBytes: 100, ...more }),
    ),
    1,
  );
}

const retention = (policy: RetentionPolicy, namespaces: Record<string, RetentionPolicy> = {}): Retention =>
  new Retention({
    policy,
    namespaces: async () => new Map(Object.entries(namespaces)),
    periodMs: 1000,
    index,
    board,
    flight: { run: async (_what: string, _id: string, work: () => Promise<void>) => (await work(), true) } as unknown as SingleFlight,
    retire: async (evaluationId, finishedAtMs) => {
      const n = Number(evaluationId.slice(3));
      expect(index.get(evaluationId)!.finishedAtMs).toBe(finishedAtMs);
      if (refuses(n)) return false;
      retired.push(n);
      index.remove([evaluationId]);
      return true;
    },
    sharedNow: async () => clock.time + aheadMs,
    clock,
    logger: Object.assign(silentLogger(), { warn: (_fields: object, text: string) => void warnings.push(text) }),
    instruments: createMetrics().instruments,
  });
const round = async (policy: RetentionPolicy, namespaces?: Record<string, RetentionPolicy>): Promise<void> => {
  clock.time += 1000;
  await retention(policy, namespaces).runOnce(new AbortController().signal);
};

test.each<[string, RetentionPolicy, Record<string, RetentionPolicy>, number[]]>([
  ['its own count', {}, { a: { keepEvaluations: 2 } }, [2, 0]],
  ['its own age', {}, { b: { keepMs: 3 * HOUR } }, [10]],
  ['each by its own', {}, { a: { keepBytes: 300 }, b: { keepEvaluations: 0 }, none: { keepEvaluations: 0 } }, [2, 10, 11]],
  ['more than the coordinator keeps is no more', { keepEvaluations: 4 }, { a: { keepEvaluations: 100, keepMs: 1e12 } }, [2, 0]],
  ['what the coordinator removes is counted no more', { keepEvaluations: 4 }, { a: { keepEvaluations: 2 } }, [2, 0]],
  ['both', { keepMs: 4.5 * HOUR }, { a: { keepEvaluations: 1 } }, [2, 0, 1]],
])('of namespaces, %s', async (_name, policy, namespaces, gone) => {
  finished([5, 2, 9, 1], { namespace: 'a' });
  finished([4, 0.5], { namespace: 'b' }, 10);
  finished([700], { keep: true, namespace: 'a' }, 20);
  await round(policy, namespaces);
  expect(retired).toEqual(gone);
  expect(await board.show()).toMatchObject({ finished: 6 - gone.length, kept: 1 });
});

test('without a bound nothing goes, and what there is is counted', async () => {
  finished([500, 1, 2]);
  finished([900], { keep: true, storedBytes: 5 }, 10);
  await round({});
  expect(retired).toEqual([]);
  expect(await board.show()).toMatchObject({
    finished: 3,
    finishedBytes: 300,
    kept: 1,
    keptBytes: 5,
    policy: {},
    freeBytes: 7,
    totalBytes: 70,
  });
});

test.each<[string, RetentionPolicy, number[], string]>([
  ['age', { keepMs: 3 * HOUR }, [2, 0], 'keep_for'],
  ['count', { keepEvaluations: 3 }, [2, 0], 'keep_evaluations'],
  ['bytes', { keepBytes: 399 }, [2, 0], 'keep_bytes'],
  ['the strictest of several', { keepBytes: 399, keepEvaluations: 4, keepMs: 1.5 * HOUR }, [2, 0, 1], 'keep_for'],
])('by %s: the one that finished first goes first, and no more than must', async (_name, policy, gone, reason) => {
  finished([5, 2, 9, 1, 0.5]);
  finished([700], { keep: true, storedBytes: 1e9 }, 10);
  await round(policy);
  expect(retired).toEqual(gone);
  const status = await board.show();
  expect(status).toMatchObject({ finished: 5 - gone.length, finishedBytes: 500 - 100 * gone.length, kept: 1, policy });
  expect(status.lastRemoved).toMatchObject({ evaluationId: idOf(gone.at(-1)!), reason: expect.stringContaining(reason) });
});

test('running ones are not counted, and never go', async () => {
  index.put([summary({ evaluationId: idOf(1), state: 'running', createdAtMs: 1 })], 1);
  finished([1], {}, 5);
  await round({ keepEvaluations: 1, keepMs: 2 * HOUR });
  expect(retired).toEqual([]);
});

test('one that cannot go now is passed over; the next ones go in its place', async () => {
  finished([5, 4, 3, 2]);
  refuses = (n) => n === 0;
  await round({ keepEvaluations: 2 });
  expect(retired).toEqual([1, 2]);
});

test('a round removes a bounded number; the next one goes on', async () => {
  finished(Array.from({ length: 1100 }, (_, i) => 10 + i / 1000));
  await round({ keepMs: HOUR });
  expect(retired).toHaveLength(500);
  await round({ keepMs: HOUR });
  await round({ keepMs: HOUR });
  expect(retired).toHaveLength(1100);
  expect(retired.slice(0, 2)).toEqual([1099, 1098]);
});

test('a round that another coordinator has just done is not done again', async () => {
  finished([5]);
  await board.write({ ...emptyStatus(), measuredAtMs: clock.time - 100 });
  await retention({ keepMs: HOUR }).runOnce(new AbortController().signal);
  expect(retired).toEqual([]);
  await round({ keepMs: HOUR });
  expect(retired).toEqual([0]);
});

test('a host whose clock is days ahead of Redis removes nothing by age, and says so once; counts and bytes hold', async () => {
  finished([5, 4, 3, 2]);
  aheadMs = -30 * 24 * HOUR;
  const one = retention({ keepMs: 1 * HOUR, keepEvaluations: 3 });
  for (let i = 0; i < 3; i++) {
    clock.time += 1000;
    await one.runOnce(new AbortController().signal);
  }
  expect(retired).toEqual([0]);
  expect(warnings).toEqual([expect.stringContaining('nothing is removed by age')]);
  aheadMs = 30_000;
  clock.time += 1000;
  await one.runOnce(new AbortController().signal);
  expect(retired).toEqual([0, 1, 2, 3]);
});

test('age is that by Redis, where the clocks differ a little', async () => {
  finished([1]);
  aheadMs = -30_000;
  await round({ keepMs: 1 * HOUR });
  expect(retired).toEqual([]);
  aheadMs = 0;
  await round({ keepMs: 1 * HOUR });
  expect(retired).toEqual([0]);
});
