/** A simulated agent: the real session and work on a simulated network, clock and spool, with a model that answers as the sample says. */
import { AgentProcess } from '../../../agent/build.ts';
import type { AgentConfig } from '../../../agent/config.ts';
import { ModelError, type Generation, type GenerateRequest, type ModelEntry } from '../../../agent/models/provider.ts';
import { Session } from '../../../agent/session/session.ts';
import type { Spool } from '../../../agent/spool/spool.ts';
import { Work } from '../../../agent/work/work.ts';
import { covers, describeNamespaces, LOCAL, type Namespaces } from '../../../shared/domain/identity.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Duplex } from '../../../shared/rpc/duplex.ts';
import { WIRE_MINOR, WIRE_VERSION, type AgentMessage, type CoordinatorMessage } from '../../../shared/rpc/messages.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import { SimClock, type Skew } from '../clock.ts';
import type { History } from '../history.ts';
import type { Line } from '../network.ts';
import { Life, type World } from '../world.ts';
import type { SimCoordinator } from './coordinator.ts';
import { noLogger, noMetrics } from './metrics.ts';
import { SimSpool, takeLife, type SpoolDisk } from './spool.ts';

export interface AgentSurroundings {
  world: World;
  history: History;
  coordinators: readonly SimCoordinator[];
  /** To each coordinator. */
  lines: readonly Line[];
  /** How long a call of the model takes, and how often it fails. */
  model: { ms: () => number; failureRate: number };
  /** `key/unit` of samples that kill whoever runs them. */
  poison: ReadonlySet<string>;
  /** What its identity is bound to, from its next stream on. */
  namespaces: () => Namespaces;
  logger?: Logger;
}

/** Behind the name of a model: the one that judges it. */
export const JUDGE = '-judge';

const ENTRY: ModelEntry = { match: 'sim/*', provider: 'sim', maxConnections: 3, lookAhead: 2, options: {} };

export class SimAgent {
  readonly name: string;
  readonly agentId: string;
  readonly #around: AgentSurroundings;
  readonly spool: SpoolDisk = { attempts: new Map(), endedInstanceId: undefined, instanceId: undefined, running: new Map() };
  readonly skew: Skew = { ms: 0 };
  life: Life;
  process: AgentProcess | undefined;
  #lives = 0;
  /** `attempt unit` of all that it has let go of: their acknowledgement is none of a result. */
  readonly #spared = new Set<string>();

  constructor(number: number, around: AgentSurroundings) {
    this.name = `agent${number}`;
    this.agentId = `ag_${String(number).padStart(16, '0')}`;
    this.#around = around;
    this.life = new Life(around.world, this.name);
  }

