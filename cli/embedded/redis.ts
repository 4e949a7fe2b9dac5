/**
 * The private Redis: reachable only by a socket in a folder of ours, durable (append-only file), never evicting. Unlike the
 * other children it outlives a killed parent, since it cannot watch its standard input; the next start finds it by its
 * socket and its data folder and takes it over, or stops it when it is not as it should be.
 */
import { realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Child } from './child.ts';
import { findRedis } from './find-redis.ts';
import type { Home } from './home.ts';
import { identityOf, signalProcess, waitForEnd, type ProcessIdentity } from '../../shared/runtime/process-identity.ts';
import { probeRedis, type RedisFacts } from './redis-probe.ts';

const PROBE_MS = 2_000;
/** A large append-only file takes a while to be read; Redis answers when it is. */
const START_LIMIT_MS = 120_000;
/** Redis syncs its file when it is asked to end. Only a Redis that does not end in this time is killed. */
const STOP_GRACE_MS = 10_000;

export interface PrivateRedis {
  /** Path of its unix socket. */
  socket: string;
  identity: ProcessIdentity;
  /** Taken over from a run that crashed. */
  adopted: boolean;
  /** Our child, unless it was adopted. */
  child?: Child;
  stop(): Promise<void>;
}

/**
 * Adopts the Redis that a crashed run has left, or starts one. `recorded` is the process that the crashed run noted: if
 * it lives and cannot be adopted it is ended, since two of them must not write one append-only file. When the signal
 * aborts, what reads its data is ended too, and the signal's reason is thrown.
 */
export async function startPrivateRedis(
  home: Home,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  recorded?: ProcessIdentity,
): Promise<PrivateRedis> {
  const socket = join(home.sockets, 'redis.sock');
  const left = await orStop(answer(socket, signal), () => (recorded ? stopProcess(recorded) : Promise.resolve()));
  if (left) {
    const identity = await identityOf(left.pid);
    if (await suits(left, home)) return { socket, identity, adopted: true, stop: () => stopProcess(identity) };
    await stopProcess(identity);
  }
  if (recorded) await stopProcess(recorded);
  await rm(socket, { force: true });

  const child = await Child.start({
    name: 'private Redis',
    command: await findRedis(env),
    args: argumentsFor(home, socket),
    cwd: home.redis,
    logFile: join(home.logs, 'redis.log'),
    env: Object.fromEntries(['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH'].map((k) => [k, env[k]])),
  });
  const stop = (): Promise<void> => child.stop(STOP_GRACE_MS);
  await orStop(answered(socket, child, signal), stop);
  return { socket, identity: child.identity, adopted: false, child, stop };
}

function argumentsFor(home: Home, socket: string): string[] {
  return [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--unixsocketperm',
    '700',
    '--dir',
    home.redis,
    '--appendonly',
    'yes',
    '--appendfsync',
    'everysec',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
    '--daemonize',
    'no',
  ];
}

async function suits(facts: RedisFacts, home: Home): Promise<boolean> {
  const dir = await realpath(home.redis).catch(() => home.redis);
  return facts.pid > 1 && facts.dir === dir && facts.appendOnly && facts.maxMemoryPolicy === 'noeviction';
}

/** The result of `work`; when it fails, only after `stop`. */
async function orStop<T>(work: Promise<T>, stop: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What the Redis at a socket says when it has read its data, or undefined if there is none. */
async function answer(socket: string, signal: AbortSignal): Promise<RedisFacts | undefined> {
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const found = await raceSignal(probeRedis(socket, PROBE_MS), signal);
    if (found !== 'loading') return found;
    if (performance.now() > deadline) return undefined;
    await systemClock.sleep(100, signal);
  }
}

async function answered(socket: string, child: Child, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MS;
  while (!(await answer(socket, signal))) {
    if (child.hasEnded) throw await child.obituary();
    if (performance.now() > deadline)
      throw new AppError('deadline', `the private Redis did not answer within ${START_LIMIT_MS / 1000} s; its log: ${child.logFile}`);
    await systemClock.sleep(25, signal);
  }
}

/** Stops a Redis that is not our child. */
export async function stopProcess(identity: ProcessIdentity): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await signalProcess(identity, signal))) return;
    if (await waitForEnd(identity, STOP_GRACE_MS)) return;
  }
  throw new AppError('failed_precondition', `process ${identity.pid}, left by an earlier run, does not end; stop it by hand`);
}
