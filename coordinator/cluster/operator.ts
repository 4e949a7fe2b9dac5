/** What operators ask: agents and routes with their switches, and the cluster as a whole. */
import type { AgentFilter } from '../../shared/client/client.ts';
import type { Agent, ClusterChange, HeldAttempt, Page, PageRequest, RouteStatus } from '../../shared/client/types.ts';
import type { WhyRoute } from '../../shared/client/why.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { misfitsOf } from '../../shared/domain/fit.ts';
import type { LogLine } from '../../shared/domain/log-line.ts';
import { taskIdOf } from '../../shared/domain/ids.ts';
import { nearestName } from '../../shared/domain/nearest-name.ts';
import { describeRoute, modelFor, type Route } from '../../shared/domain/routing.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { forEachBounded } from '../../shared/runtime/bounded.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import { pageSizeOf, pageTokenOf, readPageToken } from '../index/page-token.ts';
import type { Collector, CollectionStep } from '../evaluations/retention/collector.ts';
import type { StoreBoard } from '../evaluations/retention/store-board.ts';
import type { Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AgentLogs } from '../sessions/agent-logs.ts';
import { candidateOf, withSwitches } from './agent-card.ts';
import { ClusterPictures } from './cluster-pictures.ts';
import type { Directory } from './directory.ts';
import type { RouteBook } from './route-book.ts';
import type { Switch, Switches } from './switches.ts';
import { agentLines, type AgentLogRequest, type LineSource } from './agent-lines.ts';
import type { LineRelay } from './line-relay.ts';
import type { SelfDescription } from './self-description.ts';
import { watchCluster } from './watch.ts';

/** Attempts of an agent that are shown. */
const MAX_ATTEMPTS = 1_000;
const WIDTH = 16;
/** Behind what a call is about, in the audit log. */
const UNDONE = ' (undone)';
/** Called once it is known what a call is about; where it rejects nothing is done. */
type Before = (about: { target: string }) => Promise<void>;
/** Names count with so many characters in the order of a list: they stand in page tokens. */
const KEY_CHARS = 100;

/** What the operator's use-cases are made of. */
export interface OperatorParts {
  /** What this coordinator tells of itself. */
  description: SelfDescription | undefined;
  directory: Directory;
  board: StoreBoard;
  collector: Collector;
  switches: Switches;
  routes: RouteBook;
  leases: Pick<Leases, 'ofAgent'>;
  ledger: Pick<Ledger, 'task'>;
  catalog: Catalog;
  clock: Clock;
  coordinatorId: string;
  logs: AgentLogs;
  relay: Pick<LineRelay, 'ask'>;
  whyRoute: (idOrRequirement: string, options: { history: boolean }) => Promise<WhyRoute>;
}

export class Operator {
  readonly #parts: OperatorParts;
  readonly #pictures: ClusterPictures;

