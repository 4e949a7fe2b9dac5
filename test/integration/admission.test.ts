/** No room: refused before anything is written, with the time to wait; taken as soon as there is room, by the same call. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { connect } from '../../shared/client/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { AppError } from '../../shared/domain/errors.ts';
import { EVALUATION_STATES, isFinal } from '../../shared/domain/states.ts';
import { cliHome } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const OPEN = EVALUATION_STATES.filter((state) => !isFinal(state));
const dataset = sums(20);
let fleet: Fleet;
let redis: Redis;
let coordinator: Process & { address: string };
let client: AssayClient;
/** Does not repeat what is refused. */
let hasty: AssayClient;
let digest: string;

beforeAll(async () => {
  fleet = await Fleet.start();
  redis = new Redis(redisOptions(fleet.redis.url));
  coordinator = await fleet.coordinator({ args: ['--sweep-ms', '100', '--max-unfinished', '3', '--redis-headroom-percent', '60'] });
  client = fleet.client(coordinator.address);
  hasty = connect({ addresses: [coordinator.address], patienceMs: 0 });
  digest = await client.uploadBytes(dataset);
});
afterEach(() => redis.config('SET', 'maxmemory', '0'));
afterAll(async () => {
  hasty.close();
  redis.disconnect();
  await fleet.stop();
});

const evaluations = (): Promise<string[]> => readdir(join(fleet.store, 'evaluations'));
const contents = (): Promise<string[]> => readdir(join(fleet.store, 'content'), { recursive: true });

/** A cancelled one writes its report a moment later. */
const allOver = (): Promise<unknown> =>
  waitFor(async () => (await client.list()).items.every(({ state }) => isFinal(state)), { what: 'the end of all evaluations' });

const refusalOf = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => {
      throw new Error('it was let in');
    },
    (error: unknown) => error as AppError,
  );

test('Redis: refused while it is full, with nothing kept; the call that waits is accepted when there is room', async () => {
  let probes = 0;
  const submit = (by: AssayClient, key: string): ReturnType<AssayClient['submit']> =>
    by.submit({ spec: mockSpec(digest), idempotencyKey: key });
  const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
  await redis.config('SET', 'maxmemory', String(2 * used));
  // The coordinator looks ten times a second: what comes before that is let in.
  const isRefused = async (): Promise<boolean> => {
    const accepted = await submit(hasty, `probe${probes++}`).catch((error: AppError) => error);
    if (accepted instanceof Error) return true;
    await client.cancel(accepted.evaluation.evaluationId);
    return false;
  };
  await waitFor(isRefused, { what: 'a refusal' });

  await allOver();
  const before = { evaluations: await evaluations(), contents: await contents() };
  const refusal = await refusalOf(submit(hasty, 'redis'));
  expect(refusal).toMatchObject({ code: 'resource_exhausted', reason: 'REDIS_FULL', retryAfterMs: 2000 });
  expect(refusal.message).toMatch(/^Redis has no room for it: [\d.]+ MiB of [\d.]+ MiB .* raise maxmemory, and repeat$/);
  expect({ evaluations: await evaluations(), contents: await contents() }).toEqual(before);

  const accepting = submit(client, 'redis');
  await redis.config('SET', 'maxmemory', '100mb');
  const { evaluation, existed } = await accepting;
  expect(existed).toBe(false);
  // Who repeats what was accepted is told so, however full it is.
  await redis.config('SET', 'maxmemory', String(2 * used));
  await waitFor(isRefused, { what: 'a refusal' });
  expect(await submit(hasty, 'redis')).toMatchObject({ existed: true, evaluation: { evaluationId: evaluation.evaluationId } });
  await redis.config('SET', 'maxmemory', '0');
  await client.cancel(evaluation.evaluationId);
  await allOver();
});

test('unfinished evaluations: a command says what it waits for, and goes on when one has ended', async () => {
  const ids: string[] = [];
  for (const key of ['a', 'b', 'c']) {
    const { evaluation } = await client.submit({ spec: mockSpec(digest), idempotencyKey: key });
    ids.push(evaluation.evaluationId);
  }
  expect(await refusalOf(hasty.submit({ spec: mockSpec(digest), idempotencyKey: 'd' }))).toMatchObject({
    code: 'resource_exhausted',
    reason: 'EVALUATIONS_FULL',
  });
  const cli = await cliHome();
  try {
    await cli.file('sums.jsonl', dataset.toString());
    const spec = await cli.file('spec.json', JSON.stringify(mockSpec(digest)));
    const submitting = cli.start(['submit', spec, '--quiet', '--address', coordinator.address]);
    await waitFor(() => submitting.stderr().includes('\n'), { what: 'the command to wait', timeoutMs: 40_000 });
    await client.cancel(ids[0]!);
    const { code, stdout, stderr } = await submitting.ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^ev_\w+\n$/) as unknown });
    expect(stderr).toMatch(/^waiting for room: 3 evaluations are not finished, .*--max-unfinished.* \(trying again for a while\)\n$/);
  } finally {
    await cli.dispose();
  }
});

test('the store: neither content nor an evaluation is begun', async () => {
  const full = await fleet.coordinator({ args: ['--store-headroom-bytes', String(2 ** 52)] });
  const other = connect({ addresses: [full.address], patienceMs: 0 });
  try {
    await client.cancelAll({ filter: { states: OPEN } });
    await allOver();
    const before = { evaluations: await evaluations(), contents: await contents() };
    const refusal = await refusalOf(other.uploadBytes(sums(21)));
    expect(refusal).toMatchObject({ code: 'resource_exhausted', reason: 'STORE_FULL', retryAfterMs: 2000 });
    expect(refusal.message).toMatch(/^the store has no room for it: .* are free, .* and 4096 TiB are kept .*--store-headroom-bytes/);
    expect(await refusalOf(other.submit({ spec: mockSpec(digest), idempotencyKey: 'store' }))).toMatchObject({ reason: 'STORE_FULL' });
    expect(await other.uploadBytes(dataset), 'what is there').toBe(digest);
    expect({ evaluations: await evaluations(), contents: await contents() }).toEqual(before);
  } finally {
    other.close();
  }
});
