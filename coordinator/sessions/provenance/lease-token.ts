/**
 * A lease as the agent keeps it: what a coordinator has granted, under that coordinator's signature. Pure.
 *
 *   1 byte    the form: 1
 *   8 bytes   the key's id
 *   fields    namespace, evaluation, task, attempt, agent, grant, expiry: each its length (2 bytes, big-endian) and its bytes in UTF-8
 *   32 bytes  HMAC-SHA256 over DOMAIN and all that comes before
 *
 * Lengths stand before texts, so no two leases have the same bytes; the domain stands before all, so that what this key has signed is a lease
 * and nothing else.
 */
import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';

/** What is granted to whom, and until when it can be proved. */
export interface LeaseClaims {
  namespace: string;
  evaluationId: string;
  taskId: string;
  attemptId: string;
  agentId: string;
  /** Its upper half is the ledger's generation. */
  grant: number;
  expiresAtMs: number;
}

export interface LeaseKey {
  /** 16 hex digits. */
  readonly id: string;
  readonly secret: KeyObject;
}

const DOMAIN = Buffer.from('assay.v1 lease\0');
const FORM = 1;
const ID_BYTES = 8;
const HEAD_BYTES = 1 + ID_BYTES;
const MAC_BYTES = 32;
/** As much as an agent keeps. */
export const MAX_LEASE_BYTES = 1_024;
const FIELDS = 7;

export function signLease(key: LeaseKey, claims: LeaseClaims): Buffer {
  const { namespace, evaluationId, taskId, attemptId, agentId, grant, expiresAtMs } = claims;
  const fields = [namespace, evaluationId, taskId, attemptId, agentId, String(grant), String(expiresAtMs)].map((text) => Buffer.from(text));
  const signed = Buffer.alloc(HEAD_BYTES + fields.reduce((sum, field) => sum + 2 + field.length, 0));
  signed[0] = FORM;
  signed.write(key.id, 1, 'hex');
  let at = HEAD_BYTES;
  for (const field of fields) {
    at = signed.writeUInt16BE(field.length, at);
    at += field.copy(signed, at);
  }
  return Buffer.concat([signed, macOf(key, signed)]);
}

/** The id of the key that it says to be signed by; undefined: it is no lease. */
export function keyIdOf(lease: Buffer): string | undefined {
  if (lease.length <= HEAD_BYTES + MAC_BYTES || lease.length > MAX_LEASE_BYTES || lease[0] !== FORM) return undefined;
  return lease.toString('hex', 1, HEAD_BYTES);
}

/** What it says, if this key has signed it. Nothing of it is read before that is known. */
export function openLease(key: LeaseKey, lease: Buffer): LeaseClaims | undefined {
  if (keyIdOf(lease) !== key.id) return undefined;
  const signed = lease.subarray(0, -MAC_BYTES);
  if (!timingSafeEqual(macOf(key, signed), lease.subarray(-MAC_BYTES))) return undefined;
  const fields: string[] = [];
  for (let at = HEAD_BYTES; at < signed.length;) {
    const end = at + 2 + signed.readUInt16BE(at);
    fields.push(signed.toString('utf8', at + 2, end));
    at = end;
  }
  if (fields.length !== FIELDS) return undefined;
  const [namespace, evaluationId, taskId, attemptId, agentId, grant, expiresAtMs] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { namespace, evaluationId, taskId, attemptId, agentId, grant: Number(grant), expiresAtMs: Number(expiresAtMs) };
}

const macOf = ({ secret }: LeaseKey, signed: Buffer): Buffer => createHmac('sha256', secret).update(DOMAIN).update(signed).digest();
