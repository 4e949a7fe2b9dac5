/** Whatever is done to the lines of an audit log is named, with its place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { callsOf } from '../../../../coordinator/audit/chains.ts';
import { lineOf, type Entry, type Head } from '../../../../coordinator/audit/entry.ts';
import { verifyAudit, type AuditProblem, type AuditVerdict } from '../../../../coordinator/audit/verify.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

const callOf = (who: string) => ({ who, by: 'token', method: '/a/B', peer: '127.0.0.1:1', outcome: 'ok' }) as const;

async function verified(store: MemoryAudit, expected?: Record<string, Head>): Promise<AuditVerdict & { problems: AuditProblem[] }> {
  const problems: AuditProblem[] = [];
  const walk = verifyAudit(store, expected);
  for (;;) {
    const { value, done } = await walk.next();
    if (done) return { ...value, problems };
    problems.push(value);
  }
}

/** Logs of so many coordinators that have run one after the other, with so many calls each. */
async function logsOf(sizes: readonly number[]): Promise<{ store: MemoryAudit; chains: string[] }> {
  const store = new MemoryAudit();
  const clock = new SteppedClock();
  for (const [i, size] of sizes.entries()) {
    await clock.advance(1_000);
    const log = new AuditLog({ store, coordinatorId: `co_${i}`, clock, onTrouble: () => undefined });
    for (let n = 0; n < size; n++) {
      await log.record(callOf(`${i}.${n}`));
      await clock.advance(10);
    }
    await log.stop();
  }
  return { store, chains: await store.chains() };
}

const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 });

test('a log as it was written has no problem, and its calls come in order', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, async (own) => {
      const { store } = await logsOf(own);
      const { problems, chains, lines } = await verified(store);
      expect(problems).toEqual([]);
      expect({ chains, lines }).toEqual({ chains: own.length, lines: own.length + own.reduce((sum, n) => sum + n, 0) });
      const calls: string[] = [];
      for await (const { call } of callsOf(store)) calls.push(call.who);
      expect(calls).toEqual(own.flatMap((n, i) => Array.from({ length: n }, (_, k) => `${i}.${k}`)));
    }),
    { numRuns: 30 },
  );
});

type Harm = (lines: string[], at: number, other: number) => string[];
const HARMS: Record<string, Harm> = {
  'a letter altered': (lines, at) => lines.with(at, lines[at]!.replace('"n":', '"m":')),
  'a value altered': (lines, at) => lines.with(at, lines[at]!.replace('"atMs":1', '"atMs":2')),
  'a line taken out': (lines, at) => lines.toSpliced(at, 1),
  'two lines swapped': (lines, at, other) => lines.with(at, lines[other]!).with(other, lines[at]!),
  'a line repeated': (lines, at) => lines.toSpliced(at, 0, lines[at]!),
  'a line put in from elsewhere': (lines, at) => lines.toSpliced(at, 0, lineOf(FOREIGN).line.trim()),
  'the end cut off': (lines, at) => lines.slice(0, at),
  'half a line': (lines, at) => lines.with(at, lines[at]!.slice(0, -20)),
};
const FOREIGN: Entry = { kind: 'call', n: 2, prev: '1'.repeat(64), atMs: 1, ...callOf('mallory') };

describe.each(Object.entries(HARMS))('%s', (_name, harm) => {
  test('is named, in a chain that was over before the last one began', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(6), fc.nat(6), async (size, a, b) => {
        const { store, chains } = await logsOf([size, 1]);
        const [chain] = chains;
        const lines = store.lines(chain!);
        const [at, other] = [a % lines.length, b % lines.length];
        const harmed = harm(lines, at, other);
        fc.pre(harmed.join('\n') !== lines.join('\n'));
        store.spoil(chain!, harmed);
        const { problems } = await verified(store);
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.every((problem) => problem.chain === chain)).toBe(true);
        // The first one is at the place of the harm, or at the line after what is missing.
        expect(Math.abs(problems[0]!.line - 1 - Math.min(at, harm === HARMS['two lines swapped'] ? other : at))).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});

test('a chain that is gone is missed by those after it', async () => {
  const { store, chains } = await logsOf([2, 2, 2]);
  store.kept.delete(chains[1]!);
  expect((await verified(store)).problems).toMatchObject([
    { chain: chains[1], problem: expect.stringContaining('is not there any more') as string },
  ]);
});

test('a chain that was written anew, with all its hashes, is not the one that others have seen', async () => {
  const { store, chains } = await logsOf([3, 1]);
  const [first] = chains;
  const forged = new MemoryAudit();
  const clock = new SteppedClock();
  const log = new AuditLog({ store: forged, coordinatorId: 'co_0', clock, onTrouble: () => undefined });
  for (const who of ['someone', 'else', 'entirely']) await log.record(callOf(who));
  store.spoil(first!, forged.lines((await forged.chains())[0]!));
  expect((await verified(store)).problems).toMatchObject([
    { chain: first, line: 4, problem: expect.stringContaining('written anew') as string },
  ]);
});

test('heads that were kept elsewhere show that the newest lines are gone', async () => {
  const { store, chains } = await logsOf([3]);
  const { heads, problems } = await verified(store);
  expect(problems).toEqual([]);
  const [chain] = chains;
  store.spoil(chain!, store.lines(chain!).slice(0, -1));
  // By itself nothing shows: nobody has seen the end.
  expect((await verified(store)).problems).toEqual([]);
  expect((await verified(store, heads)).problems).toMatchObject([
    { chain, line: 3, problem: expect.stringContaining('cut off') as string },
  ]);
});
