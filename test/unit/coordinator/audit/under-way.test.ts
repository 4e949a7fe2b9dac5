/** What a log that lives, grows, and is spoilt with care must still bear. */
import { describe, expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { Denials } from '../../../../coordinator/audit/denials.ts';
import { lineOf, NO_HASH, type Call } from '../../../../coordinator/audit/entry.ts';
import { verifyAudit } from '../../../../coordinator/audit/verify.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';
import { codeOf } from '../../../support/store-fixtures.ts';

const callOf = (who: string, outcome: 'ok' | 'denied' = 'ok'): Call => ({ who, by: 'token', method: '/a/B', peer: '127.0.0.1:1', outcome });
const logOf = (store: MemoryAudit, clock: SteppedClock, coordinatorId = 'co_1'): AuditLog =>
  new AuditLog({ store, coordinatorId, clock, onTrouble: () => undefined });
const problems = async (store: MemoryAudit): Promise<{ chain: string; line: number; problem: string }[]> => {
  const found = [];
  for await (const problem of verifyAudit(store)) found.push(problem);
  return found;
};

test('what is written while it is verified is no problem', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const [one, two] = [logOf(store, clock, 'co_1'), logOf(store, clock, 'co_2')];
  await one.start();
  await two.start();
  await one.record(callOf('a'));
  await clock.advance(5);
  await two.record(callOf('b'));
  const [, second] = await store.chains();
  const read = store.read.bind(store);
  let isFirst = true;
  store.read = async (chain, first) => {
    if (chain === second && isFirst) {
      isFirst = false;
      // The first chain has been read: it moves on, the second one tells.
      await one.record(callOf('c'));
      await clock.advance(61_000);
    }
    return read(chain, first);
  };
  const pieces = store.pieces.bind(store);
  store.pieces = async (chain) => {
    if (chain === second && isFirst) await store.read(chain, 1);
    return pieces(chain);
  };
  expect(await problems(store)).toEqual([]);
  await Promise.all([one.stop(), two.stop()]);
});

test('what others have written while the own was written is told a minute later', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const [one, two] = [logOf(store, clock, 'co_1'), logOf(store, clock, 'co_2')];
  await two.record(callOf('a'));
  await clock.advance(5);
  await one.start();
  await one.record(callOf('b'));
  await two.record(callOf('moves'));
  const chains = store.chains.bind(store);
  const put = store.put.bind(store);
  let own: Promise<void> | undefined;
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  // One call of our own is on its way while the others are looked at.
  store.put = async (...args) => {
    await held;
    return put(...args);
  };
  store.chains = async () => {
    own ??= one.record(callOf('meanwhile'));
    return chains();
  };
  await clock.advance(60_000);
  store.put = put;
  release();
  await own;
  await clock.advance(180_000);
  await one.stop();
  const [first] = await store.chains();
  expect(first).toContain('co_2');
  store.spoil(first!, store.lines(first!).slice(0, -1));
  expect(await problems(store)).toMatchObject([{ chain: first, problem: expect.stringContaining('cut off') as string }]);
});

test('a piece without a line hides no chain from those that come after', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  await logOf(store, clock, 'co_1').record(callOf('a'));
  const [first] = await store.chains();
  store.kept.get(first!)!.set(999, '');
  await clock.advance(1_000);
  await logOf(store, clock, 'co_2').record(callOf('b'));
  store.kept.delete(first!);
  expect(await problems(store)).toMatchObject([{ chain: first }]);
});

describe.each<[string, (line: string) => string]>([
  ['blanks', (line) => line.replace(',"', ', "')],
  ['a name twice', (line) => line.replace('{', '{"who":"somebody else",')],
  ['a letter written as its number', (line) => line.replace('"honest"', '"h\\u006fnest"')],
  ['an empty line after it', (line) => `${line}\n`],
])('%s', (_name, alter) => {
  test('in a line is named', async () => {
    const [store, clock] = [new MemoryAudit(), new SteppedClock()];
    await logOf(store, clock).record(callOf('honest'));
    const [chain] = await store.chains();
    const lines = store.lines(chain!);
    const altered = alter(lines[1]!);
    expect(altered).not.toBe(lines[1]);
    store.spoil(chain!, lines.with(1, altered));
    expect((await problems(store)).length).toBeGreaterThan(0);
  });
});

test('a store with many chains, each a while away, is written to in time', async () => {
  const store = new MemoryAudit();
  const clock = new SteppedClock();
  for (let i = 0; i < 600; i++)
    store.spoil(`${String(i + 1).padStart(15, '0')}-co_${i}`, [
      lineOf({ kind: 'heads', n: 1, prev: NO_HASH, atMs: i + 1, heads: {} }).line.trim(),
    ]);
  const far = async <T>(answer: Promise<T>): Promise<T> => {
    await clock.sleep(15);
    return answer;
  };
  const log = new AuditLog({
    store: {
      chains: (after) => far(store.chains(after)),
      pieces: (chain, after) => far(store.pieces(chain, after)),
      read: (chain, first) => far(store.read(chain, first)),
      put: (chain, first, bytes) => far(store.put(chain, first, bytes)),
      remove: (chain) => far(store.remove(chain)),
      reserve: () => store.reserve(),
    },
    coordinatorId: 'co_new',
    clock,
    onTrouble: () => undefined,
  });
  await log.start();
  const written = codeOf(log.record(callOf('b')));
  await clock.advance(3_000);
  expect(await written).toBe('none');
  // Of all of them is told in the end, also of those for which there was no time.
  await clock.advance(120_000);
  await log.stop();
  const own = store.lines((await store.chains()).at(-1)!).join('');
  for (let i = 0; i < 600; i += 99) expect(own).toContain(`-co_${i}"`);
});

test('denied calls that wait take no place of those that are allowed', async () => {
  const [store, clock] = [new MemoryAudit(), new SteppedClock()];
  const log = logOf(store, clock);
  const denials = new Denials({ clock, onTrouble: () => undefined, record: (call) => log.record(call) });
  const flood = Array.from({ length: 1_200 }, (_, i) =>
    codeOf(denials.record({ ...callOf('nobody', 'denied'), peer: `10.0.${i >> 8}.${i & 255}:1` })),
  );
  const allowed = codeOf(log.record(callOf('admin')));
  await clock.advance(100);
  expect(await allowed).toBe('none');
  await Promise.all(flood);
});

test('names of chains that lines tell of are names', async () => {
  const store = new MemoryAudit();
  const heads = { '\u001b[2Jgone': [1, '1'.repeat(64)] as [number, string] };
  store.spoil('000000000001000-co_1', [lineOf({ kind: 'heads', n: 1, prev: NO_HASH, atMs: 1, heads }).line.trim()]);
  for (const { chain } of await problems(store)) expect(chain).toMatch(/^[\w-]{1,100}$/);
});

test('whoever has a whole network of IPv6 is one caller', async () => {
  const written: Call[] = [];
  const denials = new Denials({ record: async (call) => void written.push(call), clock: new SteppedClock(), onTrouble: () => undefined });
  for (let i = 1; i <= 1_030; i++) await denials.record({ ...callOf('nobody', 'denied'), peer: `[2001:db8:1:2::${i.toString(16)}]:${i}` });
  expect(written).toHaveLength(1_000);
  await denials.record({ ...callOf('nobody', 'denied'), peer: '[2001:db8:1:3::1]:1' });
  expect(written).toHaveLength(1_001);
  await denials.stop();
  expect(written.at(-1)).toMatchObject({ more: 30 });
});
