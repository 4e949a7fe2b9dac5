/** Why the work of a route does not run, or not faster: that of all evaluations together, as if it were one's. Pure. */
import type { Reason, RouteAgent } from '../../../shared/client/why.ts';
import type { Agent } from '../../../shared/client/types.ts';
import { modelFor, namespaceOfRoute, type Route } from '../../../shared/domain/routing.ts';
import type { EvaluationFacts, Held, RouteFacts, WhyFacts } from './facts.ts';
import { candidaciesOf, isPassing, type Candidacy } from './fit-reasons.ts';
import { because, MAX_EVALUATIONS, number, plural, reason, word } from './reason.ts';
import { RANK, reasonsOf } from './reasons.ts';
import { routeReasons } from './route-reasons.ts';

/** What is open on it, and what is known of that. */
export interface RouteWork {
  route: Route;
  paused: { reason: string; atMs: number } | undefined;
  agents: Agent[];
  drainedAtMs: ReadonlyMap<string, number>;
  /** Of each evaluation: its facts with this route alone. */
  evaluations: readonly WhyFacts[];
}

/** Never empty. */
export function reasonsOfRoute(work: RouteWork): Reason[] {
  const told = work.evaluations.flatMap((facts) => {
    const ofRoute = facts.routes[0];
    if (!ofRoute || ofRoute.open === 0) return [];
    const [first] = reasonsOf({ ...facts, routes: [] });
    return [{ facts, ofRoute, still: first && (first.effect === 'blocks' || first.effect === 'over') ? first : undefined }];
  });
  const still = told.flatMap((one) => (one.still ? [{ ...one, still: one.still }] : []));
  const going = told.filter((one) => !one.still);
  const held = [...Map.groupBy(still, (one) => one.still.code).values()].map((own) => stillReason(work.route, own));
  const all = going.length > 0 || work.paused ? wholeReasons(work, going) : [];
  const found = [...all, ...held].toSorted((a, b) => RANK[a.effect] - RANK[b.effect] || b.samples - a.samples);
  if (found.length > 0) return found;
  return [reason({ code: 'nothing_waits', effect: 'over', text: 'no unfinished evaluation has open samples on it', on: work.route })];
}

interface Told {
  facts: WhyFacts;
  ofRoute: RouteFacts;
}

/** Evaluations of which nothing is handed out anywhere. */
function stillReason(on: Route, own: readonly (Told & { still: Reason })[]): Reason {
  const { still } = own[0]!;
  const evaluationIds = own.map(({ facts }) => facts.evaluation.evaluationId);
  return reason({
    code: still.code,
    effect: still.effect,
    text:
      own.length === 1 ? `of one evaluation: ${still.text}` : `${plural(own.length, 'evaluation')} ${STILL[still.code] ?? 'cannot go on'}`,
    samples: own.reduce((sum, { ofRoute }) => sum + ofRoute.open, 0),
    tasks: own.reduce((sum, { ofRoute }) => sum + ofRoute.tasks.queued, 0),
    remedy: still.remedy,
    command: own.length === 1 ? still.command : '',
    on,
    evaluationIds: evaluationIds.slice(0, MAX_EVALUATIONS),
  });
}

const STILL: Readonly<Record<string, string>> = {
  paused: 'are paused',
  draining: 'were cancelled, and only what runs is finished',
  waits_for_evaluation: 'wait for others that have the same concurrency key',
  recovering: 'are compared with the store',
};

/** All that may be handed out, as if one evaluation had it. */
function wholeReasons(work: RouteWork, going: readonly Told[]): Reason[] {
  const { route, paused } = work;
  const ofRoute = wholeOf(work, going);
  if (paused && ofRoute.open - ofRoute.leased <= 0)
    return [
      reason({
        code: 'route_paused',
        effect: 'blocks',
        text: `an operator has paused the route${because(paused.reason)}`,
        sinceMs: paused.atMs,
        remedy: 'go on with the route',
        command: `assay routes resume ${word(route.id)}`,
        on: route,
      }),
      ...routeReasons(pseudo(route, going), ofRoute),
    ];
  const bound = boundReason(route, going);
  // Of what is not planned because its evaluation may have no more, it is not said that it is just being planned.
  const reasons = routeReasons(pseudo(route, going), ofRoute).filter(({ code }) => !(bound && code === 'being_planned'));
  return bound ? [...reasons, bound] : reasons;
}

function pseudo(route: Route, going: readonly Told[]): EvaluationFacts {
  const all = going.map(({ facts }) => facts.evaluation);
  const sum = (of: (one: EvaluationFacts) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    ...{ evaluationId: '', namespace: namespaceOfRoute(route), state: 'running', reason: '', sinceMs: 0, isDraining: false },
    ...{ total: sum((e) => e.total), open: sum((e) => e.open), inFlight: sum((e) => e.inFlight), planned: sum((e) => e.planned) },
    ...{ rate: sum((e) => e.rate), dead: 0, priority: 0, maxSamples: 0, waitsFor: '' },
    // A route is of one namespace, and so are these.
    ...{ bound: all.find((e) => e.bound)?.bound, spent: all.find((e) => e.spent)?.spent },
  };
}

