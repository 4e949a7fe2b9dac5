/** Looking through samples: pages of any size and any filter against a plain list, open, closed, and after Redis has forgotten them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { labelledBy } from '../../../../coordinator/evaluations/reading/sample-labelled.ts';
import { SampleLines } from '../../../../coordinator/evaluations/reading/sample-lines.ts';
import { sampleMatcher } from '../../../../coordinator/evaluations/reading/sample-matcher.ts';
import { SampleScan } from '../../../../coordinator/evaluations/reading/sample-scan.ts';
import { selectSamples } from '../../../../coordinator/evaluations/reading/sample-selection.ts';
import { Samples } from '../../../../coordinator/evaluations/reading/samples.ts';
import { UnitCodeWriter } from '../../../../coordinator/evaluations/unit-codes.ts';
import { UnitViews } from '../../../../coordinator/evaluations/reading/unit-views.ts';
import { openDirectoryStore } from '../../../../coordinator/store/directory-store.ts';
import type { Store } from '../../../../coordinator/store/store.ts';
import type { SampleFilter, SampleResult } from '../../../../shared/client/types.ts';
import { digestOf } from '../../../../shared/domain/ids.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import type { UnitResult } from '../../../../shared/domain/result.ts';
import { specSchema } from '../../../../shared/domain/spec.ts';
import { UNIT_STATES, unitCode, type EvaluationState, type UnitState } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { manifestOf } from '../../../support/store-fixtures.ts';
import { allOf } from '../../../support/mock-evaluation.ts';
import { failure } from '../../../support/rpc.ts';

const SAMPLES = 30;
const EPOCHS = 2;
const never = new AbortController().signal;

/** Of a sample; what is no label is of no group. */
const topicOf = (sample: number): unknown => ['a', 'b', ['a'], 'x'.repeat(201), true][sample % 5];

/** Two models, 30 samples, two epochs; samples are named a0, a1, … */
function made(key: string): Manifest {
  const spec = specSchema.parse({
    name: key,
    benchmarks: [
      { benchmark: 'b', dataset: { uri: 'file:d.jsonl', fields: { id: 'id', metadata: ['topic', 'level'] } }, scorers: ['exact'] },
    ],
    models: [{ model: 'mock/one' }, { model: 'mock/two' }],
    epochs: EPOCHS,
  });
  const groups = groupsOf(spec, [SAMPLES]);
  return {
    ...manifestOf(key, 0),
    spec: { ...spec, benchmarks: spec.benchmarks.map((b) => ({ ...b, dataset: { ...b.dataset, digest: digestOf('d') } })) },
    groups,
    units: 2 * SAMPLES * EPOCHS,
  };
}

const reader = {
  lines: async (_index: string, _dataset: string, first: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      ordinal: first + i + 1,
      line: Buffer.from(
        JSON.stringify({ id: `a${first + i}`, input: 'x', target: 'y', topic: topicOf(first + i), level: (first + i) % 2 }),
      ),
    })),
};

function resultOf(manifest: Manifest, unit: number, state: UnitState): Buffer {
  const place = unit % (SAMPLES * EPOCHS);
  const result: UnitResult = {
    unit,
    sampleId: `a${Math.floor(place / EPOCHS)}`,
    epoch: (place % EPOCHS) + 1,
    outcome: state as 'scored',
    ...(state === 'errored'
      ? { error: { class: unit % 3 === 0 ? 'timeout' : 'quota', message: 'm'.repeat(500) } }
      : { completion: `Answer ${unit}` }),
    scores:
      state === 'errored'
        ? []
        : [
            {
              scorer: 'exact',
              value: state === 'unscored' ? null : unit % 2 === 0 ? 'C' : 'I',
              number: state === 'unscored' ? null : 1 - (unit % 2),
            },
          ],
    usage: { inputTokens: 1, outputTokens: 2 },
    timing: { startedAt: 1 + unit, modelMs: 1, totalMs: 2 },
    calls: 1,
    retries: 0,
  };
  return Buffer.from(JSON.stringify(result));
}

let dir: string;
let store: Store;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-samples-'));
  store = await openDirectoryStore({ path: dir, coordinatorId: 'co_1', clock: systemClock, logger: { warn: () => undefined } });
});
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

