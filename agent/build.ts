/** The agent's composition root, and its two-stage end. Several agents fit into one process, each with its own spool. */
import type { Server } from 'node:http';
import { uptime } from 'node:os';
import { AppError } from '../shared/domain/errors.ts';
import { newInstanceId } from '../shared/domain/ids.ts';
import type { TaskContext } from '../shared/domain/manifest.ts';
import { Redactor } from '../shared/domain/redactor.ts';
import { commandCapabilities, ratingCapabilities, sandboxFor } from '../shared/domain/spec-needs.ts';
import { CompletionCache } from './cache/completion-cache.ts';
import { WIRE_MINOR, WIRE_VERSION } from '../shared/rpc/messages.ts';
import { systemClock, type Clock } from '../shared/runtime/clock.ts';
import type { Service } from '../shared/runtime/service.ts';
import type { Logger } from '../shared/telemetry/logger.ts';
import type { Metrics } from '../shared/telemetry/metrics.ts';
import { tokenOf, type AgentConfig } from './config.ts';
import { dialer } from './dial.ts';
import { hostFacts } from './host-facts.ts';
import { readAgentKey } from './keys/key-file.ts';
import { LogBook } from './logs/log-book.ts';
import { observeAgent } from './measure.ts';
import { serveMetrics } from './metrics-server.ts';
import { JsonPosts } from './models/json-post.ts';
import { UrlPermits } from './models/url-permits.ts';
import { capModels, forbidsOf, openModels, watchKeys } from './open-models.ts';
import { addressCheck } from './policy/addresses.ts';
import { checkSigned } from './policy/signed.ts';
import { Sandbox } from './sandbox/sandbox.ts';
import { Programs } from './scorers/programs.ts';
import type { ScorerTools } from './scorers/scorer.ts';
import { Session } from './session/session.ts';
import { LifeLog } from './spool/life-log.ts';
import { Spool } from './spool/spool.ts';
import { Work } from './work/work.ts';

export interface AgentParts {
  logger: Logger;
  clock: Clock;
  metrics: Metrics;
  version: string;
  /** [0, 1); Math.random by default. */
  random?: () => number;
  /** Tells every line of the log to whom it is given. */
  onLogLine?: (listener: (line: string) => void) => void;
  /** Knows all that `secretsOf` knows; made of it by default. */
  redactor?: Redactor;
  /** Milliseconds since the host was booted, its suspensions included; the system's by default. */
  sinceBootMs?: () => number;
}

export interface Agent extends Service {
  readonly agentId: string;
  /** Resolves with the first Welcome. */
  readonly ready: Promise<void>;
  /** Resolves when the agent has ended: with an error if a coordinator refused it for good. */
  readonly ended: Promise<AppError | undefined>;
  /**
   * Takes nothing more, hands back what has not started, finishes what runs, reports it and ends. Running samples are
   * aborted after `drain_ms`.
   */
  drain(): Promise<void>;
  /** Aborts what runs, hands it back, and ends within some two seconds. The same as `stop`. */
  abort(): Promise<void>;
}

/** For acknowledgements and hand-backs when nothing runs any more; results that stay in the spool are sent by the next start. */
const FLUSH_MS = 10_000;
const ABORT_FLUSH_MS = 2000;

