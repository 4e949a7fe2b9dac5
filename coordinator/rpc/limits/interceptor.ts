/**
 * The interceptor that stands next to the wire: no compression, a pace for every stream, late answers to failed logins, and an end for calls
 * that stand still or hold too much. It must be the first of a server's interceptors.
 */
import type { Http2Session } from 'node:http2';
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';
import { isAgentBearer } from '../../../shared/domain/agent-key.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { MAX_WIRE_BYTES } from '../../../shared/rpc/channel.ts';
import { FairTurns } from '../../../shared/runtime/fair-turns.ts';
import type { ArrivedCall } from '../known-server.ts';
import { Arrivals, expel, peerNameOf } from './arrivals.ts';
import { FreeCalls } from './free-calls.ts';
import { innardsOf, isLoginFailure, LimitedCall } from './limited-call.ts';
import { LoginBackoff } from './login-backoff.ts';
import { kindOf, maxBytesOf } from './methods.ts';
import { OpenCalls, type OnEnded } from './open-calls.ts';
import { Pace } from '../../../shared/runtime/pace.ts';
import { Seats } from './seats.ts';
import { Strikes } from './strikes.ts';
import type { TransportLimits } from './transport-limits.ts';

export interface LimitsInterceptorOptions {
  readonly limits: TransportLimits;
  /** Of methods that are for everybody: whoever calls them has proved nothing. */
  readonly isFree?: (path: string) => boolean;
  /** `compressed`, `large`, `login` (too many at a time), `late`, `bytes`, `free` (calls without an identity), `resets`. */
  readonly onEnded?: (reason: string, method: string, peer: string, why: string) => void;
  /** This peer has lost a connection for abusing it. */
  readonly onAbuse?: (peer: string) => void;
  /** Where failed logins are counted; other servers of the same coordinator count there too. */
  readonly backoff?: LoginBackoff;
  readonly now?: () => number;
}

export interface LimitsInterceptor {
  /** To be told of every call before it is begun. */
  arrived(call: ArrivedCall): void;
  readonly intercept: ServerInterceptor;
  /** Ends what is late or holds too much; to be called about once a second. */
  sweep(): void;
}

const COMPRESSED = new AppError('unimplemented', 'compressed messages are not taken; send them as they are (grpc-encoding: identity)');
/** Questions about the protocol itself, of all callers together: each costs milliseconds, and nobody's work waits for them. */
const TALK_PER_SECOND = 50;
/** What calls that begin or end may take of one turn of the loop, about five of them: what others wait for comes in between. */
const TURN_MS = 1;
/** Calls that are refused for the form of their messages, of one connection. */
const REFUSED_PER_SECOND = 10;
const REFUSED_AT_ONCE = 100;

export function limitsInterceptor({
  limits,
  isFree = () => false,
  onEnded = () => undefined,
  onAbuse = () => undefined,
  backoff = new LoginBackoff(),
  now = () => performance.now(),
}: LimitsInterceptorOptions): LimitsInterceptor {
  const ended: OnEnded = (reason, { method, peer }, why) => onEnded(reason, method, peer, why);
  const turns = new FairTurns({ maxMs: TURN_MS });
  const { maxPendingBytesPerPeer, maxPendingBytes } = limits;
  // A quarter of what may be pending; the rest is for beginnings, and for what is not read or not taken yet.
  const seatsOf = (bytes: number): number => Math.floor(bytes / 4 / MAX_WIRE_BYTES);
  const seats = new Seats(seatsOf(maxPendingBytesPerPeer), seatsOf(maxPendingBytes));
  const open = new OpenCalls(limits, ended, turns);
  const arrivals = new Arrivals({ onEnded, onAbuse, now, turns });
  const refusals = new Strikes(REFUSED_PER_SECOND, REFUSED_AT_ONCE);
  const refused = (reason: string, { method, peer, session }: LimitedCall, why: string): void => {
    onEnded(reason, method, peer, why);
    if (!session || session.destroyed || refusals.isBorne(session, now())) return;
    onAbuse(peer);
    expel(session);
  };
  const onTooLarge = (call: LimitedCall): void => refused('large', call, 'messages are larger than they may be');
  const free = new FreeCalls({
    countsPeers: limits.maxConnectionsPerPeer > 0,
    onEnded: ({ method, peer }, why) => onEnded('free', method, peer, why),
    now,
  });
  const talk = new Pace(TALK_PER_SECOND, now());
  const trusted = new WeakSet<Http2Session>();
  return {
    arrived: (call) => arrivals.take(call),
    sweep: () => open.sweep(now()),
    intercept: ({ path, requestStream, responseStream }, call) => {
      const { stream, encoding } = innardsOf(call);
      const peer = peerNameOf(stream.session);
      const kind = kindOf(path, requestStream, responseStream);
      // What is for everybody has a bound of its own.
      const maxBytes = isFree(path) ? Infinity : maxBytesOf(path);
      const limited = new LimitedCall({ method: path, kind, maxBytes, peer, stream, call, limits, seats, nowMs: now(), onTooLarge });
      open.add(limited);
      if (isFree(path)) free.add(limited);
      return new WatchedCall(call, { limited, encoding, refused, backoff, talk, trusted, limits, isFree, onEnded, onAbuse, now });
    },
  };
}

