/** Whether the audit log is as it was written: what was altered, taken out, moved or cut off is named, with its place. */
import { beforeAll, beganOf, CHAIN_MS, linesOf, SLACK_MS, type AuditStore } from './chains.ts';
import { NO_HASH, type Head, type Removal } from './entry.ts';

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
  /** Where it begins, if something was removed by retention, and the line that says so. */
  begins?: Beginning;
}

export interface Beginning {
  beforeMs: number;
  chain: string;
  line: number;
}

/** The shortest that `--keep-audit` can be. */
export const LEAST_KEEP_MS = 24 * 3_600_000;

interface Seen {
  hash: string;
  by: string;
}

/** Of each chain: which lines others have seen of it, and with which hash. */
type Said = Map<string, Map<number, Seen[]>>;

/** Problems one after the other; the verdict at the end. expected: heads that were kept elsewhere. noted: those that Redis knows. */
export async function* verifyAudit(
  store: AuditStore,
  expected: Readonly<Record<string, Head>> = {},
  noted: Readonly<Record<string, Head>> = {},
): AsyncGenerator<AuditProblem, AuditVerdict> {
  const heads: Record<string, Head> = {};
  const said: Said = new Map();
  const say = (chain: string, [n, hash]: Head, by: string): void => {
    const lines = said.get(chain) ?? new Map<number, Seen[]>();
    said.set(chain, lines);
    const seen = lines.get(n) ?? [];
    if (!seen.some((one) => one.hash === hash)) lines.set(n, [...seen, { hash, by }]);
  };
  let begins: Beginning | undefined;
  for (const [chain, head] of Object.entries(expected)) say(chain, head, 'what was kept elsewhere');
  for (const [chain, head] of Object.entries(noted)) say(chain, head, 'Redis');
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
      if (kind === 'removed') {
        if (isSound(read.entry)) begins = later(begins, { beforeMs: read.entry.before, chain, line: at });
        else yield { chain, line: at, problem: 'removes what was not old enough: it was put in' };
      }
      if (kind === 'heads') for (const [other, head] of Object.entries(read.entry.heads)) say(other, head, `line ${at} of ${chain}`);
    }
    if (before[0] > 0) heads[chain] = before;
  }
  yield* missing(store, said, begins);
  return { chains: chains.length, lines, heads, ...(begins && { begins }) };
}

const later = (one: Beginning | undefined, other: Beginning | undefined): Beginning | undefined =>
  (other?.beforeMs ?? 0) > (one?.beforeMs ?? 0) ? other : one;

/** Retention takes nothing that is younger than it says. */
const isSound = ({ before, keepMs, atMs }: Removal): boolean => before <= atMs - keepMs - CHAIN_MS + 1 && keepMs >= LEAST_KEEP_MS;

/** Where the log begins by now: a removal may have come while it was read. Removals stand in the newest chains. */
async function beginsNow(store: AuditStore): Promise<Beginning | undefined> {
  const names = await store.chains();
  const newestMs = names.map(beganOf).reduce((most, beganMs) => (beganMs > most ? beganMs : most), 0);
  let found: Beginning | undefined;
  for (const chain of names.filter((name) => name > beforeAll(newestMs - CHAIN_MS - SLACK_MS)))
    for await (const { at, read } of linesOf(store, chain))
      if (read?.entry.kind === 'removed' && isSound(read.entry)) found = later(found, { beforeMs: read.entry.before, chain, line: at });
  return found;
}

/**
 * What others have seen of a chain, and it has not any more. The chains are read again, after all that is said of them: what came to one meanwhile
 * is there now.
 */
async function* missing(store: AuditStore, said: Said, known: Beginning | undefined): AsyncGenerator<AuditProblem> {
  let begins = known;
  let isFresh = false;
  /** Whether retention has taken it. */
  const isRemoved = async (chain: string): Promise<boolean> => {
    const began = beganOf(chain);
    if (began < (begins?.beforeMs ?? 0)) return true;
    if (!isFresh) begins = later(begins, await beginsNow(store));
    isFresh = true;
    return began < (begins?.beforeMs ?? 0);
  };
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
    if (last <= end || (await isRemoved(chain))) continue;
    const [{ by }] = wanted.get(last) as [Seen];
    if (end === 0) yield { chain, line: 0, problem: `is not there any more: ${by} has seen ${last} lines of it` };
    else yield { chain, line: end, problem: `is the last one: ${by} has seen ${last} lines, the end was cut off` };
  }
}
