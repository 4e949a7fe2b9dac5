/**
 * Dispatch: takes jobs only for room that agents have announced, grants them, and sends the samples. Each coordinator does
 * it for its own sessions; the grant script decides between several. Woken by enqueues, by room, and by the sweep.
 */
import { newAttemptId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { describeRoute, type Route } from '../../shared/domain/routing.ts';
import { allDone } from '../../shared/runtime/bounded.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { traceparentOf } from '../../shared/telemetry/tracing.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Catalog, Known } from '../evaluations/catalog.ts';
import type { HeldReport } from '../evaluations/committer.ts';
import { NOT_YET } from '../evaluations/judging/answers.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, LeaseBound, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { GrantAnswer } from '../ledger/types.ts';
import type { FetchedJob, TaskQueue } from '../queue/task-queue.ts';
import { queueSpan } from '../queue/task-spans.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { HeldAttempt, Session } from '../sessions/session.ts';
import { heldAttempt } from '../sessions/session-types.ts';
import { FOREIGN, type Assembler } from './assembler.ts';
import { Detours, type DetoursParts } from './detours.ts';
import { charge, refund, type Match } from './match.ts';

const FETCH_AT_ONCE = 64;
/** Groups of fetched jobs that are being granted and sent while the next ones are fetched. */
const SENDING_AT_ONCE = 8;
const LATER_MS = 1_000;
const NO_ROOM_MS = 50;
/** A task that waits for another agent is looked at again. */
const DETOUR_MS = 500;
const NAMESPACE_FULL_MS = 300;
/** How long a task waits whose samples the store did not give. */
const UNREADABLE_MS = 5_000;

/** What a Dispatcher is made of. */
export interface DispatcherParts extends DetoursParts {
  /** Whether jobs may be granted: not while Redis may have forgotten what was acknowledged. */
  isOpen: () => boolean;
  /** Whether an operator wants nothing more of this route to be handed out. */
  isPaused: (routeId: string) => boolean;
  /** How many tasks may run at once beside those of this evaluation, and of whom; undefined: no bound. */
  boundOf: (evaluationId: string) => Promise<LeaseBound | undefined>;
  catalog: Catalog;
  queue: TaskQueue;
  ledger: Ledger;
  leases: Leases;
  registry: SessionRegistry;
  planner: Planner;
  assembler: Assembler;
  sign: (held: HeldAttempt) => Buffer | undefined;
  canSign: () => boolean;
  /** Counts results that no agent has to make. */
  commit: (report: HeldReport) => Promise<unknown>;
  clock: Clock;
  logger: Logger;
  /** An agent is given a task of the route that has waited for so long. */
  onGiven?: (routeId: string, waitedMs: number) => void;
  instruments: Instruments;
}

export class Dispatcher {
  readonly #options: DispatcherParts;
  readonly #pumping = new Map<string, { again: boolean; done: Promise<void> }>();
  /** Units of a typical task per route: how much room one fetch takes. */
  readonly #typical = new Map<string, number>();
  readonly #starved = new Set<string>();
  readonly #detours: Detours;
  #turn = 0;
  #stopped = false;

  constructor(options: DispatcherParts) {
    this.#options = options;
    this.#detours = new Detours(options);
  }

