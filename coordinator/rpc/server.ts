/** The coordinator's gRPC server: all services, health and reflection on one address. */
import { chmod, unlink } from 'node:fs/promises';
import { ServerCredentials, status as Status } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { AppError } from '../../shared/domain/errors.ts';
import { describeIdentity } from '../../shared/domain/identity.ts';
import { MAX_WIRE_BYTES, quietLibrary } from '../../shared/rpc/channel.ts';
import { Handlers, reportTo, type BareMethod, type RpcLogger, type RpcMetrics } from '../../shared/rpc/handler.ts';
import { asBytes, assayProto } from '../../shared/rpc/load.ts';
import { reflectedDefinition } from '../../shared/rpc/reflection.ts';
import type { Service } from '../../shared/runtime/service.ts';
import { ownToken, thisMachine, type Authenticator } from '../identity/authenticator.ts';
import { Gate, type Decision, type OnDecision } from '../identity/gate.ts';
import { checkRules, RULES } from '../../shared/domain/access-rules.ts';
import { agentService } from './agent-service.ts';
import { auditService } from './audit-service.ts';
import { Callers, identityInterceptor } from './auth.ts';
import type { TlsSettings } from './door/certificates.ts';
import { Door, type DoorMetrics } from './door/door.ts';
import { Seldom } from './door/seldom.ts';
import { evaluationService } from './evaluation-service.ts';
import { guard } from './guard.ts';
import { Health } from './health-service.ts';
import { identityService } from './identity-service.ts';
import { KnownServer } from './known-server.ts';
import { formatListen, isLocal, prepareSocketPath, type ListenAddress } from './listen-address.ts';
import { IdentityCalls } from './limits/identity-calls.ts';
import { limitsInterceptor } from './limits/interceptor.ts';
import { LoginBackoff } from './limits/login-backoff.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS, type TransportLimits } from './limits/transport-limits.ts';
import { operatorService } from './operator-service.ts';
import type {
  AgentProofs,
  AgentSessions,
  AuditUseCases,
  EvaluationUseCases,
  EventUseCases,
  JoinUseCases,
  NamespaceUseCases,
  OperatorUseCases,
  TokenUseCases,
} from './use-cases.ts';

export interface RpcServerOptions {
  listen: ListenAddress;
  /** The coordinator's own token: whoever has it may everything. Without one, so may whoever comes without a token. */
  token?: string;
  /** Other ways to prove who one is, tried in order. */
  authenticators?: readonly Authenticator[];
  /** The namespace of an accepted evaluation; undefined: there is none. */
  namespaceOf: (evaluationId: string) => Promise<string | undefined>;
  tokens: TokenUseCases;
  namespaces: NamespaceUseCases;
  joins: JoinUseCases;
  proofs: AgentProofs;
  audit: AuditUseCases;
  /** Hears of every call that is denied, and of privileged ones before they are made. */
  onDecision?: OnDecision;
  /** Somebody has changed evaluations. */
  onChange?: (change: Decision) => void;
  tls?: TlsSettings;
  /** What a peer may take; those that are not given are `LOCAL_LIMITS` where only this machine comes in, else `DEFAULT_LIMITS`. */
  limits?: Partial<TransportLimits>;
  transportMetrics?: TransportMetrics;
  /** What one identity may have open. */
  identityCalls?: IdentityCalls;
  useCases: EvaluationUseCases;
  operator: OperatorUseCases;
  events: EventUseCases;
  sessions: AgentSessions;
  logger: RpcLogger;
  metrics?: RpcMetrics;
  /** The largest content that may be uploaded (default 8 GiB). */
  maxContentBytes?: number;
  /** Called by `drain`: tells the agents to go elsewhere; resolves when they have gone. */
  onDrain?: () => Promise<void>;
  /** How long `drain` waits for agents, and again for calls, before it cuts them off (default 5 s). */
  drainMs?: number;
}

export interface TransportMetrics extends DoorMetrics {
  /** `compressed`, `large`, `login`, `late`, `bytes`, `free`, `resets`. */
  callEndedByLimit(reason: string): void;
}