/** Opens the spool and the models' drivers; throws AppError with all faults of the entries, or if the spool is in use. */
export async function buildAgent(config: AgentConfig, parts: AgentParts): Promise<Agent> {
  const { logger: base, clock, metrics, version, random = Math.random, onLogLine, sinceBootMs = () => uptime() * 1000 } = parts;
  const { redactor = new Redactor(secretsOf(config)) } = parts;
  // A call that waited for its connection must not leave when the process slept past its leases meanwhile.
  const beforeSend = (): void => session?.look();
  const { signers } = config.policy;
  watchKeys(config, redactor, base);
  const onRedacted = (): void => metrics.instruments.redactedAnswersTotal.add(1);
  const endpoints = { beforeSend, redactor, onRedacted };
  const uncapped = await openModels(config, endpoints);
  let work: Work | undefined;
  let session: Session | undefined;
  const spoolLogger = base.child({ part: 'spool' });
  const key = readAgentKey(config.spool);
  const spool = await Spool.open({
    dir: config.spool,
    ...(key ? { agentId: key.agentId } : {}),
    maxBytes: config.spoolMaxBytes,
    clock,
    onFull: (full, why) => {
      if (full) spoolLogger.error(`no more samples are taken: ${why}`);
      else spoolLogger.info('samples are taken again');
      work?.spoolFull(full, why);
    },
    onWarning: (message, error) => spoolLogger.warn({ err: error }, message),
  });
  const logger = base.child({ agentId: spool.agentId });
  const {
    models,
    purses,
    close: closePurses,
  } = await capModels(uncapped, config, clock).catch(async (error: unknown) => {
    await Promise.allSettled([spool.close(), ...uncapped.map(({ provider }) => provider.close())]);
    throw error;
  });
  const life = new LifeLog(config.spool, spool.instanceId, redactor);
  const logs = new LogBook({ clock, redactor });
  onLogLine?.((line) => {
    life.heard(line);
    logs.heard(line);
  });
  if (life.previous) logger.warn({ running: life.previous.running.length }, 'the life before this one did not end in order');
  const tools = await openTools(config, { logger, clock, random, ...endpoints });
  const cache =
    config.cache && new CompletionCache({ ...config.cache, clock, onWarning: (message, error) => logger.warn({ err: error }, message) });
  work = new Work({
    ...{ models, tools, spool, life, clock, random, logger, lines: logs, instruments: metrics.instruments },
    forbids: forbidsOf(config),
    ...(signers ? { checkTask: (task: TaskContext) => checkSigned(task, signers) } : {}),
    ...(cache ? { cache } : {}),
    onChange: () => session?.wake(),
  });
  if (spool.full) work.spoolFull(true, 'the spool is full');
  session = new Session({
    addresses: config.addresses,
    clock,
    sinceBootMs,
    random,
    logger,
    work,
    logs,
    dial: dialer(config, { key, redactor, clock, random, logger }),
    hello: {
      agentId: spool.agentId,
      instanceId: spool.instanceId,
      processId: newInstanceId(),
      ...(life.previous ? { previousLife: life.previous } : {}),
      name: config.name,
      wireVersion: WIRE_VERSION,
      wireMinor: WIRE_MINOR,
      capabilities: [
        ...commandCapabilities(config.commands),
        ...config.urls.map((pattern) => `url:${pattern}`),
        ...(tools.sandbox ? [sandboxFor('python3')] : []),
        ...ratingCapabilities(config.models),
      ],
      host: await hostFacts(),
      canSpare: true,
      version,
      labels: { ...config.labels },
      slots: config.slots,
      models: config.models.map(({ match, maxConnections, lookAhead }) => ({ match, maxConnections, lookAhead })),
    },
  });
  observeAgent({ instruments: metrics.instruments, work, purses, spool });
  return new AgentProcess({ config, spool, work, tools, session, clock, logger, metrics, closePurses });
}

/** All that must never be told to anybody. */
export const secretsOf = (config: AgentConfig): string[] =>
  [...config.models.map(({ apiKey }) => apiKey?.value), config.token?.value, tokenOf(config)].filter((secret) => secret !== undefined);

/** What the operator allows beside models. No program is started before a sample needs it, but those that prove the sandbox. */
async function openTools(
  config: AgentConfig,
  {
    logger,
    clock,
    random,
    ...settings
  }: Pick<AgentParts, 'logger' | 'clock'> & { redactor: Redactor; random: () => number; beforeSend: () => void; onRedacted: () => void },
): Promise<ScorerTools> {
  const { redactor } = settings;
  const { endpoints, privateAddresses } = config.policy;
  const part = logger.child({ part: 'scorers' });
  return {
    programs: new Programs({ commands: config.commands, clock, random, logger: part, environment: process.env, redactor }),
    posts: new JsonPosts(new UrlPermits(config.urls, { endpoints, mayReach: addressCheck(privateAddresses) }), settings),
    sandbox: await openSandbox(config, { logger: part, clock }),
    clock,
    random,
  };
}

/** The agent goes on without one that does not hold: the evaluations that need it go elsewhere, or wait. */
async function openSandbox(
  { sandbox }: AgentConfig,
  { logger, clock }: Pick<AgentParts, 'logger' | 'clock'>,
): Promise<Sandbox | undefined> {
  if (!sandbox) return undefined;
  try {
    return await Sandbox.open(sandbox, { clock });
  } catch (error) {
    logger.error(`no sandbox, so no code is run here: ${AppError.from(error).message}`);
    return undefined;
  }
}

