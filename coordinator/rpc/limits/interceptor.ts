/**
 * The interceptor that stands next to the wire: no compression, a pace for every stream, late answers to failed logins, and an end for calls
 * that stand still or hold too much. It must be the first of a server's interceptors.
 */
import { constants, type Http2Session } from 'node:http2';
import { ServerInterceptingCall, type ServerInterceptingCallInterface, type ServerInterceptor } from '@grpc/grpc-js';
import { isAgentBearer } from '../../../shared/domain/agent-key.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { peerOf } from '../../../shared/rpc/peer-address.ts';
import { FreeCalls } from './free-calls.ts';
import { innardsOf, isLoginFailure, LimitedCall, type CallKind } from './limited-call.ts';
import { LoginBackoff } from './login-backoff.ts';
import { OpenCalls, type OnEnded } from './open-calls.ts';
import { Pace } from './pace.ts';
import type { TransportLimits } from './transport-limits.ts';

export interface LimitsInterceptorOptions {
  readonly limits: TransportLimits;
  /** Of methods that are for everybody: whoever calls them has proved nothing. */
  readonly isFree?: (path: string) => boolean;
  /** `compressed`, `login` (too many at a time), `late`, `bytes`, `free` (calls without an identity). */
  readonly onEnded?: (reason: string, method: string, peer: string, why: string) => void;
  /** This peer has lost a connection for abusing it. */
  readonly onAbuse?: (peer: string) => void;
  /** Where failed logins are counted; other servers of the same coordinator count there too. */
  readonly backoff?: LoginBackoff;
  readonly now?: () => number;
}

export interface LimitsInterceptor {
  readonly intercept: ServerInterceptor;
  /** Ends what is late or holds too much; to be called about once a second. */
  sweep(): void;
}

/** The methods that the client's library gives more than a minute: they read datasets, or many evaluations. */
const LONG = new Set(
  [
    ...['SubmitEvaluation', 'ValidateEvaluation', 'UpdateEvaluation', 'RequeueSamples', 'SkipSamples', 'RecoverEvaluation'],
    ...['PauseEvaluation', 'ResumeEvaluation', 'CancelEvaluation', 'DeleteEvaluation', 'ReplayDeadLetters', 'DropDeadLetters'],
  ].map((name) => `/assay.v1.EvaluationService/${name}`),
);
/** Who cancels sooner did not want an answer; deadlines are longer. */
const RAPID_MS = 1000;
const RESETS_AT_ONCE = 300;
const RESETS_PER_SECOND = 20;
const COMPRESSED = new AppError('unimplemented', 'compressed messages are not taken; send them as they are (grpc-encoding: identity)');
/** Questions about the protocol itself, of all callers together: each costs milliseconds, and nobody's work waits for them. */
const TALK_PER_SECOND = 50;
const AGENT = '/assay.v1.AgentService/Connect';
/** A coordinator that is reached through a socket of its machine. */
const THIS_MACHINE = 'local';

export function limitsInterceptor({
  limits,
  isFree = () => false,
  onEnded = () => undefined,
  onAbuse = () => undefined,
  backoff = new LoginBackoff(),
  now = () => performance.now(),
}: LimitsInterceptorOptions): LimitsInterceptor {
  const ended: OnEnded = (reason, { method, peer }, why) => onEnded(reason, method, peer, why);
  const open = new OpenCalls(limits, ended);
  const resets = new Resets();
  const free = new FreeCalls({
    countsPeers: limits.maxConnectionsPerPeer > 0,
    onEnded: ({ method, peer }, why) => onEnded('free', method, peer, why),
    now,
  });
  const talk = new Pace(TALK_PER_SECOND, now());
  const trusted = new WeakSet<Http2Session>();
  return {
    sweep: () => open.sweep(now()),
    intercept: ({ path, requestStream, responseStream }, call) => {
      const { stream, encoding } = innardsOf(call);
      const peer = peerOf(stream.session?.socket.remoteAddress) ?? THIS_MACHINE;
      const { session } = stream;
      const startMs = now();
      const onClose = (): void => {
        if (stream.rstCode === constants.NGHTTP2_NO_ERROR || now() - startMs > RAPID_MS || !session || resets.count(session, now())) return;
        onEnded('resets', path, peer, 'calls are reset as fast as they are made');
        onAbuse(peer);
        expel(session);
      };
      // It is over before it has begun: nothing needs to be built for it.
      if (stream.destroyed || stream.closed) {
        onClose();
        return new ServerInterceptingCall(call);
      }
      stream.once('close', onClose);
      const kind = kindOf(path, requestStream, responseStream);
      const limited = new LimitedCall({ method: path, kind, peer, stream, call, limits, nowMs: startMs });
      open.add(limited);
      if (isFree(path)) free.add(limited);
      return new WatchedCall(call, { limited, encoding, backoff, talk, trusted, limits, isFree, onEnded, onAbuse, now });
    },
  };
}

function kindOf(path: string, requestStream: boolean, responseStream: boolean): CallKind {
  if (path === AGENT) return 'agent';
  if (requestStream) return responseStream ? 'talk' : 'upload';
  if (responseStream) return 'watch';
  return LONG.has(path) ? 'long' : 'short';
}

interface Watch extends Required<LimitsInterceptorOptions> {
  readonly limited: LimitedCall;
  readonly encoding: string;
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
            watch.onEnded('compressed', limited.method, limited.peer, 'compressed messages are not taken');
            limited.refuse(COMPRESSED, now());
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

function expel(session: Http2Session): void {
  if (session.destroyed) return;
  session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  session.destroy();
}

/** Calls that were reset soon after they came, of each connection. HTTP/2 itself bears a thousand, which holds everybody up. */
class Resets {
  readonly #paces = new WeakMap<Http2Session, Pace>();

  /** Whether one more may be. */
  count(session: Http2Session, nowMs: number): boolean {
    let pace = this.#paces.get(session);
    if (!pace) this.#paces.set(session, (pace = new Pace(RESETS_PER_SECOND, nowMs, RESETS_AT_ONCE)));
    return pace.next(nowMs) === 0;
  }
}
