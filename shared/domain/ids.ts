/**
 * Names of things. All are plain strings; the prefix says what one is.
 *
 * evaluationId  `ev_` + 26 characters: hash of namespace and idempotency key, so that key and evaluation cannot disagree
 * taskId        `<evaluationId>-<sequence>`: consecutive units, handed out together
 * jobId         `<taskId>-<incarnation>`: one BullMQ job; every return to the queue is a new incarnation
 * attemptId     32 hex digits, random: one granted execution of a task, and BullMQ's lock token
 * agentId       `ag_` + 16 hex digits, kept in the agent's spool
 * routeId       `r_` + 16 characters: hash of a normalised requirement
 */
import { createHash, randomBytes, randomFillSync } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** The first `length` base-32 characters (RFC 4648 alphabet, lower case) of the SHA-256 of the parts. */
function shortHash(length: number, ...parts: string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  let bits = 0n;
  for (const byte of hash.digest()) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < length; i++) text += BASE32[Number((bits >> BigInt(251 - 5 * i)) & 31n)];
  return text;
}

export const DEFAULT_NAMESPACE = 'default';

/** Whether a text may name a namespace. */
export const isNamespace = (text: string): boolean => /^[\w.-]{1,64}$/.test(text);

/** The one evaluation that a key can name in a namespace. */
export const evaluationIdOf = (namespace: string, idempotencyKey: string): string =>
  `ev_${shortHash(26, namespace || DEFAULT_NAMESPACE, idempotencyKey)}`;

export const isEvaluationId = (text: string): boolean => /^ev_[a-z2-7]{26}$/.test(text);

export const routeIdOf = (requirement: string): string => `r_${shortHash(16, requirement)}`;

export const taskIdOf = (evaluationId: string, sequence: number): string => `${evaluationId}-${sequence}`;

export const jobIdOf = (taskId: string, incarnation: number): string => `${taskId}-${incarnation}`;

/** The parts of a task id, or undefined if it is none. */
export function parseTaskId(taskId: string): { evaluationId: string; sequence: number } | undefined {
  const match = /^(ev_[a-z2-7]{26})-(\d{1,10})$/.exec(taskId);
  return match ? { evaluationId: match[1]!, sequence: Number(match[2]) } : undefined;
}

/** Random bytes to come, each used once: a dispatcher needs a name for every look at a queue, and to ask for 16 takes as long as for many. */
const stock = Buffer.alloc(4_096);
let used = stock.length;

/** 128 random bits: two attempts never share one, also after a failover (a counter would be re-issued). */
export function newAttemptId(): string {
  if (used === stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += 16;
  return stock.toString('hex', used - 16, used);
}

export const newAgentId = (): string => `ag_${randomBytes(8).toString('hex')}`;
export const isAgentId = (text: string): boolean => /^ag_[0-9a-f]{16}$/.test(text);

/** Names one life of an agent's process. */
export const newInstanceId = (): string => randomBytes(8).toString('hex');

export const newSessionId = (): string => `se_${randomBytes(8).toString('hex')}`;

export const newCoordinatorId = (): string => `co_${randomBytes(6).toString('hex')}`;

/** SHA-256 of content in the form that names it in the store and in specs. */
export const digestOf = (content: string | Uint8Array): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);
