/**
 * The coordinator's HTTP server: `/metrics`, `/healthz` (the process lives), `/readyz` (it takes work), the JSON API below `/api/v1`, and the page.
 * Connections come in by the same door as gRPC's: counted, within TLS where there is a certificate, which is read again when it changes.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { HTTP_STATUS, type HttpError } from '../../shared/http/errors.ts';
import { API_ROOT } from '../../shared/http/table.ts';
import { reportTo, type RpcLogger } from '../../shared/rpc/handler.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import type { Service } from '../../shared/runtime/service.ts';
import type { TlsSettings } from '../rpc/door/certificates.ts';
import { Door } from '../rpc/door/door.ts';
import { peerOf } from '../../shared/rpc/peer-address.ts';
import { formatListen, isLocal } from '../rpc/listen-address.ts';
import type { LoginBackoff } from '../rpc/limits/login-backoff.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS, type TransportLimits } from '../rpc/limits/transport-limits.ts';
import type { Inside } from '../rpc/server.ts';
import { sendError, sendJson, sendText, toldOf } from './answers.ts';
import { Api } from './api.ts';
import { HttpCallers } from './callers.ts';
import { PageFiles } from './files.ts';
import { targetOf, type Target } from './request.ts';
import { NO_SUCH_PATH } from './router.ts';
import type { Sessions } from './session/redis-sessions.ts';
import { SESSION, SessionCalls } from './session/session-calls.ts';
import { Unanswered } from './unanswered.ts';
import { checkHost, checkOrigin, HEADERS, isFromHere, TLS_HEADERS, type Site } from './security.ts';

export interface HttpServerOptions {
  /** Port 0: any free one. */
  listen: { host: string; port: number };
  /** Answers GET /metrics. */
  metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** '' when this coordinator can do its work, else why it cannot. Asked for each /readyz. */
  notReady: () => Promise<string>;
  /** What the API stands on. */
  inside: Inside;
  /** Where browsers' sessions are kept. */
  sessions: Sessions;
  logger: RpcLogger;
  tls?: TlsSettings | undefined;
  limits?: Partial<TransportLimits> | undefined;
  /** Other names that this coordinator goes by: `https://assay.example.org`. */
  origins?: readonly string[] | undefined;
  /** Beyond this machine, and behind a proxy, everybody may read /metrics. */
  openMetrics?: boolean;
  /** The folder of the page, built; where there is none, `/` says where the API is. */
  page?: string;
  clock?: Clock;
  onEnded?: (route: string, code: string, durationMs: number) => void;
}

export interface HttpServer extends Service {
  /** Where it listens, with the port that was found. Known after `start`. */
  readonly address: string;
  readonly connections: number;
}

/** Headers are few; a cookie and a token are the longest of them. */
const MAX_HEADER_BYTES = 32 * 1024;
const HEADERS_MS = 10_000;
/** How long a connection may stand between two requests: browsers open them before they need them. */
const IDLE_MS = 60_000;
/** What a stop leaves to answers that are under way. */
const STOP_MS = 1_000;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  return new CoordinatorHttp(options);
}

