/** An OIDC issuer on this machine: keys that can be changed and taken out, and tokens of every kind, good and bad. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

export interface SigningKey {
  kid: string;
  alg: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

export interface SignOptions {
  key?: SigningKey;
  /** Beside `alg` and `kid`, or in their place. */
  header?: Record<string, unknown>;
}

export async function makeKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true, ...(alg === 'EdDSA' && { crv: 'Ed25519' }) });
  return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

const base64url = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token that nobody has signed. */
export const unsigned = (header: object, claims: object, signature = ''): string =>
  `${base64url(header)}.${base64url(claims)}.${signature}`;

export class OidcIssuer {
  readonly #server: Server;
  /** What is published. */
  keys: SigningKey[];
  /** Paths that were asked for. */
  asked: string[] = [];
  /** Answers in the place of its own, by path. */
  readonly answers = new Map<string, { status?: number; body?: string | Buffer; headers?: Record<string, string> }>();
  /** Takes questions, and answers none. */
  isSilent = false;

  private constructor(server: Server, keys: SigningKey[]) {
    this.#server = server;
    this.keys = keys;
  }

  static async start(keys?: SigningKey[]): Promise<OidcIssuer> {
    const server = createServer((request, response) => {
      const path = request.url!;
      issuer.asked.push(path);
      if (issuer.isSilent) return;
      const own: Record<string, unknown> = {
        [DISCOVERY]: { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` },
        '/keys': { keys: issuer.keys.map(({ jwk }) => jwk) },
      };
      const { status = 200, body = JSON.stringify(own[path] ?? {}), headers = {} } = issuer.answers.get(path) ?? {};
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    });
    const issuer = new OidcIssuer(server, keys ?? [await makeKey('first')]);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What a good token says, for an hour. */
  claims(more: Record<string, unknown> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.url, aud: 'assay', sub: 'ada', iat: now, exp: now + 3600, ...more };
  }

  /** A token with these claims beside, or in the place of, the usual ones. */
  token(more: Record<string, unknown> = {}, { key = this.keys[0]!, header = {} }: SignOptions = {}): Promise<string> {
    return new SignJWT(this.claims(more)).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export const DISCOVERY = '/.well-known/openid-configuration';