  /** Looks for work on a route soon. */
  wake(routeId: string): void {
    if (this.#stopped || !this.#options.isOpen() || this.#options.isPaused(routeId)) return;
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

  /** Looks for work on every route that the session, or any session, could serve; each time another route is the first. */
  wakeAll(session?: Session): void {
    const routes = [...this.#options.catalog.routes().values()];
    for (const id of this.#typical.keys()) if (!this.#options.catalog.routes().has(id)) this.#typical.delete(id);
    const turn = routes.length > 0 ? this.#turn++ % routes.length : 0;
    for (let i = 0; i < routes.length; i++) {
      const route = routes[(turn + i) % routes.length]!;
      if (session ? session.roomFor(route) : this.#options.registry.room(route) > 0) this.wake(route.id);
    }
  }

  /** Routes on which room waits in vain. */
  starved(): ReadonlySet<string> {
    const { catalog, registry, isPaused } = this.#options;
    for (const id of this.#starved) {
      const route = catalog.routes().get(id);
      if (!route || isPaused(id) || registry.room(route) <= 0) this.#starved.delete(id);
    }
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
        if (room <= 0 || this.#options.isPaused(routeId)) break;
        const typical = this.#typical.get(routeId);
        const ask = typical === undefined ? 1 : Math.max(1, Math.min(wanted, Math.floor(room / typical)));
        const found = await this.#fetch(routeId, ask);
        if (found.length > 0) {
          this.#starved.delete(routeId);
          const dispatched = this.#dispatch(route, found)
            .catch((error: unknown) => this.#failed(routeId, error))
            .finally(() => sending.delete(dispatched));
          sending.add(dispatched);
          // The first task of a route tells how much room one takes.
          if (typical === undefined || sending.size >= SENDING_AT_ONCE) await Promise.race(sending);
        }
        if (found.length < ask) {
          if (found.length === 0) this.#starved.add(routeId);
          break;
        }
      }
      await Promise.all(sending);
    } while (entry.again && !this.#stopped);
  }

  async #fetch(routeId: string, count: number): Promise<{ job: FetchedJob; attemptId: string }[]> {
    const fetched = await Promise.allSettled(
      Array.from({ length: count }, async () => {
        const attemptId = newAttemptId();
        const job = await this.#options.queue.fetch(routeId, attemptId);
        return job && { job, attemptId };
      }),
    );
    const failed = fetched.find((f) => f.status === 'rejected');
    const found = fetched.flatMap((f) => (f.status === 'fulfilled' && f.value ? [f.value] : []));
    if (failed && found.length === 0) throw failed.reason;
    return found;
  }

  #failed(routeId: string, error: unknown): void {
    this.#options.logger.warn({ route: routeId, error: AppError.from(error).message }, 'dispatch failed; the sweep tries again');
  }

  async #dispatch(route: Route, found: { job: FetchedJob; attemptId: string }[]): Promise<void> {
    const { registry, queue } = this.#options;
    const typical = this.#typical.get(route.id) ?? 1;
    const matches: Match[] = [];
    const aside: Promise<void>[] = [];
    const waiting = await this.#detours.waiting(
      route,
      found.map(({ job }) => job),
    );
    for (const fetched of found) {
      const { job, attemptId } = fetched;
      const picked = registry.pick(route, job.avoid);
      const isAvoided = picked !== undefined && waiting.has(job.jobId) && job.avoid!.includes(picked.session.agentId);
      if (!picked || isAvoided) {
        aside.push(queue.delay(route.id, job.jobId, attemptId, isAvoided ? DETOUR_MS : NO_ROOM_MS));
        continue;
      }
      const queued = queueSpan(job, route.id, attemptId, this.#options.clock.now());
      matches.push({ ...fetched, ...picked, charged: charge(picked, typical), queued });
    }
    const groups = Map.groupBy(matches, (m) => `${m.job.evaluationId} ${m.session.agentId}`);
    const work = [...groups.values()].map((group) => this.#grant(route, group));
    await allDone([...work, ...aside]);
  }

  /** Grants jobs of one evaluation to one session. */
  async #grant(route: Route, matches: Match[]): Promise<void> {
    const { catalog, ledger, leases, queue, planner, canSign, instruments } = this.#options;
    const {
      session,
      job: { evaluationId },
    } = matches[0]!;
    const delay = (m: Match, ms = LATER_MS): Promise<void> => {
      refund(m);
      return queue.delay(route.id, m.job.jobId, m.attemptId, ms);
    };
    if (!this.#options.isOpen()) return allDone(matches.map((m) => delay(m)));
    const own = matches.map((m): Lease => ({
      evaluationId,
      sequence: m.job.sequence,
      attemptId: m.attemptId,
      agentId: session.agentId,
      instanceId: session.instanceId,
    }));
    const isSigned = session.takesLeases && canSign();
    let within: boolean[];
    let fullMs = NAMESPACE_FULL_MS;
    let answers: GrantAnswer[];
    try {
      await catalog.dropIfOver(evaluationId);
      const known = await catalog.find(evaluationId);
      if (known && !known.routes.some(({ id }) => id === route.id)) return await this.#moveHome(route, matches, known);
      const bound = await this.#options.boundOf(evaluationId);
      fullMs = bound?.waitMs ?? fullMs;
      within = bound ? await leases.addWithin(bound, own) : await leases.add(own).then(() => own.map(() => true));
      const granting = matches
        .filter((_, i) => within[i])
        .map(({ job: { sequence, incarnation, waitedMs }, attemptId, queued }) => ({
          ...{ sequence, incarnation, attemptId, isSigned, waitedMs },
          traceparent: traceparentOf(queued),
        }));
      answers = granting.length === 0 ? [] : await ledger.grant(evaluationId, session.agentId, granting);
    } catch (error) {
      matches.forEach(refund); // leases that were added end these attempts by their deadline
      throw error;
    }
    let next = 0;
    const work = matches.map((m, i) => {
      if (!within[i]) return delay(m, fullMs);
      const answer = answers[next++]!;
      if (answer.answer === 'granted') return this.#send(route, m, answer, { ...own[i]!, isSigned });
      return answer.answer === 'later' ? delay(m) : this.#done(route, m, own[i]!);
    });
    instruments.tasksGrantedTotal.add(answers.filter((a) => a.answer === 'granted').length, { route: describeRoute(route) });
    planner.wake(evaluationId);
    await allDone(work);
  }

  /** Not before: what is fetched and put back, for want of room within a bound, waits on. */
  #given(route: Route, { waitedMs }: FetchedJob): void {
    const { instruments, onGiven } = this.#options;
    instruments.queueWaitSeconds.record(waitedMs / 1000, { route: describeRoute(route) });
    onGiven?.(route.id, waitedMs);
  }

  /**
   * The jobs lie in a queue that is not their tasks': releases before let all namespaces share one, and whoever takes from it need not be of
   * theirs. Each task gets a job where it belongs.
   */
  async #moveHome(route: Route, matches: Match[], known: Known): Promise<void> {
    const { planner, queue } = this.#options;
    matches.forEach(refund);
    await planner.enqueueWaiting(known);
    await allDone(matches.map((m) => queue.complete(route.id, m.job.jobId, m.attemptId)));
  }

  /** Nothing of its task is to be run. */
  async #done(route: Route, match: Match, lease: Lease): Promise<void> {
    const { queue, leases } = this.#options;
    refund(match);
    await queue.complete(route.id, match.job.jobId, match.attemptId);
    await leases.remove([lease]);
  }

  async #send(route: Route, match: Match, answer: GrantAnswer, lease: Lease & { isSigned: boolean }): Promise<void> {
    const { assembler, clock, commit, sign, logger, instruments } = this.#options;
    const { session, job, modelIndex } = match;
    const { units } = answer;
    match.queued.end();
    this.#typical.set(route.id, units.length);
    refund(match);
    match.charged = charge(match, units.length);
    const held = heldAttempt(lease, {
      namespace: '', // until its manifest is read
      isSigned: lease.isSigned,
      routeId: route.id,
      incarnation: job.incarnation,
      grant: answer.grant,
      first: units[0]!,
      end: units.at(-1)! + 1,
      units: new Set(units),
      modelIndex,
      assignedAtMs: clock.monotonic(),
      accepted: false,
    });
    let problem = 'too much is on its way to the agent, or it has left';
    let delayMs = LATER_MS;
    try {
      const traceparent = traceparentOf(match.queued);
      const prepared = await assembler.prepare(job.evaluationId, units, session.offer.namespaces);
      const { bytes, ended } = prepared;
      held.namespace = prepared.namespace;
      if (ended.length > 0) {
        await commit({ ...held, results: ended, traceparent });
        if (prepared.units.length === 0) return await this.#done(route, match, lease);
        held.units = new Set(prepared.units);
      }
      if (session.reserve(prepared.units.length, bytes)) {
        try {
          const assignment = await prepared.assemble({ held, traceparent, isSuspect: answer.crashes > 0 });
          const proof = held.isSigned ? sign(held) : undefined;
          if (session.state === 'ready') {
            this.#given(route, job);
            return session.assign({ ...assignment, ...(proof ? { lease: proof } : {}) }, held, bytes);
          }
        } catch (error) {
          session.unreserve(bytes);
          throw error;
        }
        session.unreserve(bytes);
      }
    } catch (error) {
      const failure = AppError.from(error);
      problem = failure.message;
      if (failure.reason === FOREIGN) instruments.foreignTasksRefusedTotal.add(1);
      if (failure.reason !== NOT_YET) {
        delayMs = UNREADABLE_MS;
        logger.error(
          { evaluationId: job.evaluationId, taskId: held.taskId, error: problem },
          'the task could not be put together; it returns to the queue',
        );
      }
    }
    refund(match);
    await this.#takeBack(lease, delayMs);
    logger.debug({ taskId: held.taskId, problem }, 'not sent');
  }

  /** The fault is on this side: it costs the task nothing but time. */
  async #takeBack(lease: Lease, delayMs: number): Promise<void> {
    const { catalog, ledger, leases, planner } = this.#options;
    const known = await catalog.find(lease.evaluationId);
    const task = known && (await ledger.task(lease.evaluationId, lease.sequence));
    if (known && task)
      await planner.release(known, [{ sequence: lease.sequence, kind: 'returned', attemptId: lease.attemptId }], [task], delayMs);
    await leases.remove([lease]);
  }
}
