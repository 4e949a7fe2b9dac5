/** The audit log is bounded: in what it costs to watch, in how long it is kept, and in what is kept free for it on a full disk. */
import { expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { AuditReader } from '../../../../coordinator/audit/audit-reader.ts';
import { AuditRetention } from '../../../../coordinator/audit/audit-retention.ts';
import { beganOf, CHAIN_MS } from '../../../../coordinator/audit/chains.ts';
import { lineOf, type Call } from '../../../../coordinator/audit/entry.ts';
import { verifyAudit, type AuditProblem, type AuditVerdict } from '../../../../coordinator/audit/verify.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';
import { codeOf } from '../../../support/store-fixtures.ts';

const DAY_MS = 24 * 3_600_000;
const KEEP_MS = 10 * DAY_MS;
const callOf = (who: string, outcome: 'ok' | 'denied' = 'ok'): Call => ({ who, by: 'token', method: '/a/B', peer: '127.0.0.1:1', outcome });
const logOf = (store: MemoryAudit, clock: SteppedClock, coordinatorId = 'co_1'): AuditLog =>
  new AuditLog({ store, coordinatorId, clock, onTrouble: () => undefined });

async function verified(store: MemoryAudit): Promise<AuditVerdict & { problems: AuditProblem[] }> {
  const problems: AuditProblem[] = [];
  const walk = verifyAudit(store);
  for (;;) {
    const { value, done } = await walk.next();
    if (done) return { ...value, problems };
    problems.push(value);
  }
}

/** So many days with one call each, which makes a chain of each day. */
async function daysOf(days: number): Promise<{ store: MemoryAudit; clock: SteppedClock; log: AuditLog; retention: AuditRetention }> {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const log = logOf(store, clock);
  for (let day = 0; day < days; day++) {
    await log.record(callOf(`day ${day}`));
    await clock.advance(DAY_MS);
  }
  return { store, clock, log, retention: new AuditRetention({ store, log, keepMs: KEEP_MS, clock, onTrouble: () => undefined }) };
}
const { signal } = new AbortController();

test('two chains that watch each other come to rest', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const logs = ['co_1', 'co_2'].map((id) => logOf(store, clock, id));
  for (const log of logs) {
    await log.start();
    await log.record(callOf('a'));
    await clock.advance(5);
  }
  await clock.advance(180_000);
  const { writes } = store;
  await clock.advance(3_600_000);
  expect(store.writes).toBe(writes);
  await logs[0]!.record(callOf('b'));
  await clock.advance(180_000);
  // The call, and the other one that has seen it.
  expect(store.writes).toBe(writes + 2);
  await Promise.all(logs.map((log) => log.stop()));
});

test('a chain lasts a day; those that are over are listed no more, and all that was said holds', async () => {
  const { store, clock } = await daysOf(30);
  expect(await store.chains()).toHaveLength(30);
  const next = logOf(store, clock, 'co_2');
  await next.start();
  await next.record(callOf('b'));
  store.listed = [];
  await clock.advance(10 * 60_000);
  // Those of the last two days, once a minute.
  expect(new Set(store.listed).size).toBeLessThanOrEqual(3);
  await next.stop();
  for (const chain of await store.chains()) expect(store.lines(chain).join('\n').match(/-co_/g)?.length ?? 0).toBeLessThanOrEqual(3);
  expect((await verified(store)).problems).toEqual([]);
  const reader = new AuditReader(store);
  store.listed = [];
  expect((await reader.list({ sinceMs: clock.now() - 3.5 * DAY_MS }, signal)).map(({ who }) => who)).toEqual([
    'day 27',
    'day 28',
    'day 29',
    'b',
  ]);
  expect(new Set(store.listed).size).toBeLessThan(7);
});

test('a chain from the future takes no other one out of sight', async () => {
  const { store, clock, log } = await daysOf(1);
  store.kept.set('999999999999999-co_9', new Map([[1, '']]));
  const other = logOf(store, clock, 'co_2');
  await other.start();
  await other.record(callOf('a'));
  await log.record(callOf('b'));
  await clock.advance(61_000);
  await other.stop();
  const mine = (await store.chains()).find((name) => name.endsWith('co_1') && store.lines(name).some((line) => line.includes('"b"')))!;
  store.spoil(mine, store.lines(mine).slice(0, -1));
  expect((await verified(store)).problems).toMatchObject([{ chain: mine, problem: expect.stringContaining('cut off') as string }]);
});

