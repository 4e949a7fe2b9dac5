/**
 * A task over which agents crashed should go to another one: a host that kills whatever it runs would otherwise, being idle after each start,
 * take it again until it is given up. Where another agent with room is here, it is simply preferred. Where one is connected, here or
 * elsewhere, but has no room just now, the task is put aside for a while; after that any agent may have it.
 */
import type { Route } from '../../shared/domain/routing.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { FetchedJob } from '../queue/task-queue.ts';

/** How long a task waits for another agent, as this coordinator sees it. */
const PATIENCE_MS = 5_000;

/** What Detours are made of. */
export interface DetoursParts {
  clock: Pick<Clock, 'monotonic'>;
  /** Whether a connected agent that is none of these could work on a route. */
  othersServe: (route: Route, agentIds: ReadonlySet<string>) => Promise<boolean>;
}

export class Detours {
  readonly #parts: DetoursParts;
  /** Jobs that were put aside, and when they were first. */
  readonly #since = new Map<string, number>();

  constructor(parts: DetoursParts) {
    this.#parts = parts;
  }

  /** Those of the jobs that had better wait than go to an agent that they avoid. */
  async waiting(route: Route, jobs: readonly FetchedJob[]): Promise<ReadonlySet<string>> {
    const now = this.#parts.clock.monotonic();
    // In the order in which they were first seen.
    for (const [jobId, since] of this.#since) {
      if (now - since <= 2 * PATIENCE_MS) break;
      this.#since.delete(jobId);
    }
    const waiting = new Set<string>();
    for (const { jobId, avoid } of jobs) {
      if (!avoid) continue;
      if (!this.#since.has(jobId)) this.#since.set(jobId, now);
      const isPatient = now - this.#since.get(jobId)! <= PATIENCE_MS;
      // Who cannot be asked for is not waited for.
      if (isPatient && (await this.#parts.othersServe(route, new Set(avoid)).catch(() => false))) waiting.add(jobId);
    }
    return waiting;
  }
}
