/** Whether the audit log is as it was written: what was altered, taken out, moved or cut off is named, with its place. */
import { linesOf, type AuditStore } from './chains.ts';
import { NO_HASH, type Head } from './entry.ts';

export interface AuditProblem {
  chain: string;
  /** The line, counted from 1. */
  line: number;
  problem: string;
}

export interface AuditVerdict {
  chains: number;
  lines: number;
  /** Where every chain ends: kept elsewhere, it also shows later whether the newest lines are still there. */
  heads: Record<string, Head>;
}

/** Problems one after the other; the verdict at the end. expected: heads that were kept elsewhere. */
export async function* verifyAudit(
  store: AuditStore,
  expected: Readonly<Record<string, Head>> = {},
): AsyncGenerator<AuditProblem, AuditVerdict> {
  const heads: Record<string, Head> = {};
  /** What was said of a chain: by whom, and which line it had then. Of each chain the furthest, and that of every other one is of no more use. */
  const said = new Map<string, { head: Head; by: string }[]>();
  const say = (chain: string, head: Head, by: string): void => {
    const known = said.get(chain) ?? [];
    if (!known.some(({ head: [n, hash] }) => n === head[0] && hash === head[1])) said.set(chain, [...known, { head, by }]);
  };
  for (const [chain, head] of Object.entries(expected)) say(chain, head, 'what was kept elsewhere');
  let lines = 0;
  const chains = await store.chains();
  for (const chain of chains) {
    let before: Head = [0, NO_HASH];
    let isLost = false;
    for await (const { at, read } of linesOf(store, chain)) {
      lines++;
      if (!read) {
        yield { chain, line: at, problem: 'is altered, or damaged: it is not what was written' };
        isLost = true;
        continue;
      }
      const { n, prev, kind } = read.entry;
      if (n <= before[0]) yield { chain, line: at, problem: `bears the number ${n}, after ${before[0]}: it was moved, or put in` };
      else if (isLost ? n !== at : n !== before[0] + 1)
        yield {
          chain,
          line: at,
          problem: `bears the number ${n}, after ${before[0]}: ${n - before[0] - 1} lines before it were taken out`,
        };
      else if (!isLost && prev !== before[1])
        yield { chain, line: at, problem: 'does not follow from the line before it: one of the two was put in' };
      isLost = false;
      if (n > before[0]) before = [n, read.hash];
      if (kind === 'heads') for (const [other, head] of Object.entries(read.entry.heads)) say(other, head, `line ${at} of ${chain}`);
    }
    heads[chain] = before;
  }
  yield* missing(store, heads, said);
  return { chains: chains.length, lines, heads };
}

/** What others have seen of a chain, and it has not any more. */
async function* missing(
  store: AuditStore,
  heads: Readonly<Record<string, Head>>,
  said: ReadonlyMap<string, readonly { head: Head; by: string }[]>,
): AsyncGenerator<AuditProblem> {
  for (const [chain, all] of said) {
    const end = heads[chain]?.[0] ?? 0;
    const furthest = all.toSorted((a, b) => b.head[0] - a.head[0])[0]!;
    if (end === 0) {
      yield { chain, line: 0, problem: `is not there any more: ${furthest.by} has seen ${furthest.head[0]} lines of it` };
      continue;
    }
    if (furthest.head[0] > end)
      yield { chain, line: end, problem: `is the last one: ${furthest.by} has seen ${furthest.head[0]} lines, the end was cut off` };
    const wanted = new Map(all.map(({ head: [n, hash], by }) => [n, { hash, by }]));
    for await (const { read } of linesOf(store, chain)) {
      const seen = read && wanted.get(read.entry.n);
      if (seen && seen.hash !== read.hash)
        yield { chain, line: read.entry.n, problem: `is another one than ${seen.by} has seen: the chain was written anew` };
    }
  }
}
