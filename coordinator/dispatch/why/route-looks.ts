/** What is known of an evaluation's routes: its own work there, who could take it, what those hold, and who goes first. */
import type { Agent, Evaluation } from '../../../shared/client/types.ts';
import { covers, coversAll, type Namespaces } from '../../../shared/domain/identity.ts';
import { parseTaskId } from '../../../shared/domain/ids.ts';
import { unitsOf } from '../../../shared/domain/manifest.ts';
import { openOf } from '../../../shared/domain/states.ts';
import { modelFor, type Route } from '../../../shared/domain/routing.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Catalog, Known } from '../../evaluations/catalog.ts';
import { effectiveOf } from '../../evaluations/picture.ts';
import type { Leases } from '../../ledger/leases.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTask, PlanView } from '../../ledger/types.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';
import type { EvaluationFacts, Held, RouteFacts } from './facts.ts';
import { candidaciesOf } from './fit-reasons.ts';
import { MAX_EVALUATIONS } from './reason.ts';
import type { ReturnBook, Returned } from './return-book.ts';

/** Evaluations that are looked at for those that go first. */
const MAX_RIVALS = 200;
const WIDTH = 16;
/** A task that was handed back is given out again after five seconds: whoever has not said it for so long does not say it now. */
const RETURNED_MS = 30_000;

/** What operators have switched: why, and since when. */
export interface FleetSwitches {
  pausedSince(routeId: string): { reason: string; atMs: number } | undefined;
  drainedSince(agentId: string): { reason: string; atMs: number } | undefined;
}

/** What RouteLooks are made of. */
export interface RouteLookParts {
  catalog: Pick<Catalog, 'active'>;
  ledger: Pick<Ledger, 'planView'>;
  leases: Pick<Leases, 'ofAgents'>;
  queue: Pick<TaskQueue, 'delayed'>;
  fleet: FleetSwitches;
  returns?: Pick<ReturnBook, 'read'> | undefined;
}

export interface Look {
  known: Known;
  picture: Evaluation;
  view: PlanView;
  tasks: readonly LedgerTask[];
  /** Those that the caller may know of. */
  agents: Agent[];
  evaluation: EvaluationFacts;
  sight: { namespaces: Namespaces; operates: boolean };
  nowMs: number;
  /** Of this route alone, and not who goes first there. */
  routeId?: string | undefined;
}

export class RouteLooks {
  readonly #parts: RouteLookParts;

  constructor(parts: RouteLookParts) {
    this.#parts = parts;
  }

