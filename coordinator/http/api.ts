/** The JSON API: each request finds its row, its caller, its method; and is answered. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import type { HttpError } from '../../shared/http/errors.ts';
import type { Input, Route } from '../../shared/http/route.ts';
import { httpRoutes } from '../../shared/http/table.ts';
import type { BareMethod, CallInfo, RpcLogger } from '../../shared/rpc/handler.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { TransportLimits } from '../rpc/limits/transport-limits.ts';
import { peerOf } from '../../shared/rpc/peer-address.ts';
import type { Report } from '../../shared/rpc/status.ts';
import type { Inside } from '../rpc/server.ts';
import { sendError, toldOf } from './answers.ts';
import { BodyRoom } from './body-room.ts';
import { sizeOf, uploaded } from './body.ts';
import { peerNameOf, type HttpCallers } from './callers.ts';
import { Giver } from './giver.ts';
import { messagesOf, methodOf } from './invoke.ts';
import { checked, inOurWords, readJson, readQuery, type Target } from './request.ts';
import { Router, type Found } from './router.ts';

/** What reads datasets, or many evaluations, may take: as by gRPC. */
const LONG_MS = 615_000;
const NO_BODY = z.strictObject({});

export interface ApiParts {
  inside: Inside;
  callers: HttpCallers;
  limits: Pick<TransportLimits, 'callMs' | 'slowMs' | 'maxPendingBytes' | 'maxPendingBytesPerPeer'>;
  clock: Clock;
  logger: RpcLogger;
  onInternal: Report;
  /** Told of every call when it is over. */
  onEnded?: ((route: string, code: string, durationMs: number) => void) | undefined;
  /** Answers a failure; one that failed to log in may have to wait for it. */
  refuse: (request: IncomingMessage, response: ServerResponse, error: HttpError) => Promise<void>;
}

export class Api {
  readonly #parts: ApiParts;
  readonly #router: Router;
  readonly #giver: Giver;
  readonly #bodies: BodyRoom;
  readonly #methods: ReadonlyMap<Route, BareMethod>;

  constructor(parts: ApiParts) {
    this.#parts = parts;
    const routes = httpRoutes();
    this.#router = new Router(routes);
    this.#giver = new Giver(parts);
    this.#bodies = new BodyRoom(parts.limits);
    this.#methods = new Map(routes.map((route) => [route, methodOf(route, parts.inside.methods)]));
  }

