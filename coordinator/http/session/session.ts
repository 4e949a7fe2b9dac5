/**
 * A browser's session: a cookie in place of a token. What the cookie holds is the key to the session: under a hash of it, Redis has the token,
 * encrypted by another. So neither Redis alone nor a log of it opens anything, every coordinator takes the cookie, and with its token it ends.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

export const COOKIE = '__Host-assay';
export const CSRF_HEADER = 'x-assay-csrf';

/** What a session stands for. */
export interface OpenSession {
  readonly bearer: string;
  readonly expiresAtMs: number;
}

const SECRET = /^[A-Za-z0-9_-]{43}$/;

export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The one cookie of ours; with several of that name none is believed. */
export function cookieOf(header: string | undefined): string | undefined {
  const own = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${COOKIE}=`))
    .map((part) => part.slice(COOKIE.length + 1));
  return own.length === 1 ? own[0] : undefined;
}

export const isSecret = (cookie: string): boolean => SECRET.test(cookie);

export const setCookie = (secret: string, lifeMs: number): string =>
  `${COOKIE}=${secret}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=${Math.floor(lifeMs / 1000)}`;

export const CLEAR_COOKIE = `${COOKIE}=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0`;

const derived = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', `assay session: ${purpose}`, 32));

/** Its name in Redis. */
export const nameOf = (secret: string): string => derived(secret, 'name').toString('hex');

/** What a page sends along with calls that change something: nobody else can know it. */
export const csrfOf = (secret: string): string => derived(secret, 'csrf').toString('base64url');

export function isCsrfOf(secret: string, sent: string | string[] | undefined): boolean {
  const expected = Buffer.from(csrfOf(secret));
  const given = Buffer.from(typeof sent === 'string' ? sent : '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(secret: string, session: OpenSession): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derived(secret, 'seal'), nonce);
  return Buffer.concat([nonce, cipher.update(JSON.stringify(session)), cipher.final(), cipher.getAuthTag()]);
}

/** undefined: it is not what this secret has sealed. */
export function unseal(secret: string, sealed: Buffer): OpenSession | undefined {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived(secret, 'seal'), sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString()) as OpenSession;
  } catch {
    return undefined;
  }
}
