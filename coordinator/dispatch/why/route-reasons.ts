/** Why the work of one evaluation on one route does not run, or not faster. Pure. */
import type { Agent } from '../../../shared/client/types.ts';
import type { Reason } from '../../../shared/client/why.ts';
import { usdOf } from '../../../shared/domain/namespace-limits.ts';
import { modelFor } from '../../../shared/domain/routing.ts';
import type { EvaluationFacts, Held, RouteFacts } from './facts.ts';
import { candidaciesOf, unfitReasons } from './fit-reasons.ts';
import { because, number, plural, reason, reasonAgent, word } from './reason.ts';

export function routeReasons(evaluation: EvaluationFacts, route: RouteFacts): Reason[] {
  const on = route.route;
  const waiting = { samples: route.open - route.leased, tasks: route.tasks.queued };
  const runs = [...lost(route), ...running(evaluation, route)];
  if (waiting.samples <= 0) return runs;
  if (route.paused) {
    const { reason: why, atMs } = route.paused;
    const paused = reason({
      code: 'route_paused',
      effect: 'blocks',
      text: `an operator has paused the route${because(why)}`,
      ...waiting,
      sinceMs: atMs,
      remedy: 'go on with the route',
      command: `assay routes resume ${word(on.id)}`,
      on,
    });
    return [paused, ...runs];
  }
  const candidacies = candidaciesOf(on, route.agents);
  const fitting = candidacies.filter(({ misfits }) => misfits.length === 0).map(({ agent }) => agent);
  if (fitting.length === 0) return [...unfitReasons({ route: on, ...waiting, drainedAtMs: route.drainedAtMs }, candidacies), ...runs];
  return [...runs, ...waitReasons(evaluation, route, fitting), ...throttled(route, fitting)];
}

function running({ rate, inFlight }: EvaluationFacts, { route, leased, tasks, lost: gone }: RouteFacts): Reason[] {
  const samples = leased - gone.samples;
  if (samples <= 0) return [];
  // Where all that runs is here, so is the rate.
  const pace = rate > 0 && leased >= inFlight ? `, and ${Number(rate.toPrecision(2))} a second are closed` : '';
  const text = `it runs: agents hold ${plural(samples, 'sample')}${pace}`;
  return [reason({ code: 'running', effect: 'runs', text, samples, tasks: tasks.leased - gone.tasks, on: route })];
}

/** Held by agents that are not there. */
function lost({ route, lost: { samples, tasks, agents } }: RouteFacts): Reason[] {
  if (samples === 0) return [];
  return [
    reason({
      code: 'agent_lost',
      effect: 'blocks',
      text: `${plural(samples, 'sample')} in the hands of ${plural(agents.length, 'agent')} not connected now: others get them when the leases are over`,
      samples,
      tasks,
      sinceMs: Math.max(...agents.map(({ seenAtMs }) => seenAtMs)),
      remedy: 'start the agent again: it brings what it has done',
      on: route,
      agents: agents.map((agent) => reasonAgent(agent, 'is not connected', agent.seenAtMs)),
    }),
  ];
}

const entryOf = ({ route }: RouteFacts, agent: Agent): Agent['models'][number] => agent.models[modelFor(route.model, agent.models)]!;

/** Somebody could take it. */
function waitReasons(evaluation: EvaluationFacts, route: RouteFacts, fitting: readonly Agent[]): Reason[] {
  const { queued, leased } = route;
  /** Where something runs, nothing of this stands in its way altogether. */
  const effect = leased > 0 ? 'slows' : 'blocks';
  if (queued === 0) return [unplanned(evaluation, route)];
  if (evaluation.spent) return [spent(evaluation, evaluation.spent, route, effect)];
  if (evaluation.bound && evaluation.bound.tasks >= evaluation.bound.limit) return [bounded(evaluation, evaluation.bound, route, effect)];
  const back = handedBack(route, effect);
  if (leased === 0 && back.length > 0) return back;
  return [...waits(evaluation, route, fitting, effect), ...back];
}

/** Where no agent has refused it. */
function waits(evaluation: EvaluationFacts, route: RouteFacts, fitting: readonly Agent[], effect: 'slows' | 'blocks'): Reason[] {
  const { route: on, open, leased, tasks } = route;
  const waiting = { samples: open - leased, tasks: tasks.queued };
  if (tasks.queued > 0 && tasks.delayed >= tasks.queued) return [later(route)];
  if (fitting.some((agent) => entryOf(route, agent).room > 0)) {
    if (leased > 0) return limited(evaluation, route);
    return [
      reason({ code: 'starting', effect: 'runs', text: 'an agent has room for it: it begins at any moment', ...waiting, on }),
      ...limited(evaluation, route),
    ];
  }
  return [full(evaluation, route, fitting, effect), ...behind(evaluation, route), ...limited(evaluation, route)];
}

