import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ModelPool, type Connection } from '../../../../agent/work/model-pool.ts';
import type { Clock } from '../../../../shared/runtime/clock.ts';

/** A clock whose sleeps end when the test says so. */
class HandClock implements Clock {
  readonly sleeps: { ms: number; wake: () => void }[] = [];
  now = (): number => 0;
  monotonic = (): number => 0;
  soon = (work: () => void): void => work();
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error));
      this.sleeps.push({ ms, wake: resolve });
    });
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A sample that ends when the test says so. */
class Sample {
  connection: Connection | undefined;
  readonly #end = Promise.withResolvers<void>();
  start = (connection: Connection): Promise<void> => {
    this.connection = connection;
    return this.#end.promise;
  };
  end = (): void => this.#end.resolve();
}

function poolOf(maxConnections: number, lookAhead: number) {
  const clock = new HandClock();
  const errors: unknown[] = [];
  const pool = new ModelPool({ maxConnections, lookAhead, clock, onChange: () => undefined, onError: (e) => errors.push(e) });
  return { pool, clock, errors };
}

test('property: a coordinator that keeps to the credit never overfills the pool; connections never idle while samples wait', async () => {
  const step = fc.record({
    kind: fc.constantFrom('send', 'send', 'end', 'end', 'sleep', 'wake', 'stream'),
    size: fc.integer({ min: 1, max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 4 }),
      fc.array(step, { maxLength: 60 }),
      async (max, ahead, steps) => {
        const { pool } = poolOf(max, ahead);
        let running: Sample[] = [];
        let waiting: Sample[] = [];
        const sleeping: Sample[] = [];
        const retries: Promise<void>[] = [];
        let sent = 0;
        let total = 0;
        let overdraft = 0;
        for (const { kind, size } of steps) {
          if (kind === 'send' && pool.samplesTotal - sent > 0) {
            // A task may overdraw the room by its size less one.
            overdraft = size - 1;
            const samples = Array.from({ length: size }, () => new Sample());
            sent += size;
            pool.receive(size);
            waiting.push(...samples);
            pool.enqueue(samples);
          } else if (kind === 'end') {
            // As callWithRetry does: the connection of the last call is given back before the sample is over.
            const sample = running.find((s) => s.connection);
            running = running.filter((s) => s !== sample);
            sample?.connection?.release();
            sample?.end();
          } else if (kind === 'sleep' && running.some((s) => s.connection)) {
            // A sample waits for its retry: its connection is free meanwhile.
            const sample = running.find((s) => s.connection)!;
            sample.connection!.release();
            sample.connection = undefined;
            sleeping.push(sample);
          } else if (kind === 'wake' && sleeping.length > 0) {
            const sample = sleeping.shift()!;
            retries.push(
              pool.acquire(new AbortController().signal).then((connection) => {
                sample.connection = connection;
              }),
            );
          } else if (kind === 'stream') {
            pool.resetCredit();
            [sent, total] = [0, 0];
          }
          await settle();
          running = [...running, ...waiting.filter((s) => s.connection)];
          waiting = waiting.filter((s) => !s.connection);
          const connected = running.filter((s) => s.connection).length;
          expect(connected).toBeLessThanOrEqual(max);
          expect(pool.waiting + pool.running).toBeLessThanOrEqual(max + ahead + overdraft);
          expect(pool.waiting).toBe(waiting.length);
          if (pool.waiting > 0) expect(connected).toBe(max);
          const now = pool.samplesTotal;
          expect(now).toBeGreaterThanOrEqual(total);
          total = now;
          if (pool.waiting + pool.running === 0) expect(now - sent).toBe(max + ahead);
        }
      },
    ),
    { numRuns: 200 },
  );
});

test('retries get connections before samples that have not started', async () => {
  const { pool } = poolOf(1, 5);
  const [first, second] = [new Sample(), new Sample()];
  pool.enqueue([first, second]);
  const order: string[] = [];
  const retry = pool.acquire(new AbortController().signal).then((c) => {
    order.push('retry');
    return c;
  });
  first.connection!.release();
  (await retry).release();
  await settle();
  expect(second.connection).toBeDefined();
  expect(order).toEqual(['retry']);
});

test('an aborted wait for a connection takes none', async () => {
  const { pool } = poolOf(1, 5);
  const [first, second] = [new Sample(), new Sample()];
  pool.enqueue([first, second]);
  const controller = new AbortController();
  const retry = pool.acquire(controller.signal);
  controller.abort(new Error('gone'));
  await expect(retry).rejects.toThrow('gone');
  first.connection!.release();
  expect(second.connection).toBeDefined();
});