class CoordinatorHttp implements HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  readonly #door: Door;
  readonly #site: Site;
  readonly #api: Api;
  readonly #callers: HttpCallers;
  readonly #sessionCalls: SessionCalls;
  readonly #backoff: LoginBackoff | undefined;
  readonly #slowMs: number;
  readonly #unanswered = new Unanswered();
  #page: PageFiles | undefined;
  #address: string;
  #started: Promise<void> | undefined;

  constructor(options: HttpServerOptions) {
    const { inside, logger, tls, origins = [], clock = systemClock, onEnded } = options;
    const listen = { kind: 'tcp', ...options.listen } as const;
    this.#site = { isLocal: isLocal(listen), scheme: tls ? 'https:' : 'http:', origins };
    if (!this.#site.isLocal && !tls)
      throw new AppError('invalid', `${formatListen(listen)}: beyond this machine a coordinator listens only with TLS and a token`);
    const limits = transportLimitsOf(this.#site, options.limits);
    this.#slowMs = limits.slowMs;
    this.#options = options;
    this.#address = formatListen(listen);
    this.#backoff = limits.loginBackoff ? inside.backoff : undefined;
    this.#callers = new HttpCallers({ gate: inside.gate, site: this.#site, sessions: options.sessions, clock });
    this.#sessionCalls = new SessionCalls({ gate: inside.gate, callers: this.#callers, sessions: options.sessions, clock });
    this.#api = new Api({
      ...{ inside, callers: this.#callers, limits, clock, logger, onEnded },
      onInternal: reportTo(logger),
      refuse: (request, response, error) => this.#refuse(request, response, error),
    });
    this.#server = createServer(
      // Requests have limits of their own, by what they are.
      { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_MS, requestTimeout: 0, keepAliveTimeout: IDLE_MS, noDelay: true },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.on('checkContinue', (request, response) => void this.#answer(request, response));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
    // It never listens itself, but its timeouts begin as if it did.
    this.#server.emit('listening');
    this.#door = new Door({
      ...{ listen, tls, logger, protocol: 'http/1.1', firstBytes: 0 },
      limits: {
        total: limits.maxConnections,
        perPeer: limits.maxConnectionsPerPeer,
        handshakeMs: limits.handshakeMs,
        reloadMs: limits.tlsReloadMs,
      },
      onConnection: (socket) => void this.#server.emit('connection', socket),
    });
  }

  get address(): string {
    return this.#address;
  }

  get connections(): number {
    return this.#door.connections;
  }

  start(): Promise<void> {
    return (this.#started ??= this.#listen());
  }

  async stop(): Promise<void> {
    if (!this.#started) return;
    const ended = this.#door.close();
    this.#server.closeIdleConnections();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS)))]);
    clearTimeout(timer);
    this.#server.close();
    this.#door.destroy();
  }

  async #listen(): Promise<void> {
    const { listen, page } = this.#options;
    const { host } = listen;
    this.#page = page === undefined ? undefined : await PageFiles.read(page);
    try {
      this.#address = formatListen({ kind: 'tcp', host, port: await this.#door.open() });
    } catch (cause) {
      throw new AppError(
        'failed_precondition',
        `http ${this.#address}: cannot listen there (${(cause as Error).message}); choose another address by --http`,
        { cause },
      );
    }
  }

  /** Never rejects. */
  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!this.#unanswered.take(request, response)) return;
    const isSecure = 'encrypted' in request.socket;
    for (const [name, value] of Object.entries(isSecure ? TLS_HEADERS : HEADERS)) response.setHeader(name, value);
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
      await this.#dispatch(request, response);
    } catch (error) {
      const told = toldOf(error, (reference, cause) => this.#options.logger.error({ reference, err: cause }, 'internal error'));
      if (response.headersSent) response.destroy();
      else await this.#refuse(request, response, told);
    }
    if (response.writableFinished || response.destroyed) return;
    // Who does not take its answer holds it in memory.
    const late = setTimeout(() => response.destroy(), this.#slowMs);
    late.unref();
    response.once('close', () => clearTimeout(late));
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request.url);
    const path = target && `/${target.segments.join('/')}`;
    if (path === '/healthz' || path === '/readyz') return this.#health(request, response, path);
    this.#checkSite(request, target, path);
    if (path === undefined) throw new AppError('not_found', 'this is no path of this coordinator');
    if (path === '/metrics') return this.#metrics(request, response);
    if (path === SESSION) return this.#sessionCalls.handle(request, response);
    if (path.startsWith(`${API_ROOT}/`)) return this.#api.handle(request, response, target!);
    if (!onlyGet(request, response)) return;
    if (path === '/api/openapi.json') return sendJson(response, 200, await readFile(OPENAPI));
    if (this.#page?.answer(path, request, response) === true) return;
    if (path === '/api' || path.startsWith('/api/')) throw new AppError('not_found', NO_SUCH_PATH);
    if (this.#page) return sendText(response, 404, 'there is no such file here\n');
    sendText(response, path === '/' ? 200 : 404, WELCOME);
  }

  /** What is refused here is told under the method that it is for, or under its path. */
  #checkSite(request: IncomingMessage, target: Target | undefined, path = 'no path'): void {
    try {
      checkHost(this.#site, request.headers.host);
      if (path.startsWith(`${API_ROOT}/`)) checkOrigin(this.#site, request.headers);
    } catch (error) {
      const method = (target && this.#api.rpcPathOf(request, target)) ?? path;
      throw this.#callers.denied(method, request, AppError.from(error));
    }
  }

  async #health(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (!onlyGet(request, response)) return;
    const { inside, notReady } = this.#options;
    const why = path === '/healthz' ? '' : inside.goingAway.aborted ? 'this coordinator is going away' : await notReady();
    sendText(response, why === '' ? 200 : 503, why === '' ? 'ok\n' : `${why}\n`);
  }

  async #metrics(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!onlyGet(request, response)) return;
    if (!isFromHere(this.#site, request.headers) && this.#options.openMetrics !== true) await this.#admitReader(request);
    request.resume();
    this.#options.metrics(request, response);
  }

  /** Labels name models and namespaces of everybody: only who may see all of them reads them. */
  async #admitReader(request: IncomingMessage): Promise<void> {
    const { identity } = await this.#callers.admit(WHO_AM_I, request);
    const { name, scopes, namespaces } = identity;
    if (namespaces === '*' && (scopes.has('read') || scopes.has('operate'))) return;
    const why = `/metrics tells of every namespace: it needs the scope read or operate, for all namespaces, which ${JSON.stringify(name)} has not`;
    throw this.#callers.denied('/metrics', request, new AppError('permission_denied', why), identity);
  }

  /** A login that has failed is answered later and later, as by gRPC. */
  async #refuse(request: IncomingMessage, response: ServerResponse, error: HttpError): Promise<void> {
    const peer = peerOf(request.socket.remoteAddress);
    if (error.code === 'unauthenticated' && this.#backoff && peer !== undefined) {
      const turn = this.#backoff.failed(peer, performance.now());
      if (!turn) {
        request.socket.destroy();
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, turn.delayMs));
      turn.answered();
    }
    if (response.destroyed || response.headersSent) return;
    sendError(response, error, HTTP_STATUS[error.code]);
  }
}

/** Strangers are counted and slowed down, whatever gRPC's own door is set to. */
function transportLimitsOf({ isLocal }: Site, given: Partial<TransportLimits> = {}): TransportLimits {
  if (isLocal) return { ...LOCAL_LIMITS, ...given };
  const { maxConnectionsPerPeer } = DEFAULT_LIMITS;
  return { ...DEFAULT_LIMITS, ...given, maxConnectionsPerPeer: given.maxConnectionsPerPeer || maxConnectionsPerPeer, loginBackoff: true };
}

const OPENAPI = join(import.meta.dirname, '../../shared/http/openapi.json');
const WELCOME = `This is a coordinator of Assay. Its API is at /api/v1, described by /api/openapi.json.

The dashboard would be here, and is not built: in the sources, \`npm run setup\` makes it; then start the coordinator again.
`;
/** Any identity will do. */
const WHO_AM_I = '/assay.v1.IdentityService/WhoAmI';

function onlyGet({ method }: IncomingMessage, response: ServerResponse): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  response.setHeader('allow', 'GET, HEAD');
  sendText(response, 405, 'only GET is answered here\n');
  return false;
}
