/**
 * Takes agents' streams: reads the Hello, settles which held attempts are still the agent's, and runs the session. The
 * same agent on a new stream replaces its old session.
 */
import { AppError, isRetryable } from '../../shared/domain/errors.ts';
import { newSessionId, taskIdOf } from '../../shared/domain/ids.ts';
import { covers, coversAll, describeIdentity, describeNamespaces, describeProof, type Identity } from '../../shared/domain/identity.ts';
import { fittingModel, type Offer } from '../../shared/domain/routing.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import { LEASES_SINCE_MINOR, STALE_HELLO, type AgentMessage, type CoordinatorMessage, type Hello } from '../../shared/rpc/messages.ts';
import { ENDED } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Turnstile } from '../../shared/runtime/turnstile.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Catalog } from '../evaluations/catalog.ts';
import type { Planner } from '../evaluations/planner.ts';
import type { Lease, Leases } from '../ledger/leases.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ReleaseItem } from '../ledger/types.ts';
import type { Crashes } from './crashes.ts';
import { offerOf } from './offer.ts';
import { LeaseCheck } from './provenance/lease-check.ts';
import type { LeaseKeys } from './provenance/lease-keys.ts';
import type { Offences } from './provenance/offences.ts';
import { ReportBudget } from './report-budget.ts';
import type { SessionRegistry } from './registry.ts';
import { Session, type AgentFacts, type HeldAttempt, type SessionDuties } from './session.ts';
import { heldAttempt, type Misdeed } from './session-types.ts';
import { LOG_BYTES_PER_SECOND, type LogSinks } from './told-lines.ts';
import { SessionRoom } from './session-room.ts';
import { checkHello, refuseOtherWire } from './wire.ts';

type AgentStream = Duplex<AgentMessage, CoordinatorMessage>;

const HELLO_MS = 10_000;
/** Hellos that are settled at a time: each asks Redis several things. After a restart all agents come at once, and calls want their turn too. */
const SETTLING_AT_ONCE = 16;
/** What waits longer than an agent waits for its Welcome is not worth a place. */
const SETTLING_WAIT = 2_000;

/** What a SessionHost is made of. */
export interface SessionHostParts {
  coordinatorId: string;
  heartbeatMs: number;
  leaseMs: number;
  /** Whether an operator wants this agent to take nothing new. */
  isDrained: (agentId: string, proof: string) => boolean;
  /** Whether it is put aside for what it has sent, or all of its identity are. */
  isQuarantined: (agentId: string, proof: string) => boolean;
  /** The keys of signed leases, and whether agents without them are turned away. */
  leaseKeys: Pick<LeaseKeys, 'open'>;
  requireLeases: boolean;
  offences: Pick<Offences, 'note' | 'of'>;
  /** Where lines for people go; absent: none are taken. */
  logs?: LogSinks | undefined;
  /** A session is over, for any reason. */
  onGone: (session: Session) => void;
  registry: SessionRegistry;
  ledger: Ledger;
  leases: Leases;
  catalog: Catalog;
  planner: Planner;
  crashes: Crashes;
  duties: SessionDuties;
  clock: Clock;
  logger: Logger;
  instruments: Pick<Instruments, 'sessionsTotal'>;
}

export class SessionHost {
  readonly #options: SessionHostParts;
  readonly #door = new Turnstile({ places: SETTLING_AT_ONCE, maxWaiting: SETTLING_WAIT });
  readonly #budget = new ReportBudget();
  readonly #room = new SessionRoom();
  /** Why nobody is welcomed any more. */
  #leaving: string | undefined;

  constructor(options: SessionHostParts) {
    this.#options = options;
  }

