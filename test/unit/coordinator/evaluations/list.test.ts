/** Lists of evaluations over a real store and index: what is found anew, what is looked at again, what has gone. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { IndexSync } from '../../../../coordinator/evaluations/reading/index-sync.ts';
import { EvaluationList } from '../../../../coordinator/evaluations/reading/list.ts';
import type { EvaluationIndex } from '../../../../coordinator/index/evaluation-index.ts';
import { openIndexOf } from '../../../../coordinator/index/open-index.ts';
import type { LedgerLook, LedgerSnapshot } from '../../../../coordinator/ledger/types.ts';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { ControlRecord, Store } from '../../../../coordinator/store/store.ts';
import type { EvaluationFilter, Report } from '../../../../shared/client/types.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import type { Manifest } from '../../../../shared/domain/manifest.ts';
import { pricedBy } from '../../../../shared/domain/priced.ts';
import { emptyCounts, type EvaluationState } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { allOf } from '../../../support/mock-evaluation.ts';
import { failure } from '../../../support/rpc.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';

const logger = { warn: () => undefined, info: () => undefined };
const never = new AbortController().signal;
const priced = pricedBy({ version: '2026-11-29', models: [{ match: 'mock/*', inputUsdPerMillion: 10, outputUsdPerMillion: 100 }] });
/** Of the ledger: one of three is scored, with tokens in and out. */
const ROW = [0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 8, 2];

