/** Whose JWTs are taken, and what they give. */
import { isLoopbackName } from '../../../shared/runtime/redis-url.ts';
import type { Grant } from '../grant.ts';

/** Those with two keys, of which the coordinator has only the one that is public. None that a shared secret makes, and never `none`. */
export const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

export interface ClaimRule extends Grant {
  /** All must be there, and equal. */
  readonly claims: Readonly<Record<string, string | boolean>>;
}

export interface IssuerSettings {
  /** The `iss` of its tokens, letter by letter. */
  readonly issuer: string;
  /** One of these must be in the token's `aud`. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly string[];
  /** Where its keys are; absent: where its discovery document says. */
  readonly jwksUri?: string;
  /** Which claim says who it is. */
  readonly nameClaim: string;
  /** What the clocks of issuer and coordinator may differ by. */
  readonly toleranceMs: number;
  /** A token that was issued longer ago is over, whatever it says itself. */
  readonly maxAgeMs: number;
  /** The first one that fits counts; none: the token is worth nothing. */
  readonly rules: readonly ClaimRule[];
}

/** `https:`, or `http:` on this machine, without anything that hides where it leads. */
export function isEndpoint(text: string, isPlainAllowed = true): boolean {
  const url = URL.parse(text);
  if (!url || url.username !== '' || url.password !== '' || text.includes('#') || /[\s\\]/.test(text)) return false;
  return url.protocol === 'https:' || (isPlainAllowed && url.protocol === 'http:' && isLoopbackName(url.hostname.replace(/^\[|\]$/g, '')));
}
