/** Facts in, reasons out: the first one is the true one, and whatever the facts are there is one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EvaluationFacts, RouteFacts, TaskFacts, WhyFacts } from '../../../../coordinator/dispatch/why/facts.ts';
import { reasonsOf } from '../../../../coordinator/dispatch/why/reasons.ts';
import type { Agent } from '../../../../shared/client/types.ts';
import { routeOf } from '../../../../shared/domain/routing.ts';
import { EVALUATION_STATES } from '../../../../shared/domain/states.ts';
import { agentOf, idOf } from '../../../support/cli-samples.ts';

const ID = idOf('a');
const OTHER = idOf('b');
const NOW = 1_000_000;

const evaluation = (more: Partial<EvaluationFacts> = {}): EvaluationFacts => ({
  evaluationId: ID,
  namespace: 'default',
  state: 'running',
  reason: '',
  sinceMs: 0,
  isDraining: false,
  total: 100,
  open: 40,
  inFlight: 0,
  planned: 20,
  rate: 0,
  dead: 0,
  priority: 5,
  bound: undefined,
  spent: undefined,
  maxSamples: 0,
  waitsFor: '',
  ...more,
});

const agent = (more: Partial<Agent> = {}, entry: Partial<Agent['models'][number]> = {}): Agent =>
  agentOf({ models: [{ match: 'openai/*', maxConnections: 16, room: 4, suspended: '', ...entry }], ...more });

const route = (more: Partial<RouteFacts> = {}): RouteFacts => ({
  route: routeOf('openai/x', { zone: 'eu' }),
  open: 40,
  queued: 20,
  leased: 0,
  tasks: { queued: 4, leased: 0, delayed: 0 },
  lost: { samples: 0, tasks: 0, agents: [] },
  queuedSinceMs: 500,
  waitedMs: [],
  delayedUntilMs: 0,
  setbacks: { crashes: 0, losses: 0, returns: 0 },
  answers: { open: 0, models: [] },
  paused: undefined,
  agents: [agent()],
  drainedAtMs: new Map(),
  holds: new Map(),
  ahead: { samples: 0, evaluations: 0, evaluationIds: [] },
  ...more,
});

const facts = (more: Partial<WhyFacts> = {}): WhyFacts => ({
  nowMs: NOW,
  evaluation: evaluation(),
  troubles: [],
  routes: [route()],
  ...more,
});
const told = (given: WhyFacts): string[] => reasonsOf(given).map(({ code, effect }) => `${code} ${effect}`);
const ofRoute = (more: Partial<RouteFacts>): string[] => told(facts({ routes: [route(more)] }));
const RETURNED = { agentId: 'ag_elsewhere', detail: 'the next call may take 4110 tokens', atMs: 900 };
const leased = { leased: 8, tasks: { queued: 4, leased: 2, delayed: 0 } };

describe('of the whole evaluation', () => {
  test.each<[string, Partial<EvaluationFacts>, string[]]>([
    ['over', { state: 'succeeded', open: 0 }, ['succeeded over']],
    ['over, with dead letters', { state: 'failed', open: 0, dead: 3 }, ['failed over', 'dead over']],
    ['paused, and something still runs', { state: 'paused', inFlight: 2 }, ['paused blocks', 'running runs']],
    ['draining', { isDraining: true, inFlight: 2 }, ['draining blocks', 'running runs']],
    ['waiting for its turn', { state: 'accepted', reason: `waits for ${OTHER}`, waitsFor: OTHER }, ['waits_for_evaluation blocks']],
    ['accepted', { state: 'accepted' }, ['being_planned runs', 'starting runs']],
    ['recovering', { state: 'recovering' }, ['recovering blocks']],
    ['finalizing', { state: 'finalizing', open: 0 }, ['finalizing runs']],
  ])('%s', (_name, more, expected) => {
    const routes = more.open === 0 ? [] : [route()];
    expect(told(facts({ evaluation: evaluation(more), routes }))).toEqual(expected);
  });

  test('troubles of Redis and the store come before its state, but not before its end', () => {
    const troubles = [{ code: 'redis_full' as const, text: 'full', remedy: 'more' }];
    expect(told(facts({ troubles, evaluation: evaluation({ state: 'paused' }) }))).toEqual(['redis_full blocks', 'paused blocks']);
    expect(told(facts({ troubles, evaluation: evaluation({ state: 'succeeded', open: 0 }), routes: [] }))).toEqual(['succeeded over']);
  });

  test('commands can be copied; what is not told to the caller is not in them', () => {
    const commandOf = (more: Partial<EvaluationFacts>): string => reasonsOf(facts({ evaluation: evaluation(more) }))[0]!.command;
    expect(commandOf({ state: 'paused' })).toBe(`assay resume ${ID}`);
    expect(commandOf({ state: 'cancelled' })).toBe(`assay requeue ${ID} --state cancelled`);
    const hidden = reasonsOf(facts({ evaluation: evaluation({ state: 'accepted', reason: `waits for ${OTHER}` }) }))[0]!;
    expect(JSON.stringify(hidden)).not.toContain(OTHER);
  });
});

describe('of a route', () => {
  test.each<[string, Partial<Agent> | undefined, string]>([
    ['nobody', undefined, 'no_agent'],
    ['none is connected that fits', { state: 'gone' }, 'agents_gone'],
    ['another model', { models: [{ match: 'x/*', maxConnections: 1, room: 1, suspended: '' }] }, 'no_model'],
    ['another zone', { labels: { zone: 'us' } }, 'no_label'],
    ['drained', { state: 'draining', drainedByOperator: true }, 'agents_drained'],
    ['stopping', { state: 'draining' }, 'agents_stopping'],
    ['quarantined', { state: 'draining', quarantined: true }, 'agents_quarantined'],
  ])('%s', (_name, more, code) => {
    expect(ofRoute({ agents: more ? [agent(more)] : [] })).toEqual([`${code} blocks`]);
  });

  test('an agent that would fit comes before those that lack something; one that is there before one that is gone', () => {
    const refused = agent({ name: 'refused' }, { suspended: 'auth' });
    const gone = agent({ agentId: 'ag_2', name: 'gone', state: 'gone' });
    const us = agent({ agentId: 'ag_3', name: 'us', labels: { zone: 'us' } });
    expect(ofRoute({ agents: [us, gone, refused] })).toEqual(['key_rejected blocks', 'agents_gone blocks']);
    expect(ofRoute({ agents: [us, gone] })).toEqual(['agents_gone blocks']);
  });

  test('what is missing is what those lack who come nearest', () => {
    const needs = routeOf('openai/x', { zone: 'eu' }, ['sandbox:python3', 'wire:1.2']);
    const lacking = (agents: Agent[]): string => reasonsOf(facts({ routes: [route({ route: needs, agents })] }))[0]!.code;
    const near = agent({ name: 'near', wireVersion: '1.2', capabilities: [] });
    const far = agent({ agentId: 'ag_2', name: 'far', wireVersion: '1.2', labels: {} });
    const old = agent({ agentId: 'ag_3', name: 'old', wireVersion: '1.1' });
    expect(lacking([near, far, old])).toBe('no_sandbox');
    expect(lacking([far, old])).toBe('no_label');
    expect(lacking([old])).toBe('too_old');
    const [reason] = reasonsOf(facts({ routes: [route({ route: needs, agents: [near, far, old] })] }));
    expect(reason!.agents.map(({ name }) => name)).toEqual(['near']);
  });

  test.each<[string, Partial<RouteFacts>, string[]]>([
    ['paused by an operator', { paused: { reason: 'budget', atMs: 1 } }, ['route_paused blocks']],
    ['room', {}, ['starting runs']],
    ['running, with room', leased, ['running runs']],
    ['full', { agents: [agent({}, { room: 0 })] }, ['full blocks']],
    ['running, and full', { ...leased, agents: [agent({}, { room: 0 })] }, ['running runs', 'full slows']],
    [
      'others go first',
      { agents: [agent({}, { room: 0 })], ahead: { samples: 9, evaluations: 1, evaluationIds: [OTHER] } },
      ['full blocks', 'behind blocks'],
    ],
    ['throttled', { ...leased, agents: [agent({}, { connections: 2 })] }, ['running runs', 'throttled slows']],
    ['put aside', { tasks: { queued: 4, leased: 0, delayed: 4 }, delayedUntilMs: NOW + 1 }, ['retry_at blocks']],
    ['handed back, and put aside for that', { returned: RETURNED, tasks: { queued: 4, leased: 0, delayed: 4 } }, ['handed_back blocks']],
    ['handed back, and an agent has room', { returned: RETURNED }, ['handed_back blocks']],
    ['handed back by one, running elsewhere', { ...leased, returned: RETURNED }, ['running runs', 'handed_back slows']],
    ['not cut into tasks yet', { queued: 0, tasks: { queued: 0, leased: 0, delayed: 0 } }, ['being_planned runs']],
    [
      'a judge without answers',
      { queued: 0, tasks: { queued: 0, leased: 0, delayed: 0 }, answers: { open: 5, models: ['m'] } },
      ['waits_for_answers blocks'],
    ],
    [
      'with an agent that is gone',
      { ...leased, open: 8, lost: { samples: 8, tasks: 2, agents: [agent({ state: 'gone' })] } },
      ['agent_lost blocks'],
    ],
  ])('%s', (_name, more, expected) => {
    expect(ofRoute(more)).toEqual(expected);
  });

  test('whoever hands it back says why, to those who may know of it', () => {
    const of = (returned: RouteFacts['returned']) => reasonsOf(facts({ routes: [route({ returned, delayedUntilMs: NOW + 9 })] }))[0]!;
    expect(of({ ...RETURNED, agentId: agent().agentId })).toMatchObject({
      text: `the agent ${agent().name} fits and hands it back: the next call may take 4110 tokens`,
      untilMs: NOW + 9,
      agents: [{ agentId: agent().agentId, text: RETURNED.detail }],
    });
    expect(JSON.stringify(of(RETURNED))).not.toContain('4110');
  });

  test('as many tasks as its namespace may have', () => {
    const bound = { limit: 2, tasks: 2 };
    const aside = { queued: 4, leased: 0, delayed: 4 };
    expect(told(facts({ evaluation: evaluation({ bound }), routes: [route({ tasks: aside })] }))).toEqual(['namespace_bound blocks']);
    expect(told(facts({ evaluation: evaluation({ bound }), routes: [route(leased)] }))).toEqual(['running runs', 'namespace_bound slows']);
    expect(told(facts({ evaluation: evaluation({ bound: { limit: 2, tasks: 1 } }) }))).toEqual(['starting runs']);
  });

  test('its namespace has spent all that it may', () => {
    const spent = { limit: 5e6, used: 5_250_000, untilMs: 99 };
    const reasons = reasonsOf(facts({ evaluation: evaluation({ spent, bound: { limit: 0, tasks: 0 } }) }));
    expect(reasons[0]).toMatchObject({
      code: 'namespace_bound',
      effect: 'blocks',
      text: 'the namespace default has cost $5.25 today (UTC), and $5 a day are allowed',
      untilMs: 99,
    });
    expect(reasons[0]!.command).toMatch(/--max-cost-per-day 10\.5$/);
  });

  test('as many as it allows', () => {
    const bounded = facts({ evaluation: evaluation({ maxSamples: 20 }), routes: [route({ ...leased, queued: 12 })] });
    expect(told(bounded)).toEqual(['running runs', 'max_samples slows']);
  });

  test('of several, what is blocked comes first, most samples before fewer', () => {
    const routes = [
      route({ ...leased, open: 40 }),
      route({ route: routeOf('few/x', {}), open: 3, queued: 3 }),
      route({ route: routeOf('many/x', {}), open: 30, queued: 16 }),
    ];
    expect(reasonsOf(facts({ routes })).map(({ code, requirement }) => `${code} ${requirement}`)).toEqual([
      'no_model model=many/x',
      'no_model model=few/x',
      'running model=openai/x zone=eu',
    ]);
  });
});

describe('of a task', () => {
  const task = (more: Partial<TaskFacts> = {}): TaskFacts =>
    ({ taskId: `${ID}-1`, route: route().route.id, open: 4, sinceMs: 500, state: 'queued', untilMs: 0, avoids: [], ...more }) as TaskFacts;

  test.each<[string, TaskFacts, Partial<EvaluationFacts>, string[]]>([
    ['waits for nobody but an agent', task(), {}, ['starting runs']],
    ['put aside', task({ state: 'queued', untilMs: NOW + 5 }), {}, ['retry_at blocks']],
    ['has crashed agents', task({ state: 'queued', avoids: ['ag_9'] }), {}, ['starting runs', 'avoids_agents slows']],
    ['with an agent', task({ state: 'leased', agentId: agent().agentId }), {}, ['running runs']],
    ['out of the queue', task({ state: 'unqueued' }), { state: 'paused' }, ['paused blocks', 'paused blocks']],
    ['given up', task({ state: 'dead' }), {}, ['dead over']],
    ['over', task({ state: 'over' }), { state: 'paused' }, ['task_over over']],
  ])('%s', (_name, given, more, expected) => {
    expect(told(facts({ task: given, evaluation: evaluation(more) }))).toEqual(expected);
  });
});

test('a judge waits for answers: why these do not come is said first', () => {
  const [answers, judge] = ['a', 'b'].map((i) => routeOf('openai/x', { i }));
  const judging = route({
    route: judge!,
    open: 90,
    queued: 0,
    tasks: { queued: 0, leased: 0, delayed: 0 },
    answers: { open: 40, models: ['m'] },
  });
  const nobody = route({ route: answers!, agents: [] });
  for (const routes of [
    [judging, nobody],
    [nobody, judging],
  ])
    expect(told(facts({ routes: routes.map((r) => ({ ...r, agents: r === judging ? [agent({ labels: { i: 'b' } })] : [] })) }))).toEqual([
      'no_agent blocks',
      'waits_for_answers blocks',
    ]);
});

test('there is a reason, whatever the facts; the order is that of effects, and none names an agent or an evaluation that the facts do not', () => {
  const number = fc.nat({ max: 50 });
  const agents = fc.array(
    fc.record({
      state: fc.constantFrom('ready' as const, 'draining' as const, 'gone' as const),
      drainedByOperator: fc.boolean(),
      zone: fc.constantFrom('eu', 'us'),
      match: fc.constantFrom('openai/*', 'x'),
      room: fc.nat({ max: 2 }),
      suspended: fc.constantFrom('', 'auth', 'quota', 'odd'),
      connections: fc.constantFrom(undefined, 1, 16),
    }),
    { maxLength: 4 },
  );
  const some = fc.record({
    open: number,
    queued: number,
    leased: number,
    delayed: number,
    answers: number,
    isPaused: fc.boolean(),
    agents,
  });
  const whole = fc.record({
    state: fc.constantFrom(...EVALUATION_STATES),
    isDraining: fc.boolean(),
    maxSamples: number,
    inFlight: number,
    dead: number,
    routes: fc.array(some, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(whole, ({ routes, ...more }) => {
      const reasons = reasonsOf(
        facts({
          evaluation: evaluation(more),
          routes: routes.map((r, i) =>
            route({
              route: routeOf('openai/x', { zone: 'eu', i: String(i) }),
              open: r.open + r.queued + r.leased,
              queued: r.queued,
              leased: r.leased,
              tasks: { queued: r.queued, leased: r.leased, delayed: r.delayed },
              answers: { open: r.answers, models: ['m'] },
              paused: r.isPaused ? { reason: '', atMs: 1 } : undefined,
              agents: r.agents.map((a, n) =>
                agent(
                  { agentId: `ag_${n}`, state: a.state, drainedByOperator: a.drainedByOperator, labels: { zone: a.zone, i: String(i) } },
                  { match: a.match, room: a.room, suspended: a.suspended, ...(a.connections ? { connections: a.connections } : {}) },
                ),
              ),
            }),
          ),
        }),
      );
      expect(reasons.length).toBeGreaterThan(0);
      const ranks = reasons.filter(({ code }) => code !== 'dead').map(({ effect }) => ['over', 'blocks', 'runs', 'slows'].indexOf(effect));
      expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
      for (const r of reasons) {
        expect(r.text).not.toBe('');
        if (r.effect === 'blocks') expect([r.code, r.remedy]).not.toEqual([r.code, '']);
        expect(r.samples).toBeGreaterThanOrEqual(0);
        expect(r.agents.every((a) => /^ag_[0-3]$/.test(a.agentId))).toBe(true);
      }
    }),
  );
});