  /** Of all routes with open samples. */
  async of(look: Look): Promise<RouteFacts[]> {
    const found: RouteFacts[] = [];
    const wanted = [...look.known.routes.entries()].filter(([, { id }]) => look.routeId === undefined || id === look.routeId);
    const returned = await this.#parts.returns?.read(look.known.manifest.evaluationId);
    await forEachBounded(wanted, WIDTH, async ([ordinal, route]) => {
      const facts = { ...(await this.#one(look, ordinal, route)), returned: toldTo(look, lately(returned?.get(route.id), look.nowMs)) };
      if (facts.open > 0) found.push(facts);
    });
    return found.toSorted((a, b) => (a.route.id < b.route.id ? -1 : 1));
  }

  async #one(look: Look, ordinal: number, route: Route): Promise<RouteFacts> {
    const { view, agents, nowMs, picture } = look;
    const own = look.tasks.filter((task) => task.route === ordinal);
    const queued = own.filter((task) => task.state === 'queued');
    const full = fullOf(route, agents);
    const isStarved = queued.length > 0 && full !== undefined;
    const delayed = queued.length > 0 ? await this.#delayed(route.id, look.known, nowMs) : { count: 0, untilMs: 0 };
    const setbacks = { crashes: 0, losses: 0, returns: 0 };
    for (const task of queued) for (const kind of ['crashes', 'losses', 'returns'] as const) setbacks[kind] += task.setbacks[kind];
    return {
      route,
      open: openOn(look, route.id),
      queued: view.queued[ordinal]!,
      leased: view.leased[ordinal]!,
      tasks: { queued: queued.length, leased: own.filter((task) => task.state === 'leased').length, delayed: delayed.count },
      lost: lostOf(own, agents),
      queuedSinceMs: queued.reduce((first, task) => Math.min(first || task.sinceMs, task.sinceMs), 0),
      waitedMs: queued.map((task) => nowMs - task.sinceMs),
      delayedUntilMs: delayed.untilMs,
      setbacks,
      answers: answersFor(look.known, picture, ordinal),
      paused: this.#parts.fleet.pausedSince(route.id),
      agents,
      drainedAtMs: new Map(agents.flatMap(({ agentId }) => this.#drained(agentId))),
      holds: isStarved ? await this.#holds(route, full, look) : new Map(),
      ahead: isStarved && look.routeId === undefined ? await this.#ahead(route, look) : { samples: 0, evaluations: 0, evaluationIds: [] },
    };
  }

  #drained(agentId: string): [string, number][] {
    const drained = this.#parts.fleet.drainedSince(agentId);
    return drained ? [[agentId, drained.atMs]] : [];
  }

  /** Of the evaluation's tasks those that were put aside, and when the first of them comes back. */
  async #delayed(routeId: string, { manifest }: Known, nowMs: number): Promise<{ count: number; untilMs: number }> {
    const own = (await this.#parts.queue.delayed(routeId)).filter(
      ({ taskId, untilMs }) => parseTaskId(taskId)?.evaluationId === manifest.evaluationId && untilMs > nowMs,
    );
    return { count: own.length, untilMs: own.reduce((first, { untilMs }) => Math.min(first || untilMs, untilMs), 0) };
  }

  /** What has the room of the entries that serve the route: work on another entry of the same agent takes none of it. */
  async #holds(route: Route, agents: readonly Agent[], { known, sight, tasks }: Look): Promise<Map<string, Held>> {
    const byId = new Map(agents.map((agent) => [agent.agentId, agent]));
    const active = new Map(this.#parts.catalog.active().map((one) => [one.manifest.evaluationId, one]));
    const isHere = (agent: Agent, { model }: Route): boolean => modelFor(model, agent.models) === modelFor(route.model, agent.models);
    const holds = new Map<string, Held>(
      agents.map((agent) => [
        agent.agentId,
        { own: 0, others: 0, hasMore: false, samples: seesAll(sight, agent) ? agent.samples : undefined, evaluationIds: [] },
      ]),
    );
    const mayKnow = this.#known(sight);
    const all = await this.#parts.leases.ofAgents(new Set(agents.map(({ agentId }) => agentId)));
    for (const { agentId, evaluationId, sequence } of all) {
      const [held, agent] = [holds.get(agentId)!, byId.get(agentId)!];
      const isOwn = evaluationId === known.manifest.evaluationId;
      const ordinal = isOwn ? tasks.find((task) => task.sequence === sequence)?.route : undefined;
      // Of others it is not known which of their routes a task is of.
      const routes = isOwn ? (ordinal === undefined ? [] : [known.routes[ordinal]!]) : (active.get(evaluationId)?.routes ?? []);
      if (!routes.some((one) => isHere(agent, one))) continue;
      if (isOwn) held.own++;
      else if (!sight.operates && !mayKnow.has(evaluationId)) held.hasMore = true;
      else {
        held.others++;
        if (mayKnow.has(evaluationId) && held.evaluationIds.length < MAX_EVALUATIONS && !held.evaluationIds.includes(evaluationId))
          held.evaluationIds.push(evaluationId);
      }
    }
    return holds;
  }

  /** Unfinished evaluations that the caller may know of. */
  #known({ namespaces }: Look['sight']): ReadonlySet<string> {
    const active = this.#parts.catalog.active().filter(({ manifest }) => covers(namespaces, manifest.namespace));
    return new Set(active.map(({ manifest }) => manifest.evaluationId));
  }