export interface RpcServer extends Service {
  /** Where it listens, with the port that was found for port 0. Known after `start`. */
  readonly address: string;
  readonly inside: Inside;
  /** Says NOT_SERVING, has the agents told, finishes what is being answered, and closes. Safe to repeat; `stop` does it too. */
  drain(): Promise<void>;
}

/** What another server in front of the same methods needs: nobody gets by it what he would not by gRPC. */
export interface Inside {
  readonly gate: Gate;
  /** Failed logins are counted here, through whichever door they come. */
  readonly backoff: LoginBackoff;
  /** By path. */
  readonly methods: ReadonlyMap<string, BareMethod>;
  /** Aborts when this coordinator goes away. */
  readonly goingAway: AbortSignal;
}

/** How often calls are looked at for what is late, or too much. */
const SWEEP_MS = 250;

export function createRpcServer(options: RpcServerOptions): RpcServer {
  return new GrpcServer(options);
}

class GrpcServer implements RpcServer {
  readonly #options: RpcServerOptions;
  readonly #server: KnownServer;
  readonly #gate: Gate;
  readonly #callers = new Callers();
  readonly #health = new Health();
  readonly #goingAway = new AbortController();
  readonly #door: Door;
  readonly #sweep: NodeJS.Timeout;
  readonly inside: Inside;
  #address: string;
  #started: Promise<void> | undefined;
  #drained: Promise<void> | undefined;

