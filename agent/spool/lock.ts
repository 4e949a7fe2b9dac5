/**
 * One folder, one process: a lock file that names its holder by pid and process start time, so that a lock left behind by
 * a crash is told from a living holder, also when its pid has been given to somebody else.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';

interface Holder {
  pid: number;
  /** The kernel's start time of the process; '' where there is no /proc. */
  startTime: string;
}

export interface FolderLock {
  release(): Promise<void>;
}

/** Takes the lock of a folder; throws `failed_precondition` that names the holder if a living process has it. */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const path = join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startTime: await startTimeOf(process.pid) } satisfies Holder);
  for (let tries = 0; tries < 3; tries++) {
    if (await create(path, mine)) return { release: () => rm(path, { force: true }) };
    const text = await readFile(path, 'utf8').catch(() => '');
    const holder = parseHolder(text);
    if (holder && (await isAlive(holder))) throw heldBy(dir, holder);
    await removeStale(path, text);
  }
  throw new AppError('failed_precondition', `${dir}: another process is taking this folder at the same time. Start one agent per spool.`);
}

const heldBy = (dir: string, holder: Holder): AppError =>
  new AppError('failed_precondition', `${dir}: the spool is in use by process ${holder.pid}. Stop that agent, or give this one its own \`spool\` or \`name\`.`);

async function create(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the lock aside before removing it: if a third process has taken it in between, what was moved is put back. */
async function removeStale(path: string, seen: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  try {
    await rename(path, aside);
    if ((await readFile(aside, 'utf8')) !== seen) await link(aside, path).catch(() => undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const value = JSON.parse(text) as Partial<Holder>;
    return typeof value.pid === 'number' && typeof value.startTime === 'string' ? { pid: value.pid, startTime: value.startTime } : undefined;
  } catch {
    // A crash can leave an empty file: nobody's.
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: it lives and is another user's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await startTimeOf(holder.pid)) === holder.startTime;
}

/** Field 22 of /proc/PID/stat: clock ticks from boot to the start of the process; '' if it cannot be read. */
async function startTimeOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
