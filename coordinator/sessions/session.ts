/**
 * One agent's stream, from its Welcome to its end.
 *
 *   ready     entered by the Welcome; reports, heartbeats, credit, hand-backs are taken, assignments are sent
 *   draining  the coordinator goes away: nothing is assigned any more; left when the agent leaves, or by the stop's limit
 *   gone      the stream is over, for any reason; attempts stay with their leases, the clock runs
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Offer, Route } from '../../shared/domain/routing.ts';
import { fittingModel } from '../../shared/domain/routing.ts';
import type { Duplex } from '../../shared/rpc/duplex.ts';
import type { AgentMessage, Assignment, AttemptAck, CoordinatorMessage } from '../../shared/rpc/messages.ts';
import { ENDED } from '../../shared/runtime/abort.ts';
import { everyMs, type Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Lease } from '../ledger/leases.ts';
import { HandBacks, type HandBackDuties } from './hand-backs.ts';
import { Manners } from './manners.ts';
import { ModelRooms, type ModelRoom } from './model-rooms.ts';
import { Outflow } from './outflow.ts';
import { PerTick } from './per-tick.ts';
import type { Survivor } from './crashes.ts';
import type { LeaseCheck } from './provenance/lease-check.ts';
import { RecentContexts } from './recent-contexts.ts';
import type { ReportBudget } from './report-budget.ts';
import { Reports, type ReportDuties } from './reports.ts';
import { ToldLines, type LogSinks } from './told-lines.ts';
import { openOf, Spares, type SpareDuties } from './spares.ts';
import { Unsettled } from './unsettled.ts';
import { isLetGo, isUnaccepted, type AgentFacts, type HeldAttempt, type Misdeed } from './session-types.ts';

export type { AgentFacts, HeldAttempt } from './session-types.ts';

/** Content of assignments that go into one message, about. */
const ASSIGN_BYTES = 512 << 10;
/** While reading pauses, leases are renewed this often. */
const PAUSED_RENEW_MS = 1_000;
const NOTHING = Buffer.alloc(0);

/** What a session asks of the rest; given by the session host. */
export interface SessionDuties extends ReportDuties, SpareDuties, HandBackDuties {
  /** Renews leases; false where one is lost. */
  renew(leases: readonly Lease[]): Promise<boolean[]>;
  /** The attempt is over: its lease and its job can go. */
  onOver(held: HeldAttempt, taskOver: boolean): void;
  /** There may be room for work. */
  onRoom(session: Session): void;
}

export class Session {
  readonly sessionId: string;
  readonly agentId: string;
  readonly instanceId: string;
  readonly name: string;
  readonly previousLife: Survivor['previousLife'];
  readonly offer: Offer;
  readonly facts: AgentFacts;
  readonly connectedAtMs: number;
  readonly held = new Map<string, HeldAttempt>();
  readonly unsettled: Unsettled;
  state: 'ready' | 'draining' | 'gone' = 'ready';
  hasLeft = false; // its agent has ended the stream in order: it was not lost
  readonly #stream: Duplex<AgentMessage, CoordinatorMessage>;
  readonly #duties: SessionDuties;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #rooms: ModelRooms;
  readonly #isDrained: () => boolean;
  readonly #refused: () => number;
  readonly #manners: Manners;
  readonly #contexts = new RecentContexts();
  readonly #outflow = new Outflow();
  readonly #reports: Reports;
  readonly #spares: Spares;
  readonly #handBacks: HandBacks;
  readonly #lines: ToldLines | undefined;
  /** Whether its agent keeps signed leases. */
  readonly takesLeases: boolean;
  #heardAtMs: number;
  #sequence = 0;
  readonly #acks: PerTick<AttemptAck>;
  readonly #assigned: PerTick<{ assignment: Assignment; taken: () => void }>;
  #assignedBytes = 0;