test('chains without anything that is young enough are removed, and the log says so', async () => {
  const { store, clock, retention } = await daysOf(30);
  const all = await store.chains();
  await retention.runOnce(signal);
  const left = await store.chains();
  expect(left.length).toBeLessThan(14);
  expect(all.slice(-left.length + 1)).toEqual(left.slice(0, -1));
  for (const chain of left) expect(beganOf(chain)).toBeGreaterThanOrEqual(clock.now() - KEEP_MS - CHAIN_MS);
  const { problems, begins } = await verified(store);
  expect(problems).toEqual([]);
  expect(begins).toMatchObject({ chain: left.at(-1), line: 2 });
  // Until the next day nothing more is to be done, and nothing is said.
  const { writes } = store;
  await retention.runOnce(signal);
  expect(store.writes).toBe(writes);
  // What says so goes some day as well, and then another line says it.
  await clock.advance(KEEP_MS + 3 * DAY_MS);
  await retention.runOnce(signal);
  expect((await verified(store)).problems).toEqual([]);
  expect(await store.chains()).toHaveLength(1);
});

test('what could not be said is not removed; a removal that was broken off is no problem, and is ended later', async () => {
  const { store, retention } = await daysOf(20);
  const all = await store.chains();
  store.mood = 'sick';
  expect(await codeOf(retention.runOnce(signal))).toBe('unavailable');
  expect(await store.chains()).toEqual(all);
  store.mood = 'well';
  const remove = store.remove.bind(store);
  store.remove = async (chain) => {
    store.spoil(chain, store.lines(chain).slice(0, -1));
    throw new Error('died');
  };
  await expect(retention.runOnce(signal)).rejects.toThrow('died');
  expect((await verified(store)).problems).toEqual([]);
  store.remove = remove;
  await retention.runOnce(signal);
  expect((await store.chains()).length).toBeLessThan(all.length);
  expect((await verified(store)).problems).toEqual([]);
});

test('what goes while it is verified is no problem', async () => {
  const { store, retention } = await daysOf(20);
  const read = store.read.bind(store);
  let isFirst = true;
  store.read = async (chain, first) => {
    const isNow = isFirst && chain === (await store.chains()).at(-2);
    if (isNow) {
      isFirst = false;
      await retention.runOnce(signal);
    }
    return read(chain, first);
  };
  expect((await verified(store)).problems).toEqual([]);
  expect(isFirst).toBe(false);
});

test('a removal that nobody may have made is named, and hides nothing', async () => {
  const { store, clock } = await daysOf(5);
  const [first, , , , last] = await store.chains();
  const lines = store.lines(last!);
  const { hash, atMs } = JSON.parse(lines.at(-1)!) as { hash: string; atMs: number };
  const forged = {
    kind: 'removed',
    n: lines.length + 1,
    prev: hash,
    atMs,
    before: Math.floor(clock.now()),
    keepMs: DAY_MS,
    chains: 4,
  } as const;
  store.spoil(last!, [...lines, lineOf(forged).line.trim()]);
  store.kept.delete(first!);
  expect((await verified(store)).problems).toMatchObject([
    { chain: last, problem: expect.stringContaining('put in') as string },
    { chain: first },
  ]);
});

test('on a full disk what is allowed goes where room is kept, as long as there is some; what is denied is told later', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const log = logOf(store, clock);
  await log.start();
  await log.record(callOf('before'));
  store.mood = 'full';
  const [denied, allowed] = await Promise.all([codeOf(log.record(callOf('mallory', 'denied'))), codeOf(log.record(callOf('admin')))]);
  expect([denied, allowed]).toEqual(['unavailable', 'none']);
  for (let i = 0; i < 100; i++) expect(await codeOf(log.record(callOf('mallory', 'denied')))).toBe('unavailable');
  for (let i = 0; i < 3; i++) expect(await codeOf(log.record(callOf('admin')))).toBe('none');
  expect(await codeOf(log.record(callOf('admin')))).toBe('unavailable');
  store.mood = 'well';
  expect(await codeOf(log.record(callOf('after')))).toBe('none');
  await log.stop();
  // It is one chain still: that nothing was written is certain.
  expect(await store.chains()).toHaveLength(1);
  expect(await verified(store)).toMatchObject({ problems: [], lines: 7 });
});
