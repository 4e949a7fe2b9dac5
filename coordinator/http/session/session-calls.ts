/** `/api/v1/session`: a browser logs in with a token, asks whose its session is, and logs out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import { isBearer, NO_BEARER } from '../../../shared/domain/bearer.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { describeIdentity, type Identity } from '../../../shared/domain/identity.ts';
import type { SessionInfo } from '../../../shared/http/answers.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { API_ROOT } from '../../../shared/http/table.ts';
import type { Gate } from '../../identity/gate.ts';
import { sendJson } from '../answers.ts';
import { peerNameOf, type HttpCallers } from '../callers.ts';
import { checked, readJson } from '../request.ts';
import type { Sessions } from './redis-sessions.ts';
import { CLEAR_COOKIE, cookieOf, csrfOf, setCookie } from './session.ts';

/** A working day; less where the token ends before. */
const LIFE_MS = 12 * 3_600_000;
const READ_MS = 10_000;
/** Nobody is known yet who sends it. */
const MAX_BYTES = 64 * 1024;
const FORM = z.strictObject({ token: z.string() });
/** Whoever is somebody may log in. */
const WHO_AM_I = '/assay.v1.IdentityService/WhoAmI';
/** It has no method of gRPC. */
export const SESSION = `${API_ROOT}/session`;
const METHODS = 'GET, POST, DELETE';

export interface SessionCallsParts {
  gate: Pick<Gate, 'admit'>;
  callers: HttpCallers;
  sessions: Sessions;
  clock: Clock;
}

export class SessionCalls {
  readonly #parts: SessionCallsParts;

  constructor(parts: SessionCallsParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.method) {
      case 'POST':
        return this.#login(request, response);
      case 'GET':
        return this.#show(request, response);
      case 'DELETE':
        return this.#logout(request, response);
      default:
        response.setHeader('allow', METHODS);
        throw new AppError('unimplemented', `${request.method} is not answered here; there is ${METHODS}`);
    }
  }

  async #login(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { gate, sessions, clock } = this.#parts;
    const { token } = checked(
      'Session',
      FORM,
      await readJson('Session', request, { clock, limitMs: READ_MS, maxBytes: MAX_BYTES }),
    ) as z.infer<typeof FORM>;
    if (!isBearer(token)) throw invalid('Session', [{ place: 'token', problem: NO_BEARER }]);
    const { identity } = await gate.admit(WHO_AM_I, { authorization: [`Bearer ${token}`], peer: peerNameOf(request) });
    const expiresAtMs = Math.min(clock.now() + LIFE_MS, identity.expiresAtMs ?? Infinity);
    const secret = await sessions.open(`${identity.kind} ${describeIdentity(identity)}`, token, expiresAtMs);
    response.setHeader('set-cookie', setCookie(secret, expiresAtMs - clock.now()));
    sendJson(response, 201, infoOf(identity, { secret, expiresAtMs }));
  }

  /** Of a page that has just been opened: its cookie is there, and nothing else. */
  async #show(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { identity } = await this.#parts.callers.admit(WHO_AM_I, request);
    const secret = request.headers.authorization === undefined ? cookieOf(request.headers.cookie) : undefined;
    const session = secret === undefined ? undefined : await this.#parts.sessions.find(secret);
    sendJson(response, 200, infoOf(identity, session && { secret: secret!, expiresAtMs: session.expiresAtMs }));
  }

  async #logout(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const secret = cookieOf(request.headers.cookie);
    const session = secret === undefined ? undefined : await this.#parts.sessions.find(secret);
    if (session) {
      await this.#parts.callers.checkCsrf(SESSION, request, secret!, session);
      await this.#parts.sessions.close(secret!);
    }
    response.writeHead(204, { 'set-cookie': CLEAR_COOKIE }).end();
  }
}

function infoOf(identity: Identity, session: { secret: string; expiresAtMs: number } | undefined): SessionInfo {
  return { identity: whoOf(identity), ...(session && { csrfToken: csrfOf(session.secret), expiresAtMs: session.expiresAtMs }) };
}

const whoOf = ({ name, kind, scopes, namespaces, tokenId, origin, expiresAtMs }: Identity): WhoAmI => ({
  ...{ name, kind, scopes: [...scopes], namespaces },
  ...(tokenId !== undefined && { tokenId }),
  ...(origin !== undefined && { origin }),
  ...(expiresAtMs !== undefined && { expiresAtMs }),
});
