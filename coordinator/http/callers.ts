/** Whose a call by HTTP is: by its `authorization` header as with gRPC, or by the cookie of a browser's session. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Gate } from '../identity/gate.ts';
import type { TLSSocket } from 'node:tls';
import type { PeerIdentity, Verified } from '../identity/authenticator.ts';
import { identityOfCertificate } from '../rpc/peer-identity.ts';
import { isFromOwnPage, type Site } from './security.ts';
import type { Sessions } from './session/redis-sessions.ts';
import { sessionOver, SessionWatch } from './session/session-watch.ts';
import { CSRF_HEADER, cookieOf, isCsrfOf, type OpenSession } from './session/session.ts';

export interface CallersParts {
  gate: Pick<Gate, 'admit' | 'whose' | 'denied'>;
  site: Site;
  sessions: Pick<Sessions, 'find'>;
  clock: Clock;
}

/** Methods that change nothing: a page may be made to send them without doing harm. */
const SAFE = new Set(['GET', 'HEAD']);

export const peerNameOf = ({ socket }: IncomingMessage): string => {
  const { remoteAddress = '', remotePort = 0 } = socket;
  return remoteAddress.includes(':') ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
};

/** Of a connection for which the door has asked for one. */
const certificateOf = ({ socket }: IncomingMessage): PeerIdentity | undefined =>
  'getPeerCertificate' in socket ? identityOfCertificate((socket as TLSSocket).getPeerCertificate()) : undefined;

export class HttpCallers {
  readonly #parts: CallersParts;
  readonly #watch: SessionWatch;

  constructor(parts: CallersParts) {
    this.#parts = parts;
    this.#watch = new SessionWatch(parts);
  }

  /** Throws why the call must not be made. */
  async admit(rpcPath: string, request: IncomingMessage): Promise<Verified> {
    const presented = { certificate: () => certificateOf(request), peer: peerNameOf(request) };
    const authorization = request.headersDistinct['authorization'];
    const cookie = authorization === undefined ? cookieOf(request.headers.cookie) : undefined;
    if (cookie === undefined) return this.#parts.gate.admit(rpcPath, { authorization: authorization ?? [], ...presented });
    const session = await this.#parts.sessions.find(cookie);
    if (!session) throw this.denied(rpcPath, request, sessionOver());
    if (!SAFE.has(request.method ?? '')) await this.checkCsrf(rpcPath, request, cookie, session);
    const verified = await this.#parts.gate.admit(rpcPath, { authorization: [`Bearer ${session.bearer}`], ...presented });
    return { ...verified, watch: (onOver) => this.#watchBoth(verified, cookie, session, onOver) };
  }

  /** Throws unless this coordinator's own page has sent it, in this session. `method`: what is told of. */
  async checkCsrf(method: string, request: IncomingMessage, cookie: string, { bearer }: OpenSession): Promise<void> {
    const { gate, site } = this.#parts;
    const fault = !isFromOwnPage(site, request.headers)
      ? 'must come from this coordinator’s own page'
      : !isCsrfOf(cookie, request.headers[CSRF_HEADER])
        ? `needs the header ${CSRF_HEADER}: the session's csrfToken`
        : undefined;
    if (fault === undefined) return;
    const identity = await gate.whose({ authorization: [`Bearer ${bearer}`], peer: peerNameOf(request) });
    throw this.denied(method, request, new AppError('permission_denied', `a call with a cookie that changes something ${fault}`), identity);
  }

  /** Tells of a call that is refused before it comes to the gate, or behind it; returns the error, to be thrown. */
  denied(method: string, request: IncomingMessage, error: AppError, identity?: Identity): AppError {
    this.#parts.gate.denied({ ...(identity && { identity }), method, peer: peerNameOf(request), reason: error.message });
    return error;
  }

  /** It is over with its token, or with its session: whichever is first. */
  #watchBoth(verified: Verified, cookie: string, session: OpenSession, onOver: (why: AppError) => void): () => void {
    const end = (): void => {
      unwatchToken();
      unwatchSession();
    };
    const once = (why: AppError): void => {
      end();
      onOver(why);
    };
    const unwatchToken = verified.watch(once);
    const unwatchSession = this.#watch.watch(cookie, session, once);
    return end;
  }
}
