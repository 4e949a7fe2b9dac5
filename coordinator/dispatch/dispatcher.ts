/**
 * Dispatch: takes jobs only for room that agents have announced, grants them, and sends the samples. Each coordinator does
 * it for its own sessions; the grant script decides between several. Woken by enqueues, by room, and by the sweep.
 */
import { newAttemptId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { describeRoute, type Route } from '../../shared/domain/routing.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { GrantAnswer } from '../ledger/types.ts';
import type { FetchedJob, TaskQueue } from '../queue/task-queue.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Session } from '../sessions/session.ts';
import { heldAttempt } from '../sessions/session-host.ts';
import type { Assembler } from './assembler.ts';

const FETCH_AT_ONCE = 64;
/** Groups of fetched jobs that are being granted and sent while the next ones are fetched. */
const SENDING_AT_ONCE = 8;
const LATER_MS = 1_000;
const NO_ROOM_MS = 50;

/** A fetched job and the session that is to run it. */
interface Match {
  job: FetchedJob;
  attemptId: string;
  session: Session;
  modelIndex: number;
  charged: number;
}

/** What a Dispatcher is made of. */
export interface DispatcherParts {
  /** Whether jobs may be granted: not while Redis may have forgotten what was acknowledged. */
  isOpen: () => boolean;
  catalog: Catalog;
  queue: TaskQueue;
  ledger: Ledger;
  leases: Leases;
  registry: SessionRegistry;
  planner: Planner;
  assembler: Assembler;
  clock: Clock;
  logger: Logger;
  instruments: Instruments;
}

export class Dispatcher {
  readonly #options: DispatcherParts;
  readonly #pumping = new Map<string, { again: boolean; done: Promise<void> }>();
  /** Units of a typical task per route: how much room one fetch takes. */
  readonly #typical = new Map<string, number>();
  readonly #starved = new Set<string>();
  #stopped = false;

  constructor(options: DispatcherParts) {
    this.#options = options;
  }

  /** Looks for work on a route soon. */
  wake(routeId: string): void {
    if (this.#stopped || !this.#options.isOpen()) return;
    const pumping = this.#pumping.get(routeId);
    if (pumping) {
      pumping.again = true;
      return;
    }
    const entry = { again: false, done: Promise.resolve() };
    this.#pumping.set(routeId, entry);
    entry.done = this.#pump(routeId, entry)
      .catch((error: unknown) => this.#failed(routeId, error))
      .finally(() => this.#pumping.delete(routeId));
  }

  /** Looks for work on every route that the session, or any session, could serve. */
  wakeAll(session?: Session): void {
    for (const route of this.#options.catalog.routes().values()) {
      if (session ? session.roomFor(route) : this.#options.registry.room(route) > 0) this.wake(route.id);
    }
  }

  /** Routes on which room waits in vain. */
  starved(): ReadonlySet<string> {
    return this.#starved;
  }

  /** Takes no more jobs; resolves when what was taken is granted and sent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#pumping.values()].map((p) => p.done));
  }

  async #pump(routeId: string, entry: { again: boolean }): Promise<void> {
    const { catalog, registry } = this.#options;
    const sending = new Set<Promise<void>>();
    do {
      entry.again = false;
      const route = catalog.routes().get(routeId);
      if (!route) return;
      // One job first; as long as all that was asked for is there, twice as many the next time.
      for (let wanted = 1; !this.#stopped; wanted = Math.min(FETCH_AT_ONCE, 2 * wanted)) {
        const room = registry.room(route);
        if (room <= 0) break;
        const typical = this.#typical.get(routeId);
        const ask = typical === undefined ? 1 : Math.max(1, Math.min(wanted, Math.floor(room / typical)));
        const found = await this.#fetch(routeId, ask);
        if (found.length > 0) {
          this.#starved.delete(routeId);
          const dispatched = this.#dispatch(route, found).catch((error: unknown) => this.#failed(routeId, error)).finally(() => sending.delete(dispatched));
          sending.add(dispatched);
          // The first task of a route tells how much room one takes.
          if (typical === undefined || sending.size >= SENDING_AT_ONCE) await Promise.race(sending);
        }
        if (found.length < ask) {
          if (found.length === 0) this.#starved.add(routeId);
          break;
        }
      }
    } while (entry.again && !this.#stopped);
    await Promise.all(sending);
  }

  async #fetch(routeId: string, count: number): Promise<{ job: FetchedJob; attemptId: string }[]> {
    const fetched = await Promise.all(Array.from({ length: count }, async () => {
      const attemptId = newAttemptId();
      const job = await this.#options.queue.fetch(routeId, attemptId);
      return job && { job, attemptId };
    }));
    return fetched.filter((f) => f !== undefined);
  }

  #failed(routeId: string, error: unknown): void {
    this.#options.logger.warn({ route: routeId, error: AppError.from(error).message }, 'dispatch failed; the sweep tries again');
  }

  async #dispatch(route: Route, found: { job: FetchedJob; attemptId: string }[]): Promise<void> {
    const { registry, queue, instruments } = this.#options;
    const typical = this.#typical.get(route.id) ?? 1;
    const matches: Match[] = [];
    for (const { job, attemptId } of found) {
      instruments.queueWaitSeconds.record(job.waitedMs / 1000, { route: describeRoute(route) });
      const picked = registry.pick(route);
      if (!picked) {
        await queue.delay(route.id, job.jobId, attemptId, NO_ROOM_MS);
        continue;
      }
      picked.session.charge(picked.modelIndex, typical);
      matches.push({ job, attemptId, ...picked, charged: typical });
    }
    const groups = Map.groupBy(matches, (m) => `${m.job.evaluationId} ${m.session.agentId}`);
    await Promise.all([...groups.values()].map((group) => this.#grant(route, group)));
  }

  /** Grants jobs of one evaluation to one session. */
  async #grant(route: Route, matches: Match[]): Promise<void> {
    const { ledger, leases, queue, planner, instruments } = this.#options;
    const { session, job: { evaluationId } } = matches[0]!;
    if (!this.#options.isOpen()) {
      for (const m of matches) session.charge(m.modelIndex, -m.charged);
      await Promise.all(matches.map((m) => queue.delay(route.id, m.job.jobId, m.attemptId, LATER_MS)));
      return;
    }
    const own = matches.map((m): Lease => ({ evaluationId, sequence: m.job.sequence, attemptId: m.attemptId, agentId: session.agentId, instanceId: session.instanceId }));
    try {
      await leases.add(own);
      const answers = await ledger.grant(evaluationId, session.agentId, matches.map((m) => ({ sequence: m.job.sequence, incarnation: m.job.incarnation, attemptId: m.attemptId })));
      const refused: Lease[] = [];
      const granted: { match: Match; answer: GrantAnswer; lease: Lease }[] = [];
      for (const [i, match] of matches.entries()) {
        const answer = answers[i]!;
        if (answer.answer === 'granted') {
          granted.push({ match, answer, lease: own[i]! });
          continue;
        }
        session.charge(match.modelIndex, -match.charged);
        refused.push(own[i]!);
        if (answer.answer === 'later') await queue.delay(route.id, match.job.jobId, match.attemptId, LATER_MS);
        else await queue.complete(route.id, match.job.jobId, match.attemptId);
      }
      if (refused.length > 0) await leases.remove(refused);
      instruments.tasksGrantedTotal.add(granted.length, { route: describeRoute(route) });
      await Promise.all(granted.map((g) => this.#send(route, g.match, g.answer, g.lease)));
    } catch (error) {
      // Leases that were added end these attempts by their deadline; the room they took is given back now.
      for (const m of matches) if (!session.held.has(m.attemptId)) session.charge(m.modelIndex, -m.charged);
      throw error;
    }
    planner.wake(evaluationId);
  }

  async #send(route: Route, match: Match, answer: GrantAnswer, lease: Lease): Promise<void> {
    const { assembler, clock, logger, catalog, planner, ledger, leases } = this.#options;
    const { session, job, modelIndex } = match;
    this.#typical.set(route.id, answer.units.length);
    session.charge(modelIndex, answer.units.length - match.charged);
    match.charged = answer.units.length;
    const held = heldAttempt(lease, { routeId: route.id, incarnation: job.incarnation, grant: answer.grant, first: answer.units[0]!, end: answer.units.at(-1)! + 1, modelIndex, assignedAtMs: clock.monotonic(), accepted: false });
    try {
      const assignment = await assembler.assemble({ held, units: answer.units, traceparent: job.traceparent, contexts: session.contexts });
      if (session.state === 'ready' && session.assign(assignment, held)) return;
    } catch (error) {
      logger.error({ evaluationId: job.evaluationId, taskId: held.taskId, error: AppError.from(error).message }, 'samples could not be read; the task returns to the queue');
    }
    const known = await catalog.find(job.evaluationId);
    const task = known && (await ledger.task(job.evaluationId, job.sequence));
    session.charge(modelIndex, -answer.units.length);
    if (known && task) await planner.release(known, [{ sequence: job.sequence, kind: 'lost', attemptId: match.attemptId }], [task], LATER_MS);
    await leases.remove([lease]);
  }
}
