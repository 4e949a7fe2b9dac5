/**
 * Keys of agents: Ed25519, made on the agent's host, where the private half stays. What is signed says what for, and for whom: a signature for
 * one thing is none for another.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { isAgentId } from './ids.ts';

/** What stands before the 32 bytes of a public key in SPKI. */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
export const PUBLIC_KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
const DOMAIN = 'assay agent key 1';

export interface KeyPair {
  /** PKCS #8, PEM. */
  readonly privateKey: string;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

export function newKeyPair(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
  return { privateKey: pem, publicKey: publicKeyOf(pem) };
}

/** Of a private key in PEM; throws where it is none, or of another kind. */
export function publicKeyOf(privateKey: string): Buffer {
  const key = createPrivateKey(privateKey);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it is no Ed25519 key');
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES);
}

/** SHA-256: what a key is known by. */
export const fingerprintOf = (publicKey: Uint8Array): Buffer => createHash('sha256').update(publicKey).digest();

// -- what is signed ---------------------------------------------------------------------------------------------------

/** Each text behind its length, so that no two lists of texts are the same bytes. */
function bytesOf(texts: readonly string[]): Buffer {
  return Buffer.concat(
    [DOMAIN, ...texts].flatMap((text) => {
      const bytes = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** That whoever presents a join token has the key. */
export const joinBytes = (tokenHash: string, publicKey: Uint8Array): Buffer => bytesOf(['join', tokenHash, hex(publicKey)]);

/** Where a proof is good: one stream, of one agent, with one fleet. */
export interface ProofPlace {
  nonce: Uint8Array;
  server: string;
  agentId: string;
}

/** That whoever opened this stream has the agent's key. */
export const connectBytes = ({ nonce, server, agentId }: ProofPlace, wireVersion: string, publicKey: Uint8Array): Buffer =>
  bytesOf(['connect', hex(nonce), server, agentId, wireVersion, hex(publicKey)]);

/** That the agent wants another key: signed by both. */
export const rotateBytes = ({ nonce, server, agentId }: ProofPlace, publicKey: Uint8Array): Buffer =>
  bytesOf(['rotate', hex(nonce), server, agentId, hex(publicKey)]);

export const signWith = (privateKey: string, bytes: Uint8Array): Buffer => sign(null, bytes, createPrivateKey(privateKey));

/** False also for what is no key, or no signature. */
export function isSignedBy(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== PUBLIC_KEY_BYTES || signature.length !== SIGNATURE_BYTES) return false;
  try {
    const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
    return verify(null, bytes, key, signature);
  } catch {
    return false;
  }
}

// -- how an agent names itself before it has proved anything ------------------------------------------------------------

const BEARER = 'evk_';

/** It is no secret, and proves nothing. */
export const agentBearer = (agentId: string): string => BEARER + agentId;

export const isAgentBearer = (bearer: string): boolean => bearer.startsWith(BEARER);

/** undefined: it names no agent. */
export function agentOfBearer(bearer: string): string | undefined {
  const agentId = bearer.slice(BEARER.length);
  return isAgentBearer(bearer) && isAgentId(agentId) ? agentId : undefined;
}
