/** The index of evaluations: what a filter finds, pages of any size, and files that are damaged, outdated or taken. */
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EvaluationIndex } from '../../../../coordinator/index/evaluation-index.ts';
import { openIndex, openIndexOf } from '../../../../coordinator/index/open-index.ts';
import type { EvaluationFilter, EvaluationSummary } from '../../../../shared/client/types.ts';
import { emptyCounts, EVALUATION_STATES } from '../../../../shared/domain/states.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

let dir: string;
const opened: EvaluationIndex[] = [];
const warnings: string[] = [];
const logger = { warn: (_fields: object, message: string): void => void warnings.push(message) };
const open = async (path = join(dir, 'index.db')): Promise<EvaluationIndex> => {
  const index = await openIndex(path, logger);
  opened.push(index);
  return index;
};

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-index-'));
  warnings.length = 0;
});
afterEach(async () => {
  for (const index of opened.splice(0)) index.close();
  await rm(dir, { recursive: true, force: true });
});

const summary = (n: number, more: Partial<EvaluationSummary> = {}): EvaluationSummary => ({
  evaluationId: `ev_${String(n).padStart(26, '0')}`,
  name: `evaluation ${n}`,
  state: 'succeeded',
  createdAtMs: 1_000 + n,
  finishedAtMs: 2_000 + n,
  keep: false,
  storedBytes: 100 + n,
  counts: { ...emptyCounts(10), scored: 10 },
  namespace: 'default',
  owner: 'ann',
  tags: ['nightly'],
  metadata: { ci: { branch: 'main' } },
  benchmarks: ['b'],
  models: ['m'],
  priority: 5,
  reason: '',
  results: [],
  ...more,
});

async function found(index: EvaluationIndex, filter: EvaluationFilter): Promise<string[]> {
  return (await allOf(index.find(filter))).map((row) => row.name);
}

test('the newest first, rows come back as they went in', async () => {
  const index = await open();
  const rows = [1, 3, 2].map((n) => summary(n));
  index.put(rows, 1);
  expect(await allOf(index.find({}))).toEqual([rows[1], rows[2], rows[0]]);
  expect(index.get(rows[0]!.evaluationId)).toEqual(rows[0]);
  index.remove([rows[0]!.evaluationId]);
  expect(index.get(rows[0]!.evaluationId)).toBeUndefined();
});

describe('filters', () => {
  const cases: [string, EvaluationFilter, string[]][] = [
    ['nothing: all of the default namespace', {}, ['Übung', 'two', 'one']],
    ['another namespace', { namespace: 'team' }, ['other']],
    ['states', { states: ['running', 'paused'] }, ['two']],
    ['a part of the name, in any case', { name: 'übu' }, ['Übung']],
    ['a tag', { tags: ['a'] }, ['two', 'one']],
    ['all tags', { tags: ['a', 'b'] }, ['one']],
    ['a tag is not a part of one', { tags: ['nightl'] }, []],
    ['a path of the metadata', { metadata: { 'ci.branch': 'main' } }, ['two', 'one']],
    ['a name with a dot', { metadata: { 'x.y': '1' } }, ['one']],
    ['a number', { metadata: { run: '7' } }, ['two']],
    ['text is compared as text', { metadata: { 'ci.branch': '"main"' } }, []],
    ['true and null', { metadata: { ok: 'true', none: 'null' } }, ['one']],
    ['an object, with any blanks', { metadata: { ci: '{ "branch": "main" }' } }, ['two', 'one']],
    ['what is not there', { metadata: { 'ci.branch.x': 'main' } }, []],
    ['nothing of the prototype', { metadata: { constructor: 'x', '__proto__.y': 'x' } }, []],
    ['the owner', { owner: 'bob' }, ['two']],
    ['from', { createdFromMs: 1_002 }, ['Übung', 'two']],
    ['before', { createdToMs: 1_002 }, ['one']],
    ['all of it', { createdFromMs: 1_001, createdToMs: 1_003, tags: ['a'], owner: 'ann', name: 'ONE' }, ['one']],
  ];
  test.each(cases)('%s', async (_name, filter, names) => {
    const index = await open();
    index.put(
      [
        summary(1, { name: 'one', tags: ['a', 'b'], metadata: { ci: { branch: 'main' }, 'x.y': '1', ok: true, none: null } }),
        summary(2, { name: 'two', tags: ['a'], state: 'running', owner: 'bob', metadata: { ci: { branch: 'main' }, run: 7 } }),
        summary(3, { name: 'Übung', metadata: {} }),
        summary(4, { name: 'other', namespace: 'team' }),
      ],
      1,
    );
    expect(await found(index, filter)).toEqual(names);
  });
});

