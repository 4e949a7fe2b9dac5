/** What is seen of agents, routes and evaluations. */
import { expect, test } from 'vitest';
import { incidentsOfAgents, incidentsOfRoutes } from '../../../../coordinator/alerts/conditions.ts';
import { happeningsOf, incidentsOfEvaluation } from '../../../../coordinator/alerts/endings.ts';
import type { Agent, EvaluationSummary, RouteStatus } from '../../../../shared/client/types.ts';
import { agent as card } from '../../../support/rpc-rows/answers.ts';

const agent = (more: Partial<Agent>): Agent => ({ ...card, agentId: 'ag_1', name: 'one', state: 'ready', reason: '', models: [], ...more });
const model = (more: object): Agent['models'] => [{ match: 'm', maxConnections: 20, room: 0, suspended: '', ...more }];
const kinds = (found: readonly { kind: string }[]): string[] => found.map(({ kind }) => kind);

test('agents', () => {
  const of = (more: Partial<Agent>): string[] => kinds(incidentsOfAgents([agent(more)]));
  expect(of({})).toEqual([]);
  expect(of({ state: 'gone' })).toEqual(['agent_lost']);
  expect(of({ state: 'gone', reason: 'it left' })).toEqual([]);
  expect(of({ state: 'gone', models: model({ suspended: 'auth' }) })).toEqual(['agent_lost']);
  expect(of({ models: model({ suspended: 'auth' }) })).toEqual(['key_rejected']);
  expect(of({ models: model({ suspended: 'quota' }) })).toEqual(['key_rejected']);
  for (const suspended of ['draining', 'spend_cap', 'spool_full', 'constructor']) expect(of({ models: model({ suspended }) })).toEqual([]);
  expect(of({ models: model({ connections: 10 }) })).toEqual(['key_throttled']);
  expect(of({ models: model({ connections: 11 }) })).toEqual([]);
  // It has hardly anything to do: that says nothing of the endpoint.
  expect(of({ models: model({ connections: 10, room: 8 }) })).toEqual([]);
});

test('routes', () => {
  const route: RouteStatus = {
    ...{ route: 'r', requirement: 'model=m', model: 'm', labels: {}, needs: [], namespace: 'team-a', paused: false, reason: '' },
    ...{ waitingTasks: 3, oldestWaitMs: 700_000, open: 30, inFlight: 0, agents: 1, room: 0, evaluationIds: ['ev_1'], misfits: [] },
  };
  const of = (more: Partial<RouteStatus>) => incidentsOfRoutes([{ ...route, ...more }], 600_000);
  expect(of({})).toMatchObject([{ kind: 'queue_stuck', namespace: 'team-a', summary: expect.stringContaining('11 min') }]);
  expect(of({ waitingTasks: 1 })[0]!.summary).toContain('1 task waits');
  expect(of({ agents: 0, misfits: ['one: no'] })).toMatchObject([
    { kind: 'nothing_fits', summary: 'No agent fits model=m: 30 samples wait (one: no)' },
  ]);
  for (const more of [{ paused: true }, { open: 0 }, { inFlight: 1 }, { oldestWaitMs: 599_999 }]) expect(of(more)).toEqual([]);
});

test('evaluations', () => {
  const counts = { total: 10, scored: 8, unscored: 0, errored: 2, cancelled: 0, dead: 0 };
  const row = { benchmark: 'b', model: 'm', scorer: 's', metrics: { accuracy: 0.5 }, counts, reducer: 'mean' };
  const evaluation = (more: Partial<EvaluationSummary>): EvaluationSummary => ({
    ...{ evaluationId: 'ev_1', name: 'n', state: 'succeeded', createdAtMs: 1, finishedAtMs: 2, counts, namespace: 'default', owner: 'o' },
    ...{ tags: [], metadata: {}, benchmarks: [], models: [], priority: 1, reason: '', results: [row], keep: false, storedBytes: 0 },
    ...more,
  });
  const of = (more: Partial<EvaluationSummary>, gates: Parameters<typeof incidentsOfEvaluation>[1] = [], deadLetters = 0): string[] => {
    const watched = { evaluation: evaluation(more), deadLetters };
    return kinds([...happeningsOf(watched), ...incidentsOfEvaluation(watched, gates)]);
  };
  expect(of({})).toEqual(['evaluation_finished']);
  expect(of({ state: 'cancelled' })).toEqual(['evaluation_finished']);
  expect(of({ state: 'failed' })).toEqual(['evaluation_failed']);
  expect(of({ state: 'running' }, [], 1)).toEqual(['dead_letters']);
  const metric = { metric: 'accuracy', min: 0.6 };
  expect(of({}, [metric])).toEqual(['evaluation_finished', 'evaluation_below_gate']);
  expect(of({}, [{ ...metric, benchmark: 'b', model: 'm', scorer: 's' }])).toEqual(['evaluation_finished', 'evaluation_below_gate']);
  expect(of({ state: 'running' }, [metric])).toEqual([]);
  for (const other of [
    { ...metric, min: 0.5 },
    { ...metric, model: 'x' },
    { ...metric, metric: 'f1' },
  ])
    expect(of({}, [other])).toEqual(['evaluation_finished']);
});