  /** The method of gRPC that a request is for; undefined: there is none. */
  rpcPathOf({ method = '' }: IncomingMessage, { segments }: Target): string | undefined {
    try {
      const found = this.#router.find(method, segments);
      return 'route' in found ? found.route.rpc.path : undefined;
    } catch {
      return undefined;
    }
  }

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse, { segments, query }: Target): Promise<void> {
    const startedMs = performance.now();
    let name = '';
    let code = 'ok';
    try {
      const found = this.#router.find(request.method ?? '', segments);
      if ('allowed' in found) return refuseMethod(request, response, found.allowed);
      name = `${found.route.method} ${found.route.path}`;
      await this.#answer(request, response, found, query);
    } catch (error) {
      code = await this.#failed(request, response, name, error);
    } finally {
      if (name !== '') this.#parts.onEnded?.(name, code, performance.now() - startedMs);
    }
  }

  async #failed(request: IncomingMessage, response: ServerResponse, route: string, error: unknown): Promise<string> {
    const { onInternal, refuse, logger } = this.#parts;
    const told = toldOf(error, onInternal);
    const { code, message } = told;
    // A fault's text may quote what the caller wrote: its first line is enough for the log.
    const fields = { route, peer: peerNameOf(request), code, details: message.split('\n', 1)[0]!.slice(0, 300) };
    if (code === 'internal' || code === 'unavailable') logger.warn(fields, 'http call failed');
    else if (code === 'cancelled') logger.debug(fields, 'http call ended');
    else logger.info(fields, 'http call refused');
    if (response.headersSent) response.destroy();
    else await refuse(request, response, told);
    return code;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, { route, params }: Found, query: URLSearchParams): Promise<void> {
    const { inside, callers, limits } = this.#parts;
    const { path } = route.rpc;
    const peer = peerNameOf(request);
    const { identity, watch } = await callers.admit(path, request);
    const gone = new AbortController();
    const over = new AbortController();
    const onGone = (): void => gone.abort(new AppError('cancelled', 'the caller is gone'));
    response.once('close', onGone);
    const unwatch = watch((why) => {
      inside.gate.denied({ identity, method: path, peer, reason: why.message });
      // The caller is told first: what the method does on hearing of it goes nowhere then.
      gone.abort(why);
      over.abort(why);
    });
    const room = this.#bodies.of(peerOf(request.socket.remoteAddress) ?? '');
    const late = limitOf(route, limits.callMs, (why) => gone.abort(why));
    try {
      const asked = readQuery(nameOf(route), route.query, withCursor(request, route, query));
      const info: CallInfo = { signal: gone.signal, goingAway: inside.goingAway, over: over.signal, identity, method: path, peer };
      const input = await this.#inputOf(request, response, { route, params }, asked, room.take);
      const rest = route.isUpload ? uploaded(request, limits.slowMs, () => goOn(request, response)) : nothing();
      const messages = messagesOf(this.#methods.get(route)!, route.request(input), rest, info);
      await context
        .with(propagation.extract(ROOT_CONTEXT, request.headers), () => this.#giver.give(response, route, messages, identity, gone.signal))
        .catch((error: unknown) => {
          throw inOurWords(error, Object.keys({ ...route.query.shape, ...route.body?.shape }));
        });
    } finally {
      clearTimeout(late);
      room.leave();
      unwatch();
      response.off('close', onGone);
    }
  }

  async #inputOf(
    request: IncomingMessage,
    response: ServerResponse,
    { route, params }: Found,
    query: Record<string, unknown>,
    take: (bytes: number) => void,
  ): Promise<Input> {
    const { clock, limits } = this.#parts;
    const what = nameOf(route);
    const sizeBytes = route.isUpload ? sizeOf(what, request) : 0;
    if (route.isUpload) return { params, query, body: {}, sizeBytes };
    goOn(request, response);
    const body = await readJson(what, request, { clock, limitMs: limits.callMs, take });
    return { params, query, body: checked(what, route.body ?? NO_BODY, body), sizeBytes };
  }
}

/** Of its method. */
const nameOf = ({ rpc }: Route): string => rpc.path.split('/').at(-1)!;

/** A browser sends where it was by itself when it comes again; what it came with first stands in its URL still. */
function withCursor({ headers }: IncomingMessage, { query: { shape } }: Route, query: URLSearchParams): URLSearchParams {
  const lastEventId = headers['last-event-id'];
  if (typeof lastEventId === 'string' && lastEventId !== '' && 'cursor' in shape) query.set('cursor', lastEventId);
  return query;
}

/** Who asks before it sends is told to, now that it is wanted. */
function goOn(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}

/** Answers that go on have no end of their own. */
function limitOf(route: Route, callMs: number, onLate: (why: AppError) => void): NodeJS.Timeout | undefined {
  if (route.gives !== 'one' || route.isUpload) return undefined;
  const ms = route.method === 'GET' ? callMs : Math.max(callMs, LONG_MS);
  return setTimeout(() => onLate(new AppError('deadline', `the call took longer than ${ms / 1000} s`)), ms);
}

function refuseMethod({ method }: IncomingMessage, response: ServerResponse, allowed: readonly string[]): void {
  const there = allowed.join(', ');
  response.setHeader('allow', there);
  sendError(response, { code: 'unimplemented', message: `${method} is not answered here; there is ${there}` }, 405);
}

async function* nothing(): AsyncGenerator<object> {
  // there is no upload
}
