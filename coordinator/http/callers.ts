/** Whose a call by HTTP is: by its `authorization` header as with gRPC, or by the cookie of a browser's session. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../../shared/domain/errors.ts';
import type { Gate } from '../identity/gate.ts';
import type { TLSSocket } from 'node:tls';
import type { PeerIdentity, Verified } from '../identity/authenticator.ts';
import { identityOfCertificate } from '../rpc/peer-identity.ts';
import { isFromOwnPage, type Site } from './security.ts';
import { COOKIE, CSRF_HEADER, cookieOf, isCsrfOf, type OpenSession } from './session/session.ts';

export interface CallersParts {
  gate: Pick<Gate, 'admit'>;
  site: Site;
  /** What the cookie stands for; undefined: there is no such session, or it is over. */
  sessionOf: (cookie: string) => Promise<OpenSession | undefined>;
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

  constructor(parts: CallersParts) {
    this.#parts = parts;
  }

  /** Throws why the call must not be made. */
  async admit(rpcPath: string, request: IncomingMessage): Promise<Verified> {
    const authorization: readonly unknown[] = request.headersDistinct['authorization'] ?? (await this.#ofCookie(request));
    return this.#parts.gate.admit(rpcPath, { authorization, certificate: () => certificateOf(request), peer: peerNameOf(request) });
  }

  async #ofCookie(request: IncomingMessage): Promise<string[]> {
    const cookie = cookieOf(request.headers.cookie);
    if (cookie === undefined) return [];
    const session = await this.#parts.sessionOf(cookie);
    if (!session)
      throw new AppError('unauthenticated', `the session of the cookie ${COOKIE} is over: log in again`, { reason: 'SESSION_OVER' });
    if (!SAFE.has(request.method ?? '')) this.checkCsrf(request, cookie);
    return [`Bearer ${session.bearer}`];
  }

  /** Throws unless this coordinator's own page has sent it, in this session. */
  checkCsrf({ headers }: IncomingMessage, cookie: string): void {
    if (!isFromOwnPage(this.#parts.site, headers))
      throw new AppError('permission_denied', 'a call with a cookie that changes something must come from this coordinator’s own page');
    if (!isCsrfOf(cookie, headers[CSRF_HEADER]))
      throw new AppError(
        'permission_denied',
        `a call with a cookie that changes something needs the header ${CSRF_HEADER}: the session's csrfToken`,
      );
  }
}
