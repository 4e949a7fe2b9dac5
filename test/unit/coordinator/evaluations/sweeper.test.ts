/** What the sweep does with what others have left: ends that were taken back, submits that were never accepted. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Catalog } from '../../../../coordinator/evaluations/catalog.ts';
import type { SingleFlight } from '../../../../coordinator/evaluations/single-flight.ts';
import { Sweeper, type SweeperParts } from '../../../../coordinator/evaluations/sweeper.ts';
import type { Ledger } from '../../../../coordinator/ledger/ledger.ts';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import type { EvaluationState } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

let path: string;
let store: Store;
let clock: FakeClock;
let state: EvaluationState | undefined;
let forgotten: number;
const manifest = manifestOf('swept', 10);
const id = manifest.evaluationId;

beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'sweeper-'));
  store = await openDirectoryStore({ path, coordinatorId: 'co_1', clock: systemClock, logger: { warn: () => undefined } });
  clock = new FakeClock();
  forgotten = 0;
});
afterEach(async () => {
  await store.close();
  await rm(path, { recursive: true, force: true });
});

function sweeperOn(parts: Partial<SweeperParts> = {}): Sweeper {
  const catalog = { refresh: async () => [{ manifest, state, command: '', doomed: 0, updates: 0, requeues: 0, routes: [] }] };
  const ledger = {
    looks: async () => [{ state, command: '', updates: 0, requeues: 0, doomed: 0 }],
    forget: async () => {
      forgotten++;
    },
  };
  const flight = {
    run: async (_what: string, _id: string, work: () => Promise<void>) => {
      await work();
      return true;
    },
  };
  return new Sweeper({
    store,
    ledger: ledger as unknown as Ledger,
    catalog: catalog as unknown as Catalog,
    flight: flight as unknown as SingleFlight,
    turns: { start: async () => undefined },
    bury: async () => undefined,
    clock,
    logger: silentLogger(),
    starved: () => new Set(),
    ...parts,
  } as SweeperParts);
}

test('final in the ledger: marked with the report of this end, and not where it was reopened between the look and the mark', async () => {
  await store.stage(manifest);
  await store.markAccepted(id);
  await store.putReport(id, Buffer.from('{}'));
  state = 'succeeded';
  // Its lock has expired while it slept: a requeue takes the end back, and the next one is written.
  const sleepy = new Proxy(store, {
    get: (target, name: keyof Store) =>
      name === 'markFinished'
        ? async (evaluationId: string, report: string) => {
            await store.reopen(evaluationId);
            expect(await target.markFinished(evaluationId, report)).toBe(false);
            await store.putReport(evaluationId, Buffer.from('{"second":2}'));
            return target.markFinished(evaluationId, report);
          }
        : (target[name] as (...args: unknown[]) => unknown).bind(target),
  });
  await sweeperOn({ store: sleepy }).runOnce();
  expect(await store.isFinished(id)).toBe(false);
  expect(await store.unfinished()).toEqual([id]);
  await sweeperOn().runOnce();
  expect(await store.isFinished(id)).toBe(true);
  expect(await store.unfinished()).toEqual([]);
  expect(digestOf((await store.report(id))!)).toBe(digestOf('{"second":2}'));
  expect(forgotten).toBe(0);
});

test('final in the ledger without a report: the ledger is one from before a requeue, and is forgotten', async () => {
  await store.stage(manifest);
  await store.markAccepted(id);
  state = 'succeeded';
  await sweeperOn().runOnce();
  expect(await store.isFinished(id)).toBe(false);
  expect(forgotten).toBe(1);
});

test('a submit under way is not dropped by a coordinator whose wall clock is years ahead; one that stays staged for five minutes is', async () => {
  await store.stage(manifest);
  clock.now = () => manifest.createdAtMs + 10 * 365 * 24 * 3_600_000 + clock.time;
  for (state of [undefined, 'accepted'] as const) {
    forgotten = 0;
    await store.stage(manifest);
    const sweeper = sweeperOn();
    await sweeper.runOnce();
    clock.time += 290_000;
    await sweeper.runOnce();
    expect(await store.manifest(id)).toEqual(manifest);
    clock.time += 20_000;
    await sweeper.runOnce();
    expect(await store.manifest(id)).toBeUndefined();
    expect(forgotten).toBe(state ? 1 : 0);
  }
});
