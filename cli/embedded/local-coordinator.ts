/** The coordinator of the embedded mode: its process, and the address at which it listens. */
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Child } from './child.ts';
import type { Home } from './home.ts';
import { mainOf, NODE_FLAGS } from './programs.ts';

/** Recovery of a wiped Redis from the store happens before it listens. */
const START_LIMIT_MS = 300_000;

export interface LocalCoordinator {
  child: Child;
  /** As clients and agents write it: `unix:/path` or `host:port`. */
  address: string;
  /** `host:port` of its page; '' without one. */
  http: string;
}

/** Starts it and waits until it listens. Throws with its last words if it ends, or the signal's reason. */
export async function startLocalCoordinator(options: {
  home: Home;
  listen: string;
  /** `host:port` (port 0: any) of its page. */
  http?: string | undefined;
  redisUrl: string;
  env: Record<string, string | undefined>;
  signal: AbortSignal;
  onChild: (child: Child) => Promise<void>;
}): Promise<LocalCoordinator> {
  const { home, listen, http, redisUrl, env, signal } = options;
  // A URL may hold a password, and arguments are seen by everybody on this host.
  const child = await Child.start({
    name: 'coordinator',
    command: process.execPath,
    args: [
      ...[...NODE_FLAGS, mainOf('coordinator'), '--listen', listen, ...(http ? ['--http', http] : [])],
      ...['--store', home.store, '--exit-with-parent'],
    ],
    env: { ...env, ASSAY_REDIS_URL: redisUrl },
    logFile: join(home.logs, 'coordinator.log'),
  });
  await options.onChild(child);
  const deadline = performance.now() + START_LIMIT_MS;
  for (;;) {
    const heard = listening(await child.log());
    if (heard) return { child, ...heard };
    if (child.hasEnded) throw await child.obituary();
    if (performance.now() > deadline)
      throw new AppError('deadline', `the coordinator does not listen after ${START_LIMIT_MS / 1000} s; its log: ${child.logFile}`);
    await systemClock.sleep(25, signal);
  }
}

/** The addresses in the log line with the message `listening`, or undefined. */
export function listening(log: string): { address: string; http: string } | undefined {
  for (const line of log.split('\n')) {
    if (!line.includes('"listening"')) continue;
    try {
      const { msg, address, http } = JSON.parse(line) as Record<string, unknown>;
      if (msg === 'listening' && typeof address === 'string') return { address, http: typeof http === 'string' ? http : '' };
    } catch {
      // A line that is not written to its end yet.
    }
  }
  return undefined;
}
