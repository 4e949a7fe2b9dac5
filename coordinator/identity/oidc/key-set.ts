/** The public keys in an issuer's document. Pure but for the import of keys. */
import { createHash } from 'node:crypto';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import { z } from 'zod';

/** An issuer has a handful. */
const MAX_KEYS = 100;
/** 8,192 bits of RSA, in base64url. */
const MAX_CHARS = 1_400;

const part = z
  .string()
  .regex(/^[\w-]+$/)
  .max(MAX_CHARS);
/** Only what is public is kept, and nothing that says where to find something. */
const PUBLIC = z.union([
  z.object({ kty: z.literal('RSA'), n: part, e: part.max(8) }),
  z.object({ kty: z.literal('EC'), crv: z.enum(['P-256', 'P-384', 'P-521']), x: part, y: part }),
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: part }),
]);
const ABOUT = z.object({
  kid: z.string().max(256).optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
});
const DOCUMENT = z.object({ keys: z.array(z.unknown()).max(MAX_KEYS) });

export interface IssuerKey {
  readonly kid: string | undefined;
  /** Of the key itself: the same key under another name is the same. */
  readonly thumbprint: string;
  /** Whether a signature of this kind can be its own. */
  fits(alg: string): boolean;
  /** Made for one algorithm, and good for no other. */
  of(alg: string): Promise<CryptoKey>;
}

/** Those that can be used; undefined: this is no such document. What is not understood, or is for something else, is passed over. */
export function keysIn(document: unknown): IssuerKey[] | undefined {
  const read = DOCUMENT.safeParse(document);
  if (!read.success) return undefined;
  return read.data.keys.map(keyOf).filter((key) => key !== undefined);
}

function keyOf(value: unknown): IssuerKey | undefined {
  const [key, about] = [PUBLIC.safeParse(value), ABOUT.safeParse(value)];
  if (!key.success || !about.success) return undefined;
  const { kid, use, alg: only, key_ops: uses } = about.data;
  if ((use !== undefined && use !== 'sig') || (uses && !uses.includes('verify'))) return undefined;
  const jwk: JWK = key.data;
  const imported = new Map<string, Promise<CryptoKey>>();
  return {
    kid,
    thumbprint: createHash('sha256')
      .update(JSON.stringify([jwk.kty, jwk.crv, jwk.n, jwk.e, jwk.x, jwk.y]))
      .digest('hex'),
    fits: (alg) => kindOf(alg) === (jwk.crv ?? jwk.kty) && (only === undefined || sameAlgorithm(only, alg)),
    of: (alg) => {
      const made = imported.get(alg) ?? (importJWK(jwk, alg) as Promise<CryptoKey>);
      imported.set(alg, made);
      return made;
    },
  };
}

/** What the key of an algorithm is made of; undefined: it is not one with two keys. */
function kindOf(alg: string): string | undefined {
  if (/^[RP]S(256|384|512)$/.test(alg)) return 'RSA';
  return { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521', EdDSA: 'Ed25519', Ed25519: 'Ed25519' }[alg];
}

/** One of them has two names. */
const sameAlgorithm = (a: string, b: string): boolean => a === b || (kindOf(a) === 'Ed25519' && kindOf(b) === 'Ed25519');
