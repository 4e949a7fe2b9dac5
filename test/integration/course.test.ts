/** How an evaluation went over time: counted by spans that become wider as it goes, within a bound, over several coordinators; removed with it. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Course } from '../../shared/client/course.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Courses, type UnitAttempt } from '../../coordinator/evaluations/reading/courses.ts';
import { CourseKeeper, type Counted } from '../../coordinator/progress/course/course-keeper.ts';
import { MOST_SPANS } from '../../coordinator/progress/course/course-form.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { failure } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 60;
/** Each is served by one of two agents. */
const MODELS = ['mock/one', 'mock/two'];

let fleet: Fleet;
let coordinators: (Process & { address: string })[];
let client: AssayClient;
let redis: Redis;
beforeAll(async () => {
  fleet = await Fleet.start();
  // No lease is lost, however slow the machine is.
  coordinators = [await fleet.coordinator({ args: [] }), await fleet.coordinator({ args: [] })];
  const options = { latency_ms: 5, accuracy: 0.5, seed: 1, error_rate: { server_error: 0.2 } };
  for (const [i, { address }] of coordinators.entries())
    await fleet.agent(`agent-${i}`, [address], { models: [{ match: MODELS[i]!, provider: 'mock', max_connections: 2, options }] });
  client = fleet.client(coordinators[0]!.address);
  redis = new Redis(redisOptions(fleet.redis.url));
});
afterAll(async () => {
  redis.disconnect();
  await fleet.stop();
});

const sum = (values: readonly number[]): number => values.reduce((all, n) => all + n, 0);
const keysOf = (id: string): Promise<string[]> => redis.keys(`*{${id}}*`);

test('throughput, latencies, errors, scores and attempts of two coordinators; a page that is opened late sees all of it; it goes with the evaluation', async () => {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: MODELS.map((model) => ({ model })), max_task_samples: 5, retry: { max_retries: 0 } });
  const id = (await client.submit({ spec, idempotencyKey: 'course' })).evaluation.evaluationId;
  await watchAll(client, id);
  const { counts } = await client.get(id);
  let course!: Course;
  await waitFor(
    async () => {
      course = await client.course(id, { attempts: 500 });
      return course.models.every(({ samples }) => sum(samples) === SAMPLES) && course.attempts.every(({ toMs }) => toMs > 0);
    },
    { what: 'all of it to be written', state: () => JSON.stringify(course) },
  );
  const { spans, widthMs, models, errors, scores, attempts } = course;
  expect(spans).toBeGreaterThan(0);
  expect(widthMs).toBeGreaterThanOrEqual(2000);
  expect(models.map(({ model }) => model)).toEqual(MODELS);
  for (const list of [models[0]!.samples, models[0]!.p95Ms, scores[0]!.mean, course.inFlight, course.agents])
    expect(list).toHaveLength(spans);
  const busiest = models[0]!.samples.indexOf(Math.max(...models[0]!.samples));
  expect(models[0]!.p50Ms[busiest]).toBeGreaterThan(3);
  expect(models[0]!.p95Ms[busiest]).toBeGreaterThanOrEqual(models[0]!.p50Ms[busiest]!);
  expect(errors.map(({ errorClass, samples }) => [errorClass, sum(samples)])).toEqual([['server_error', counts.errored]]);
  expect(scores[0]).toMatchObject({ benchmark: 'sums', model: 'mock/one', scorer: 'match' });
  expect(scores[0]!.n.at(-1)! + scores[1]!.n.at(-1)!).toBe(counts.scored);
  expect(scores[0]!.halfWidth.at(-1)).toBeGreaterThan(0);
  expect(sum(attempts.map(({ samples }) => samples))).toBeGreaterThanOrEqual(2 * SAMPLES);
  expect(new Set(attempts.map(({ agent, model }) => `${agent} ${model}`))).toEqual(new Set(['agent-0 mock/one', 'agent-1 mock/two']));
  expect(attempts.map(({ fromMs }) => fromMs)).toEqual(attempts.map(({ fromMs }) => fromMs).toSorted((a, b) => b - a));
  for (const { fromMs, toMs } of attempts) expect(toMs).toBeGreaterThanOrEqual(fromMs);
  const few = await fleet.client(coordinators[1]!.address).course(id, { attempts: 1 });
  expect([few.attempts.length, few.attemptsLeftOut]).toEqual([1, attempts.length - 1]);
  expect(await failure(client.course(id, { attempts: 501 }))).toMatchObject({ code: 'invalid' });
  await client.delete({ evaluationId: id });
  expect(await keysOf(id)).toEqual([]);
});

