/** The keys of leases: one ring for all coordinators, new keys under work, old ones as long as they are needed. */
import { beforeEach, expect, test } from 'vitest';
import { LEASE_KEYS, LEASE_VALID_MS, LeaseKeys, type LeaseKeysParts } from '../../../../../coordinator/sessions/provenance/lease-keys.ts';
import { keyIdOf } from '../../../../../coordinator/sessions/provenance/lease-token.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const DAY_MS = 24 * 3_600_000;
const CLAIMS = { namespace: 'n', evaluationId: 'ev', taskId: 'ev-1', attemptId: 'a', agentId: 'ag', grant: 1 };

let clock: FakeClock;
let kept: Map<string, unknown>;
let looks: number;
let isAway: boolean;
beforeEach(() => {
  clock = new FakeClock();
  clock.time = 1_800_000_000_000;
  kept = new Map();
  looks = 0;
  isAway = false;
});

function coordinator(): LeaseKeys {
  const answer = async <T>(value: () => T): Promise<T> => {
    if (isAway) throw new AppError('unavailable', 'the store is away');
    return value();
  };
  const store: LeaseKeysParts['store'] = {
    switches: (kind) => answer(() => new Map(kind === LEASE_KEYS ? kept : [])),
    switchOf: (_, name) => answer(() => (looks++, kept.get(name))),
    putSwitch: (_, name, value) => answer(() => void kept.set(name, structuredClone(value))),
    removeSwitch: (_, name) => answer(() => void kept.delete(name)),
  };
  return new LeaseKeys({ store, clock, onTrouble: () => undefined });
}

test('a lease of one coordinator holds at another one, also by a key that that one has not read', async () => {
  const [one, other] = [coordinator(), coordinator()];
  await one.refresh();
  await other.refresh();
  expect(kept.size).toBe(1);
  const lease = one.sign(CLAIMS)!;
  expect(other.open(lease, 'agent')).toEqual({ claims: { ...CLAIMS, expiresAtMs: clock.now() + LEASE_VALID_MS } });
  clock.time += 1;
  await one.rotate();
  clock.time += 70_000;
  const later = one.sign(CLAIMS)!;
  expect(keyIdOf(later)).not.toBe(keyIdOf(lease));
  expect(await other.open(later, 'agent')).toHaveProperty('claims');
  expect(looks).toBe(1);
  // From now on it knows it.
  expect(other.open(later, 'agent')).toHaveProperty('claims');
});

test('a new key does not sign before others can have read it', async () => {
  const one = coordinator();
  await one.refresh();
  const before = keyIdOf(one.sign(CLAIMS)!);
  clock.time += 1;
  await one.rotate();
  expect(keyIdOf(one.sign(CLAIMS)!)).toBe(before);
  clock.time += 60_000;
  expect(keyIdOf(one.sign(CLAIMS)!)).not.toBe(before);
});

test('a year of rotation: every lease holds until it is over, and keys that nothing needs go', async () => {
  const one = coordinator();
  const given: { lease: Buffer; atMs: number }[] = [];
  for (let day = 0; day < 365; day++) {
    await one.refresh();
    given.push({ lease: one.sign(CLAIMS)!, atMs: clock.time });
    for (const { lease, atMs } of given) if (clock.time - atMs < LEASE_VALID_MS) expect(one.open(lease, 'agent')).toHaveProperty('claims');
    expect(kept.size).toBeLessThan(8);
    clock.time += DAY_MS;
  }
  expect(await one.open(given[0]!.lease, 'agent')).toEqual({ problem: 'unknown' });
});

test('a coordinator that comes later knows the old keys, and makes none of its own', async () => {
  const one = coordinator();
  await one.refresh();
  const lease = one.sign(CLAIMS)!;
  const later = coordinator();
  await later.refresh();
  expect(kept.size).toBe(1);
  expect(later.open(lease, 'agent')).toHaveProperty('claims');
});

