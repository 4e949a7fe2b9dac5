/** When leases end: two looks, also where looks are rare; none soon after this process stood still. */
import { beforeEach, expect, test } from 'vitest';
import { Expiry, type ExpiryParts } from '../../../../coordinator/dispatch/expiry.ts';
import type { Lease } from '../../../../coordinator/ledger/leases.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const LEASE_MS = 1_500;
const LEASE: Lease = { evaluationId: 'ev_one', sequence: 1, attemptId: 'a', agentId: 'ag', instanceId: 'i' };

let clock: FakeClock;
let expiry: Expiry;
let taken: string[];
/** In front of it, of evaluations that cannot be read. */
let unreadable: Lease[];
/** What fails the next time. */
let failing: Set<'task' | 'release'>;
let released: string[];
beforeEach(() => {
  clock = new FakeClock();
  taken = [];
  unreadable = [];
  failing = new Set();
  released = [];
  const step = async (name: 'task' | 'release'): Promise<void> => {
    if (failing.delete(name)) throw new Error(`the ${name} failed`);
  };
  const leases = {
    expired: async (most: number) => (taken.length === 0 ? [...unreadable, LEASE].slice(0, most) : []),
    take: async ({ attemptId }: Lease) => taken.push(attemptId) > 0,
    add: async ([lease]: Lease[], ms: number) => {
      expect([lease, ms]).toEqual([LEASE, 0]);
      taken = [];
    },
  };
  const find = async (id: string): Promise<object> => {
    if (id !== LEASE.evaluationId) throw new Error('it cannot be read');
    return {};
  };
  const catalog = { find, dropIfOver: async () => undefined };
  const ledger = { task: () => step('task').then(() => ({})) };
  const release = async (_: object, [item]: { attemptId: string; evidence: object }[]): Promise<string[]> => {
    await step('release');
    expect(item!.evidence).toEqual({ agent: 'the agent', instanceId: 'i' });
    released.push(item!.attemptId);
    return ['queued'];
  };
  const instruments = { leasesExpiredTotal: { add: () => undefined } };
  const names = async (): Promise<Map<string, string>> => new Map([['ag', 'the agent']]);
  const parts = { clock, leases, catalog, ledger, names, planner: { release }, instruments, logger: silentLogger(), leaseMs: LEASE_MS };
  expiry = new Expiry(parts as unknown as ExpiryParts);
});

/** Looks so many times, so far apart; returns how many looks it took until the lease ended, 0 if it did not. */
async function looks(times: number, everyMs: number): Promise<number> {
  for (let n = 1; n <= times; n++) {
    clock.time += everyMs;
    await expiry.runOnce();
    if (taken.length > 0) return n;
  }
  return 0;
}

test.each([200, 1_000, 10_000])('a lease ends where sweeps come every %d ms', async (everyMs) => {
  const needed = await looks(50, everyMs);
  expect(needed).toBeGreaterThan(1);
  expect(needed).toBeLessThanOrEqual(Math.ceil(LEASE_MS / everyMs) + 4);
});

test('nothing ends for one lease time after this process stood still', async () => {
  // Up to the look before the last.
  expect(await looks(Math.ceil(LEASE_MS / 200), 200)).toBe(0);
  clock.time += 30_000;
  await expiry.runOnce();
  expect(await looks(Math.floor(LEASE_MS / 200), 200)).toBe(0);
  expect(await looks(10, 200)).toBeGreaterThan(0);
});

test.each(['task', 'release'] as const)('where the %s fails, the lease is there still, and the next look ends it', async (what) => {
  failing.add(what);
  for (let n = 1; failing.size > 0 && n < 50; n++) {
    clock.time += 200;
    await expiry.runOnce();
  }
  expect([taken, released]).toEqual([[], []]);
  clock.time += 200;
  await expiry.runOnce();
  expect([taken, released]).toEqual([['a'], ['a']]);
});

test('it has its turn behind hundreds that cannot be ended', async () => {
  unreadable = Array.from({ length: 700 }, (_, n) => ({ ...LEASE, evaluationId: 'ev_other', attemptId: `o${n}` }));
  expect(await looks(20, 200)).toBeGreaterThan(0);
  expect(released).toEqual(['a']);
});
