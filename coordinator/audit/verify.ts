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

interface Seen {
  hash: string;
  by: string;
}

/** Of each chain: which lines others have seen of it, and with which hash. */
type Said = Map<string, Map<number, Seen[]>>;

/** Problems one after the other; the verdict at the end. expected: heads that were kept elsewhere. */
export async function* verifyAudit(
  store: AuditStore,
  expected: Readonly<Record<string, Head>> = {},
): AsyncGenerator<AuditProblem, AuditVerdict> {
  const heads: Record<string, Head> = {};
  const said: Said = new Map();
  const say = (chain: string, [n, hash]: Head, by: string): void => {
    const lines = said.get(chain) ?? new Map<number, Seen[]>();
    said.set(chain, lines);
    const seen = lines.get(n) ?? [];
    if (!seen.some((one) => one.hash === hash)) lines.set(n, [...seen, { hash, by }]);
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
    if (before[0] > 0) heads[chain] = before;
  }
  yield* missing(store, said);
  return { chains: chains.length, lines, heads };
}

/**
 * What others have seen of a chain, and it has not any more. The chains are read again, after all that is said of them: what came to one meanwhile
 * is there now.
 */
async function* missing(store: AuditStore, said: Said): AsyncGenerator<AuditProblem> {
  for (const [chain, wanted] of said) {
    let end = 0;
    for await (const { read } of linesOf(store, chain)) {
      if (!read) continue;
      const { n } = read.entry;
      end = Math.max(end, n);
      const other = wanted.get(n)?.find(({ hash }) => hash !== read.hash);
      if (other) yield { chain, line: n, problem: `is another one than ${other.by} has seen: the chain was written anew` };
    }
    const last = [...wanted.keys()].reduce((most, n) => Math.max(most, n), 0);
    const [{ by }] = wanted.get(last) as [Seen];
    if (end === 0) yield { chain, line: 0, problem: `is not there any more: ${by} has seen ${last} lines of it` };
    else if (last > end) yield { chain, line: end, problem: `is the last one: ${by} has seen ${last} lines, the end was cut off` };
  }
}