let dir: string;
let store: Store;
const indexes: EvaluationIndex[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-list-'));
  store = await openDirectoryStore({ path: dir, coordinatorId: 'co_1', clock: systemClock, logger });
});
afterEach(async () => {
  for (const index of indexes.splice(0)) index.close();
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

/** What one coordinator has for lists. `states`: what the ledger knows. */
async function coordinator(states: ReadonlyMap<string, EvaluationState> = new Map()): Promise<{
  index: EvaluationIndex;
  sync: IndexSync;
  list: EvaluationList;
  changed: string[];
}> {
  const index = await openIndexOf(dir, undefined, { logger, clock: systemClock });
  indexes.push(index);
  const changed: string[] = [];
  const sync = new IndexSync({ index, store, clock: systemClock, logger, onChanged: (id) => void changed.push(id) });
  const snapshot = async (id: string): Promise<LedgerSnapshot | undefined> => {
    const state = states.get(id);
    return state && ({ state, reason: 'so', counts: [3, 1, 0, 0, 0, 0], groups: [ROW] } as unknown as LedgerSnapshot);
  };
  const looks = async (ids: readonly string[]): Promise<(LedgerLook | undefined)[]> =>
    ids.map((id) => (states.has(id) ? { state: states.get(id)!, command: '', updates: 0, requeues: 0, doomed: 0 } : undefined));
  return {
    index,
    sync,
    changed,
    list: new EvaluationList({ index, sync, store, manifestOf: stored, ledger: { snapshot, looks }, priced }),
  };
}

const stored = async (id: string): Promise<Manifest> => (await store.manifest(id))!;

async function accepted(key: string, more: Partial<Manifest> = {}): Promise<Manifest> {
  const manifest = { ...manifestOf(key, 3), ...more };
  await store.stage(manifest);
  await store.markAccepted(manifest.evaluationId);
  return manifest;
}

async function finished(key: string, more: Partial<Manifest> = {}, state = 'succeeded'): Promise<Manifest> {
  const manifest = await accepted(key, more);
  const row = { benchmark: 'b', model: 'mock/m', scorer: 'exact', metrics: { accuracy: 1 }, counts: emptyCounts(3), reducer: 'mean' };
  const report: Partial<Report> = {
    state: state as EvaluationState,
    results: Array.from({ length: 30 }, () => row),
    units: { ...emptyCounts(3), scored: 3 },
    usageByModel: { 'mock/m': { inputTokens: 3_000, outputTokens: 500, calls: 3, retries: 0, reasoningTokens: 0 } },
    timing: { createdAt: '', finishedAt: new Date(manifest.createdAtMs + 60_000).toISOString(), durationMs: 0, modelMsTotal: 0 },
  };
  const bytes = Buffer.from(JSON.stringify(report));
  await store.putReport(manifest.evaluationId, bytes);
  await store.markFinished(manifest.evaluationId, digestOf(bytes));
  return manifest;
}

const names = async (list: EvaluationList, filter: EvaluationFilter = {}): Promise<string[]> =>
  (await list.list(filter, { size: 1000 })).items.map((row) => `${row.name} ${row.state}`);

const seen = (manifest: Manifest, state: EvaluationState | undefined, updates = 0) => ({ manifest, state, updates });

test('a new index takes in everything that was accepted, and says of finished ones what the report says', async () => {
  const one = await finished('one', { createdAtMs: 1_000, owner: 'ann' });
  await accepted('two', { createdAtMs: 2_000 });
  await store.stage(manifestOf('staged only', 3));
  const { sync, list } = await coordinator();
  await sync.compare(never);
  const { items } = await list.list({}, {});
  expect(items.map((row) => row.name)).toEqual(['two', 'one']);
  expect(items[1]).toMatchObject({
    evaluationId: one.evaluationId,
    state: 'succeeded',
    owner: 'ann',
    finishedAtMs: 61_000,
    counts: { total: 3, scored: 3 },
    benchmarks: ['b'],
    models: ['mock/m'],
    priority: 5,
    metadata: { z: 1, a: 'é' },
  });
  expect(items[1]!.results).toHaveLength(20);
  const model = { model: 'mock/m', inputTokens: 3_000, outputTokens: 500, costUsd: 0.08, inputUsdPerMillion: 10, outputUsdPerMillion: 100 };
  expect(items[1]!.cost).toEqual({ models: [model], costUsd: 0.08, priceTableVersion: '2026-11-29' });
  expect(items[0]!.cost).toBeUndefined();
});

test('what the sweep sees is in the rows at once, and looked at again before it is shown', async () => {
  const states = new Map<string, EvaluationState>();
  const { sync, list, changed } = await coordinator(states);
  const one = await accepted('one');
  await sync.sweep([seen(one, 'running')]);
  expect(await names(list)).toEqual(['one running']);
  states.set(one.evaluationId, 'paused');
  expect((await list.list({}, {})).items[0]).toMatchObject({ state: 'paused', reason: 'so', counts: { total: 3, scored: 1 } });
  expect(await names(list, { states: ['running'] })).toEqual([]);
  expect(await names(list, { states: ['paused'] })).toEqual(['one paused']);
  await sync.sweep([seen(one, undefined)]);
  states.clear();
  expect(await names(list)).toEqual(['one recovering']);
  // It ends on another coordinator: found by its end at once, then the sweep does not see it any more.
  await finished('one');
  states.set(one.evaluationId, 'succeeded');
  expect(await names(list, { states: ['succeeded'] })).toEqual(['one succeeded']);
  states.clear();
  await sync.sweep([]);
  expect(await names(list, { states: ['succeeded'] })).toEqual(['one succeeded']);
  // It runs again.
  await store.reopen(one.evaluationId);
  await sync.sweep([seen(one, 'running')]);
  expect(await names(list)).toEqual(['one running']);
  expect(changed).toEqual([one.evaluationId, one.evaluationId, one.evaluationId]);
});

test('updates of unfinished ones are in the rows after the sweep, of others when they are shown', async () => {
  const { sync, list } = await coordinator();
  const one = await accepted('one');
  await sync.sweep([seen(one, 'running')]);
  const update: ControlRecord = { kind: 'update', atMs: 1, reason: '', changes: { priority: 2, tags: ['new'] } };
  await store.appendControl(one.evaluationId, update);
  await sync.sweep([seen(one, 'running', 1)]);
  expect((await list.list({ tags: ['new'] }, {})).items).toMatchObject([{ priority: 2, tags: ['new'] }]);
  const two = await finished('two');
  await sync.refresh(two.evaluationId);
  await store.appendControl(two.evaluationId, update);
  expect((await list.list({ states: ['succeeded'] }, {})).items).toMatchObject([{ tags: ['new'] }]);
});

test('what another coordinator has removed is not shown, and leaves the index', async () => {
  const { index, sync, list } = await coordinator();
  const [one, two] = [await finished('one'), await finished('two')];
  await sync.compare(never);
  await store.remove(one.evaluationId);
  expect(await names(list)).toEqual(['two succeeded']);
  expect(index.get(one.evaluationId)).toBeUndefined();
  await store.remove(two.evaluationId);
  await sync.compare(never);
  expect(index.get(two.evaluationId)).toBeUndefined();
});

test('a page token of one coordinator is good on another, and pages make one list', async () => {
  for (let n = 0; n < 12; n++) await finished(`e${n}`, { createdAtMs: 1_000 + Math.floor(n / 3) });
  const both = [await coordinator(), await coordinator()];
  for (const { sync } of both) await sync.compare(never);
  const whole = (await both[0]!.list.list({}, {})).items.map((row) => row.evaluationId);
  const paged: string[] = [];
  let token = '';
  for (let n = 0; n < 20; n++) {
    const page = await both[n % 2]!.list.list({ name: 'e' }, { size: 5, token });
    paged.push(...page.items.map((row) => row.evaluationId));
    token = page.nextToken;
    if (token === '') break;
  }
  expect(paged).toEqual(whole);
  expect(whole).toHaveLength(12);
  expect(await allOf(both[0]!.list.find({ name: 'e1' }))).toHaveLength(3);
});

test('what finished while nobody swept is found by its end after the first comparison', async () => {
  const { sync } = await coordinator();
  await sync.sweep([seen(await accepted('one'), 'running')]);
  indexes.splice(0).forEach((index) => index.close());
  await finished('one');
  const again = await coordinator();
  await again.sync.compare(never);
  expect(await names(again.list, { states: ['succeeded'] })).toEqual(['one succeeded']);
});

test('without Redis rows are shown as the last sweep saw them', async () => {
  const { index, sync } = await coordinator();
  const one = await accepted('one');
  await sync.sweep([seen(one, 'running')]);
  const down = async (): Promise<never> => {
    throw new AppError('unavailable', 'Redis is gone');
  };
  expect(
    await names(new EvaluationList({ index, sync, store, manifestOf: down, ledger: { snapshot: down, looks: down }, priced })),
  ).toEqual(['one running']);
});

test('times that exclude each other are refused', async () => {
  const { list } = await coordinator();
  expect(await failure(list.list({ createdFromMs: 5, createdToMs: 5 }, {}))).toMatchObject({ code: 'invalid' });
});