/** Its namespace has cost all that it may this day. */
function spent(
  { namespace }: EvaluationFacts,
  { limit, used, untilMs }: NonNullable<EvaluationFacts['spent']>,
  route: RouteFacts,
  effect: 'slows' | 'blocks',
): Reason {
  return reason({
    code: 'namespace_bound',
    effect,
    text: `the namespace ${namespace} has cost $${usdOf(used)} today (UTC), and $${usdOf(limit)} a day are allowed`,
    samples: route.open - route.leased,
    tasks: route.tasks.queued,
    untilMs,
    remedy: 'wait until the day ends, or have an administrator raise the bound',
    command: `assay namespace set ${word(namespace)} --max-cost-per-day ${usdOf(2 * Math.max(used, limit))}`,
    on: route.route,
  });
}

/** Its namespace has as many tasks with agents as it may. */
function bounded(
  { namespace }: EvaluationFacts,
  { limit, tasks }: NonNullable<EvaluationFacts['bound']>,
  route: RouteFacts,
  effect: 'slows' | 'blocks',
): Reason {
  return reason({
    code: 'namespace_bound',
    effect,
    text: `agents hold ${plural(tasks, 'task')} of the namespace ${namespace}, and ${number(limit)} at once are allowed`,
    samples: route.open - route.leased,
    tasks: route.tasks.queued,
    remedy: 'wait until some are done, or have an administrator raise the bound',
    command: `assay namespace set ${word(namespace)} --max-tasks ${2 * limit}`,
    on: route.route,
  });
}

/** Not in the queue: it waits for answers, or for room within its own bound, or it is only just being planned. */
function unplanned(evaluation: EvaluationFacts, route: RouteFacts): Reason {
  const { route: on, open, leased, answers } = route;
  const samples = open - leased;
  if (answers.open > 0)
    return reason({
      code: 'waits_for_answers',
      effect: leased > 0 ? 'slows' : 'blocks',
      text: `its judge waits for ${plural(answers.open, 'answer')} of ${answers.models.join(', ')}`,
      samples,
      remedy: 'wait for the answers; where these do not come, there is a reason of their own',
      on,
    });
  const [bound] = limited(evaluation, route);
  if (bound) return bound;
  return reason({ code: 'being_planned', effect: 'runs', text: 'it is being cut into tasks', samples, on });
}

/** An agent that fits would not do it, for a reason that no card of it shows. */
function handedBack(
  { route: on, open, leased, tasks, delayedUntilMs, returned, agents }: RouteFacts,
  effect: 'slows' | 'blocks',
): Reason[] {
  if (!returned) return [];
  const agent = agents.find(({ agentId }) => agentId === returned.agentId);
  return [
    reason({
      code: 'handed_back',
      effect,
      text: agent
        ? `the agent ${agent.name || agent.agentId} fits and hands it back${because(returned.detail)}`
        : 'an agent that fits hands it back',
      samples: open - leased,
      tasks: tasks.queued,
      untilMs: delayedUntilMs,
      remedy: 'change what it names, at the agent or in the spec; until then it is tried again every few seconds, wherever it fits',
      command: agent ? `assay agent show ${word(agent.name || agent.agentId)}` : '',
      on,
      agents: agent ? [reasonAgent(agent, returned.detail || 'hands it back', returned.atMs)] : [],
    }),
  ];
}

function later({ route: on, open, leased, tasks, delayedUntilMs, setbacks }: RouteFacts): Reason {
  const { returns, losses, crashes } = setbacks;
  const fared = [
    ...(returns > 0 ? [`handed back ${times(returns)}`] : []),
    ...(losses > 0 ? [`lost ${times(losses)}`] : []),
    ...(crashes > 0 ? [`${times(crashes)} with an agent that crashed`] : []),
  ];
  return reason({
    code: 'retry_at',
    effect: leased > 0 ? 'slows' : 'blocks',
    text: `${plural(tasks.queued, 'task')} put aside for a moment${because(fared.join(', '))}`,
    samples: open - leased,
    tasks: tasks.queued,
    untilMs: delayedUntilMs,
    remedy: returns > 0 ? 'wait; the log of the agent says why it handed it back' : 'wait: they come back by themselves',
    on,
  });
}

const times = (n: number): string => (n === 1 ? 'once' : `${number(n)} times`);

const NOTHING: Held = { own: 0, others: 0, hasMore: false, samples: undefined, evaluationIds: [] };