test('pages of any size give the same list, whatever has the same time', async () => {
  const index = await open();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ at: fc.integer({ min: 1, max: 6 }), state: fc.constantFrom(...EVALUATION_STATES), tag: fc.constantFrom('a', 'b') }),
        {
          maxLength: 40,
        },
      ),
      fc.integer({ min: 1, max: 7 }),
      fc.record({ states: fc.subarray([...EVALUATION_STATES]), tags: fc.subarray(['a', 'b']) }),
      async (made, size, filter) => {
        for await (const ids of index.ids()) index.remove(ids);
        const rows = made.map(({ at, state, tag }, n) => summary(n, { createdAtMs: at, state, tags: [tag] }));
        index.put(rows, 1);
        const expected = rows
          .filter((r) => (filter.states.length === 0 || filter.states.includes(r.state)) && filter.tags.every((t) => r.tags.includes(t)))
          .toSorted((a, b) => b.createdAtMs - a.createdAtMs || (a.evaluationId < b.evaluationId ? -1 : 1))
          .map((r) => r.evaluationId);
        const seen: string[] = [];
        for (let after: EvaluationSummary | undefined; ;) {
          const page: EvaluationSummary[] = [];
          for await (const row of index.find(filter, after)) if (page.push(row) === size) break;
          seen.push(...page.map((r) => r.evaluationId));
          if (page.length < size) break;
          after = page.at(-1);
        }
        expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('more rows than one look takes: all are found, and the event loop goes on meanwhile', async () => {
  const index = await open();
  const rows = Array.from({ length: 1_500 }, (_, n) => summary(n, { state: n % 3 === 0 ? 'running' : 'failed' }));
  index.put(rows, 1);
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  expect(await found(index, { name: 'evaluation 7' })).toHaveLength(1 + 10 + 100);
  isOver = true;
  expect(turns).toBeGreaterThan(3);
  expect((await index.unfinished()).size).toBe(500);
  expect((await allOf(index.ids())).flat()).toHaveLength(1_500);
});

test('rows that were not looked at for long come first', async () => {
  const index = await open();
  index.put([summary(1)], 300);
  index.put([summary(2), summary(3, { state: 'running' })], 100);
  index.put([summary(4)], 200);
  expect(index.longestUnchecked(2)).toEqual([summary(2).evaluationId, summary(4).evaluationId]);
});

describe('the file', () => {
  test('keeps its rows', async () => {
    (await open()).put([summary(1)], 1);
    opened.splice(0).forEach((index) => index.close());
    expect(await found(await open(), {})).toEqual(['evaluation 1']);
    expect(warnings).toEqual([]);
  });

  test.each([
    ['is no database', (path: string) => writeFile(path, 'x'.repeat(5_000))],
    ['is cut short', (path: string) => truncate(path, 5_000)],
    ['is empty', (path: string) => truncate(path, 0)],
    [
      'has another schema',
      async (path: string) => {
        const db = new DatabaseSync(path);
        db.exec('PRAGMA user_version = 99');
        db.close();
      },
    ],
    [
      'has other tables',
      async (path: string) => {
        const db = new DatabaseSync(path);
        db.exec('DROP TABLE evaluations; CREATE TABLE evaluations (id TEXT)');
        db.close();
      },
    ],
  ])('is made anew when it %s', async (_name, spoil) => {
    const path = join(dir, 'index.db');
    (await open(path)).put([summary(1)], 1);
    opened.splice(0).forEach((index) => index.close());
    await spoil(path);
    const index = await open(path);
    expect(await found(index, {})).toEqual([]);
    index.put([summary(2)], 1);
    expect(await found(index, {})).toEqual(['evaluation 2']);
  });

  test('belongs to one: the next coordinator of the host takes another', async () => {
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'unavailable' });
    for (const _ of [1, 2]) opened.push(await openIndexOf(dir, undefined, { logger, clock: systemClock }));
    expect((await readdir(join(dir, 'index'))).filter((name) => name.endsWith('.db'))).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  test('is kept in memory when it cannot be written', async () => {
    await writeFile(join(dir, 'file'), '');
    const index = await openIndexOf(dir, join(dir, 'file', 'index.db'), { logger, clock: systemClock });
    opened.push(index);
    index.put([summary(1)], 1);
    expect(await found(index, {})).toEqual(['evaluation 1']);
    expect(warnings).toEqual(['the index is kept in memory']);
  });

  test('that is closed is empty to whoever asks', async () => {
    const index = await open();
    index.put([summary(1)], 1);
    index.close();
    index.put([summary(2)], 1);
    expect(await found(index, {})).toEqual([]);
  });
});
