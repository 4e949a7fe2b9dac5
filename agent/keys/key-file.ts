/**
 * The key of an agent that has joined, in `agent.key` of its spool, for its owner alone. While it is being rotated the next one lies beside it: from
 * before the coordinator hears of it until the coordinator asks for it; so does, until it has joined, the one that it joins with.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprintOf, newKeyPair, publicKeyOf } from '../../shared/domain/agent-key.ts';
import { isAgentId } from '../../shared/domain/ids.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { replaceFile } from '../../shared/runtime/durable-file.ts';
import { readPrivateFile } from '../../shared/runtime/private-file.ts';

const SCHEMA = z.object({
  agentId: z.string().refine(isAgentId),
  name: z.string(),
  /** Names the fleet: it is proved to no other. */
  server: z.string().min(1),
  privateKey: z.string(),
});

export type AgentKey = z.infer<typeof SCHEMA>;

const FILE = 'agent.key';
const NEXT = 'agent.key.next';
const JOINING = 'agent.key.joining';
const JOINING_SCHEMA = z.object({ tokenHash: z.string(), privateKey: z.string() });

/** The key with which this spool's agent has joined; undefined: it has not. Throws `failed_precondition` for a file that cannot be used. */
export function readAgentKey(dir: string, file = FILE): AgentKey | undefined {
  const path = join(dir, file);
  try {
    const key = SCHEMA.parse(JSON.parse(readPrivateFile(path).toString('utf8')));
    publicKeyOf(key.privateKey);
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = error instanceof AppError ? error.message : 'holds no key of an agent; remove it and join again with a new join token';
    throw new AppError('failed_precondition', `${path} ${why}`);
  }
}

/** Written whole or not at all; the folder is there. */
export const writeAgentKey = (dir: string, key: AgentKey, file = FILE): Promise<void> =>
  replaceFile(join(dir, file), `${JSON.stringify(key)}\n`);

/**
 * The key to join with by this token: on the disk before anybody hears of it, so that whoever did not hear the answer, or was broken off, comes
 * again with the same one.
 */
export async function joiningKey(dir: string, tokenHash: string): Promise<string> {
  const path = join(dir, JOINING);
  const before = ifUsable(() => JOINING_SCHEMA.parse(JSON.parse(readPrivateFile(path).toString('utf8'))));
  if (before?.tokenHash === tokenHash && ifUsable(() => publicKeyOf(before.privateKey))) return before.privateKey;
  const { privateKey } = newKeyPair();
  await replaceFile(path, `${JSON.stringify({ tokenHash, privateKey })}\n`);
  return privateKey;
}

/** It has joined. */
export const forgetJoining = (dir: string): Promise<void> => rm(join(dir, JOINING), { force: true });

/** Nobody knows a key that cannot be read: another one does as well. */
function ifUsable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** The keys of one agent: the one that holds, and perhaps the next. */
export class AgentKeys {
  readonly #dir: string;
  #key: AgentKey;

  constructor(dir: string, key: AgentKey) {
    this.#dir = dir;
    this.#key = key;
  }

  get agentId(): string {
    return this.#key.agentId;
  }

  get server(): string {
    return this.#key.server;
  }

  /** Of the key that holds. */
  get publicKey(): Buffer {
    return publicKeyOf(this.#key.privateKey);
  }

  /** The private key of which the coordinator knows the public one; the next one becomes the one that holds by being asked for. */
  async asked(fingerprint: Uint8Array): Promise<string> {
    const isIt = (key: AgentKey): boolean => fingerprintOf(publicKeyOf(key.privateKey)).equals(fingerprint);
    if (isIt(this.#key)) return this.#key.privateKey;
    const next = readAgentKey(this.#dir, NEXT);
    if (next && isIt(next)) return (await this.#settle(next)).privateKey;
    // What another process of this agent has written since.
    const written = readAgentKey(this.#dir);
    if (written && isIt(written)) return (this.#key = written).privateKey;
    throw new AppError(
      'unavailable',
      'the coordinator knows another key of this agent than the one in its spool; it may have heard of a rotation late',
    );
  }

  /** The key that holds, and another one that is to: on the disk before anybody hears of it. */
  async next(): Promise<{ privateKey: string; next: string; publicKey: Buffer }> {
    let next = readAgentKey(this.#dir, NEXT);
    if (!next) {
      next = { ...this.#key, privateKey: newKeyPair().privateKey };
      await writeAgentKey(this.#dir, next, NEXT);
    }
    return { privateKey: this.#key.privateKey, next: next.privateKey, publicKey: publicKeyOf(next.privateKey) };
  }

  /** The coordinator has taken a new key. */
  async rotated(publicKey: Uint8Array): Promise<void> {
    const next = readAgentKey(this.#dir, NEXT);
    if (next && publicKeyOf(next.privateKey).equals(publicKey)) await this.#settle(next);
  }

  async #settle(next: AgentKey): Promise<AgentKey> {
    await writeAgentKey(this.#dir, next);
    this.#key = next;
    await rm(join(this.#dir, NEXT), { force: true });
    return next;
  }
}