function full(evaluation: EvaluationFacts, route: RouteFacts, fitting: readonly Agent[], effect: 'slows' | 'blocks'): Reason {
  const { route: on, open, leased, tasks, queuedSinceMs, holds } = route;
  const held = fitting.map((agent) => ({ agent, ...(holds.get(agent.agentId) ?? NOTHING) }));
  const own = held.some((h) => h.own > 0);
  const others = held.some((h) => h.others > 0 || h.hasMore);
  const evaluationIds = [...new Set(held.flatMap((h) => h.evaluationIds))];
  const isOne = evaluation.evaluationId !== '';
  const by =
    !isOne && others
      ? 'evaluations'
      : own && others
        ? 'this and other evaluations'
        : others
          ? 'other evaluations'
          : own
            ? 'this evaluation'
            : '';
  return reason({
    code: 'full',
    effect,
    text: `${fitting.length === 1 ? 'the agent that fits has' : fitting.length === 2 ? 'both agents that fit have' : `all ${number(fitting.length)} agents that fit have`} no room${by ? `: busy with samples of ${by}` : ''}`,
    samples: open - leased,
    tasks: tasks.queued,
    sinceMs: leased > 0 ? 0 : queuedSinceMs,
    remedy: 'connect more agents, or raise `max_connections` of the model where its endpoint bears more',
    on,
    agents: held.map(({ agent, own: mine, others: theirs, samples }) => {
      const { connections, maxConnections } = entryOf(route, agent);
      const inHand = `${number(samples ?? 0)} samples${agent.models.length > 1 ? ' of all its models' : ''} in hand`;
      return reasonAgent(
        agent,
        `${samples === undefined ? 'no room' : inHand}, ${number(connections || maxConnections)} calls at a time${theirs === 0 ? '' : isOne ? `; ${plural(theirs, 'task')} of others, ${number(mine)} of this` : `; ${plural(theirs, 'task')}`}`,
      );
    }),
    evaluationIds,
  });
}

function behind({ evaluationId, priority }: EvaluationFacts, { route: on, ahead, open, leased, tasks }: RouteFacts): Reason[] {
  if (ahead.samples === 0) return [];
  return [
    reason({
      code: 'behind',
      effect: leased > 0 ? 'slows' : 'blocks',
      text: `${plural(ahead.samples, 'sample')} of ${plural(ahead.evaluations, 'evaluation')} with a higher priority than ${priority} go first`,
      samples: open - leased,
      tasks: tasks.queued,
      ...(priority > 1 ? { remedy: 'give it a higher priority (1 goes first)', command: `assay update ${evaluationId} --priority 1` } : {}),
      on,
      evaluationIds: ahead.evaluationIds,
    }),
  ];
}

/** As many are in flight as the evaluation allows. */
function limited(evaluation: EvaluationFacts, { route: on, open, leased, queued }: RouteFacts): Reason[] {
  const { evaluationId, maxSamples, planned } = evaluation;
  const unplannedUnits = open - leased - queued;
  // The planner leaves a little room to grow (plan-window.ts).
  const isBound = maxSamples > 0 && evaluation.open > maxSamples && planned >= maxSamples - Math.floor(maxSamples / 8);
  if (!isBound || unplannedUnits <= 0) return [];
  return [
    reason({
      code: 'max_samples',
      effect: 'slows',
      text: `not more than ${plural(maxSamples, 'sample')} of it may be handed out or wait for that at a time`,
      samples: unplannedUnits,
      remedy: 'allow more at a time',
      command: `assay update ${evaluationId} --max-samples ${2 * maxSamples}`,
      on,
    }),
  ];
}

/** Endpoints that bear fewer calls than the agent would make. */
function throttled(route: RouteFacts, fitting: readonly Agent[]): Reason[] {
  const slowed = fitting.filter((agent) => {
    const { connections, maxConnections } = entryOf(route, agent);
    return connections !== undefined && connections > 0 && connections < maxConnections;
  });
  if (slowed.length === 0) return [];
  return [
    reason({
      code: 'throttled',
      effect: 'slows',
      text: `${plural(slowed.length, 'agent')} of ${number(fitting.length)} found that the endpoint bears fewer calls at a time`,
      samples: route.open - route.leased,
      remedy: 'raise the rate limit of the key at its provider, or connect agents with other keys',
      on: route.route,
      agents: slowed.map((agent) => {
        const { connections, maxConnections } = entryOf(route, agent);
        return reasonAgent(agent, `${number(connections!)} of ${number(maxConnections)} calls at a time`);
      }),
    }),
  ];
}
