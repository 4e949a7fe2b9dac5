/** Why work does not run, or not faster: gathers what is known of it, and has the reasons made of that. Changes nothing. */
import type { Agent } from '../../../shared/client/types.ts';
import type { Reason, Why as Answer } from '../../../shared/client/why.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { covers, type Namespaces } from '../../../shared/domain/identity.ts';
import { taskIdOf } from '../../../shared/domain/ids.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { journalOf } from '../../evaluations/journal.ts';
import { lettersOf } from '../../evaluations/dead/letters.ts';
import { effectiveOf } from '../../evaluations/picture.ts';
import type { Catalog, Known } from '../../evaluations/catalog.ts';
import type { Queries } from '../../evaluations/reading/queries.ts';
import type { LeaseBound, Leases } from '../../ledger/leases.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTask } from '../../ledger/types.ts';
import type { EventLog } from '../../progress/event-log.ts';
import { rateOf } from '../../progress/events.ts';
import type { TaskQueue } from '../../queue/task-queue.ts';
import type { ControlRecord, Store } from '../../store/store.ts';
import type { EvaluationFacts, TaskFacts, Trouble, WhyFacts } from './facts.ts';
import type { HistoryBook } from './history-book.ts';
import type { ReturnBook } from './return-book.ts';
import { reasonsOf } from './reasons.ts';
import { RouteLooks, type FleetSwitches } from './route-looks.ts';
import { troublesOf, type TroubleParts } from './troubles.ts';

/** What is known of agents, and what operators have switched. */
export interface Fleet extends FleetSwitches {
  /** All of the last day, as they are switched, and the time by which theirs are reckoned. */
  agents(): Promise<{ nowMs: number; agents: Agent[] }>;
}

/** What a Why is made of. */
export interface WhyParts extends Omit<TroubleParts, 'store'> {
  queries: Pick<Queries, 'known' | 'picture'>;
  catalog: Catalog;
  ledger: Pick<Ledger, 'planView' | 'tasks' | 'task'>;
  leases: Pick<Leases, 'ofAgents' | 'perEvaluation'>;
  /** How many tasks its namespace may have at agents at once; undefined: no bound. */
  boundOf: (evaluationId: string) => Promise<LeaseBound | undefined>;
  /** What its namespace has spent, where that is all that it may. */
  spentBy: (namespace: string) => Promise<EvaluationFacts['spent']>;
  queue: Pick<TaskQueue, 'delayed'>;
  store: Pick<Store, 'controls' | 'space'>;
  events: Pick<EventLog, 'latest'>;
  fleet: Fleet;
  /** Left out: nothing is kept of before. */
  history?: Pick<HistoryBook, 'read'> | undefined;
  /** Left out: what agents say when they hand tasks back is not known. */
  returns?: Pick<ReturnBook, 'read'> | undefined;
  clock: Clock;
}

/** Events by which it is told how fast an evaluation goes; there are ten a second at most. */
const RATE_EVENTS = 64;

/** What looks at many evaluations share. */
export interface Round {
  fleet: Awaited<ReturnType<Fleet['agents']>>;
  troubles: Trouble[];
}

/** What is asked for beside the evaluation as a whole. */
interface Wanted {
  controls?: readonly ControlRecord[];
  sequence?: number | undefined;
  routeId?: string;
  fleet?: Round['fleet'];
}

/** What the caller may be told beside the evaluation itself. */
export interface Sight {
  namespaces: Namespaces;
  /** All: agents and work of other namespaces, and what Redis and the store say themselves. */
  operates: boolean;
}

export class Why {
  readonly #parts: WhyParts;
  readonly #routes: RouteLooks;

  constructor(parts: WhyParts) {
    this.#parts = parts;
    this.#routes = new RouteLooks(parts);
  }

