/**
 * Delivery: the only file that knows BullMQ. One queue per route; a job is a reference to a task under one incarnation.
 *
 * BullMQ is used in manual mode, without blocking connections. The attempt id is the job's lock token, so that any
 * coordinator that knows it can complete the job. Attempts of BullMQ are 1 (retry policy is ours) and the priority is always
 * ≥ 1 (0 would overtake everything). The lock is long and only a backstop: when a coordinator dies between fetching a
 * job and granting it, the stalled check returns the job, and the ledger's incarnation makes it harmless.
 */
import { createRedisBackend, Job, Queue, Worker } from 'bullmq';
import { jobIdOf } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { RedisClient } from '../redis/connect.ts';
import { removeQueue, removeUnused, routesIn } from './unused-queues.ts';
import { asUnavailable } from '../redis/errors.ts';

const LOCK_MS = 5 * 60_000;
const STALLED_CHECK_MS = 60_000;
/** Ids in one Lua call; more would block Redis for milliseconds. */
const LOCK_BATCH = 500;
/** Jobs that are looked at of those that were put aside. */
const MAX_DELAYED = 1_000;
const JOB_GONE = new Set([-1, -2, -3, -6]);

/** A reference to a task; ~100 bytes, no content. */
export interface TaskJob {
  evaluationId: string;
  sequence: number;
  incarnation: number;
  /** Trace context of the enqueueing, '' without tracing. */
  traceparent: string;
  /** Agents that crashed over the task: others should have it. */
  avoid?: readonly string[];
}

export interface FetchedJob extends TaskJob {
  jobId: string;
  /** Milliseconds since the job was added. */
  waitedMs: number;
}

interface RouteQueue {
  queue: Queue;
  worker: Worker;
}

interface JobData {
  e: string;
  s: number;
  i: number;
  t?: string;
  x?: readonly string[];
}

export class TaskQueue {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #logger: Logger;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #routes = new Map<string, RouteQueue>();

  constructor(options: { redis: RedisClient; prefix: string; logger: Logger; clock: Pick<Clock, 'now'> }) {
    this.#redis = options.redis;
    this.#prefix = options.prefix;
    this.#logger = options.logger;
    this.#clock = options.clock;
  }

  /** Adds jobs; one that is there already (same task and incarnation) stays as it is. `delayMs`: not before that. */
  async add(routeId: string, jobs: readonly TaskJob[], options: { priority: number; delayMs?: number }): Promise<void> {
    const { queue } = this.#open(routeId);
    const bulk = jobs.map((job) => ({
      name: 't',
      data: {
        e: job.evaluationId,
        s: job.sequence,
        i: job.incarnation,
        ...(job.traceparent ? { t: job.traceparent } : {}),
        ...(job.avoid?.length ? { x: job.avoid } : {}),
      } satisfies JobData,
      opts: {
        jobId: jobIdOf(`${job.evaluationId}-${job.sequence}`, job.incarnation),
        priority: options.priority,
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
        stackTraceLimit: 0,
        ...(options.delayMs ? { delay: options.delayMs } : {}),
      },
    }));
    await guarded(queue.addBulk(bulk));
  }