/** What a start would say of the sandbox, without one: undefined where it holds or none is set up. */
export async function checkSandbox({ sandbox }: AgentConfig): Promise<string | undefined> {
  if (!sandbox) return undefined;
  try {
    await (await Sandbox.open(sandbox, { clock: systemClock })).close();
    return undefined;
  } catch (error) {
    return AppError.from(error).message;
  }
}

export interface AgentProcessParts {
  config: AgentConfig;
  spool: Spool;
  work: Work;
  tools: ScorerTools;
  session: Session;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Writes down what was spent. */
  closePurses?: () => Promise<void>;
}

/**
 * running    entered by `start`; left by `drain` → draining, `abort` → aborting, a refusal for good → aborting
 * draining   nothing new is taken, running samples finish; left when nothing is held, or after its time → aborting
 * aborting   running samples are aborted and handed back, for two seconds at most; left → ended
 * ended      stream closed, spool written and given back
 *
 * A simulation makes it too, of parts on a clock and a network of its own.
 */
export class AgentProcess implements Agent {
  readonly ready: Promise<void>;
  readonly ended: Promise<AppError | undefined>;
  readonly #parts: AgentProcessParts;
  readonly #aborting = new AbortController();
  #setEnded!: (refusal: AppError | undefined) => void;
  #ending: Promise<void> | undefined;
  #http: Server | undefined;

  constructor(parts: AgentProcessParts) {
    this.#parts = parts;
    this.ready = parts.session.ready;
    this.ended = new Promise((resolve) => {
      this.#setEnded = resolve;
    });
  }

  get agentId(): string {
    return this.#parts.spool.agentId;
  }

  async start(): Promise<void> {
    const { config, session } = this.#parts;
    if (config.http) this.#http = await serveMetrics(config.http, this.#parts.metrics);
    await session.start();
    void session.ended.then((refusal) => (refusal ? this.abort() : undefined));
  }

  drain(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  abort(): Promise<void> {
    this.#aborting.abort(new AppError('cancelled', 'the agent was told to stop at once'));
    return this.drain();
  }

  stop(): Promise<void> {
    return this.abort();
  }

  async #end(): Promise<void> {
    const { config, work, tools, session, spool, logger, closePurses } = this.#parts;
    work.drain();
    if (!this.#aborting.signal.aborted) {
      logger.info({ running: work.running, held: work.heldAttempts().length }, 'draining: finishing what runs');
      await this.#until(() => work.running === 0, config.drainMs, this.#aborting.signal);
      await this.#until(() => work.heldAttempts().length === 0, FLUSH_MS, this.#aborting.signal);
    }
    if (work.heldAttempts().length > 0) {
      work.abort();
      await this.#until(() => work.heldAttempts().length === 0 || session.state.kind === 'closed', ABORT_FLUSH_MS);
    }
    const kept = spool.usage().records;
    await session.stop();
    await work.close();
    await this.#closeTools(tools);
    // What the file says without it is more than was spent, never less.
    await closePurses?.().catch((error: unknown) => logger.warn({ err: error }, 'what was spent was not written down exactly'));
    await spool.close().catch((error: unknown) => logger.error({ err: error }, 'the spool was not closed cleanly'));
    this.#http?.close();
    this.#http?.closeAllConnections();
    logger.info(
      { kept },
      kept > 0 ? 'ended; results that were not acknowledged are kept in the spool and sent by the next start' : 'ended',
    );
    this.#setEnded(await session.ended);
  }

  /** A program that cannot be killed (stuck in the kernel) is left behind. */
  async #closeTools({ programs, posts, sandbox }: ScorerTools): Promise<void> {
    const { clock } = this.#parts;
    await Promise.race([Promise.allSettled([programs.close(), posts.close(), sandbox?.close()]), clock.sleep(ABORT_FLUSH_MS)]);
  }

  /** Looks every few milliseconds: an end is no hot path. Never rejects. */
  async #until(isSo: () => boolean, limitMs: number, signal?: AbortSignal): Promise<void> {
    const { clock } = this.#parts;
    const end = clock.monotonic() + limitMs;
    while (!isSo() && clock.monotonic() < end && !signal?.aborted) await clock.sleep(10, signal).catch(() => undefined);
  }
}