  /** `not_found` if there is no such evaluation. */
  async of(evaluationId: string, sequence: number | undefined, sight: Sight, options = { history: false }): Promise<Answer> {
    const known = await this.#parts.queries.known(evaluationId);
    const [troubles, controls, history] = await Promise.all([
      troublesOf(this.#parts),
      this.#parts.store.controls(evaluationId).catch(() => []),
      // While Redis does not answer, that is what there is to say.
      options.history ? this.#parts.history?.read({ evaluationId }).catch(() => undefined) : undefined,
    ]);
    const facts = await this.#facts(known, sight, { controls, sequence }).catch(async (error: unknown): Promise<WhyFacts> => {
      // Redis says nothing: that is the reason, and the rest is not known.
      if (AppError.from(error).code !== 'unavailable' || troubles.length === 0) throw error;
      return { nowMs: this.#parts.clock.now(), evaluation: await this.#withoutRedis(known), troubles: [], routes: [] };
    });
    const { nowMs, evaluation } = facts;
    return {
      timeMs: nowMs,
      evaluationId,
      taskId: sequence === undefined ? '' : taskIdOf(evaluationId, sequence),
      state: evaluation.state,
      open: evaluation.open,
      inFlight: evaluation.inFlight,
      rate: evaluation.rate,
      reasons: reasonsOf({ ...facts, troubles: sight.operates ? troubles : troubles.map((trouble) => ({ ...trouble, detail: '' })) }),
      ...(history && { history }),
    };
  }

  /** What looks at many evaluations share. */
  async round(): Promise<Round> {
    const [troubles, fleet] = await Promise.all([troublesOf(this.#parts), this.#parts.fleet.agents()]);
    return { fleet, troubles: troubles.map((trouble) => ({ ...trouble, detail: '' })) };
  }

  /** The facts of one evaluation and one route, without the journal. */
  async onRoute(evaluationId: string, routeId: string, sight: Sight, { fleet }: Round): Promise<WhyFacts> {
    return this.#facts(await this.#parts.queries.known(evaluationId), sight, { fleet, routeId });
  }

  /** The first reason, as a reader of its namespace is told it, without the journal. */
  async first(evaluationId: string, { fleet, troubles }: Round): Promise<Reason> {
    const known = await this.#parts.queries.known(evaluationId);
    const facts = await this.#facts(known, { namespaces: [known.manifest.namespace], operates: false }, { fleet });
    return reasonsOf({ ...facts, troubles })[0]!;
  }

  async #facts(known: Known, sight: Sight, { controls = [], sequence, routeId, ...given }: Wanted): Promise<WhyFacts> {
    const { queries, ledger } = this.#parts;
    const { evaluationId } = known.manifest;
    const [picture, view, tasks, fleet, events] = await Promise.all([
      queries.picture(evaluationId),
      ledger.planView(known.manifest, known.routes.length),
      ledger.tasks(evaluationId),
      given.fleet ?? this.#parts.fleet.agents(),
      this.#parts.events.latest(evaluationId, RATE_EVENTS),
    ]);
    const { total, scored, unscored, errored, cancelled, dead } = picture.counts;
    const evaluation: EvaluationFacts = {
      evaluationId,
      namespace: known.manifest.namespace,
      state: picture.state,
      reason: picture.reason,
      sinceMs: sinceOf(picture, controls),
      isDraining: view?.isDraining ?? false,
      total,
      open: total - scored - unscored - errored - cancelled - dead,
      inFlight: picture.inFlight,
      planned: view ? [...view.queued, ...view.leased].reduce((sum, n) => sum + n, 0) : 0,
      rate: rateOf(events, fleet.nowMs),
      dead,
      priority: picture.priority,
      bound: await this.#bound(known),
      spent: await this.#parts.spentBy(known.manifest.namespace),
      maxSamples: effectiveOf(known.manifest, known.changes).maxSamples,
      waitsFor: this.#waitsFor(picture.reason, sight),
    };
    // Who works for others is nobody's business but the operators'.
    const visible = fleet.agents.filter((agent) => sight.operates || covers(agent.namespaces, known.manifest.namespace));
    const routes =
      view && evaluation.open > 0
        ? await this.#routes.of({ known, picture, view, tasks, agents: visible, evaluation, sight, nowMs: fleet.nowMs, routeId })
        : [];
    const task = sequence === undefined ? {} : { task: await this.#task(known, sequence, tasks, controls) };
    return { nowMs: fleet.nowMs, evaluation, troubles: [], routes, ...task };
  }

  /** What is over the store knows. */
  async #withoutRedis(known: Known): Promise<EvaluationFacts> {
    const unknown = unknownOf(known);
    const picture = await this.#parts.queries.picture(known.manifest.evaluationId).catch(() => undefined);
    if (!picture || !isFinal(picture.state)) return unknown;
    const { state, reason, finishedAtMs, counts } = picture;
    return { ...unknown, state, reason, sinceMs: finishedAtMs, open: 0, dead: counts.dead };
  }

  async #bound({ manifest }: Known): Promise<EvaluationFacts['bound']> {
    const { boundOf, leases, catalog } = this.#parts;
    const bound = await boundOf(manifest.evaluationId);
    if (!bound) return undefined;
    let tasks = 0;
    for (const [evaluationId, count] of await leases.perEvaluation())
      if ((await catalog.find(evaluationId))?.manifest.namespace === manifest.namespace) tasks += count;
    return { limit: bound.limit, tasks };
  }

  /** The evaluation that a reason `waits for ev_…` names, if the caller may know of it: it is of the same namespace. */
  #waitsFor(reason: string, { namespaces }: Sight): string {
    const id = /^waits for (ev_[a-z2-7]{26})$/.exec(reason)?.[1] ?? '';
    const other = this.#parts.catalog.active().find(({ manifest }) => manifest.evaluationId === id);
    return other && covers(namespaces, other.manifest.namespace) ? id : '';
  }