  /** Takes the next job of a route under the attempt's id; undefined when nothing waits. */
  async fetch(routeId: string, attemptId: string): Promise<FetchedJob | undefined> {
    const { worker } = this.#open(routeId);
    const job = (await guarded(worker.getNextJob(attemptId, { block: false }))) as Job<JobData> | undefined;
    if (!job) return undefined;
    const { e, s, i, t, x } = job.data;
    return {
      jobId: job.id!,
      evaluationId: e,
      sequence: s,
      incarnation: i,
      traceparent: t ?? '',
      ...(x ? { avoid: x } : {}),
      waitedMs: Math.max(0, this.#clock.now() - job.timestamp),
    };
  }

  /** Ends a job that was fetched under the attempt's id. A job that is gone, or another's by now, is no error. */
  async complete(routeId: string, jobId: string, attemptId: string): Promise<void> {
    await ignoreGone(this.#job(routeId, jobId).moveToCompleted(null, attemptId, false));
  }

  /** Puts a fetched job aside for a while, under no attempt. */
  async delay(routeId: string, jobId: string, attemptId: string, delayMs: number): Promise<void> {
    await ignoreGone(this.#job(routeId, jobId).moveToDelayed(this.#clock.now() + delayMs, attemptId));
  }

  /** Gives jobs that wait another priority; one that is fetched meanwhile, or gone, stays as it is. */
  async reprioritize(routeId: string, jobIds: readonly string[], priority: number): Promise<void> {
    for (const id of jobIds)
      await this.#job(routeId, id)
        .changePriority({ priority })
        .catch(() => undefined);
  }

  /** Removes jobs that nobody has fetched yet (their evaluation is over). */
  async remove(routeId: string, jobIds: readonly string[]): Promise<void> {
    const { queue } = this.#open(routeId);
    for (const id of jobIds) await guarded(queue.remove(id)).catch(() => undefined);
  }

  /** Where jobs are: waiting (or delayed), active, or nowhere. */
  async whereabouts(routeId: string, jobIds: readonly string[]): Promise<('waiting' | 'active' | 'gone')[]> {
    const { queue } = this.#open(routeId);
    return Promise.all(
      jobIds.map(async (id) => {
        const state = await guarded(queue.getJobState(id));
        if (state === 'active') return 'active';
        return state === 'unknown' || state === 'completed' || state === 'failed' ? 'gone' : 'waiting';
      }),
    );
  }

  /** Makes the locks of held jobs last; what is lost here is only a backstop. */
  async extendLocks(routeId: string, held: readonly { jobId: string; attemptId: string }[]): Promise<void> {
    const { worker } = this.#open(routeId);
    for (let i = 0; i < held.length; i += LOCK_BATCH) {
      const part = held.slice(i, i + LOCK_BATCH);
      await guarded(
        worker.extendJobLocks(
          part.map((h) => h.jobId),
          part.map((h) => h.attemptId),
          LOCK_MS,
        ),
      );
    }
  }

  /** Jobs of a route that wait, and the age in ms of the one that has waited longest. */
  async waiting(routeId: string): Promise<{ count: number; oldestMs: number }> {
    const { queue } = this.#open(routeId);
    const [count, oldest] = await guarded(Promise.all([queue.getPrioritizedCount(), queue.getPrioritized(0, 0)]));
    return { count, oldestMs: oldest[0] ? Math.max(0, this.#clock.now() - oldest[0].timestamp) : 0 };
  }

  /** Tasks of a route that were put aside, and until when; the first ones to come back. */
  async delayed(routeId: string): Promise<{ taskId: string; untilMs: number }[]> {
    const key = `${this.#prefix}:{${routeId}}:delayed`;
    const rows = await guarded(this.#redis.zrange(key, '0', String(MAX_DELAYED - 1), 'WITHSCORES'));
    const found: { taskId: string; untilMs: number }[] = [];
    // Names are the task's id and its incarnation; the score has a counter in its last twelve bits.
    for (let i = 0; i < rows.length; i += 2)
      found.push({ taskId: String(rows[i]).replace(/-\d+$/, ''), untilMs: Math.floor(Number(rows[i + 1]) / 0x1000) });
    return found;
  }

  /** Jobs of a route in any state. */
  async size(routeId: string): Promise<number> {
    const counts = await guarded(this.#open(routeId).queue.getJobCounts('wait', 'active', 'delayed', 'prioritized'));
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  /** Routes whose queues this process has open. */
  opened(): string[] {
    return [...this.#routes.keys()];
  }

  /** Routes that have a queue in Redis; also those of which this process knows nothing. */
  routes(): AsyncIterable<string> {
    return routesIn(this.#redis, this.#prefix);
  }

  /** Lets go of routes that nobody needs any more, also in Redis. */
  async retain(routeIds: ReadonlySet<string>): Promise<void> {
    for (const routeId of await this.#letGo(routeIds)) await guarded(removeQueue(this.#redis, this.#prefix, routeId));
  }

  /** Removes the empty queues of routes that are not needed, or only counts them. */
  async collect(isNeeded: (routeId: string) => boolean, dryRun: boolean): Promise<number> {
    return await guarded(removeUnused(this.#redis, this.#prefix, isNeeded, dryRun));
  }

  async #letGo(routeIds: ReadonlySet<string>): Promise<string[]> {
    const gone: string[] = [];
    for (const [id, route] of [...this.#routes]) {
      if (routeIds.has(id)) continue;
      this.#routes.delete(id);
      await route.worker.close(true).catch(() => undefined);
      await route.queue.close().catch(() => undefined);
      gone.push(id);
    }
    return gone;
  }

  async close(): Promise<void> {
    await this.#letGo(new Set());
  }

  /** A handle on a job of which only the name is known: enough to move it, without reading it again. */
  #job(routeId: string, jobId: string): Job {
    const json = {
      id: jobId,
      name: 't',
      data: '{}',
      opts: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
      progress: 0,
      attemptsMade: 0,
      timestamp: 0,
    };
    return Job.fromJSON(this.#open(routeId).worker as never, json as never, jobId);
  }

  #open(routeId: string): RouteQueue {
    let route = this.#routes.get(routeId);
    if (!route) {
      // The braces put all keys of a queue into one slot of a Redis Cluster.
      const name = `{${routeId}}`;
      const common = { connection: this.#redis, prefix: this.#prefix, skipVersionCheck: true };
      const queue = new Queue(name, { ...common, streams: { events: { maxLen: 0 } } });
      const worker = new Worker(
        name,
        null,
        {
          ...common,
          autorun: false,
          lockDuration: LOCK_MS,
          stalledInterval: STALLED_CHECK_MS,
          maxStalledCount: 1_000_000,
          removeOnComplete: { count: 0 },
          removeOnFail: { count: 0 },
        },
        (n, o) => createRedisBackend(n, o, { blocking: false, withBlockingConnection: false }),
      );
      const onError = (error: Error): void => this.#logger.debug({ route: routeId, error: error.message }, 'queue');
      queue.on('error', onError);
      worker.on('error', onError);
      worker.startStalledCheckTimer().catch(onError);
      route = { queue, worker };
      this.#routes.set(routeId, route);
    }
    return route;
  }
}

async function guarded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error);
  }
}

async function ignoreGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'number' && JOB_GONE.has(code)) return;
    throw asUnavailable(error);
  }
}