  /** The coordinator goes away: its agents are told to go elsewhere, and whoever comes, or comes back, is not taken. */
  leave(reason: string): void {
    this.#leaving = reason;
    for (const session of this.#options.registry.all()) session.drain(reason);
  }

  #refuseIfLeaving(): void {
    if (this.#leaving !== undefined) throw new AppError('unavailable', `${this.#leaving}; go to another one, or come again`);
  }

  /** Serves one stream to its end. Never rejects: what breaks a stream ends it with its status. */
  async serve(stream: AgentStream, peer: string, identity: Identity, proof = () => describeProof(identity)): Promise<void> {
    const { logger, registry, instruments } = this.#options;
    const messages = stream.messages[Symbol.asyncIterator]();
    let session: Session | undefined;
    let giveBack = (): void => undefined;
    try {
      this.#refuseIfLeaving();
      const hello = await this.#hello(messages);
      giveBack = this.#room.take(hello, identity);
      let isOver = false;
      void stream.closed.then(() => (isOver = true));
      session = await this.#door.pass(() => {
        // An agent that gave up waiting may hold other tasks by now, from another stream.
        if (isOver) throw new AppError('cancelled', 'the agent left before its Welcome');
        this.#refuseIfLeaving();
        return this.#welcome(hello, offerOf(hello, identity), stream, { peer, proof, identity });
      });
      logger.info(
        {
          agentId: session.agentId,
          agent: session.name,
          sessionId: session.sessionId,
          peer,
          namespaces: describeNamespaces(session.offer.namespaces),
          held: session.held.size,
          models: session.offer.models.map((m) => m.match),
        },
        'agent connected',
      );
      this.#options.duties.onRoom(session);
      await session.run(messages);
      stream.end();
      logger.info({ agentId: session.agentId, sessionId: session.sessionId }, 'agent left');
      instruments.sessionsTotal.add(1, { outcome: 'left' });
    } catch (error) {
      const problem = AppError.from(error);
      instruments.sessionsTotal.add(1, { outcome: session ? 'broke' : 'refused' });
      logger[session ? 'info' : 'warn'](
        { agentId: session?.agentId, peer, code: problem.code, error: problem.message },
        'agent stream broke',
      );
      // What is no message of the protocol, from somebody who was welcome.
      if (session && problem.code === 'invalid') this.#misdeed(session, { kind: 'protocol', count: 1, why: problem.message });
      stream.abort(problem);
    } finally {
      giveBack();
      if (session) {
        session.state = 'gone';
        registry.remove(session);
        this.#options.onGone(session);
      }
    }
  }

  #misdeed({ agentId, name, facts }: Pick<Session, 'agentId' | 'name' | 'facts'>, { taskId, ...misdeed }: Misdeed): void {
    const { peer, identity } = facts;
    const { logger, offences } = this.#options;
    const isTold = offences.note({ ...misdeed, agentId, agent: name, peer, identity, ...(taskId === undefined ? {} : { target: taskId }) });
    if (isTold) logger.warn({ agentId, agent: name, peer, taskId, ...misdeed }, 'refused of an agent');
  }

  async #hello(messages: AsyncIterator<AgentMessage>): Promise<Hello> {
    const late = new AbortController();
    const limit = this.#options.clock.sleep(HELLO_MS, late.signal).then(
      () => {
        throw new AppError('deadline', 'no Hello within 10 s');
      },
      () => new Promise<never>(() => undefined),
    );
    const first = await Promise.race([messages.next(), limit]).finally(() => late.abort(ENDED));
    if (first.done || first.value.kind !== 'hello') throw new AppError('invalid', 'the first message must be Hello');
    const hello = first.value;
    refuseOtherWire(hello, this.#options.requireLeases ? LEASES_SINCE_MINOR : 0);
    checkHello(hello);
    return hello;
  }

  async #welcome(hello: Hello, offer: Offer, stream: AgentStream, from: Pick<AgentFacts, 'peer' | 'proof' | 'identity'>): Promise<Session> {
    const { coordinatorId, heartbeatMs, leaseMs, isDrained, isQuarantined, registry, duties, clock, logger } = this.#options;
    const { leaseKeys, requireLeases, offences } = this.#options;
    this.#refuseStranger(hello, offer);
    const { held, unsettled, lost } = await this.#settle(hello, offer);
    this.#refuseIfLeaving();
    const { agentId } = hello;
    const facts = { version: hello.version, wireVersion: `${hello.wireVersion}.${hello.wireMinor}`, host: hello.host, ...from };
    const about = { agentId, now: () => clock.now(), areRequired: requireLeases };
    const leaseCheck = new LeaseCheck({ ...about, open: (lease) => leaseKeys.open(lease, describeIdentity(from.identity)) });
    const session = new Session({
      sessionId: newSessionId(),
      agentId,
      instanceId: hello.instanceId,
      name: hello.name,
      previousLife: hello.previousLife,
      offer,
      facts,
      canSpare: hello.canSpare,
      isDrained: () => isDrained(agentId, describeProof(from.identity)),
      isQuarantined: () => isQuarantined(agentId, describeProof(from.identity)),
      takesLeases: hello.wireMinor >= LEASES_SINCE_MINOR,
      check: (about, attempt) => leaseCheck.problemOf(about, attempt),
      refused: () => offences.of(agentId),
      onMisdeed: (misdeed) => this.#misdeed({ agentId, name: hello.name, facts }, misdeed),
      logs: this.#options.logs,
      stream,
      held,
      unsettled,
      budget: this.#budget,
      duties,
      clock,
      logger,
    });
    await stream.send({
      kind: 'welcome',
      sessionId: session.sessionId,
      coordinatorId,
      heartbeatMs,
      leaseMs,
      resumedAttempts: [...held, ...unsettled].map((h) => h.attemptId),
      lostAttempts: lost,
      ...(this.#options.logs ? { logBytesPerSecond: LOG_BYTES_PER_SECOND } : {}),
    });
    // Another stream may have been let in meanwhile.
    this.#refuseStranger(hello, offer);
    registry.add(session)?.end(new AppError('cancelled', 'the agent has connected again'));
    // The stop may have begun while the Welcome was sent.
    if (this.#leaving !== undefined) session.drain(this.#leaving);
    return session;
  }

  /**
   * An agent's id is no secret to those for whom it works: whoever is of fewer namespaces than the one that is here may be another, and ends no
   * stream of it. Is it the same after all, that stream is soon found to be silent.
   */
  #refuseStranger({ agentId }: Hello, { namespaces }: Offer): void {
    const here = this.#options.registry.of(agentId);
    if (here && !coversAll(namespaces, here.offer.namespaces))
      throw new AppError(
        'unavailable',
        'an agent of this id is connected, and works for other namespaces as well; come again when it has left',
      );
  }

  /** An agent that comes back after its leases tells of its crash all the same: what was taken for a lost lease was none. */
  async #tellLate(hello: Hello, { namespaces }: Offer, leased: ReadonlySet<string>): Promise<void> {
    const { catalog, planner, crashes } = this.#options;
    for (const [evaluationId, items] of await crashes.lateItems(hello, leased))
      await this.#unlessDamaged(evaluationId, async () => {
        const known = await catalog.find(evaluationId);
        if (known && covers(namespaces, known.manifest.namespace)) await planner.release(known, items, []);
      });
  }

  /**
   * A coordinator that was halted reads what an agent said before it went elsewhere, or before it crashed: what is leased to it by now is no
   * loss of that one. Looked at after the leases were read: what comes later is then not among them.
   */
  async #refuseIfStale({ agentId, number }: Hello): Promise<void> {
    if (number === 0) return;
    const latest = await this.#options.leases.arrive(agentId, number);
    if (latest > number)
      throw new AppError('unavailable', 'this agent has said Hello again since, on another stream', {
        reason: STALE_HELLO,
        details: { latest: String(latest) },
      });
  }

  /** Compares what the agent says it holds with the ledger: what is still its own goes on, what it no longer has returns. */
  async #settle(hello: Hello, offer: Offer): Promise<{ held: HeldAttempt[]; unsettled: Lease[]; lost: string[] }> {
    const { leases } = this.#options;
    const claimed = new Set(hello.heldAttempts);
    const held: HeldAttempt[] = [];
    const unsettled: Lease[] = [];
    const leased = new Set<string>();
    const ofAgent = await leases.ofAgent(hello.agentId);
    await this.#refuseIfStale(hello);
    for (const lease of ofAgent) {
      leased.add(lease.attemptId);
      const isRead = await this.#unlessDamaged(lease.evaluationId, async () => {
        const own = await this.#settleOne(hello, offer, lease, claimed.has(lease.attemptId));
        if (own) held.push(own);
      });
      if (!isRead && claimed.has(lease.attemptId)) unsettled.push(lease);
    }
    await this.#tellLate(hello, offer, leased);
    const named = [...held, ...unsettled];
    const renewed = named.length > 0 ? await leases.renew(named) : [];
    const isOwn = (_: Lease, i: number): boolean => renewed[i]!;
    const kept = new Set(named.filter(isOwn).map((lease) => lease.attemptId));
    return {
      held: held.filter(isOwn),
      unsettled: unsettled.filter((lease) => kept.has(lease.attemptId)),
      lost: hello.heldAttempts.filter((id) => !kept.has(id)),
    };
  }

  /** False where the evaluation cannot be read, and repeating it would not help: it must not keep its agents from working for others. */
  async #unlessDamaged(evaluationId: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      const { code, message } = AppError.from(error);
      if (isRetryable(code)) throw error;
      this.#options.logger.error({ evaluationId, error: message }, 'attempts at this evaluation are left as they are: it cannot be read');
      return false;
    }
  }

  /** The attempt of a lease that the agent still has; one that it has not returns to the queue. */
  async #settleOne(hello: Hello, offer: Offer, lease: Lease, isClaimed: boolean): Promise<HeldAttempt | undefined> {
    const { leases, planner, catalog, ledger, crashes, clock, logger } = this.#options;
    const { evaluationId, sequence, attemptId } = lease;
    await catalog.dropIfOver(evaluationId);
    const known = await catalog.find(evaluationId);
    const task = known && (await ledger.task(evaluationId, sequence));
    // Its grant may be on its way at this moment: such a lease is left to its deadline.
    if (!known || task?.state !== 'leased' || task.attemptId !== attemptId) return undefined;
    const isForeign = !covers(offer.namespaces, known.manifest.namespace);
    // Whoever names an attempt has had it, and gives it back; of others' work nothing is taken on a stranger's word: its lease decides.
    if (isForeign && !isClaimed) return undefined;
    if (isClaimed && !isForeign) {
      const route = known.routes[task.route]!;
      const modelIndex = Math.max(0, fittingModel(route, offer));
      const { incarnation, grant, first, end, isSigned } = task;
      const { namespace } = known.manifest;
      // Since its grant, whichever coordinator gave it.
      const assignedAtMs = clock.monotonic() - task.ageMs;
      const more = { namespace, isSigned, routeId: route.id, incarnation, grant, first, end, modelIndex, assignedAtMs };
      return heldAttempt(lease, { ...more, accepted: true });
    }
    // Another life of the agent had it: that one crashed. This one never got it: a stream broke at the wrong moment.
    const item: ReleaseItem =
      isForeign || lease.instanceId === hello.instanceId ? { sequence, kind: 'returned', attemptId } : await crashes.itemOf(hello, lease);
    logger.warn(
      { agentId: hello.agentId, evaluationId, taskId: taskIdOf(evaluationId, sequence), kind: item.kind },
      isForeign
        ? `the agent is not of the namespace ${known.manifest.namespace} any more; its task returns to the queue`
        : 'the agent does not have this task; it returns to the queue',
    );
    await planner.release(known, [item], [task]);
    await leases.remove([lease]);
    return undefined;
  }
}
