/**
 * A Redis that is sick and alive: full, busy, read-only, without room for its file. Callers are told UNAVAILABLE, work that is done is
 * kept, and when the cause is gone everything goes on by itself, with exact books and no sample called twice.
 */
import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { Commanded } from '../support/commanded.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { failureOf, half, SAMPLES, sleep, wellAgain } from '../support/sickness.ts';
import { waitFor } from '../support/wait-for.ts';

/** Longer than a restart of Redis takes on a busy machine: what is full takes no task back. */
const LEASE_MS = 4_000;
const SETTINGS = ['--lease-ms', String(LEASE_MS), '--heartbeat-ms', '300', '--sweep-ms', '200'];

let commanded: Commanded;
let redis: Redis;
/** With what it is started again. */
const args: string[] = [];
/** Does not repeat what failed. */
let hasty: AssayClient;
/** A submit that was not made before. */
let another: () => { spec: unknown; idempotencyKey: string };

beforeAll(async () => {
  // A limit of the size of its files must not end the process, as it does not where a disk is full.
  commanded = await Commanded.start({ args: () => SETTINGS, redis: { prefix: ['sh', '-c', 'trap "" XFSZ; exec "$0" "$@"'], args } });
  redis = new Redis(redisOptions(commanded.fleet.redis.url));
  redis.on('error', () => undefined); // it is restarted
  hasty = commanded.hasty;
  await commanded.agent('one', [commanded.coordinator.address], 16);
  another = ((digest: string) => () => ({ spec: mockSpec(digest), idempotencyKey: randomUUID() }))(
    await commanded.client.uploadBytes(sums(3)),
  );
});
afterEach(() => commanded.reset());
afterAll(async () => {
  redis.disconnect();
  await commanded.stop();
});

describe('full (maxmemory)', () => {
  test('results, cancels and deletes go on; nothing new is taken; leases hold', async () => {
    const over = await commanded.submit(3, { models: [{ model: 'openai/two' }] });
    await commanded.until(over, 'its end', (e) => e.state === 'succeeded');
    const id = await half(commanded);
    const doomed = await commanded.submit(SAMPLES, { models: [{ model: 'openai/two' }] });
    await commanded.until(doomed, 'some of it', (e) => e.counts.scored > 0 && e.inFlight > 0);
    await redis.config('SET', 'maxmemory', '1mb');
    try {
      expect((await failureOf(hasty.submit(another()))).code).toMatch(/^(resource_exhausted|unavailable)$/);
      expect(await hasty.cancel(doomed)).toMatch(/finalizing|cancelled/);
      await commanded.until(doomed, 'its end', (e) => e.state === 'cancelled');
      expect((await hasty.delete({ evaluationId: over }))[0]).toMatchObject({ changed: true, problem: '' });
      await sleep(2 * LEASE_MS);
      commanded.held = () => false;
      await commanded.until(id, 'its end, though it is full', (e) => e.state === 'succeeded');
    } finally {
      await redis.config('SET', 'maxmemory', '0');
    }
    await checkBooks(commanded.client, doomed);
    await wellAgain(commanded, id);
  });

  test('restarted while it is full: evaluations are recovered, results counted, samples requeued', async () => {
    commanded.refused = (sample) => sample === 0;
    commanded.held = (sample) => sample >= SAMPLES / 2;
    const id = await commanded.submit(SAMPLES);
    await commanded.until(id, 'half of it', (e) => e.counts.errored === 1 && e.counts.scored === SAMPLES / 2 - 1);
    // A full Redis hands nothing out.
    await waitFor(() => commanded.endpoint.inFlight === SAMPLES / 2, { what: 'the other half to be under way' });
    commanded.refused = () => false;
    args.push('--maxmemory', '1mb');
    try {
      await commanded.fleet.redis.restart();
      await waitFor(async () => (await redis.config('GET', 'maxmemory').catch(() => ['', '']))[1] === '1048576', { what: 'a full Redis' });
      await commanded.until(id, 'to be recovered', (e) => e.state === 'running');
      expect((await hasty.requeue(id)).requeued).toBe(1);
      commanded.held = () => false;
      await commanded.until(id, 'all that was under way', (e) => e.counts.scored === SAMPLES - 1);
    } finally {
      args.length = 0;
      await redis.config('SET', 'maxmemory', '0');
    }
    await commanded.until(id, 'its end', (e) => e.state === 'succeeded');
    expect((await checkBooks(commanded.client, id)).units).toMatchObject({ total: SAMPLES, scored: SAMPLES });
  });
});

/** A state of Redis in which it refuses every write. */
interface Sickness {
  what: string;
  begin: () => Promise<unknown>;
  end: () => Promise<unknown>;
  says: RegExp;
}

const fileSize = (bytes: string): string =>
  execFileSync('prlimit', ['--pid', String(commanded.fleet.redis.pid()), `--fsize=${bytes}:`], { encoding: 'utf8' });

const SICK: Sickness[] = [
  {
    what: 'no room for its file (everysec)',
    begin: async () => {
      fileSize('1');
      await waitFor(
        async () =>
          (await redis.info('persistence')).includes('aof_last_write_status:err') ||
          (await redis.set('x', 'y').then(
            () => false,
            () => true,
          )),
        {
          what: 'Redis to notice',
          everyMs: 100,
        },
      );
    },
    end: async () => fileSize('unlimited'),
    says: /MISCONF/,
  },
  {
    what: 'a replica of somebody',
    begin: () => redis.replicaof('127.0.0.1', 1),
    end: () => redis.replicaof('NO', 'ONE'),
    // A connection to a replica is given up, for one to the primary.
    says: /READONLY|no connection|connected again/,
  },
];

describe.each(SICK)('$what', ({ begin, end, says }) => {
  test('nothing is acknowledged, leases hold, and everything goes on when it is over', async () => {
    const id = await half(commanded);
    await begin();
    const counted = await commanded.ledger.closedUnits(id);
    try {
      const refused = await failureOf(hasty.submit(another()));
      expect(refused.code).toBe('unavailable');
      expect(refused.message).toMatch(says);
      expect((await failureOf(hasty.cancel(id))).code).toBe('unavailable');
      commanded.held = () => false;
      await sleep(2 * LEASE_MS);
      expect(await commanded.ledger.closedUnits(id)).toEqual(counted);
    } finally {
      await end();
    }
    await wellAgain(commanded, id);
  });
});

test('busy with a script: calls are answered late or with UNAVAILABLE, and leases hold', async () => {
  const id = await half(commanded);
  await redis.config('SET', 'busy-reply-threshold', '100');
  const busy = redis.eval(
    `local till = redis.call('TIME')[1] + ${2 + LEASE_MS / 1000} while tonumber(redis.call('TIME')[1]) < till do end return 1`,
    0,
  );
  await waitFor(async () => (await failureOf(hasty.get(id))).message.includes('BUSY'), { what: 'BUSY' });
  expect((await failureOf(hasty.submit(another()))).code).toBe('unavailable');
  commanded.held = () => false;
  expect(await commanded.client.get(id), 'asked again until it is answered').toMatchObject({ evaluationId: id });
  await busy;
  await wellAgain(commanded, id);
});
