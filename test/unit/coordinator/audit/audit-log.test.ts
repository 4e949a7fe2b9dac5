/** Nothing is told as written that is not; what cannot be written is refused in time; denied calls are bounded. */
import { expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { callsOf } from '../../../../coordinator/audit/chains.ts';
import { Denials } from '../../../../coordinator/audit/denials.ts';
import type { Call } from '../../../../coordinator/audit/entry.ts';
import { verifyAudit } from '../../../../coordinator/audit/verify.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';
import { codeOf } from '../../../support/store-fixtures.ts';

const callOf = (who: string, more: Partial<Call> = {}): Call => ({
  ...{ who, by: 'token', method: '/a/B', peer: '127.0.0.1:1', outcome: 'ok' },
  ...more,
});
const callers = async (store: MemoryAudit): Promise<string[]> => {
  const found: string[] = [];
  for await (const { call } of callsOf(store)) found.push(call.who);
  return found;
};
const problems = async (store: MemoryAudit): Promise<unknown[]> => {
  const found: unknown[] = [];
  for await (const problem of verifyAudit(store)) found.push(problem);
  return found;
};
const made = (): { store: MemoryAudit; clock: SteppedClock; log: AuditLog } => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  return { store, clock, log: new AuditLog({ store, coordinatorId: 'co_1', clock, onTrouble: () => undefined }) };
};

test('what comes together is written together', async () => {
  const { store, log } = made();
  const names = Array.from({ length: 200 }, (_, i) => `caller ${i}`);
  await Promise.all(names.map((name) => log.record(callOf(name))));
  // The chain's beginning, and one for all.
  expect(store.writes).toBeLessThanOrEqual(3);
  expect(await callers(store)).toEqual(names);
});

test('what cannot be written is refused, and a later call begins a new chain', async () => {
  const { store, clock, log } = made();
  await log.record(callOf('first'));
  store.mood = 'sick';
  expect(await codeOf(log.record(callOf('refused')))).toBe('unavailable');
  store.mood = 'lost';
  // It is there, and nobody knows: the call is refused all the same.
  await clock.advance(5);
  expect(await codeOf(log.record(callOf('unknown')))).toBe('unavailable');
  store.mood = 'well';
  await clock.advance(5);
  await log.record(callOf('last'));
  expect(await callers(store)).toEqual(['first', 'last']);
  expect(await problems(store)).toEqual([]);
});

test('a store that stands still holds nobody for more than three seconds, nor do too many that wait', async () => {
  const { store, clock, log } = made();
  store.put = () => new Promise(() => undefined);
  const waiting = Array.from({ length: 1_001 }, () => codeOf(log.record(callOf('waits'))));
  const more = Array.from({ length: 1_000 }, () => codeOf(log.record(callOf('waits'))));
  await clock.advance(10_000);
  expect(new Set(await Promise.all([...waiting, ...more]))).toEqual(new Set(['unavailable']));
});

test('texts are bounded, and move no cursor', async () => {
  const { store, log } = made();
  await log.record(callOf(`\u001b[31mred\n${'x'.repeat(2_000)}`, { reason: 'a\r\nb' }));
  const [name] = await callers(store);
  expect(name).toMatch(/^ \[31mred x+…$/);
  expect(name!.length).toBe(512);
  expect(await problems(store)).toEqual([]);
});

test('chains that are written at the same time see each other once a minute', async () => {
  const { store, clock } = made();
  const logs = ['co_1', 'co_2'].map((coordinatorId) => new AuditLog({ store, coordinatorId, clock, onTrouble: () => undefined }));
  for (const log of logs) await log.start();
  await logs[0]!.record(callOf('one'));
  await clock.advance(5);
  await logs[1]!.record(callOf('two'));
  await logs[0]!.record(callOf('three'));
  await clock.advance(61_000);
  await Promise.all(logs.map((log) => log.stop()));
  const [first, second] = await store.chains();
  // The end of either is known to the other one.
  expect(store.lines(first!).at(-1)).toContain(second);
  expect(store.lines(second!).at(-1)).toContain(first);
  store.spoil(second!, store.lines(second!).slice(0, -2));
  expect(await problems(store)).toMatchObject([{ chain: second }]);
});

test('of one caller’s denied calls a thousand are told, then twenty a minute, and the number of the others', async () => {
  const clock = new SteppedClock();
  const told: Call[] = [];
  const denials = new Denials({ clock, onTrouble: () => undefined, record: async (call) => void told.push(call) });
  const deny = async (who: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await denials.record(callOf(who, { outcome: 'denied', peer: `10.0.0.1:${i}` }));
  };
  await denials.start();
  await deny('mallory', 5_000);
  await deny('bob', 1);
  expect(told).toHaveLength(1_001);
  await clock.advance(60_000);
  expect(told.at(-1)).toMatchObject({ who: 'mallory', more: 4_000 });
  await deny('mallory', 100);
  expect(told).toHaveLength(1_002 + 20);
  await clock.advance(60_000);
  expect(told.at(-1)).toMatchObject({ who: 'mallory', more: 80 });
  // Bob's line was forgotten with him; mallory has a place as long as something is used up.
  for (let minute = 0; minute < 60; minute++) await clock.advance(60_000);
  await deny('mallory', 5_000);
  expect(told.at(-1)).toMatchObject({ who: 'mallory' });
  expect(told).toHaveLength(1_023 + 1_000);
  await denials.stop();
});

test('of all callers’ denied calls as many are told as fill no disk, however many callers there are', async () => {
  const clock = new SteppedClock();
  const told: Call[] = [];
  const denials = new Denials({ clock, onTrouble: () => undefined, record: async (call) => void told.push(call) });
  await denials.start();
  for (let i = 0; i < 3_000; i++) for (let n = 0; n < 3; n++) await denials.record(callOf(`caller ${i}`, { outcome: 'denied' }));
  // Three of each that is told apart; the others count as one.
  expect(told).toHaveLength(3 * 1_000 + 1_000);
  await clock.advance(60_000);
  expect(told.at(-1)).toMatchObject({ more: 3 * 2_000 - 1_000 });
  for (let i = 0; i < 900; i++) for (let n = 0; n < 5; n++) await denials.record(callOf(`caller ${i}`, { outcome: 'denied' }));
  expect(told.length).toBeLessThanOrEqual(5_000 + 1_200 + 1);
  await denials.stop();
  expect(told.reduce((sum, { more = 1 }) => sum + more, 0)).toBe(3 * 3_000 + 5 * 900);
});