  start(): void {
    const { world, coordinators, logger: base = noLogger } = this.#around;
    const life = new Life(world, `${this.name}.${this.#lives++}`);
    this.life = life;
    const clock = new SimClock(life, this.skew);
    const logger = base.child({ at: life.name });
    const spool = new SimSpool(this.spool, life, this.agentId) as unknown as Spool;
    const previousLife = takeLife(this.spool, spool.instanceId, clock.now());
    const { running } = this.spool;
    const tools = {
      programs: { close: async () => undefined },
      posts: { close: async () => undefined },
      clock,
      random: world.random.next,
    } as never;
    let session: Session | undefined;
    const work = new Work({
      models: [{ entry: ENTRY, provider: { generate: (request) => this.#generate(life, clock, request), close: async () => undefined } }],
      tools,
      spool,
      life: {
        started: (attemptId, unit, taskId) => void running.set(`${attemptId} ${unit}`, { attemptId, unit, taskId }),
        ended: (attemptId, unit) => void running.delete(`${attemptId} ${unit}`),
      },
      clock,
      random: world.random.next,
      logger,
      instruments: noMetrics.instruments,
      onChange: () => session?.wake(),
    });
    session = new Session({
      addresses: coordinators.map((_, i) => String(i)),
      clock,
      sinceBootMs: () => world.time,
      random: world.random.next,
      logger,
      work,
      dial: (address) => this.#dial(life, Number(address)),
      hello: {
        agentId: this.agentId,
        instanceId: spool.instanceId,
        ...(previousLife ? { previousLife } : {}),
        name: this.name,
        wireVersion: WIRE_VERSION,
        wireMinor: WIRE_MINOR,
        capabilities: [],
        host: {},
        version: 'sim',
        labels: {},
        slots: 0,
        canSpare: true,
        models: [{ match: ENTRY.match, maxConnections: ENTRY.maxConnections, lookAhead: ENTRY.lookAhead }],
      },
    });
    const config = { drainMs: 2_000 } as AgentConfig;
    this.process = new AgentProcess({ config, spool, work, tools, session, clock, logger, metrics: noMetrics });
    void this.process.start();
  }

  /** As SIGKILL. */
  kill(): void {
    if (!this.life.dead) this.#around.history.deaths.push({ agent: this.agentId, at: this.#around.world.time });
    this.life.kill();
    for (const line of this.#around.lines) line.died(this.life);
  }

  /** As SIGTERM, and started again when it has ended. */
  async restart(pauseMs: number): Promise<void> {
    const { life, process } = this;
    await process?.drain();
    if (this.life !== life || life.dead) return;
    life.kill();
    this.#around.world.after(pauseMs, () => this.life === life && this.start());
  }

  async #dial(life: Life, place: number): Promise<Duplex<CoordinatorMessage, AgentMessage>> {
    const [coordinator, line] = [this.#around.coordinators[place]!, this.#around.lines[place]!];
    await life.ask(line.latency() * 2, () => {
      if (!coordinator.isServing || line.stalled.size > 0) throw new AppError('unavailable', 'nobody answers there');
    });
    const { core } = coordinator;
    if (!core) throw new AppError('unavailable', 'nobody answers there');
    const { near, far } = line.open<AgentMessage, CoordinatorMessage>(life, coordinator.life);
    const forget = coordinator.onEnd(() => line.died(far));
    void near.closed.then(forget);
    const namespaces = this.#around.namespaces();
    coordinator.life.act(() => void core.sessions.serve(far, this.name, { ...LOCAL, namespaces }));
    return this.#watched(near, namespaces);
  }

  /** The stream, with what is assigned and acknowledged written down. */
  #watched(near: Duplex<CoordinatorMessage, AgentMessage>, namespaces: Namespaces): Duplex<CoordinatorMessage, AgentMessage> {
    const note = (message: CoordinatorMessage): void => this.#note(message, namespaces);
    const messages = (async function* () {
      for await (const message of near.messages) {
        note(message);
        yield message;
      }
    })();
    const send = (message: AgentMessage): Promise<void> => {
      if (message.kind === 'spared') for (const unit of message.units) this.#spared.add(`${message.attemptId} ${unit}`);
      return near.send(message);
    };
    return { messages, closed: near.closed, send, end: () => near.end(), abort: (e) => near.abort(e) };
  }

  #note(message: CoordinatorMessage, namespaces: Namespaces): void {
    const { history, world } = this.#around;
    if (message.kind === 'welcome')
      for (const attemptId of message.resumedAttempts) this.#checkOwn(history.grants.get(attemptId)?.evaluationId, namespaces);
    if (message.kind === 'assign')
      for (const { attemptId, evaluationId, taskId, samples } of message.assignments) {
        const units = samples.map((s) => s.unit);
        world.trace(`${this.name} is assigned ${taskId} [${units.join()}]`);
        this.#checkOwn(evaluationId, namespaces);
        if (!history.grants.has(attemptId))
          history.grants.set(attemptId, { agent: this.agentId, evaluationId, taskId, units, at: world.time });
      }
    if (message.kind === 'reportAck')
      for (const { attemptId, units, lost } of message.acks) {
        const grant = history.grants.get(attemptId);
        world.trace(`${this.name} hears of ${grant?.taskId ?? '?'} [${units.join()}]: ${lost ? 'lost' : 'counted'}`);
        if (lost || !grant) continue;
        for (const unit of units) {
          if (this.#spared.has(`${attemptId} ${unit}`)) continue;
          const name = `${grant.evaluationId}/${unit}`;
          if (!history.acked.has(name)) history.acked.set(name, world.time);
        }
      }
  }

  /** Whatever a stream gives is of the namespaces that its identity is bound to. */
  #checkOwn(evaluationId: string | undefined, namespaces: Namespaces): void {
    const { history } = this.#around;
    const namespace = evaluationId === undefined ? undefined : history.namespaces.get(evaluationId);
    if (namespace !== undefined && !covers(namespaces, namespace))
      history.problem('S17 namespaces', `${this.name}, of ${describeNamespaces(namespaces)}, was given work of ${namespace}`);
  }

  #dieOf(life: Life): void {
    const { world } = this.#around;
    world.after(20 + world.random.next() * 200, () => {
      if (this.life !== life || life.dead) return;
      world.trace(`${this.name} dies of its sample`);
      this.kill();
      world.after(200 + world.random.next() * 800, () => this.life === life && this.start());
    });
  }

  /** Answers with the target of every sample whose number three does not divide; a judge knows which those are. */
  async #generate(life: Life, clock: SimClock, { model, sample, signal }: GenerateRequest): Promise<Generation> {
    const { world, history, model: behaviour } = this.#around;
    const call = {
      at: world.time,
      agent: life.name,
      unit: `${model}/${sample.id}/${sample.epoch}`,
      endedAt: undefined as number | undefined,
      ok: false,
    };
    history.calls.push(call);
    world.trace(`${this.name} calls ${call.unit}`);
    if (this.#around.poison.has(call.unit)) this.#dieOf(life);
    const fails = world.random.chance(behaviour.failureRate);
    await clock.sleep(behaviour.ms(), signal).catch((error: unknown) => {
      history.reach('stopped');
      call.endedAt = world.time;
      throw error;
    });
    call.endedAt = world.time;
    if (fails) throw new ModelError('server_error', 'the simulated endpoint failed', { httpStatus: 503 });
    call.ok = true;
    const number = Number(String(sample.id).slice(1));
    const isRight = number % 3 !== 0;
    const grade = `GRADE: ${isRight ? 'C' : 'I'}`;
    const completion = model.endsWith(JUDGE) ? grade : isRight ? sample.target[0]! : 'wrong';
    return { completion, stopReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } };
  }
}
