/**
 * API tokens: `evt_`, 256 random bits in 52 base-32 characters, and 7 that check them. So a scanner for secrets finds one by its shape
 * (`evt_[a-z2-7]{59}`), and what was mistyped is known as no token before anybody is asked. Join tokens are the same with `evj_`.
 */
import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'evt_';
const JOIN_PREFIX = 'evj_';
const BODY = 52;
const CHECK = 7;
const FORM = /^[a-z2-7]{59}$/;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A new one. It is shown once, and kept nowhere. */
export const newApiToken = (): string => newToken(PREFIX);

/** A new one, good for one agent. */
export const newJoinToken = (): string => newToken(JOIN_PREFIX);

function newToken(prefix: string): string {
  const body = base32(randomBytes(32), BODY);
  return prefix + body + checkOf(body);
}

/** Whether it looks like one at all. */
export const hasTokenPrefix = (text: string): boolean => text.startsWith(PREFIX);

/** Whether it can be one. */
export const isApiToken = (text: string): boolean => isToken(PREFIX, text);

export const isJoinToken = (text: string): boolean => isToken(JOIN_PREFIX, text);

function isToken(prefix: string, text: string): boolean {
  const rest = text.slice(prefix.length);
  return text.startsWith(prefix) && FORM.test(rest) && checkOf(rest.slice(0, BODY)) === rest.slice(BODY);
}

/** What is kept of a token: SHA-256, 64 hex digits. */
export const hashOfToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** What people call a token by: `tk_` and 16 characters. Says nothing of the token. */
export const tokenIdOf = (hash: string): string => `tk_${base32(createHash('sha256').update(`id:${hash}`).digest(), 16)}`;

/** The same of a join token: `jt_` and 16 characters. */
export const joinTokenIdOf = (hash: string): string => tokenIdOf(hash).replace('tk_', 'jt_');

export const isJoinTokenId = (text: string): boolean => /^jt_[a-z2-7]{16}$/.test(text);

export const isTokenId = (text: string): boolean => /^tk_[a-z2-7]{16}$/.test(text);

const checkOf = (body: string): string => base32(createHash('sha256').update(`check:${body}`).digest(), CHECK);

/** The first `length` characters of 5 bits each. */
function base32(bytes: Buffer, length: number): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  const total = BigInt(bytes.length * 8);
  for (let i = 1n; i <= BigInt(length); i++) {
    const shift = total - 5n * i;
    text += BASE32[Number((shift >= 0n ? bits >> shift : bits << -shift) & 31n)];
  }
  return text;
}
