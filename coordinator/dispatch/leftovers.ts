/**
 * Jobs that nobody will fetch any more: their evaluation is over, and with it the route. A rollback of Redis brings them back, and a
 * coordinator that dies with a fetched job leaves it to the backstop. They are taken out one by one, as if they were to be granted.
 */
import { newAttemptId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { TaskQueue } from '../queue/task-queue.ts';
import type { Store } from '../store/store.ts';

/** Jobs that one round takes out of one queue. */
const TAKEN_AT_ONCE = 100;
/** Routes that are looked after at the same time; more of them wait for the next search. */
const MAX_ROUTES = 1_000;
/** A job whose evaluation is not over is someone's: it is put back for so long. */
const NOT_MINE_MS = 100;
/** How often Redis is searched for queues of which this coordinator knows nothing. */
const SEARCH_MS = 3_600_000;

export class Leftovers {
  readonly #parts: { queue: TaskQueue; store: Pick<Store, 'isFinished' | 'manifest'>; clock: Clock };
  /** Routes that were needed at the last look; an evaluation may come and go between two looks, so those that are open are looked at too. */
  #needed: ReadonlySet<string> = new Set();
  /** Routes that nobody needs any more, as far as is known here, and whose queues may still hold jobs. */
  readonly #fading = new Set<string>();
  #searchAtMs = 0;

  constructor(parts: { queue: TaskQueue; store: Pick<Store, 'isFinished' | 'manifest'>; clock: Clock }) {
    this.#parts = parts;
  }

  /** Looks after the routes that are not needed any more; returns those that must stay open for it. */
  async runOnce(needed: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    for (const routeId of [...this.#needed, ...this.#parts.queue.opened()]) if (!needed.has(routeId)) this.#add(routeId);
    this.#needed = new Set(needed);
    await this.#search(needed);
    for (const routeId of [...this.#fading]) if (needed.has(routeId) || (await this.#isEmptied(routeId))) this.#fading.delete(routeId);
    return this.#fading;
  }

  /** Redis may have come back with queues that were emptied before: the next round looks for them. */
  searchSoon(): void {
    this.#searchAtMs = 0;
  }

  #add(routeId: string): void {
    if (this.#fading.size < MAX_ROUTES) this.#fading.add(routeId);
  }

  async #search(needed: ReadonlySet<string>): Promise<void> {
    const { queue, clock } = this.#parts;
    if (clock.monotonic() < this.#searchAtMs) return;
    for await (const routeId of queue.routes()) if (!needed.has(routeId)) this.#add(routeId);
    this.#searchAtMs = clock.monotonic() + SEARCH_MS;
  }

  async #isEmptied(routeId: string): Promise<boolean> {
    const { queue, store } = this.#parts;
    for (let taken = 0; taken < TAKEN_AT_ONCE; taken++) {
      const attemptId = newAttemptId();
      const job = await queue.fetch(routeId, attemptId);
      if (!job) return (await queue.size(routeId)) === 0;
      const isOver = (await store.isFinished(job.evaluationId)) || !(await store.manifest(job.evaluationId));
      if (!isOver) {
        // It is just ending, or has just begun elsewhere: then the route is needed at the next look.
        await queue.delay(routeId, job.jobId, attemptId, NOT_MINE_MS);
        return false;
      }
      await queue.complete(routeId, job.jobId, attemptId);
    }
    return false;
  }
}
