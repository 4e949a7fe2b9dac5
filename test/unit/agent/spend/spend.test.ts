/** The book of a key, and its purse: whatever the order of calls, days, crashes and disks that fail, no more is spent than the cap and what is in flight. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Purses, type Refusal } from '../../../../agent/spend/purse.ts';
import { METERS, SpendBook, startOf, tighter, type Amount, type Cap, type Hold } from '../../../../agent/spend/spend-book.ts';
import { readSpendFile, writeSpendFile, type SpentByKey } from '../../../../agent/spend/spend-file.ts';

const NOON = startOf(20_000) + 43_200_000;
const amount = fc.record({ microUsd: fc.nat(400), tokens: fc.nat(400) });
const cap = fc.oneof(
  fc.record({ microUsd: fc.nat(2000) }),
  fc.record({ tokens: fc.nat(2000) }),
  fc.record({ microUsd: fc.nat(2000), tokens: fc.nat(2000) }),
);
const step = fc.oneof(
  fc.record({ kind: fc.constant('reserve' as const), amount }),
  fc.record({ kind: fc.constant('settle' as const), which: fc.nat(20), taken: amount }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: -3_600_000, max: 40_000_000 }) }),
);

describe('the book', () => {
  test('never holds more than the cap, but for what a call takes beyond what was reserved for it', () => {
    fc.assert(
      fc.property(cap, fc.array(step, { maxLength: 60 }), (limit, steps) => {
        let now = NOON;
        const caps: Cap = limit;
        const book = new SpendBook(limit, now);
        const holds: Hold[] = [];
        // Of the day that the book is in: what was taken beyond the reservations.
        const beyond: Amount = { microUsd: 0, tokens: 0 };
        let { day } = book;
        const look = (): void => {
          if (book.day !== day) {
            ({ day } = book);
            beyond.microUsd = beyond.tokens = 0;
          }
        };
        for (const one of steps) {
          if (one.kind === 'pass') now += one.ms;
          else if (one.kind === 'reserve') {
            const hold = book.reserve(one.amount, now);
            look();
            if (hold) holds.push(hold);
          } else {
            const [hold] = holds.splice(one.which % Math.max(1, holds.length), 1);
            if (!hold) continue;
            hold.settle(one.taken, now);
            look();
            hold.settle(one.taken, now); // again: nothing
            for (const meter of METERS) beyond[meter] += Math.max(0, one.taken[meter] - hold.reserved[meter]);
          }
          for (const meter of METERS) {
            expect(book.committed[meter]).toBeGreaterThanOrEqual(book.spent[meter]);
            expect(book.committed[meter]).toBeLessThanOrEqual((caps[meter] ?? Infinity) + beyond[meter]);
          }
          expect(book.inFlight).toBe(holds.length);
        }
      }),
    );
  });

  test('a new day begins with what is in flight, and a clock that goes back a moment frees nothing', () => {
    const midnight = startOf(20_001);
    const book = new SpendBook({ tokens: 10 }, midnight - 5);
    const first = book.reserve({ microUsd: 0, tokens: 6 }, midnight - 5)!;
    book.reserve({ microUsd: 0, tokens: 4 }, midnight - 4)!.settle({ microUsd: 0, tokens: 4 }, midnight - 3);
    expect(book.reserve({ microUsd: 0, tokens: 1 }, midnight - 2)).toBeUndefined();
    expect(book.reserve({ microUsd: 0, tokens: 5 }, midnight + 1)).toBeUndefined();
    expect(book.reserve({ microUsd: 0, tokens: 4 }, midnight + 1)).toBeDefined();
    expect(book.reserve({ microUsd: 0, tokens: 1 }, midnight - 1)).toBeUndefined();
    first.settle({ microUsd: 0, tokens: 6 }, midnight + 2);
    expect(book.spent.tokens).toBe(6);
  });

  test('amounts are whole and never negative, whatever an endpoint says', () => {
    const book = new SpendBook({ tokens: 10 }, NOON);
    for (const tokens of [-5, Number.NaN, 0.2]) book.reserve({ microUsd: 0, tokens: 1 }, NOON)!.settle({ microUsd: 0, tokens }, NOON);
    expect(book.committed).toEqual({ microUsd: 0, tokens: 1 });
  });

  test('of two caps the tighter one holds', () => {
    expect(tighter({ microUsd: 5, tokens: 9 }, { microUsd: 7, tokens: 3 })).toEqual({ microUsd: 5, tokens: 3 });
    expect(tighter({ microUsd: 5 }, {})).toEqual({ microUsd: 5 });
  });
});

describe('the purses', () => {
  /** A disk of one file: it may fail, and each write takes a turn. */
  class Disk {
    content: SpentByKey = {};
    fails = false;
    writes = 0;
    write = async (keys: SpentByKey): Promise<void> => {
      const copy = structuredClone(keys);
      await Promise.resolve();
      this.writes++;
      if (this.fails) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      this.content = copy;
    };
  }
  const clock = { at: NOON, now: () => clock.at };
  beforeEach(() => void (clock.at = NOON));
  const open = (disk: Disk, tokens: number) => new Purses({ before: disk.content, write: disk.write, clock }).open('KEY', { tokens });
  const tokens = (count: number): Amount => ({ microUsd: 0, tokens: count });
  const none = new AbortController().signal;
  const taken = async (of: Promise<Hold | Refusal>): Promise<Hold> => (await of) as Hold;

  test('calls and crashes in any order: all lives of a day together stay within the cap', async () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('call' as const),
        reserved: fc.integer({ min: 1, max: 30 }),
        takes: fc.integer({ min: 0, max: 30 }),
        hangs: fc.boolean(),
      }),
      fc.record({ kind: fc.constant('crash' as const) }),
      fc.record({ kind: fc.constant('disk' as const), fails: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 500 }), fc.array(act, { maxLength: 40 }), async (limit, acts) => {
        const disk = new Disk();
        let purse = open(disk, limit);
        let spent = 0;
        for (const one of acts) {
          if (one.kind === 'crash') purse = open(disk, limit);
          else if (one.kind === 'disk') disk.fails = one.fails;
          else {
            const waiting = new AbortController();
            const hold = purse.take(tokens(one.reserved), waiting.signal).catch(() => undefined);
            for (let turn = 0; turn < 10; turn++) await Promise.resolve();
            waiting.abort();
            const given = await hold;
            if (!given || 'why' in given) continue;
            // A call that left may cost what was reserved for it, also when the agent dies before it hears of it.
            const cost = Math.min(one.takes, one.reserved);
            spent += one.hangs ? one.reserved : cost;
            if (!one.hangs) given.settle(tokens(cost), clock.at);
            await Promise.resolve();
          }
          expect(spent).toBeLessThanOrEqual(limit);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('a call waits for those in flight while they may leave room, and is refused until midnight when none do', async () => {
    const purse = open(new Disk(), 10);
    const first = await taken(purse.take(tokens(8), none));
    const second = purse.take(tokens(5), none);
    first.settle(tokens(4), clock.at);
    (await taken(second)).settle(tokens(5), clock.at);
    const refusal = await purse.take(tokens(2), none);
    expect(refusal).toEqual({
      forAll: true,
      waitMs: 43_200_000,
      why: '9 of 10 tokens are spent today (UTC), and the next call may take 2',
    });
    clock.at += 43_200_000;
    expect(await purse.take(tokens(10), none)).toHaveProperty('reserved');
  });

  test('who waits gives up when he is told to', async () => {
    const purse = open(new Disk(), 10);
    await purse.take(tokens(8), none);
    const stop = new AbortController();
    const waiting = purse.take(tokens(8), stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('the file is written ahead, and not for each call', async () => {
    const disk = new Disk();
    const purse = open(disk, 100_000);
    for (let i = 0; i < 500; i++) (await taken(purse.take(tokens(10), none))).settle(tokens(10), clock.at);
    expect(disk.writes).toBeLessThanOrEqual(7);
    expect(Object.values(disk.content)[0]!.tokens).toBeGreaterThanOrEqual(5000);
  });

  test('where it cannot be written nothing is spent, and it is tried again', async () => {
    const disk = new Disk();
    disk.fails = true;
    const purse = open(disk, 100);
    expect(await purse.take(tokens(10), none)).toEqual({
      forAll: true,
      waitMs: 60_000,
      why: 'what it spends cannot be written down (ENOSPC)',
    });
    disk.fails = false;
    expect(await purse.take(tokens(100), none)).toHaveProperty('reserved');
  });
});

describe('the file', () => {
  let dir: string;
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'assay-spend-'))));
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test('is read as it was written, and is none at first', async () => {
    expect(await readSpendFile(dir)).toEqual({});
    const keys = { '0123456789abcdef': { day: 20_000, microUsd: 5, tokens: 7 } };
    await writeSpendFile(dir, keys);
    expect(await readSpendFile(dir)).toEqual(keys);
  });

  test.each(['', '{', '{"version":1}', '{"version":1,"keys":{"x":{}}}', '{"version":2,"keys":{}}'])(
    'that says nothing is refused: %j',
    async (text) => {
      await writeFile(join(dir, 'spend.json'), text);
      await expect(readSpendFile(dir)).rejects.toThrow('does not say what was spent');
    },
  );

  test('names no key, nor anything made of one', async () => {
    const purses = new Purses({ before: {}, write: (keys) => writeSpendFile(dir, keys), clock: { now: () => NOON } });
    await purses.open('key OPENAI_API_KEY', { tokens: 5 }).take({ microUsd: 0, tokens: 1 }, new AbortController().signal);
    await purses.close();
    expect(await readFile(join(dir, 'spend.json'), 'utf8')).toMatch(
      /^\{"version":1,"keys":\{"[0-9a-f]{16}":\{"microUsd":0,"tokens":1,"day":20000\}\}\}\n$/,
    );
  });
});