/** An evaluation in these states, with a ledger, or finished and without one. */
async function evaluation(
  states: readonly UnitState[],
  how: 'running' | 'finished' | 'finished before 0.2',
): Promise<{ manifest: Manifest; samples: Samples; views: UnitViews }> {
  const manifest = made(`${how} ${Math.random()}`);
  const id = manifest.evaluationId;
  await store.stage(manifest);
  await store.markAccepted(id);
  const closed = states.flatMap((state, unit) =>
    ['scored', 'unscored', 'errored'].includes(state) ? [{ unit, content: resultOf(manifest, unit, state) }] : [],
  );
  for (const [agentId, rest] of [
    ['ag_1', 0],
    ['ag_2', 1],
  ] as const) {
    const results = closed.filter(({ unit: n }) => n % 2 === rest);
    if (results.length > 0) await store.appendResults(id, [{ taskId: 't', attemptId: 'at', agentId, grant: 1, results }]);
  }
  if (how !== 'running') {
    const codes = new UnitCodeWriter(manifest.units);
    for (const [unit, state] of states.entries()) codes.set(unit, unitCode(state));
    const report = JSON.stringify({ results: [], units: { cancelled: 1, dead: 0 } });
    await store.putReport(id, Buffer.from(report), ...(how === 'finished' ? [await codes.bytes()] : []));
    await store.markFinished(id, digestOf(report));
  }
  const ledger = {
    head: async () => ({ state: 'running' as EvaluationState, generation: 1, cursor: '' }),
    unitCodes: async (_id: string, first: number, count: number) => Uint8Array.from(states.slice(first, first + count), unitCode),
  };
  const views = new UnitViews(store, ledger, systemClock);
  return { manifest, views, samples: new Samples({ manifestOf: async () => manifest, views, lines: new SampleLines(reader) }) };
}

async function pagesOf(samples: Samples, id: string, filter: SampleFilter, size: number, isBackwards = false): Promise<SampleResult[]> {
  const all: SampleResult[] = [];
  for (let token = ''; ;) {
    const page = await samples.list(id, filter, { size, token, isBackwards }, never);
    expect(page.items.length).toBeLessThanOrEqual(size);
    all.push(...page.items);
    if (page.nextToken === '') return all;
    token = page.nextToken;
  }
}

/** What a filter means, said once more in plain words. */
function isMeant(filter: SampleFilter, unit: number, state: UnitState): boolean {
  const place = unit % (SAMPLES * EPOCHS);
  const has = state === 'scored' || state === 'unscored' || state === 'errored';
  if (filter.states?.length && !filter.states.includes(state)) return false;
  if (filter.model && (unit < SAMPLES * EPOCHS ? 'mock/one' : 'mock/two') !== filter.model) return false;
  if (filter.sampleIds?.length && !filter.sampleIds.includes(`a${Math.floor(place / EPOCHS)}`)) return false;
  if (filter.epochs?.length && !filter.epochs.includes((place % EPOCHS) + 1)) return false;
  if (filter.units?.length && !filter.units.includes(unit)) return false;
  if (filter.errorClasses?.length && !(state === 'errored' && filter.errorClasses.includes(unit % 3 === 0 ? 'timeout' : 'quota')))
    return false;
  if (filter.scoreValues?.length && !(state === 'scored' && filter.scoreValues.includes(unit % 2 === 0 ? 'C' : 'I'))) return false;
  if (filter.text && !(has && state !== 'errored' && `answer ${unit}`.includes(filter.text.toLowerCase()))) return false;
  if (filter.agents?.length && !(has && filter.agents.includes(unit % 2 === 0 ? 'ag_1' : 'ag_2'))) return false;
  const { topic, level } = filter.metadata ?? {};
  const sample = Math.floor(place / EPOCHS);
  if (topic !== undefined && topic !== { 0: 'a', 1: 'b', 4: 'true' }[sample % 5]) return false;
  if (level !== undefined && level !== String(sample % 2)) return false;
  const { startedFromMs = 0, startedToMs = Infinity } = filter;
  if ((startedFromMs > 0 || startedToMs < Infinity) && !(has && 1 + unit >= startedFromMs && 1 + unit < startedToMs)) return false;
  return true;
}