  constructor(options: RpcServerOptions) {
    if (!isLocal(options.listen) && !(options.tls && options.token)) {
      throw new AppError('invalid', `${formatListen(options.listen)}: beyond this machine a coordinator listens only with TLS and a token`);
    }
    quietLibrary();
    this.#options = options;
    this.#address = formatListen(options.listen);
    const { token, authenticators = [], onDecision, onChange, logger, metrics } = options;
    this.#gate = new Gate({
      // What has another one's shape is never taken for somebody on this machine.
      authenticators: token ? [ownToken(token), ...authenticators] : [...authenticators, thisMachine()],
      onDecision,
      onChange,
    });
    const intercepted = identityInterceptor({
      gate: this.#gate,
      callers: this.#callers,
      calls: options.identityCalls ?? new IdentityCalls(),
      onInternal: reportTo(logger),
      onTurnedAway: ({ method, peer, identity }, { code, details }) => {
        const fields = { method, peer, status: Status[code], details };
        if (identity) return logger.info({ ...fields, who: describeIdentity(identity) }, 'call ended: its token holds no more');
        metrics?.callEnded(method, fields.status, 0);
        logger.info(fields, 'call refused');
      },
    });
    const limits = { ...(isLocal(options.listen) ? LOCAL_LIMITS : DEFAULT_LIMITS), ...options.limits };
    const seldom = new Seldom();
    const backoff = new LoginBackoff();
    const { arrived, intercept, sweep } = limitsInterceptor({
      ...{ limits, backoff },
      isFree: (path) => RULES[path]?.needs === 'anonymous',
      onAbuse: (peer) => this.#door.punish(peer),
      onEnded: (reason, method, peer, why) => {
        options.transportMetrics?.callEndedByLimit(reason);
        const quiet = seldom.pass(reason, performance.now());
        if (quiet !== undefined)
          options.logger.warn(
            { reason, method, peer, why, ...(quiet > 0 ? { since: quiet } : {}) },
            'call ended by a limit; told once a minute for each reason',
          );
      },
    });
    this.#sweep = setInterval(sweep, Math.min(SWEEP_MS, limits.slowMs / 4, limits.callMs / 4)).unref();
    this.#server = new KnownServer({
      'grpc.max_receive_message_length': MAX_WIRE_BYTES,
      'grpc.max_send_message_length': MAX_WIRE_BYTES,
      'grpc.keepalive_time_ms': 20_000,
      'grpc.keepalive_timeout_ms': 10_000,
      'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
      // channelz stays on: without it grpc-js 1.14 keeps no list of its connections, and `forceShutdown` closes none.
      // Limits stand next to the wire; who calls is asked behind them.
      interceptors: [intercept, intercepted],
    });
    // TLS is the door's business: to the server all connections are alike.
    const connections = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#server.tellArrivals(arrived);
    this.#door = new Door({
      listen: options.listen,
      tls: options.tls,
      limits: {
        total: limits.maxConnections,
        perPeer: limits.maxConnectionsPerPeer,
        handshakeMs: limits.handshakeMs,
        reloadMs: limits.tlsReloadMs,
      },
      onConnection: (socket) => connections.injectConnection(socket),
      logger: options.logger,
      metrics: options.transportMetrics,
    });
    this.inside = { gate: this.#gate, backoff, methods: this.#addServices(), goingAway: this.#goingAway.signal };
  }

  get address(): string {
    return this.#address;
  }

  start(): Promise<void> {
    return (this.#started ??= this.#listen());
  }

  drain(): Promise<void> {
    return (this.#drained ??= this.#drain());
  }

  stop(): Promise<void> {
    return this.drain();
  }

  #addServices(): Inside['methods'] {
    const {
      useCases,
      namespaceOf,
      tokens,
      namespaces,
      joins,
      proofs,
      audit,
      operator,
      events,
      sessions,
      logger,
      metrics,
      maxContentBytes = 8 * 1024 ** 3,
    } = this.#options;
    const proto = assayProto();
    const handlers = new Handlers({
      logger,
      callerOf: this.#callers.callerOf,
      goingAway: this.#goingAway.signal,
      ...(metrics && { metrics }),
    });
    const useCasesOf = guard({
      useCases,
      namespaceOf,
      onDenied: (call) => this.#gate.denied(call),
      onAllowed: (call) => this.#gate.allowed(call),
      onChanged: (call) => this.#gate.changed(call),
    });
    this.#server.addService(asBytes(proto.evaluation), evaluationService({ useCasesOf, handlers, maxContentBytes }));
    this.#server.addService(asBytes(proto.identity), identityService({ tokens, joins, namespaces }, handlers, this.#gate));
    this.#server.addService(asBytes(proto.audit), auditService(audit, handlers));
    this.#server.addService(asBytes(proto.operator), operatorService({ operator, events }, handlers, this.#gate));
    this.#server.addService(
      asBytes(proto.agent),
      agentService({ sessions, proofs, onAbuse: (peer) => this.#door.punish(peer) }, handlers, this.#gate),
    );
    this.#server.addService(asBytes(proto.health), this.#health.service(handlers));
    new ReflectionService(reflectedDefinition()).addToServer(this.#server);
    checkRules(this.#server.paths);
    return handlers.bare;
  }

  async #listen(): Promise<void> {
    const { listen } = this.#options;
    if (listen.kind === 'unix') await prepareSocketPath(listen.path);
    const port = await this.#door.open().catch((error: unknown) => {
      throw cannotListen(listen, error as Error);
    });
    if (listen.kind === 'unix') await chmod(listen.path, 0o600);
    else this.#address = formatListen({ ...listen, port });
  }

  async #drain(): Promise<void> {
    const { onDrain, drainMs = 5000, logger, listen } = this.#options;
    if (!this.#started) return this.#end();
    await this.#started.catch(() => undefined);
    this.#health.leave();
    if (onDrain)
      await within(drainMs, onDrain()).catch((error: unknown) => logger.warn({ err: error }, 'the agents could not all be told to go'));
    // Watchers are told to go on elsewhere, by their cursor.
    this.#goingAway.abort(new AppError('unavailable', 'this coordinator is going away; go on at another one'));
    // Sends GOAWAY and takes no new connections; ends when the last call has ended. Who watches our health stays, and is cut off.
    const ended = this.#door.close();
    this.#server.tryShutdown(() => undefined);
    await within(drainMs, ended);
    this.#end();
    if (listen.kind === 'unix') await unlink(listen.path).catch(() => undefined);
  }

  #end(): void {
    clearInterval(this.#sweep);
    this.#server.forceShutdown();
    this.#door.destroy();
  }
}

const cannotListen = (listen: ListenAddress, error: Error): AppError =>
  new AppError(
    'failed_precondition',
    error.message.includes('EADDRINUSE')
      ? `${formatListen(listen)}: cannot listen there, because another process does; stop it, or choose another port`
      : `${formatListen(listen)}: cannot listen there (${error.message}); choose an address of this machine`,
    { cause: error },
  );

/** Resolves when the work has ended or the time is over, whichever is first. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
