/** The queue that a simulated coordinator sees: the methods of `TaskQueue` over a simulated Redis. */
import type { FetchedJob, TaskJob, TaskQueue } from '../../coordinator/queue/task-queue.ts';
import { asUnavailable } from '../../coordinator/redis/errors.ts';
import { jobIdOf } from '../../shared/domain/ids.ts';
import type { Connection } from './redis/server.ts';
import type { Jobs } from './redis/jobs.ts';

export class SimQueue implements Pick<TaskQueue, keyof TaskQueue> {
  readonly #connection: Connection;
  readonly #opened = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async #jobs<T>(work: (jobs: Jobs) => T): Promise<T> {
    try {
      return await this.#connection.send((server) => work(server.jobs));
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  opened(): string[] {
    return [...this.#opened];
  }

  add(routeId: string, tasks: readonly TaskJob[], options: { priority: number; delayMs?: number }): Promise<void> {
    this.#opened.add(routeId);
    return this.#jobs((jobs) => {
      for (const task of tasks) {
        const id = jobIdOf(`${task.evaluationId}-${task.sequence}`, task.incarnation);
        jobs.add(routeId, id, task, { priority: options.priority, delayMs: options.delayMs ?? 0 });
      }
    });
  }

  async fetch(routeId: string, attemptId: string): Promise<FetchedJob | undefined> {
    this.#opened.add(routeId);
    const fetched = await this.#jobs((jobs) => jobs.fetch(routeId, attemptId));
    return fetched && { ...(fetched.data as TaskJob), jobId: fetched.id, waitedMs: fetched.waitedMs };
  }

  complete(routeId: string, jobId: string, attemptId: string): Promise<void> {
    return this.#jobs((jobs) => jobs.complete(routeId, jobId, attemptId));
  }

  delay(routeId: string, jobId: string, attemptId: string, delayMs: number): Promise<void> {
    return this.#jobs((jobs) => jobs.delay(routeId, jobId, attemptId, delayMs));
  }

  reprioritize(routeId: string, jobIds: readonly string[], priority: number): Promise<void> {
    return this.#jobs((jobs) => jobIds.forEach((id) => jobs.prioritize(routeId, id, priority))).catch(() => undefined);
  }

  remove(routeId: string, jobIds: readonly string[]): Promise<void> {
    return this.#jobs((jobs) => jobIds.forEach((id) => jobs.remove(routeId, id))).catch(() => undefined);
  }

  whereabouts(routeId: string, jobIds: readonly string[]): Promise<('waiting' | 'active' | 'gone')[]> {
    return this.#jobs((jobs) => jobIds.map((id) => jobs.whereabouts(routeId, id)));
  }

  extendLocks(routeId: string, held: readonly { jobId: string; attemptId: string }[]): Promise<void> {
    return this.#jobs((jobs) => held.forEach((h) => jobs.extend(routeId, h.jobId, h.attemptId)));
  }

  waiting(routeId: string): Promise<{ count: number; oldestMs: number }> {
    return this.#jobs((jobs) => jobs.waiting(routeId));
  }

  delayed(routeId: string): Promise<{ taskId: string; untilMs: number }[]> {
    return this.#jobs((jobs) => jobs.delayedOf(routeId).map(({ id, until }) => ({ taskId: id.replace(/-\d+$/, ''), untilMs: until })));
  }

  size(routeId: string): Promise<number> {
    return this.#jobs((jobs) => jobs.sizeOf(routeId));
  }

  async *routes(): AsyncGenerator<string, void, undefined> {
    yield* await this.#jobs((jobs) => jobs.routes());
  }

  async collect(): Promise<number> {
    return 0;
  }

  async retain(routeIds: ReadonlySet<string>): Promise<void> {
    for (const id of this.#opened) if (!routeIds.has(id)) this.#opened.delete(id);
  }

  async close(): Promise<void> {}
}