const unit = fc.integer({ min: 0, max: 2 * SAMPLES * EPOCHS - 1 });
const filters: fc.Arbitrary<SampleFilter> = fc.record(
  {
    states: fc.subarray(UNIT_STATES.filter((state) => state !== 'generated')),
    model: fc.constantFrom('mock/one', 'mock/two'),
    sampleIds: fc.uniqueArray(
      fc.integer({ min: 0, max: SAMPLES - 1 }).map((n) => `a${n}`),
      { maxLength: 4 },
    ),
    epochs: fc.subarray([1, 2]),
    units: fc.uniqueArray(unit, { maxLength: 20 }),
    errorClasses: fc.subarray(['timeout', 'quota']),
    scoreValues: fc.subarray(['C', 'I']),
    text: fc.constantFrom('ANSWER 1', 'answer', '7'),
    agents: fc.subarray(['ag_1', 'ag_2', 'ag_3']),
    startedFromMs: unit,
    startedToMs: unit,
    metadata: fc.record({ topic: fc.constantFrom('a', 'b', 'true', 'A', ''), level: fc.constantFrom('0', '1') }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);

describe.each(['running', 'finished'] as const)('%s', (how) => {
  test('any filter, in pages of any size, against a plain list', async () => {
    const closedStates: UnitState[] = ['scored', 'unscored', 'errored', 'cancelled', 'dead'];
    const anyState = fc.constantFrom<UnitState>(...(how === 'running' ? (['pending', ...closedStates] as UnitState[]) : closedStates));
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyState, { minLength: 2 * SAMPLES * EPOCHS, maxLength: 2 * SAMPLES * EPOCHS }),
        fc.array(fc.tuple(filters, fc.integer({ min: 1, max: 50 })), { minLength: 1, maxLength: 8 }),
        async (states, questions) => {
          const { manifest, samples, views } = await evaluation(states, how);
          for (const [filter, size] of questions) {
            const expected = states.flatMap((state, n) => (isMeant(filter, n, state) ? [n] : []));
            const found = await pagesOf(samples, manifest.evaluationId, filter, size);
            expect(found.map((s) => s.unit)).toEqual(expected);
            expect(found.map((s) => s.state)).toEqual(expected.map((n) => states[n]));
            expect(found.every((s) => /^a\d+$/.test(s.sampleId) && s.completion === '' && s.errorMessage.length <= 200)).toBe(true);
            expect(await pagesOf(samples, manifest.evaluationId, filter, size, true)).toEqual(found.toReversed());
            const at = (size * 7) % states.length;
            for (const isBackwards of [false, true]) {
              const beside = await samples.list(manifest.evaluationId, filter, { size: 1, fromUnit: at, isBackwards }, never);
              const next = isBackwards ? expected.findLast((n) => n <= at) : expected.find((n) => n >= at);
              expect(beside.items.map((s) => s.unit)).toEqual(next === undefined ? [] : [next]);
            }
            expect(await allOf(samples.matchingUnits(manifest.evaluationId, filter))).toEqual(expected);
          }
          views.close();
        },
      ),
      { numRuns: 25 },
    );
  });
});

const mixed = (n: number): UnitState[] =>
  Array.from({ length: 2 * SAMPLES * EPOCHS }, (_, i) => (['scored', 'errored', 'cancelled', 'unscored'] as const)[i % n]!);

test('finished before states were written: a unit without a result was cancelled', async () => {
  const states = mixed(4);
  const { manifest, samples } = await evaluation(states, 'finished before 0.2');
  expect((await pagesOf(samples, manifest.evaluationId, {}, 50)).map((s) => s.state)).toEqual(states);
  expect(await allOf(samples.matchingUnits(manifest.evaluationId, { states: ['cancelled'], units: [2, 3, 6] }))).toEqual([2, 6]);
});

