/** One folder, one process: a lock file that names its owner; a crashed owner's lock does not count. */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { AppError } from '../domain/errors.ts';
import { systemClock } from './clock.ts';
import { asIdentity, identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

const TRIES = 100;
const REMOVING_LIMIT_MS = 10_000;

export interface ProcessLock {
  release(): Promise<void>;
}

export interface LockOwner extends ProcessIdentity {
  /** The command that owns it, for people: `assay run`. */
  command: string;
}

export interface LockOptions {
  /** The lock file; its folder must be there. */
  path: string;
  /** Our own name for those who find it taken: `assay run`. */
  command: string;
  /** The sentence for a lock that a living process has: who has what, and what to do. */
  taken: (owner: LockOwner) => string;
}

/** Takes the lock. Throws `failed_precondition` with the words of `taken` if a living process has it. */
export async function takeLock({ path, command, taken }: LockOptions): Promise<ProcessLock> {
  const mine = JSON.stringify({ ...(await identityOf(process.pid)), command } satisfies LockOwner);
  for (let tries = 0; tries < TRIES; tries++) {
    if (await create(path, mine)) return { release: () => releaseIfMine(path, mine) };
    const owner = await lockOwner(path);
    if (owner) throw new AppError('failed_precondition', taken(owner));
    await removeStale(path);
  }
  throw new AppError('failed_precondition', `${path} cannot be taken: other processes are taking it all the time. Try again`);
}

/** The living owner of the lock, if there is one. */
export async function lockOwner(path: string): Promise<LockOwner | undefined> {
  const owner = parseOwner(await readFile(path, 'utf8').catch(() => ''));
  return owner && (await isRunning(owner)) ? owner : undefined;
}

/** Written aside, then linked: the lock is there with its whole content or not at all. */
async function create(path: string, content: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  await writeFile(aside, content, { mode: 0o600 });
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Removes a lock whose owner is dead. Only the holder of a second lock may do that, which looks again first: otherwise two
 * who have both seen the dead owner could remove each other's new lock. That second lock is held for an instant; an old
 * one is a crash's.
 */
async function removeStale(path: string): Promise<void> {
  const removing = `${path}.removing`;
  if (!(await create(removing, String(process.pid)))) {
    const age = Date.now() - ((await stat(removing).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > REMOVING_LIMIT_MS) await rm(removing, { force: true });
    await systemClock.sleep(20);
    return;
  }
  try {
    if (!(await lockOwner(path))) await rm(path, { force: true });
  } finally {
    await rm(removing, { force: true });
  }
}

async function releaseIfMine(path: string, mine: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
}

function parseOwner(text: string): LockOwner | undefined {
  try {
    const value = JSON.parse(text) as { command?: unknown };
    const identity = asIdentity(value);
    return identity && { ...identity, command: typeof value.command === 'string' ? value.command : 'assay' };
  } catch {
    return undefined;
  }
}