  constructor(parts: OperatorParts) {
    this.#parts = parts;
    this.#pictures = new ClusterPictures(async () => {
      const { nowMs, coordinators, agents } = await this.#entries();
      const { description } = parts;
      const [routes, store, redis] = await Promise.all([parts.routes.all(agents), parts.board.show(), description?.redis()]);
      return { timeMs: nowMs, coordinators, agents, routes, store: { ...store, ...description?.store }, ...(redis && { redis }) };
    }, parts.clock);
  }

  async agents(filter: AgentFilter, page: PageRequest): Promise<Page<Agent>> {
    const after = readPageToken(['agents', filter], page.token, ['string', 'string']);
    const { agents } = await this.#entries();
    const found = agents.filter((agent) => matches(agent, filter));
    return pageOf(found, page, ['agents', filter], after, (agent) => [agent.name.slice(0, KEY_CHARS), agent.agentId]);
  }

  async agent(idOrName: string): Promise<{ agent: Agent; attempts: HeldAttempt[] }> {
    const agent = await this.#find(idOrName);
    return { agent, attempts: await this.#attemptsOf(agent.agentId) };
  }

  /** What an agent tells of itself, at whichever coordinator that is. */
  async *agentLogs(idOrName: string, request: AgentLogRequest, signal: AbortSignal): AsyncGenerator<LogLine[]> {
    const { logs, relay, clock, coordinatorId: own } = this.#parts;
    const { agentId } = await this.#find(idOrName);
    const after: LineSource['after'] = async (where, number) =>
      where === own ? (logs.after(agentId, number) ?? []) : relay.ask(where, agentId, number, signal);
    yield* agentLines({ where: () => this.#linesAt(agentId), after, logs, clock }, agentId, request, signal);
  }

  /** The coordinator to which an agent is, or was, connected. */
  async #linesAt(agentId: string): Promise<string> {
    const { logs, coordinatorId: own } = this.#parts;
    const { agents, coordinators } = await this.#entries();
    const agent = agents.find((one) => one.agentId === agentId);
    const where = agent?.coordinatorId ?? own;
    if (where === own || coordinators.some(({ coordinatorId }) => coordinatorId === where)) return where;
    if (logs.after(agentId, 0) !== undefined) return own;
    throw new AppError(
      'not_found',
      `${agent!.name} was connected to the coordinator ${where}, which is no more; its lines were in the memory of that one`,
    );
  }

  async drainAgent(idOrName: string, options: { undo: boolean; reason: string }, before: Before): Promise<Agent> {
    const { agentId, name, proof } = await this.#find(idOrName);
    await before({ target: `${agentId} ${name}${options.undo ? UNDONE : ''}` });
    await this.#parts.switches.drain(agentId, options, proof);
    return this.#find(agentId);
  }

  /** For each route: how many connected agents could work on it now. */
  async servedBy(routes: readonly Route[]): Promise<number[]> {
    const candidates = (await this.#entries()).agents.map(candidateOf);
    return routes.map((route) => candidates.filter((candidate) => misfitsOf(route, candidate).length === 0).length);
  }

  async routes(filter: { withoutAgent: boolean }, page: PageRequest): Promise<Page<RouteStatus>> {
    const after = readPageToken(['routes', filter], page.token, ['string', 'string']);
    const all = await this.#parts.routes.all((await this.#entries()).agents);
    const found = filter.withoutAgent ? all.filter((route) => route.agents === 0) : all;
    return pageOf(found, page, ['routes', filter], after, (route) => [route.requirement.slice(0, KEY_CHARS), route.route]);
  }

  /** Every route, for those who may see all. */
  async allRoutes(): Promise<RouteStatus[]> {
    return this.#parts.routes.all((await this.#entries()).agents);
  }

  /** One route, as it stands. */
  routeStatus(route: Route, agents: readonly Agent[]): Promise<RouteStatus> {
    return this.#parts.routes.one(route, agents);
  }

  /** Routes that can be named now: with work, or paused. */
  knownRoutes(): Route[] {
    return this.#parts.routes.known();
  }

  /** Why its work does not run, or not faster. */
  whyRoute(idOrRequirement: string, options: { history: boolean }): Promise<WhyRoute> {
    return this.#parts.whyRoute(idOrRequirement, options);
  }

  async pauseRoute(idOrRequirement: string, options: { undo: boolean; reason: string }, before: Before): Promise<RouteStatus> {
    const route = this.findRoute(idOrRequirement);
    await before({ target: `${route.id} ${describeRoute(route)}${options.undo ? UNDONE : ''}` });
    await this.#parts.switches.pause(route, options);
    return this.#parts.routes.one(route, (await this.#entries()).agents);
  }

  watchCluster(signal: AbortSignal): AsyncIterable<ClusterChange> {
    return watchCluster(this.#pictures, this.#parts.clock, signal);
  }

  collect(options: { graceMs: number; dryRun: boolean }, signal: AbortSignal): AsyncIterable<CollectionStep> {
    return this.#parts.collector.collect(options, signal);
  }

  stop(): Promise<void> {
    return this.#pictures.stop();
  }

  /** All agents, as they are switched, and the time by which theirs are reckoned. */
  entries(): ReturnType<Directory['read']> {
    return this.#entries();
  }

  async #entries(): ReturnType<Directory['read']> {
    const entries = await this.#parts.directory.read();
    const { switches } = this.#parts;
    const shown = ({ agentId, proof }: Agent): [Switch | undefined, Switch | undefined] => [
      switches.drained(agentId),
      switches.quarantined(agentId, proof),
    ];
    return { ...entries, agents: entries.agents.map((agent) => withSwitches(agent, ...shown(agent))) };
  }

  /** By id, or by a name that one agent has: one connected agent, or one of those that are gone. */
  async #find(idOrName: string): Promise<Agent> {
    const { agents } = await this.#entries();
    const byId = agents.find((agent) => agent.agentId === idOrName);
    if (byId) return byId;
    const named = agents.filter((agent) => agent.name === idOrName);
    const connected = named.filter((agent) => agent.state !== 'gone');
    const candidates = connected.length > 0 ? connected : named;
    if (candidates.length === 1) return candidates[0]!;
    const shown = JSON.stringify(idOrName.slice(0, 100));
    if (candidates.length > 1)
      throw new AppError(
        'failed_precondition',
        `${candidates.length} agents are named ${shown} (${candidates
          .map((a) => a.agentId)
          .slice(0, 5)
          .join(', ')}); name one by its id`,
      );
    const meant = nearestName(idOrName, [...new Set(agents.map((agent) => agent.name))]);
    throw new AppError(
      'not_found',
      `no agent ${shown} was seen within the last day${meant ? `; did you mean ${meant}?` : '; list the agents to see those there are (assay agents)'}`,
    );
  }

  /** By its id, or its requirement. */
  findRoute(idOrRequirement: string): Route {
    const routes = this.#parts.routes.known();
    const wanted = wordsOf(idOrRequirement);
    const found = routes.find((route) => route.id === idOrRequirement) ?? routes.find((route) => wordsOf(describeRoute(route)) === wanted);
    if (found) return found;
    const shown = JSON.stringify(idOrRequirement.slice(0, 100));
    const meant = nearestName(
      idOrRequirement,
      routes.flatMap((route) => [route.id, describeRoute(route)]),
    );
    throw new AppError(
      'not_found',
      `no unfinished evaluation has work on a route ${shown}${meant ? `; did you mean ${meant}?` : '; ListRoutes shows those there are'}`,
    );
  }

  async #attemptsOf(agentId: string): Promise<HeldAttempt[]> {
    const { leases, ledger, catalog } = this.#parts;
    const attempts: HeldAttempt[] = [];
    const held = (await leases.ofAgent(agentId)).slice(0, MAX_ATTEMPTS);
    await forEachBounded(held, WIDTH, async ({ evaluationId, sequence, attemptId }) => {
      const known = await catalog.find(evaluationId);
      const task = known && (await ledger.task(evaluationId, sequence));
      if (task?.state !== 'leased' || task.attemptId !== attemptId) return;
      attempts.push({
        attemptId,
        evaluationId,
        taskId: taskIdOf(evaluationId, sequence),
        route: known!.routes[task.route]!.id,
        samples: task.open,
        sinceMs: task.sinceMs,
      });
    });
    return attempts.toSorted((a, b) => a.sinceMs - b.sinceMs || (a.attemptId < b.attemptId ? -1 : 1));
  }
}