test('results: whole texts of closed units; cancelled ones only when they are asked for', async () => {
  const states: UnitState[] = mixed(3).with(0, 'pending');
  const { manifest, samples } = await evaluation(states, 'running');
  const all = await allOf(samples.results(manifest.evaluationId, {}, never));
  expect(all.map((s) => s.unit)).toEqual(states.flatMap((s, n) => (s === 'scored' || s === 'errored' ? [n] : [])));
  expect(all[1]).toMatchObject({ unit: 3, completion: 'Answer 3', agentId: 'ag_2' });
  expect(all[0]!.errorMessage).toHaveLength(500);
  const cancelled = await allOf(samples.results(manifest.evaluationId, { states: ['cancelled'], epochs: [1] }, never));
  expect(cancelled.every((s) => s.state === 'cancelled' && s.sampleId !== '')).toBe(true);
  expect(cancelled).toHaveLength(states.filter((s, n) => s === 'cancelled' && n % 2 === 0).length);
  const refused = await failure(allOf(samples.results(manifest.evaluationId, { states: ['pending'] }, never)));
  expect(refused).toMatchObject({ code: 'invalid', message: expect.stringContaining('states') });
});

test('a result that comes after the view was made is seen by the next page', async () => {
  const states: UnitState[] = Array.from({ length: 2 * SAMPLES * EPOCHS }, () => 'pending');
  const { manifest, samples } = await evaluation(states, 'running');
  await samples.list(manifest.evaluationId, {}, {}, never);
  await store.appendResults(manifest.evaluationId, [
    { taskId: 't', attemptId: 'at', agentId: 'ag_1', grant: 1, results: [{ unit: 1, content: resultOf(manifest, 1, 'scored') }] },
  ]);
  states[1] = 'scored';
  const { items } = await samples.list(manifest.evaluationId, {}, { size: 2 }, never);
  expect(items.map((s) => [s.state, s.agentId])).toEqual([
    ['pending', ''],
    ['scored', 'ag_1'],
  ]);
});

test('metadata is read of samples that lie near each other together; however long they are, a page goes on', async () => {
  const { manifest, views } = await evaluation(mixed(4), 'finished');
  const asked: [number, number][] = [];
  const lines = new SampleLines({
    lines: (index, dataset, first, count) => {
      asked.push([first, count]);
      return reader.lines(index, dataset, first, count);
    },
  });
  const groups = groupsOf(manifest.spec, [500]);
  const labelled = labelledBy(lines, { ...manifest, groups }, { topic: 'b' });
  const { units, samples, bytes } = await labelled([0, 2, 3, 126, 128, 998, 1002]);
  expect([...units]).toEqual([2, 3, 1002]);
  expect(asked).toEqual([
    [0, 64],
    [64, 1],
    [499, 1],
    [1, 1],
  ]);
  expect([samples, bytes > 67 * 40]).toEqual([67, true]);

  const view = await views.open(manifest);
  const scan = new SampleScan({
    view,
    selection: await selectSamples(manifest, {}, async () => new Map()),
    matcher: sampleMatcher({}),
    labelled: async () => ({ units: new Set([5]), samples: 1, bytes: 10 }),
    withResults: true,
    budget: { units: 1000, results: 1000, bytes: 5 },
  });
  expect((await allOf(scan.units())).map(({ unit: n }) => n)).toEqual([5]);
  expect([scan.position, scan.isDone]).toEqual([60, false]);
  view.release();
});

test('every name that is not there is told at once', async () => {
  const { manifest, samples } = await evaluation(mixed(4), 'finished');
  const refused = await failure(
    samples.list(
      manifest.evaluationId,
      { benchmark: 'c', model: 'mock/twoo', units: [999], epochs: [3], scorer: 'match', metadata: { topik: 'a', level: '1' } },
      {},
      never,
    ),
  );
  expect(refused.code).toBe('invalid');
  expect(refused.faults.map((f) => f.place)).toEqual(['benchmark', 'model', 'scorer', 'metadata', 'units', 'epochs']);
  expect(refused.message).toContain('did you mean mock/two?');
  expect(await failure(samples.list(manifest.evaluationId, { sampleIds: ['a1', 'nope'] }, {}, never))).toMatchObject({
    code: 'invalid',
    message: expect.stringContaining('"nope"'),
  });
  const token = (await samples.list(manifest.evaluationId, {}, { size: 1 }, never)).nextToken;
  expect(await failure(samples.list(manifest.evaluationId, { epochs: [1] }, { token }, never))).toMatchObject({ code: 'invalid' });
});