test('an unknown key is refused, and costs the store one look', async () => {
  const [one, stranger] = [coordinator(), coordinator()];
  await stranger.refresh();
  const lease = stranger.sign(CLAIMS)!;
  kept.clear();
  await one.refresh();
  const asked = [1, 2].map(async () => await one.open(lease, 'agent'));
  expect(await Promise.all(asked)).toEqual([{ problem: 'unknown' }, { problem: 'unknown' }]);
  expect(one.open(lease, 'agent')).toEqual({ problem: 'unknown' });
  expect(looks).toBe(1);
});

test('while the store is away nothing is said of an unknown key, and the known ones hold', async () => {
  const [one, other] = [coordinator(), coordinator()];
  await one.refresh();
  const own = one.sign(CLAIMS)!;
  await other.refresh();
  clock.time += 1;
  await other.rotate();
  clock.time += 61_000;
  const foreign = other.sign(CLAIMS)!;
  isAway = true;
  await expect(one.refresh()).rejects.toMatchObject({ code: 'unavailable' });
  expect(one.open(own, 'agent')).toHaveProperty('claims');
  await expect(one.open(foreign, 'agent')).rejects.toMatchObject({ code: 'unavailable' });
  isAway = false;
  expect(await one.open(foreign, 'agent')).toHaveProperty('claims');
});

test('whoever makes up keys is turned away when too many are looked up at once', async () => {
  const one = coordinator();
  await one.refresh();
  const lease = one.sign(CLAIMS)!;
  const made = Array.from({ length: 20 }, (_, i) => {
    const other = Buffer.from(lease);
    other[1] = i;
    other[2]! ^= 255;
    return Promise.resolve(one.open(other, 'agent')).then(
      (o) => ('problem' in o ? o.problem : ''),
      (e: AppError) => e.code,
    );
  });
  const codes = await Promise.all(made);
  expect(codes.filter((code) => code === 'unknown')).toHaveLength(4);
  expect(codes.filter((code) => code === 'unavailable')).toHaveLength(16);
});

test('and keeps no other agent from having one looked up, also while the store is slow; it has so many looks in vain', async () => {
  const [one, other] = [coordinator(), coordinator()];
  await one.refresh();
  await other.refresh();
  const lease = one.sign(CLAIMS)!;
  let number = 0;
  const madeUp = (): Buffer => {
    const made = Buffer.from(lease);
    made.writeBigUInt64BE(BigInt(++number), 1);
    return made;
  };
  clock.time += 1;
  await other.rotate();
  clock.time += 61_000;
  const foreign = other.sign(CLAIMS)!;
  const attack = Array.from({ length: 10 }, async () => one.open(madeUp(), 'made up'));
  expect(await one.open(foreign, 'honest')).toHaveProperty('claims');
  expect((await Promise.allSettled(attack)).filter(({ status }) => status === 'rejected')).toHaveLength(6);
  let refused = 0;
  for (let i = 0; i < 40; i++) await Promise.resolve(one.open(madeUp(), 'made up')).catch(() => refused++);
  expect(refused).toBe(24);
  expect(await one.open(madeUp(), 'honest')).toEqual({ problem: 'unknown' });
  clock.time += 3_000;
  refused = 0;
  for (let i = 0; i < 10; i++) await Promise.resolve(one.open(madeUp(), 'made up')).catch(() => refused++);
  expect(refused).toBe(7);
});

test('a key from the future, of a clock that was wrong, keeps no new ones from being made, and there are not ever more of them', async () => {
  const one = coordinator();
  kept.set('f'.repeat(16), { secret: Buffer.alloc(32, 1).toString('base64'), createdAtMs: clock.time + 400 * DAY_MS });
  kept.set('not a key', 'nor its value');
  for (let i = 0; i < 50; i++) {
    await one.refresh();
    clock.time += DAY_MS;
  }
  expect(kept.size).toBeLessThan(11);
  expect(keyIdOf(one.sign(CLAIMS)!)).not.toBe('f'.repeat(16));
});