  constructor(
    options: Pick<Session, 'sessionId' | 'agentId' | 'instanceId' | 'name' | 'offer' | 'facts' | 'takesLeases'> & {
      /** What it said of its life before. */
      previousLife?: Survivor['previousLife'];
      /** Whether the agent can be asked to let go of samples that wait on it. */
      canSpare: boolean;
      /** Whether an operator wants it to take nothing new; whether it is put aside for what it has sent. */
      isDrained: () => boolean;
      isQuarantined: () => boolean;
      /** Whether an attempt is proved to be its own. */
      check: LeaseCheck['problemOf'];
      onMisdeed: (misdeed: Misdeed) => void;
      /** What was refused of its agent so far. */
      refused: () => number;
      /** Where its lines for people go; absent: none are taken. */
      logs?: LogSinks | undefined;
      stream: Duplex<AgentMessage, CoordinatorMessage>;
      held: readonly HeldAttempt[];
      unsettled?: readonly Lease[];
      /** For the reports of all sessions. */
      budget: ReportBudget;
      duties: SessionDuties;
      clock: Clock;
      logger: Logger;
    },
  ) {
    [this.sessionId, this.agentId, this.instanceId, this.name] = [options.sessionId, options.agentId, options.instanceId, options.name];
    [this.offer, this.previousLife] = [options.offer, options.previousLife];
    [this.#stream, this.#duties, this.#clock, this.#logger] = [options.stream, options.duties, options.clock, options.logger];
    this.#acks = new PerTick(this.#clock, (acks) => this.#send({ kind: 'reportAck', acks }));
    this.#assigned = new PerTick(this.#clock, (batch) => this.#sendAssigned(batch));
    this.#heardAtMs = this.#clock.monotonic();
    this.facts = options.facts;
    this.connectedAtMs = this.#clock.now();
    this.#rooms = new ModelRooms(this.offer.models.length);
    [this.#isDrained, this.#refused] = [options.isDrained, options.refused];
    for (const held of options.held) this.held.set(held.attemptId, held);
    this.unsettled = new Unsettled(options.unsettled ?? [], options.clock);
    const onAck = (ack: AttemptAck): void => this.#acks.add(ack);
    this.takesLeases = options.takesLeases;
    const parts = { ...options, held: this.held, onAck };
    this.#reports = new Reports({ ...parts, onFailed: (error) => this.#stream.abort(error) });
    this.#manners = new Manners({ ...options, refused: () => options.refused() + this.#reports.turnedAway });
    this.#spares = new Spares({ ...parts, send: (message) => this.#send(message) });
    this.#lines = options.logs && new ToldLines({ ...parts, agent: options.name, sinks: options.logs });
    this.#handBacks = new HandBacks({ ...parts, from: this, settled: (attemptId) => this.#reports.settled(attemptId) });
  }

  /** The entry by which this agent serves a route, its room for samples, and how many would run at once; undefined when it has no room or does not fit. */
  roomFor(route: Route): { modelIndex: number; room: number; idle: number } | undefined {
    const modelIndex = fittingModel(route, this.offer);
    if (!this.isFit(route) || this.#rooms.suspendedFor(modelIndex)) return undefined;
    const left = this.#rooms.left(modelIndex);
    const idle = Math.max(0, left - this.offer.models[modelIndex]!.lookAhead);
    const room = this.#outflow.room(this.#spares.isResting(modelIndex) ? idle : left);
    return room > 0 ? { modelIndex, room, idle } : undefined;
  }

  /** Whether its agent may be given work of a route, when it has room. */
  isFit(route: Route): boolean {
    return this.state === 'ready' && !this.#isDrained() && fittingModel(route, this.offer) >= 0;
  }

  /** Samples of a route that wait on this agent for a connection, about; asks it to let go of so many of them at most. Returns for how many. */
  askToSpare(route: Route, samples: number): number {
    const modelIndex = fittingModel(route, this.offer);
    if (this.state !== 'ready' || modelIndex < 0) return 0;
    const open = [...this.held.values()].reduce((sum, h) => sum + (h.modelIndex === modelIndex ? openOf(h) : 0), 0);
    const waiting = open - this.offer.models[modelIndex]!.maxConnections;
    return waiting > 0 ? this.#spares.ask(route.id, modelIndex, Math.min(waiting, samples)) : 0;
  }

  /** Asks the agent to let go of all of an attempt that it has not started. */
  askForRest(held: HeldAttempt): void {
    if (this.state === 'ready') this.#spares.askOf(held, Infinity);
  }

  /** Nothing that its agent has reported of an attempt waits for its commit. */
  isSettled(attemptId: string): boolean {
    return this.#reports.isSettled(attemptId);
  }

  get tally(): { counted: number; errored: number; refused: number } {
    return { ...this.#reports.tally, refused: this.#refused() };
  }

  /** Of each entry of its models: the samples that it would take now, or why none. */
  models(): ModelRoom[] {
    return this.offer.models.map((_, i) => this.#rooms.shown(i, this.state === 'ready'));
  }

  /** Spends (or, negative, gives back) room that a task takes. */
  charge(modelIndex: number, samples: number): void {
    this.#rooms.charge(modelIndex, samples);
    this.#outflow.charge(samples);
  }

  /** Makes room in front of the stream for samples whose lines have so many bytes; false: too much is on its way already. */
  reserve(samples: number, bytes: number): boolean {
    return this.state === 'ready' && this.#outflow.begin(samples, bytes);
  }

  /** Gives a reservation back that will not be used. */
  unreserve(bytes: number): void {
    if (this.#outflow.taken(0, bytes)) this.#duties.onRoom(this);
  }

  /** Sends an assignment that was granted, and for which `bytes` were reserved; it counts as held from now on. */
  assign(assignment: Assignment, held: HeldAttempt, bytes: number): void {
    const samples = assignment.samples.length;
    // What the agent was sent before on this stream it need not be sent again.
    if (this.#contexts.use(assignment.contextDigest)) assignment = { ...assignment, contextJson: NOTHING };
    this.held.set(held.attemptId, held);
    this.#lines?.given(held.attemptId, held.taskId);
    const taken = (): void => {
      held.sentAtMs = this.#clock.monotonic();
      if (this.#outflow.taken(samples, bytes)) this.#duties.onRoom(this);
    };
    this.#assignedBytes += bytes;
    this.#assigned.add({ assignment, taken });
    if (this.#assignedBytes >= ASSIGN_BYTES) this.#assigned.flush();
  }

  #sendAssigned(batch: { assignment: Assignment; taken: () => void }[]): void {
    this.#assignedBytes = 0;
    const sent = this.#stream.send({ kind: 'assign', assignments: batch.map((a) => a.assignment) });
    sent.then(
      () => batch.forEach((a) => a.taken()),
      () => undefined,
    ); // the stream's end is seen by run()
  }

  revoke(attemptIds: readonly string[], reason: string): void {
    const own = attemptIds.filter((id) => this.held.delete(id));
    if (own.length > 0) this.#send({ kind: 'revoke', attemptIds: own, reason });
  }

  /** Tells the agent to go elsewhere. */
  drain(reason: string): void {
    if (this.state !== 'ready') return;
    this.state = 'draining';
    this.#send({ kind: 'drain', reason });
  }

  end(error?: AppError): void {
    if (error) this.#stream.abort(error);
    else this.#stream.end();
  }

  /** Reads until the stream is over. Throws what broke it. */
  async run(messages: AsyncIterator<AgentMessage>): Promise<void> {
    try {
      for (let next = await messages.next(); !next.done; next = await messages.next()) {
        this.#heardAtMs = this.#clock.monotonic();
        await this.#take(next.value);
        await this.#manners.heard(next.value.kind);
        if (this.#reports.isFull) await this.#waitForCommits();
      }
      this.hasLeft = true;
    } finally {
      this.state = 'gone';
    }
  }

  /** Reading pauses until the store has taken what there is; the agent's heartbeats wait too, so its leases are renewed for it. */
  async #waitForCommits(): Promise<void> {
    const drained = new AbortController();
    const renewing = everyMs(this.#clock, PAUSED_RENEW_MS, drained.signal, () => {
      void this.#heartbeat(this.#sequence, [...this.held.keys(), ...this.unsettled.ids()]).catch(() => undefined); // as a lost heartbeat
    });
    try {
      await this.#reports.room();
    } finally {
      drained.abort(ENDED);
      await renewing;
      this.#heardAtMs = this.#clock.monotonic();
    }
  }

  /** Samples that the agent holds: those that it was given, without those that are counted or handed back. */
  get samples(): number {
    return [...this.held.values()].reduce((sum, h) => sum + openOf(h), 0);
  }

  /** Milliseconds since the agent was last heard; 0 while its words wait for us. */
  silentMs(): number {
    return this.#reports.isFull ? 0 : this.#clock.monotonic() - this.#heardAtMs;
  }

  async #take(message: AgentMessage): Promise<void> {
    switch (message.kind) {
      case 'credit':
        this.#rooms.allow(message.samplesTotal, message.connections);
        return this.#duties.onRoom(this);
      case 'accept':
        for (const id of message.attemptIds) {
          const held = this.held.get(id);
          if (held) held.accepted = true;
        }
        return;
      case 'heartbeat':
        this.#sequence = message.sequence;
        void this.#heartbeat(message.sequence, message.heldAttempts).catch((error: unknown) =>
          this.#logger.warn({ agentId: this.agentId, error: AppError.from(error).message }, 'leases could not be renewed'),
        );
        return;
      case 'report':
        return this.#reports.takeAll(
          message.reports.filter((r) => !this.unsettled.has(r.attemptId)),
          this.#stream.turn,
        );
      case 'spared':
        if (!this.unsettled.has(message.attemptId)) void this.#spares.take(message);
        return;
      case 'handBack':
        if (!this.unsettled.has(message.attemptId)) void this.#handBacks.take(message);
        return;
      case 'modelStatus': {
        if (message.suspended) this.#rooms.suspend(message.modelIndex, message, this.#clock.now());
        else this.#rooms.goOn(message.modelIndex);
        const { suspended, reason } = message;
        const model = this.offer.models[message.modelIndex]?.match;
        this.#logger.info({ agentId: this.agentId, model, suspended, reason }, 'model status');
        if (!suspended) this.#duties.onRoom(this);
        return;
      }
      case 'lines':
        return this.#lines?.take(message.lines);
      case 'hello':
      case 'proof':
      case 'rotateKey':
        throw new AppError('invalid', `${message.kind} has no place here, or came a second time on one stream`);
    }
  }

  async #heartbeat(sequence: number, ids: readonly string[]): Promise<void> {
    const held = ids.map((id) => this.held.get(id));
    for (const named of held) if (named) named.namedAtMs = this.#clock.monotonic();
    // The agent knows nothing yet of what is on its way to it: a slow line must not cost the lease.
    const unknown = [...this.held.values()].filter((h) => !h.accepted && !ids.includes(h.attemptId));
    const leases = [...held.filter((h) => h !== undefined), ...unknown, ...this.unsettled.of(ids)];
    const renewed = leases.length > 0 ? await this.#duties.renew(leases) : [];
    const lost = ids.filter((id, i) => held[i] === undefined && !this.unsettled.has(id));
    leases.forEach((lease, i) => {
      if (renewed[i]) return;
      lost.push(lease.attemptId);
      this.held.delete(lease.attemptId);
      this.unsettled.delete(lease.attemptId);
    });
    this.#send({ kind: 'heartbeatAck', sequence, lostAttempts: lost });
  }

  #send(message: CoordinatorMessage): void {
    void this.#stream.send(message).catch(() => undefined); // the stream's end is seen by run()
  }

  /** Attempts that the agent has let go of without a word on this stream. */
  letGo(olderThanMs: number): HeldAttempt[] {
    return [...this.held.values()].filter((h) => isLetGo(h, this.#clock.monotonic(), olderThanMs));
  }

  /** Attempts whose samples were sent `olderThanMs` ago and never accepted, or could not be sent for very long. */
  unaccepted(olderThanMs: number): HeldAttempt[] {
    return [...this.held.values()].filter((h) => isUnaccepted(h, this.#clock.monotonic(), olderThanMs));
  }
}