test('however long it takes it stays within its bound, nothing is counted twice or lost, and what is unwritten when the ledger goes leaves nothing', async () => {
  const id = 'ev_aaaaaaaaaaaaaaaaaaaaaaaaaa';
  const manifest = {
    ...{ evaluationId: id, createdAtMs: 1, units: 10 },
    groups: Array.from({ length: 20 }, (_, index) => ({
      index,
      benchmark: 'b',
      model: `m${index}`,
      scorers: ['match'],
      firstUnit: index,
      samples: 1,
      epochs: 1,
    })),
  } as unknown as Manifest;
  const keyOf = (evaluation: string, name: string): string => `test:{${evaluation}}:${name}`;
  const keeper = new CourseKeeper({ redis, keyOf, clock: systemClock });
  const courses = new Courses({
    ...{ keeper, clock: systemClock, ledger: { tasks: async () => [] } },
    manifestOf: async () => manifest,
    names: async () => new Map([['a', 'one']]),
  });
  const counted = (group: number): Counted => ({
    counted: { group },
    usage: { inputTokens: 2, outputTokens: 1 },
    modelMs: 100,
    errorClass: 'timeout',
  });
  keeper.add(manifest, [counted(0)]);
  await keeper.flush();
  expect(await keysOf(id)).toEqual([]);
  await redis.hset(keyOf(id, 'meta'), 'state', 'running', 'leased', 3);
  for (let round = 0; round < 12; round++) {
    keeper.add(manifest, [counted(0), counted(19)]);
    for (let n = 0; n < 300; n++)
      keeper.attempt({ evaluationId: id, attemptId: `${round}-${n}`, kind: 'began', sequence: n, agentId: 'a', units: [0] });
    if (round === 0) keeper.attempt({ evaluationId: id, attemptId: '0-7', kind: 'returned' });
    await keeper.flush();
    // As if the first span had begun so long ago.
    const origin = Number(await redis.hget(keyOf(id, 'course'), 'o'));
    await redis.hset(keyOf(id, 'course'), 'o', origin - 240_000 * 2 ** round);
  }
  keeper.attempt({ evaluationId: id, attemptId: '11-5', kind: 'lost' });
  keeper.attempt({ evaluationId: id, attemptId: '11-5', kind: 'crashed' });
  keeper.attempt({ evaluationId: id, attemptId: '11-6', kind: 'done' });
  await keeper.flush();
  const course = await courses.of(id, 500);
  expect(course.spans).toBeLessThanOrEqual(MOST_SPANS);
  expect(course.widthMs).toBeGreaterThan(2_000_000);
  expect(course.models.map(({ model, samples }) => [model, sum(samples)])).toEqual([
    ['m0', 12],
    ...Array.from({ length: 7 }, (_, n) => [`m${n + 1}`, 0]),
    ['', 12],
  ]);
  expect(sum(course.models[0]!.inputTokens)).toBe(24);
  expect(sum(course.errors[0]!.samples)).toBe(24);
  expect([course.scores.length, course.scoresLeftOut]).toEqual([12, 8]);
  expect(course.inFlight.at(-1)).toBe(3);
  expect(await redis.hlen(keyOf(id, 'attempts'))).toBeLessThanOrEqual(625);
  expect(course.attempts).toHaveLength(500);
  expect(course.attempts.length + course.attemptsLeftOut).toBe(3600);
  expect(
    course.attempts
      .filter(({ toMs }) => toMs > 0)
      .map(({ state }) => state)
      .toSorted(),
  ).toEqual(['crashed', 'done', 'returned']);
  // What came to nothing stays longer than what is done.
  expect(course.attempts.filter(({ state }) => state === 'returned')).toHaveLength(1);
  const bytes = await Promise.all(['course', 'attempts'].map((name) => redis.memory('USAGE', keyOf(id, name))));
  expect(sum(bytes as number[])).toBeLessThan(256 << 10);
});