  async #task(known: Known, sequence: number, tasks: readonly LedgerTask[], controls: readonly ControlRecord[]): Promise<TaskFacts> {
    const { evaluationId } = known.manifest;
    const taskId = taskIdOf(evaluationId, sequence);
    const task = tasks.find((t) => t.sequence === sequence);
    if (!task) {
      const letter = lettersOf(controls).find((l) => l.sequence === sequence);
      if (!letter) return { taskId, route: '', open: 0, sinceMs: 0, state: 'over' };
      const open = letter.units.reduce((sum, [first, end]) => sum + end - first, 0);
      return { taskId, route: known.manifest.groups[letter.group]?.route.id ?? '', open, sinceMs: letter.deadAtMs, state: 'dead' };
    }
    const route = known.routes[task.route]!.id;
    const common = { taskId, route, open: task.open, sinceMs: task.sinceMs };
    if (task.state === 'leased') return { ...common, state: 'leased', agentId: task.agentId };
    if (task.state === 'doomed') return { ...common, state: 'dead' };
    if (task.state === 'unqueued') return { ...common, state: 'unqueued' };
    const aside = (await this.#parts.queue.delayed(route)).find((job) => job.taskId === taskId);
    const avoids = [...new Set(task.evidence.filter(({ kind }) => kind === 'crash').map(({ agentId }) => agentId))];
    return { ...common, state: 'queued', untilMs: aside?.untilMs ?? 0, avoids };
  }
}

/** Since when it is in its state: by the journal, or by its end. */
function sinceOf(
  { state, finishedAtMs, createdAtMs }: { state: string; finishedAtMs: number; createdAtMs: number },
  controls: readonly ControlRecord[],
): number {
  if (finishedAtMs > 0) return finishedAtMs;
  const last = (...kinds: ControlRecord['kind'][]): number => controls.findLast(({ kind }) => kinds.includes(kind))?.atMs ?? 0;
  if (state === 'paused') return last('pause');
  if (state === 'accepted') return createdAtMs;
  return journalOf(controls).draining === undefined ? 0 : last('drain');
}

/** All that can be said without Redis. */
function unknownOf({ manifest, changes }: Known): EvaluationFacts {
  const { priority, maxSamples } = effectiveOf(manifest, changes);
  return {
    evaluationId: manifest.evaluationId,
    namespace: manifest.namespace,
    state: 'running',
    reason: '',
    sinceMs: 0,
    isDraining: false,
    total: manifest.units,
    open: manifest.units,
    inFlight: 0,
    planned: 0,
    rate: 0,
    dead: 0,
    priority,
    bound: undefined,
    spent: undefined,
    maxSamples,
    waitsFor: '',
  };
}