  /** Evaluations of a higher priority that have work waiting on the same route, where the caller may know of them. */
  async #ahead(route: Route, { evaluation, sight }: Look): Promise<RouteFacts['ahead']> {
    const rivals = this.#parts.catalog
      .active()
      .filter(({ manifest, changes }) => effectiveOf(manifest, changes).priority < evaluation.priority)
      .filter(({ manifest, routes }) => manifest.evaluationId !== evaluation.evaluationId && routes.some(({ id }) => id === route.id))
      .filter(({ manifest }) => sight.operates || covers(sight.namespaces, manifest.namespace))
      .slice(0, MAX_RIVALS);
    const ahead: RouteFacts['ahead'] = { samples: 0, evaluations: 0, evaluationIds: [] };
    await forEachBounded(rivals, WIDTH, async ({ manifest, routes }) => {
      const view = await this.#parts.ledger.planView(manifest, routes.length);
      const samples = view?.queued[routes.findIndex(({ id }) => id === route.id)] ?? 0;
      if (samples === 0 || view!.state !== 'running') return;
      ahead.samples += samples;
      ahead.evaluations++;
      if (covers(sight.namespaces, manifest.namespace) && ahead.evaluationIds.length < MAX_EVALUATIONS)
        ahead.evaluationIds.push(manifest.evaluationId);
    });
    ahead.evaluationIds.sort();
    return ahead;
  }
}

const lately = (returned: Returned | undefined, nowMs: number): Returned | undefined =>
  returned && nowMs - returned.atMs <= RETURNED_MS ? returned : undefined;

/** In the agent's own words to those alone who may read all that it works for: its caps are for all of these. */
function toldTo({ agents, sight }: Look, returned: Returned | undefined): Returned | undefined {
  const agent = agents.find(({ agentId }) => agentId === returned?.agentId);
  return returned && { ...returned, detail: agent && seesAll(sight, agent) ? returned.detail : '' };
}

const seesAll = ({ operates, namespaces }: Look['sight'], agent: Agent): boolean => operates || coversAll(namespaces, agent.namespaces);

/** What lies with agents that are not connected. */
function lostOf(tasks: readonly LedgerTask[], agents: readonly Agent[]): RouteFacts['lost'] {
  const gone = new Map(agents.filter(({ state }) => state === 'gone').map((agent) => [agent.agentId, agent]));
  const lost = tasks.flatMap((task) => (task.state === 'leased' && gone.has(task.agentId) ? [task] : []));
  const theirs = new Set(lost.map(({ agentId }) => gone.get(agentId)!));
  return { samples: lost.reduce((sum, { open }) => sum + open, 0), tasks: lost.length, agents: [...theirs] };
}

/** The agents that fit, if none of them has room. */
function fullOf(route: Route, agents: readonly Agent[]): Agent[] | undefined {
  const fitting = candidaciesOf(route, agents)
    .filter(({ misfits }) => misfits.length === 0)
    .map(({ agent }) => agent);
  return fitting.some((agent) => agent.models[modelFor(route.model, agent.models)]!.room > 0) ? undefined : fitting;
}

const openOn = ({ picture }: Look, routeId: string): number => picture.routes.find(({ route }) => route === routeId)?.open ?? 0;

/** Of a route on which only judges have open work: the answers that they wait for. */
function answersFor({ manifest, ordinals }: Known, { groups }: Evaluation, ordinal: number): RouteFacts['answers'] {
  const open = manifest.groups.filter((group) => ordinals[group.index] === ordinal && openOf(groups[group.index]!.counts) > 0);
  const sources = open.flatMap((group) => (group.judge ? [manifest.groups[group.judge.of]!] : []));
  if (open.some((group) => !group.judge)) return { open: 0, models: [] };
  const waited = [...new Set(sources)].filter((source) => openOf(groups[source.index]!.counts) > 0);
  return {
    open: waited.reduce((sum, source) => sum + Math.min(unitsOf(source), openOf(groups[source.index]!.counts)), 0),
    models: [...new Set(waited.map(({ model }) => model))],
  };
}