interface Watch extends Required<LimitsInterceptorOptions> {
  readonly limited: LimitedCall;
  readonly encoding: string;
  /** It was refused for its form. */
  readonly refused: (reason: string, call: LimitedCall, why: string) => void;
  readonly talk: Pace;
  /** Connections on which somebody was let in: others may share them, behind a proxy. */
  readonly trusted: WeakSet<Http2Session>;
}

class WatchedCall extends ServerInterceptingCall {
  readonly #watch: Watch;
  #waitMs = 0;
  #isAdmitted = false;
  /** An agent with a key has only said who it is: it is let in with the second message that it is sent, behind its challenge. */
  #mustProve = false;
  #isChallenged = false;

  constructor(call: ServerInterceptingCallInterface, watch: Watch) {
    const { limited, limits, now } = watch;
    const pace = new Pace(limits.maxMessagesPerSecond, now(), Math.ceil(limits.maxMessagesPerSecond / 10));
    super(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, proceed) => {
            this.#mustProve = metadata.get('authorization').some((value) => isAgentBearer(String(value).replace(/^bearer +/i, '')));
            if (watch.encoding === 'identity') return proceed(metadata);
            limited.refuse(COMPRESSED, now());
            watch.refused('compressed', limited, 'compressed messages are not taken');
          },
          onReceiveMessage: (message, proceed) => {
            limited.received();
            this.#waitMs = pace.next(now());
            proceed(message);
          },
          onReceiveHalfClose: (proceed) => {
            limited.whole();
            proceed();
          },
        }),
      sendMetadata: (metadata, next) => {
        metadata.set('grpc-accept-encoding', 'identity');
        next(metadata);
      },
      sendMessage: (message, next) => {
        if (this.#mustProve && this.#isChallenged) this.#admit();
        this.#isChallenged = true;
        next(message);
      },
      sendStatus: (status, next) => {
        const send = (): void => {
          next(status);
          limited.answered(now());
        };
        // Whoever was let in has not failed to log in: a token that is revoked ends its calls at once.
        const isLogin = !this.#isAdmitted && isLoginFailure(status.code ?? 0);
        if (isLogin && limits.loginBackoff && !limited.isOver) answerLate(watch, send);
        else send();
      },
    });
    this.#watch = watch;
  }

  #admit(): void {
    if (this.#isAdmitted) return;
    this.#isAdmitted = true;
    const { limited, trusted, isFree } = this.#watch;
    if (limited.stream.session && !isFree(limited.method)) trusted.add(limited.stream.session);
  }

  /** Reads the next message once it may come; what is not read holds its sender. */
  override startRead(): void {
    // Only the handler of a call that was let in reads.
    if (!this.#mustProve) this.#admit();
    const { limited, now, talk } = this.#watch;
    const waitMs = limited.kind === 'talk' ? talk.next(now()) : this.#waitMs;
    this.#waitMs = 0;
    const read = (): void => {
      limited.reading(now());
      super.startRead();
    };
    if (waitMs === 0) read();
    else setTimeout(read, waitMs).unref();
  }
}

function answerLate({ limited, backoff, trusted, onEnded, now }: Watch, send: () => void): void {
  const turn = backoff.failed(limited.peer, now());
  if (turn) {
    setTimeout(() => {
      turn.answered();
      send();
    }, turn.delayMs).unref();
    return;
  }
  onEnded('login', limited.method, limited.peer, 'too many failed logins wait for their answer');
  const { session } = limited.stream;
  // Where somebody else was let in only this call is cut.
  if (session && !trusted.has(session)) expel(session);
  else limited.cut();
}
