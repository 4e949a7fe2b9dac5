import { expect, test } from 'vitest';
import { ListPictures } from '../../../../coordinator/evaluations/reading/list-pictures.ts';
import { changesOf, watchList } from '../../../../coordinator/evaluations/reading/watch-list.ts';
import type { ListChange, ListedEvaluation } from '../../../../shared/client/types.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { failure } from '../../../support/rpc.ts';

const entry = (evaluationId: string, more: object = {}): ListedEvaluation =>
  ({ summary: { evaluationId, ...more }, groups: [], groupCount: 0 }) as unknown as ListedEvaluation;
/** As slow as it must be for the order of things, and no slower. */
const quick = {
  ...systemClock,
  monotonic: () => performance.now() * 100,
  sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal),
};
const ids = ({ evaluations }: ListChange): string[] => evaluations.map(({ summary }) => summary.evaluationId);

/** Lists of what `now` says, and how often each was looked through. */
function lists(now: () => ListedEvaluation[]) {
  const asked = { looks: 0, moves: 0 };
  const pictures = new ListPictures(
    {
      look: async () => {
        asked.looks++;
        return { entries: now().map((e) => structuredClone(e)), nextToken: '' };
      },
      move: async ({ summary }) => {
        asked.moves++;
        return now().find((e) => e.summary.evaluationId === summary.evaluationId);
      },
    },
    quick,
  );
  return { pictures, asked };
}

test('first everything, then what differs, then what is gone', () => {
  const sent = new Map<string, ListedEvaluation>();
  const [a, b] = [entry('a'), entry('b')];
  const changes = (entries: ListedEvaluation[], isFirst = false, nextToken = ''): ListChange[] => [
    ...changesOf(sent, { timeMs: 1, entries, nextToken }, isFirst, isFirst ? nextToken : ''),
  ];
  expect(changes([a, b], true)).toMatchObject([{ snapshot: true, evaluations: [a, b], removedEvaluationIds: [] }]);
  expect(changes([a, b])).toEqual([]);
  expect(changes([a, entry('b', { name: 'x' })])).toMatchObject([{ snapshot: false, evaluations: [{ summary: { name: 'x' } }] }]);
  expect(changes([a])).toMatchObject([{ evaluations: [], removedEvaluationIds: ['b'] }]);
  expect(changes([a], false, 'next')).toMatchObject([{ evaluations: [], nextToken: 'next' }]);
  expect([...changesOf(new Map(), { timeMs: 1, entries: [], nextToken: '' }, true)]).toMatchObject([{ snapshot: true, evaluations: [] }]);
});

test('a large picture comes in several messages, of which the first says so', () => {
  const entries = Array.from({ length: 200 }, (_, i) => entry(`ev_${i}`, { name: 'x'.repeat(20_000) }));
  const messages = [...changesOf(new Map(), { timeMs: 1, entries, nextToken: '' }, true)];
  expect(messages.map((message) => message.snapshot)).toEqual([true, false, false, false]);
  expect(messages.flatMap(ids)).toEqual(entries.map(({ summary }) => summary.evaluationId));
});

test('all who watch a list share its picture; what only moves is not looked for, and nothing is done without watchers', async () => {
  let now = [entry('b', { n: 1 }), entry('a')];
  const { pictures, asked } = lists(() => now);
  const over = new AbortController();
  const watches = Array.from({ length: 20 }, () => watchList(pictures, { filter: {}, size: 50 }, quick, over.signal));
  const next = async (): Promise<ListChange[]> => Promise.all(watches.map(async (watch) => (await watch.next()).value as ListChange));
  expect(new Set((await next()).map((change) => JSON.stringify({ ...change, timeMs: 0 }))).size).toBe(1);
  expect(asked).toEqual({ looks: 1, moves: 0 });

  now = [entry('b', { n: 2 }), entry('a')];
  pictures.moved('b');
  for (const change of await next())
    expect(change).toMatchObject({ snapshot: false, evaluations: [{ summary: { evaluationId: 'b', n: 2 } }] });
  expect(asked).toEqual({ looks: 1, moves: 1 });

  now = [entry('c'), entry('b', { n: 2 })];
  pictures.changed();
  for (const change of await next()) expect([ids(change), change.removedEvaluationIds]).toEqual([['c'], ['a']]);
  expect(asked.looks).toBe(2);

  over.abort();
  for (const watch of watches) expect((await watch.next()).done).toBe(true);
  await systemClock.sleep(20);
  pictures.moved('b');
  pictures.changed();
  const { looks } = asked;
  await systemClock.sleep(50);
  expect(asked.looks).toBe(looks);
});

test('what no list shows makes them be looked through: it may have come into one', async () => {
  let now = [entry('a')];
  const { pictures } = lists(() => now);
  const over = new AbortController();
  const watch = watchList(pictures, { filter: {}, size: 50 }, quick, over.signal);
  expect(ids((await watch.next()).value as ListChange)).toEqual(['a']);
  now = [entry('b'), entry('a')];
  pictures.moved('b');
  expect(ids((await watch.next()).value as ListChange)).toEqual(['b']);
  over.abort();
});

test('a list that cannot be looked through fails for who has seen nothing of it, and stands still for the others', async () => {
  let down = true;
  let n = 0;
  const pictures = new ListPictures(
    {
      look: async () => {
        if (down) throw new AppError('unavailable', 'the store is away');
        return { entries: [entry('a', { n: ++n })], nextToken: '' };
      },
      move: async () => Promise.reject(new AppError('unavailable', 'Redis is away')),
    },
    quick,
  );
  const over = new AbortController();
  const watch = (): AsyncGenerator<ListChange, void, undefined> => watchList(pictures, { filter: {}, size: 50 }, quick, over.signal);
  expect(await failure(watch().next())).toMatchObject({ code: 'unavailable', message: 'the store is away' });
  down = false;
  const seen = watch();
  expect((await seen.next()).value).toMatchObject({ evaluations: [{ summary: { n: 1 } }] });
  down = true;
  pictures.moved('a');
  pictures.changed();
  await systemClock.sleep(50);
  down = false;
  expect((await seen.next()).value).toMatchObject({ snapshot: false, evaluations: [{ summary: { n: 2 } }] });
  over.abort();
});

test('no more than so many different lists', async () => {
  const { pictures } = lists(() => []);
  const over = new AbortController();
  const open = Array.from({ length: 200 }, (_, i) => pictures.open({ name: `${i}` }, 50));
  expect(await failure(watchList(pictures, { filter: { name: 'more' }, size: 50 }, quick, over.signal).next())).toMatchObject({
    code: 'resource_exhausted',
  });
  pictures.open({ name: '7' }, 50).close();
  for (const { close } of open) close();
  const last = pictures.open({ name: 'more' }, 50);
  last.close();
  over.abort();
});
