/** Which process a pid means, also after the pid was given to somebody else. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { systemClock } from './clock.ts';

/** A process by pid and start time; two processes never share both. */
export interface ProcessIdentity {
  pid: number;
  /** The kernel's start time (Linux: clock ticks since boot; elsewhere what `ps` prints); '' if unknown. */
  startTime: string;
}

export async function identityOf(pid: number): Promise<ProcessIdentity> {
  return { pid, startTime: (await lookUp(pid))?.startTime ?? '' };
}

/** Whether that very process still runs; a zombie does not. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  const found = await lookUp(identity.pid);
  return found !== undefined && !found.zombie && (identity.startTime === '' || found.startTime === identity.startTime);
}

/** Sends a signal to that very process; false if it runs no more or is not ours. */
export async function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): Promise<boolean> {
  if (!(await isRunning(identity))) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}

/** Waits until the process has ended, at most `limitMs`; says whether it has. */
export async function waitForEnd(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (await isRunning(identity)) {
    if (performance.now() >= deadline) return false;
    await systemClock.sleep(50);
  }
  return true;
}

/** An identity from JSON, or undefined if it is none. */
export function asIdentity(value: unknown): ProcessIdentity | undefined {
  const { pid, startTime } = (value ?? {}) as Partial<ProcessIdentity>;
  return typeof pid === 'number' && Number.isInteger(pid) && pid > 1 && typeof startTime === 'string' ? { pid, startTime } : undefined;
}

async function lookUp(pid: number): Promise<{ startTime: string; zombie: boolean } | undefined> {
  return process.platform === 'linux' ? lookUpInProc(pid) : lookUpByPs(pid);
}

async function lookUpInProc(pid: number): Promise<{ startTime: string; zombie: boolean } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // The second field is the command in parentheses and may hold spaces; state is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { zombie: fields[0] === 'Z' || fields[0] === 'X', startTime: fields[19] ?? '' };
}

async function lookUpByPs(pid: number): Promise<{ startTime: string; zombie: boolean } | undefined> {
  const found = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => undefined);
  const match = /^\s*(\S+)\s+(.+?)\s*$/.exec(found?.stdout ?? '');
  return match ? { zombie: match[1]!.startsWith('Z'), startTime: match[2]! } : undefined;
}
