import { describe, expect, test } from 'vitest';
import { Admission, ledgerBytes, type AdmissionParts, type Size } from '../../../../coordinator/evaluations/intake/admission.ts';
import { memoryOf, type RedisMemory } from '../../../../coordinator/redis/memory.ts';
import type { AppError } from '../../../../shared/domain/errors.ts';

const MIB = 1 << 20;
const of = (units: number, groups = 1): Size => ({ units, groups });

interface Now {
  memory?: RedisMemory;
  freeBytes?: number;
  broken?: boolean;
  unfinished: Size[];
  refusal?: AppError;
}

function admission(options: { memory?: RedisMemory; freeBytes?: number; maxUnfinished?: number } = {}): {
  admission: Admission;
  now: Now;
} {
  const now: Now = { unfinished: [], ...options };
  const parts: AdmissionParts = {
    limits: { redisHeadroomPercent: 20, storeHeadroomBytes: 10 * MIB, maxUnfinished: options.maxUnfinished ?? 100 },
    memory: async () => {
      if (now.broken) throw new Error('no answer');
      return now.memory;
    },
    space: async () => (now.freeBytes === undefined ? {} : { freeBytes: now.freeBytes }),
    refusal: () => now.refusal,
    unfinished: () => now.unfinished,
  };
  return { admission: new Admission(parts), now };
}

const refusal = (work: Promise<unknown>): Promise<AppError> =>
  work.then(
    () => {
      throw new Error('it was let in');
    },
    (error: unknown) => error as AppError,
  );

test('without bounds everything is let in', async () => {
  const { admission: open } = admission();
  for (let i = 0; i < 50; i++) await open.admit(of(20_000_000), async () => undefined);
  expect(await open.content(2 ** 50, async () => 'written')).toBe('written');
});

describe('Redis', () => {
  test('to the byte: what is used, what this one needs, and the headroom', async () => {
    const maxBytes = 100 * MIB;
    const { admission: own, now } = admission({ memory: { usedBytes: 0, maxBytes } });
    now.memory = { usedBytes: 80 * MIB - ledgerBytes(of(1000)), maxBytes };
    await own.look();
    await own.check(of(1000));
    now.memory = { usedBytes: 80 * MIB - ledgerBytes(of(1000)) + 1, maxBytes };
    await own.look();
    const error = await refusal(own.check(of(1000)));
    expect(error).toMatchObject({ code: 'resource_exhausted', reason: 'REDIS_FULL', retryAfterMs: 2000 });
    expect(error.message).toMatch(
      /Redis has no room for it: 79\.7 MiB of 100 MiB .*--redis-headroom-percent\)\. Nothing was kept of it; .*delete some, or raise maxmemory/,
    );
    expect(error.details).toMatchObject({ max: String(maxBytes), needed: String(ledgerBytes(of(1000))) });
  });

  test('what was let in since the look counts, and so does what unfinished evaluations may come to use', async () => {
    const { admission: own, now } = admission({ memory: { usedBytes: MIB, maxBytes: Math.ceil((MIB + 4.5 * ledgerBytes(of(0))) / 0.8) } });
    await own.look();
    for (let i = 0; i < 4; i++) await own.admit(of(0), async () => undefined);
    expect(await refusal(own.admit(of(0), async () => undefined))).toMatchObject({ reason: 'REDIS_FULL' });
    now.unfinished = [of(0), of(0), of(0), of(0)];
    await own.look();
    for (let i = 0; i < 3; i++) await own.admit(of(0), async () => undefined);
    expect(await refusal(own.admit(of(0), async () => undefined))).toMatchObject({ reason: 'REDIS_FULL' });
  });

  test('a look that fails keeps what was known', async () => {
    const { admission: own, now } = admission({ memory: { usedBytes: 4 * MIB, maxBytes: 4 * MIB } });
    await own.look();
    now.broken = true;
    await own.look();
    expect(await refusal(own.check(of(0)))).toMatchObject({ reason: 'REDIS_FULL' });
  });

  test('what INFO says', () => {
    expect(memoryOf('# Memory\r\nused_memory:123\r\nused_memory_human:1\r\nmaxmemory:456\r\n')).toEqual({ usedBytes: 123, maxBytes: 456 });
    expect(memoryOf('used_memory:123\r\nmaxmemory:0\r\n')).toBeUndefined();
    expect(memoryOf('')).toBeUndefined();
  });
});

describe('the store', () => {
  test('content that is being written counts', async () => {
    const { admission: own } = admission({ freeBytes: 100 * MIB });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = own.content(60 * MIB, () => promise);
    expect(await refusal(own.content(31 * MIB, async () => undefined))).toMatchObject({
      reason: 'STORE_FULL',
      details: { free: String(40 * MIB), needed: String(31 * MIB), kept: String(10 * MIB) },
    });
    await own.content(30 * MIB, async () => undefined);
    resolve();
    await first;
    await own.look();
    await own.content(90 * MIB, async () => undefined);
  });

  test('content that failed does not count', async () => {
    const { admission: own } = admission({ freeBytes: 100 * MIB });
    const broken = own.content(60 * MIB, () => Promise.reject(new Error('cut off')));
    await expect(broken).rejects.toThrow('cut off');
    expect(await own.content(90 * MIB, async () => 'written')).toBe('written');
  });

  test('an evaluation needs room for its results', async () => {
    const { admission: own } = admission({ freeBytes: 20 * MIB });
    await own.check(of(10 * 1024));
    expect(await refusal(own.check(of(10 * 1024 + 1)))).toMatchObject({ code: 'resource_exhausted', reason: 'STORE_FULL' });
  });
});

test('unfinished evaluations', async () => {
  const { admission: own, now } = admission({ maxUnfinished: 3 });
  now.unfinished = [of(10), of(10)];
  await own.look();
  await own.admit(of(1), async () => undefined);
  const error = await refusal(own.admit(of(1), async () => undefined));
  expect(error).toMatchObject({ reason: 'EVALUATIONS_FULL', details: { unfinished: '3', limit: '3' } });
  expect(error.message).toMatch(/^3 evaluations are not finished, and this coordinator takes 3 at most \(--max-unfinished\)/);
  await own.look();
  await own.admit(of(1), async () => undefined);
});
