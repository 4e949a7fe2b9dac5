/**
 * What one coordinator says to another by way of Redis, where nobody else is to read it: sealed under a key that the store keeps. Pure, but for chance.
 *
 *   8 bytes   the key's id
 *   12 bytes  chance
 *   16 bytes  the seal of AES-256-GCM, also over what it is about
 *   the rest  the text
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { LeaseKey } from './lease-token.ts';

const ID_BYTES = 8;
const CHANCE_BYTES = 12;
const SEAL_BYTES = 16;
const HEAD_BYTES = ID_BYTES + CHANCE_BYTES + SEAL_BYTES;

/** A key of its own for each purpose: what signs leases seals nothing. */
const keyFor = ({ secret }: LeaseKey): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', 'assay.v1 between coordinators', 32));

export function sealed(key: LeaseKey, text: string, about: string): string {
  const chance = randomBytes(CHANCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyFor(key), chance).setAAD(Buffer.from(about));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from(key.id, 'hex'), chance, cipher.getAuthTag(), bytes]).toString('base64');
}

/** undefined: it is nothing of ours, or was said about something else. */
export function unsealed(keyOf: (id: string) => LeaseKey | undefined, text: string, about: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  const key = bytes.length < HEAD_BYTES ? undefined : keyOf(bytes.toString('hex', 0, ID_BYTES));
  if (!key) return undefined;
  const chance = bytes.subarray(ID_BYTES, ID_BYTES + CHANCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', keyFor(key), chance, { authTagLength: SEAL_BYTES })
    .setAAD(Buffer.from(about))
    .setAuthTag(bytes.subarray(ID_BYTES + CHANCE_BYTES, HEAD_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
