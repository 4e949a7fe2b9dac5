/** The simulated queue gives the answers of BullMQ's: the same random commands go to both. */
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TaskQueue, type TaskJob } from '../../coordinator/queue/task-queue.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { Jobs } from '../simulation/redis/jobs.ts';
import type { Connection } from '../simulation/redis/server.ts';
import { SimQueue } from '../simulation/task-queue.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

/** A delay that no test outlasts. */
const LONG_MS = 600_000;
const TASKS = 6;
const ATTEMPTS = ['a', 'b', 'c'];

const task = (sequence: number): TaskJob => ({ evaluationId: 'ev_a', sequence, incarnation: 1, traceparent: '' });
const idOf = (sequence: number): string => `ev_a-${sequence}-1`;

type Command = (queue: Pick<TaskQueue, keyof TaskQueue>, route: string) => Promise<unknown>;
type Named = readonly [name: string, run: Command];
const named = (name: string, run: Command): Named => [name, run];

const tasks = fc.uniqueArray(fc.nat(TASKS - 1), { minLength: 1, maxLength: 3 });
const attempt = fc.constantFrom(...ATTEMPTS);
const priority = fc.integer({ min: 1, max: 3 });
const one = fc.nat(TASKS - 1);

const fetchOne =
  (by: string): Command =>
  async (queue, route) => {
    const job = await queue.fetch(route, by);
    return job && { ...job, waitedMs: 0 };
  };

const command: fc.Arbitrary<Named> = fc.oneof(
  fc
    .tuple(tasks, priority, fc.constantFrom(0, LONG_MS))
    .map(([some, at, delayMs]) =>
      named(`add ${some} at ${at}, in ${delayMs} ms`, (queue, route) => queue.add(route, some.map(task), { priority: at, delayMs })),
    ),
  attempt.map((by) => named(`fetch as ${by}`, fetchOne(by))),
  fc.tuple(one, attempt).map(([id, by]) => named(`complete ${id} as ${by}`, (queue, route) => queue.complete(route, idOf(id), by))),
  fc.tuple(one, attempt).map(([id, by]) => named(`delay ${id} as ${by}`, (queue, route) => queue.delay(route, idOf(id), by, LONG_MS))),
  fc
    .tuple(tasks, priority)
    .map(([some, at]) => named(`${some} get ${at}`, (queue, route) => queue.reprioritize(route, some.map(idOf), at))),
  tasks.map((some) => named(`remove ${some}`, (queue, route) => queue.remove(route, some.map(idOf)))),
  fc.constant(named('size', (queue, route) => queue.size(route))),
  fc.constant(named('waiting', async (queue, route) => (await queue.waiting(route)).count)),
);

let redis: TestRedis;
let connection: Redis;
beforeAll(async () => {
  redis = await startRedis();
  connection = new Redis(redis.url, { maxRetriesPerRequest: null });
});
afterAll(async () => {
  connection.disconnect();
  await redis.stop();
});

test('any commands of any coordinator have the same answers, and leave the same', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
      const jobs = new Jobs(() => systemClock.now());
      const simulated = new SimQueue({ send: async <T>(work: (server: { jobs: Jobs }) => T) => work({ jobs }) } as unknown as Connection);
      const real = new TaskQueue({ redis: connection, prefix: `q${runs++}`, logger: silentLogger(), clock: systemClock });
      try {
        for (const [name, run] of [...commands, named('at the end, fetch', fetchAll)]) {
          const [own, theirs] = [await run(simulated, 'r_a'), await run(real, 'r_a')];
          expect(own, `at: ${name}`).toEqual(theirs);
          const all = Array.from({ length: TASKS }, (_, i) => idOf(i));
          expect(await simulated.whereabouts('r_a', all), `after: ${name}`).toEqual(await real.whereabouts('r_a', all));
        }
      } finally {
        await real.close();
      }
    }),
    { numRuns: 60 },
  );
});

const fetchAll: Command = async (queue, route) => {
  const order: string[] = [];
  for (let job = await queue.fetch(route, 'z'); job; job = await queue.fetch(route, 'z')) order.push(job.jobId);
  return order;
};