test('suspended: no credit, nothing starts; then one sample tries, and its success opens the pool', async () => {
  const { pool, clock } = poolOf(2, 2);
  const before = pool.samplesTotal;
  expect(before).toBe(4);
  expect(pool.suspend('quota')).toBe(60_000);
  expect(pool.suspend('quota')).toBeUndefined();
  expect(pool.suspension).toBe('quota');
  pool.block('spool_full', true);
  expect([pool.suspension, pool.refusal]).toEqual(['spool_full', 'quota']);
  pool.block('spool_full', false);
  clock.sleeps[0]!.wake();
  await settle();
  expect(pool.suspension).toBeUndefined();
  const samples = [new Sample(), new Sample(), new Sample()];
  pool.receive(3);
  pool.enqueue(samples);
  expect(samples.map((s) => s.connection !== undefined)).toEqual([true, false, false]);
  pool.proved();
  expect(samples.map((s) => s.connection !== undefined)).toEqual([true, true, false]);
});

test('where it is known when calls are taken again, it sleeps until then, and what comes later waits as at first', async () => {
  const { pool, clock } = poolOf(1, 1);
  expect(pool.suspend('spend_cap', 80_000_000)).toBe(80_000_000);
  expect(pool.suspension).toBe('spend_cap');
  expect(clock.sleeps.at(-1)!.ms).toBe(80_000_000);
  clock.sleeps.at(-1)!.wake();
  await settle();
  expect(pool.suspension).toBeUndefined();
  expect(pool.suspend('quota')).toBe(120_000);
});

test('a probe that fails waits twice as long, up to a quarter of an hour', async () => {
  const { pool, clock } = poolOf(1, 1);
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    waits.push(pool.suspend('auth')!);
    clock.sleeps.at(-1)!.wake();
    await settle();
  }
  expect(waits).toEqual([60_000, 120_000, 240_000, 480_000, 900_000, 900_000]);
});

test('blocks of the agent go before the endpoint’s own', () => {
  const { pool } = poolOf(1, 1);
  pool.suspend('quota');
  pool.block('spool_full', true);
  expect(pool.suspension).toBe('spool_full');
  pool.block('draining', true);
  expect(pool.suspension).toBe('draining');
  pool.block('spool_full', false);
  const total = pool.samplesTotal;
  pool.resetCredit();
  expect([total, pool.samplesTotal]).toEqual([0, 0]);
});

test('a probe has room for one sample; its success makes room for all', async () => {
  const { pool, clock } = poolOf(8, 4);
  const sample = new Sample();
  pool.receive(12);
  expect(pool.samplesTotal).toBe(24);
  pool.resetCredit();
  pool.suspend('quota');
  clock.sleeps[0]!.wake();
  await settle();
  expect(pool.samplesTotal).toBe(1);
  pool.receive(1);
  pool.enqueue([sample]);
  expect(pool.samplesTotal).toBe(1);
  pool.proved();
  expect(pool.samplesTotal).toBe(12);
});

test('an adaptive limit starts more when it rises, and lets what runs go on when it falls', async () => {
  const changes: number[] = [];
  const pool = new ModelPool({
    ...{ maxConnections: 16, lookAhead: 4, adaptive: { min: 1, start: 4, max: 16 }, clock: new HandClock() },
    ...{ onChange: () => changes.push(pool.limit), onError: () => undefined },
  });
  expect([pool.limit, pool.samplesTotal]).toEqual([4, 6]);
  const samples = Array.from({ length: 12 }, () => new Sample());
  pool.receive(12);
  pool.enqueue(samples);
  const running = (): number => samples.filter((sample) => sample.connection).length;
  expect(running()).toBe(4);
  for (let i = 0; i < 4; i++) pool.answered();
  expect([pool.limit, running(), changes.at(-1)]).toEqual([8, 8, 8]);
  pool.limited();
  expect([pool.limit, running()]).toEqual([6, 8]);
  samples[0]!.end();
  samples[1]!.end();
  await settle();
  expect(running()).toBe(8);
  samples[2]!.end();
  await settle();
  expect(running()).toBe(9);
  // Three are over, and nine are here: one more than the limit and its look-ahead of two.
  expect(pool.samplesTotal).toBe(12 + 6 + 2 - 9);
});
