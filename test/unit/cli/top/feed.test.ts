/** What `assay top` makes of answers, refusals and silence. */
import { expect, test } from 'vitest';
import type { AssayClient } from '../../../../shared/client/client.ts';
import type { EvaluationFilter, EvaluationSummary, GroupProgress, ListChange } from '../../../../shared/client/types.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { emptyCounts } from '../../../../shared/domain/states.ts';
import { Feed } from '../../../../cli/top/feed.ts';
import { UNFINISHED } from '../../../../cli/top/panes.ts';
import { newTopState, type TopState } from '../../../../cli/top/state.ts';
import { agentOf, change, idOf, routeStatus, summary } from '../../../support/cli-samples.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

interface Rig {
  feed: Feed;
  state: () => TopState;
  clock: FakeClock;
  asked: EvaluationFilter[];
  watched: EvaluationFilter[];
}

function rig(
  answers: { list: () => EvaluationSummary[]; fleet?: () => void | Promise<void>; running?: () => ListChange[] },
  filter: EvaluationFilter = {},
): Rig {
  let state = newTopState();
  const clock = new FakeClock();
  const asked: EvaluationFilter[] = [];
  const watched: EvaluationFilter[] = [];
  const client = {
    list: async (which: EvaluationFilter) => {
      asked.push(which);
      return { items: answers.list().filter((e) => !which.states || which.states.includes(e.state)), nextToken: '' };
    },
    async *watchList(which: EvaluationFilter) {
      watched.push(which);
      yield* answers.running?.() ?? [];
    },
    async *watchCluster() {
      await answers.fleet?.();
      yield change({ snapshot: true, agents: [agentOf()], routes: [routeStatus()] });
    },
  } as unknown as AssayClient;
  const feed = new Feed({ client, filter, clock, state: () => state, update: (next) => (state = next(state)) });
  return { feed, state: () => state, clock, asked, watched };
}
const refuse = (code: 'permission_denied' | 'unavailable') => (): never => {
  throw new AppError(code, `it is ${code}`);
};

test('all that is not over, and the last ones of all, each once', async () => {
  const over = summary({ evaluationId: idOf('b'), state: 'succeeded' });
  const { feed, state, asked } = rig({ list: () => [summary(), over] }, { owner: 'ada' });
  await feed.first();
  expect(state().rows.evaluations.map((e) => e.evaluationId)).toEqual([idOf('a'), idOf('b')]);
  expect(asked.map(({ owner, states }) => [owner, states?.includes('succeeded')])).toEqual([
    ['ada', false],
    ['ada', undefined],
  ]);
  expect(state()).toMatchObject({ seen: { evaluations: true, fleet: true }, troubles: {}, rows: { agents: [{ name: 'north' }] } });
});

test('states that were named are all that is asked for', async () => {
  const { feed, asked } = rig({ list: () => [] }, { states: ['failed'] });
  await feed.first();
  expect(asked).toEqual([{ states: ['failed'] }]);
});

test('what runs has its score so far, of the first scorer that counted something; without the watch there is none, and the rest', async () => {
  const group = (n: number, sum: number): GroupProgress => ({
    ...{ benchmark: 'b', model: 'm', counts: emptyCounts(10), retries: 0 },
    scorers: [{ scorer: 'match', n, sum, sumOfSquares: sum }],
  });
  const over = summary({ evaluationId: idOf('b'), state: 'succeeded' });
  const running = (): ListChange[] => [
    {
      ...{ timeMs: 0, snapshot: true, removedEvaluationIds: [], nextToken: '' },
      evaluations: [{ summary: summary(), groups: [group(0, 0), group(4, 3)], groupCount: 3 }],
    },
  ];
  const { feed, state, watched } = rig({ list: () => [summary(), over], running }, { owner: 'ada' });
  await feed.first();
  expect(state().rows.evaluations.map(({ score }) => score)).toEqual(['0.750 +2', undefined]);
  expect(watched).toEqual([{ owner: 'ada', states: UNFINISHED }]);
  const old = rig({ list: () => [summary()], running: refuse('unavailable') });
  await old.feed.first();
  expect(old.state()).toMatchObject({ rows: { evaluations: [{ score: '' }] }, troubles: {} });
  const final = rig({ list: () => [] }, { states: ['failed'] });
  await final.feed.first();
  expect(final.watched).toEqual([]);
});

test('how fast an evaluation goes is known at the second look, and of one that is paused it is nothing', async () => {
  let now = summary();
  const { feed, state, clock } = rig({ list: () => [now] });
  await feed.first();
  expect(state().rows.evaluations[0]?.rate).toBe(0);
  clock.time += 2000;
  now = summary({ counts: { ...emptyCounts(10), scored: 7 } });
  await feed.first();
  expect(state().rows.evaluations[0]).toMatchObject({ rate: 2, etaMs: 1500 });
  now = summary({ counts: now.counts, state: 'paused' });
  await feed.first();
  expect(state().rows.evaluations[0]).toMatchObject({ rate: 0 });
});

test('a refusal hides what may not be seen, and the rest is shown; refused altogether it is an error', async () => {
  const { feed, state } = rig({ list: () => [summary()], fleet: refuse('permission_denied') });
  await feed.first();
  expect(state()).toMatchObject({
    seen: { evaluations: true, fleet: false },
    troubles: { fleet: { why: 'it is permission_denied', isLost: false } },
  });
  const closed = rig({ list: refuse('permission_denied'), fleet: refuse('permission_denied') });
  await expect(closed.feed.first()).rejects.toMatchObject({ code: 'permission_denied' });
});

test('a fleet that never answers is waited for so long, and the rest is shown', async () => {
  const { feed, state } = rig({ list: () => [summary()], fleet: () => new Promise(() => undefined) });
  await feed.first();
  expect(state()).toMatchObject({ seen: { evaluations: true }, troubles: { fleet: { isLost: true } } });
});

test('silence leaves what was there, and counts from the last answer', async () => {
  let isThere = true;
  const { feed, state, clock } = rig({ list: () => (isThere ? [summary()] : refuse('unavailable')()) });
  await feed.first();
  const atMs = clock.now();
  clock.time += 2000;
  isThere = false;
  await feed.first();
  expect(state()).toMatchObject({ seen: { evaluations: true }, troubles: { evaluations: { sinceMs: atMs, isLost: true } } });
  expect(state().rows.evaluations).toHaveLength(1);
  isThere = true;
  await feed.first();
  expect(state().troubles).toEqual({});
});