function matches(agent: Agent, { states, model, labels = {} }: AgentFilter): boolean {
  if (states && states.length > 0 && !states.includes(agent.state)) return false;
  if (model !== undefined && modelFor(model, agent.models) < 0) return false;
  return Object.entries(labels).every(([key, value]) => Object.hasOwn(agent.labels, key) && agent.labels[key] === value);
}

/** The page after a key, in the order of keys, of which no two are alike. */
function pageOf<T>(
  items: readonly T[],
  page: PageRequest,
  question: unknown,
  after: (string | number)[] | undefined,
  keyOf: (item: T) => [string, string],
): Page<T> {
  const size = pageSizeOf(page);
  const sorted = items.toSorted((a, b) => (isAfter(keyOf(a), keyOf(b)) ? 1 : -1));
  const rest = after ? sorted.filter((item) => isAfter(keyOf(item), after as [string, string])) : sorted;
  const own = rest.slice(0, size);
  return { items: own, nextToken: rest.length > size ? pageTokenOf(question, keyOf(own.at(-1)!)) : '' };
}

const isAfter = ([a, b]: [string, string], [c, d]: [string, string]): boolean => a > c || (a === c && b > d);

/** A requirement whatever the order of its words. */
const wordsOf = (requirement: string): string => requirement.trim().split(/\s+/).toSorted().join(' ');