test('attempts at one sample: those of its tasks, however many gaps those have, with their time in the queue', async () => {
  const id = 'ev_bbbbbbbbbbbbbbbbbbbbbbbbbb';
  const keyOf = (evaluation: string, name: string): string => `test:{${evaluation}}:${name}`;
  const keeper = new CourseKeeper({ redis, keyOf, clock: systemClock });
  let nowMs = 0;
  const courses = new Courses({
    // What is kept is too old for every question.
    ...{ keeper, clock: { ...systemClock, monotonic: () => (nowMs += 10_000) }, ledger: { tasks: async () => [] } },
    manifestOf: () => Promise.reject(new Error('not asked for')),
    names: async () => new Map([['a', 'one']]),
  });
  await redis.hset(keyOf(id, 'meta'), 'state', 'running');
  const began = (attemptId: string, units: number[], waitedMs?: number): void =>
    keeper.attempt({
      ...{ evaluationId: id, attemptId, kind: 'began', sequence: 3, agentId: 'a', units },
      ...(waitedMs !== undefined && { waitedMs }),
    });
  began('first', [4, 5, 6, 7, 8], 1_200);
  keeper.attempt({ evaluationId: id, attemptId: 'first', kind: 'lost' });
  await keeper.flush();
  began('second', [4, 6, 8]);
  began('other', [20]);
  await keeper.flush();
  // Both may have begun within one millisecond.
  const at = async (unit: number): Promise<UnitAttempt[]> =>
    (await courses.ofUnit(id, unit)).attempts.toSorted((a, b) => (a.attemptId < b.attemptId ? -1 : 1));
  const of = async (unit: number): Promise<unknown[]> =>
    (await at(unit)).map(({ attemptId, state, samples, waitedMs }) => [attemptId, state, samples, waitedMs]);
  expect(await of(6)).toEqual([
    ['first', 'lost', 5, 1_200],
    ['second', 'running', 3, undefined],
  ]);
  expect(await of(5)).toEqual([['first', 'lost', 5, 1_200]]);
  expect(await of(9)).toEqual([]);
  expect(await of(20)).toEqual([['other', 'running', 1, undefined]]);
  const refused = async (unit: number): Promise<boolean[]> => (await at(unit)).map(({ isRefused }) => isRefused);
  keeper.attempt({ evaluationId: id, attemptId: 'first', kind: 'refused', agentId: 'another', units: [4] });
  keeper.attempt({ evaluationId: id, attemptId: 'first', kind: 'refused', agentId: 'a', units: [6, 7] });
  keeper.attempt({ evaluationId: id, attemptId: 'first', kind: 'refused', agentId: 'a', units: [5] });
  expect([await refused(4), await refused(5), await refused(6), await refused(8)]).toEqual([
    [false, false],
    [true],
    [true, false],
    [false, false],
  ]);
  const scattered = Array.from({ length: 100 }, (_, n) => 2 * n);
  began('scattered', scattered);
  const { attempts } = await courses.ofUnit(id, 198);
  expect(attempts).toMatchObject([{ attemptId: 'scattered', agent: 'one', taskId: `${id}-3`, toMs: 0 }]);
});