function wholeOf({ route, paused, agents, drainedAtMs }: RouteWork, going: readonly Told[]): RouteFacts {
  const all = going.map(({ ofRoute }) => ofRoute);
  const sum = (of: (one: RouteFacts) => number): number => all.reduce((total, one) => total + of(one), 0);
  const first = (of: (one: RouteFacts) => number): number => Math.min(...all.map(of).filter((ms) => ms > 0), Infinity);
  const known = (ms: number): number => (Number.isFinite(ms) ? ms : 0);
  return {
    ...{ route, paused, agents, drainedAtMs },
    ...{ open: sum((r) => r.open), queued: sum((r) => r.queued), leased: sum((r) => r.leased) },
    tasks: { queued: sum((r) => r.tasks.queued), leased: sum((r) => r.tasks.leased), delayed: sum((r) => r.tasks.delayed) },
    lost: {
      samples: sum((r) => r.lost.samples),
      tasks: sum((r) => r.lost.tasks),
      agents: [...new Map(all.flatMap((r) => r.lost.agents.map((agent) => [agent.agentId, agent] as const))).values()],
    },
    queuedSinceMs: known(first((r) => r.queuedSinceMs)),
    waitedMs: all.flatMap((r) => r.waitedMs),
    delayedUntilMs: known(first((r) => r.delayedUntilMs)),
    setbacks: {
      crashes: sum((r) => r.setbacks.crashes),
      losses: sum((r) => r.setbacks.losses),
      returns: sum((r) => r.setbacks.returns),
    },
    returned: all.flatMap((r) => r.returned ?? []).toSorted((a, b) => b.atMs - a.atMs)[0],
    answers: { open: sum((r) => r.answers.open), models: [...new Set(all.flatMap((r) => r.answers.models))] },
    holds: holdsOf(going),
    ahead: { samples: 0, evaluations: 0, evaluationIds: [] },
  };
}

/** What agents hold, whoever of these was asked. */
function holdsOf(going: readonly Told[]): Map<string, Held> {
  const holds = new Map<string, Held>();
  for (const { facts, ofRoute } of going)
    for (const [agentId, held] of ofRoute.holds) {
      const before = holds.get(agentId);
      const ids = [...(before?.evaluationIds ?? []), ...held.evaluationIds, ...(held.own > 0 ? [facts.evaluation.evaluationId] : [])];
      // Each was told of all that the agent holds, its own and the others'.
      const others = Math.max(before?.others ?? 0, held.own + held.others);
      holds.set(agentId, { ...held, own: 0, others, evaluationIds: [...new Set(ids)].slice(0, MAX_EVALUATIONS) });
    }
  return holds;
}

/** Evaluations that may not have more handed out at a time. */
function boundReason(on: Route, going: readonly Told[]): Reason | undefined {
  const bound = going.flatMap(({ facts, ofRoute }) => {
    const own = routeReasons(facts.evaluation, ofRoute).find(({ code }) => code === 'max_samples');
    return own ? [{ ...own, evaluationId: facts.evaluation.evaluationId }] : [];
  });
  if (bound.length === 0) return undefined;
  return reason({
    code: 'max_samples',
    effect: 'slows',
    text: `${plural(bound.length, 'evaluation')} may not have more samples handed out at a time`,
    samples: bound.reduce((sum, { samples }) => sum + samples, 0),
    remedy: 'allow more at a time',
    command: bound.length === 1 ? bound[0]!.command : '',
    on,
    evaluationIds: bound.map(({ evaluationId }) => evaluationId).slice(0, MAX_EVALUATIONS),
  });
}

const MAX_AGENTS = 100;

/** Agents that are connected, and those that would fit and are not: those that fit first, then those that lack least. */
export function agentsOfRoute(route: Route, agents: readonly Agent[]): { agents: RouteAgent[]; agentCount: number } {
  const all = candidaciesOf(route, agents).filter((candidacy) => candidacy.agent.state !== 'gone' || isPassing(candidacy));
  const byNearness = all.toSorted(
    (a, b) => Number(a.agent.state === 'gone') - Number(b.agent.state === 'gone') || a.misfits.length - b.misfits.length,
  );
  return { agents: byNearness.slice(0, MAX_AGENTS).map((candidacy) => routeAgent(route, candidacy)), agentCount: all.length };
}

function routeAgent(route: Route, { agent, misfits }: Candidacy): RouteAgent {
  const { agentId, name, state, samples } = agent;
  const entry = agent.models[modelFor(route.model, agent.models)];
  const fits = misfits.length === 0 && entry !== undefined;
  const room = fits ? entry.room : 0;
  const calls = entry ? `${number(entry.connections ?? entry.maxConnections)} calls at a time` : '';
  const text = fits
    ? `${room > 0 ? `room for ${plural(room, 'sample')}` : 'no room'}, ${calls}`
    : misfits.map((misfit) => misfit.text).join('; ');
  return { agentId, name: name || agentId, state, fits, room, samples, text };
}
