/** Chains of the audit log: their names, line by line through one, through all in the order of time, and where one stands. */
import type { AuditPieces } from '../store/store.ts';
import { entryOf, type CallEntry, type Entry, type Head } from './entry.ts';

export type AuditStore = Pick<AuditPieces, 'chains' | 'pieces' | 'read'>;

/** A chain is written to for no longer; then another one is begun. So what is older is over, and needs no look. */
export const CHAIN_MS = 24 * 3_600_000;
/** For clocks that do not agree. */
export const SLACK_MS = CHAIN_MS;
/** Names of chains sort by their beginnings. */
const STAMP_DIGITS = 15;
const stampOf = (beganMs: number): string => String(Math.max(0, Math.floor(beganMs))).padStart(STAMP_DIGITS, '0');

/** The name of a chain that begins now. */
export const chainName = (beganMs: number, coordinatorId: string): string => `${stampOf(beganMs)}-${coordinatorId}`;
/** When a chain began; NaN for what others have put there. */
export const beganOf = (chain: string): number => (/^\d{15}-/.test(chain) ? Number.parseInt(chain, 10) : NaN);
/** Sorts before all chains that began then or later. */
export const beforeAll = (beganMs: number): string => stampOf(beganMs);

/** A line as it stands there; `read` is undefined where it cannot be trusted. `at`: its number in the chain, by counting. */
export interface AuditLine {
  at: number;
  read: { entry: Entry; hash: string } | undefined;
}

/** Memory: one piece. */
export async function* linesOf(store: AuditStore, chain: string): AsyncGenerator<AuditLine> {
  let at = 0;
  for (const first of await store.pieces(chain)) for (const read of linesIn(await store.read(chain, first))) yield { at: ++at, read };
}

/** Each line ends with its end. Read byte by byte: what is written is ASCII, so a byte that is none fits no hash. */
function linesIn(bytes: Buffer | undefined): AuditLine['read'][] {
  if (!bytes || bytes.length === 0) return [];
  const lines = bytes.toString('latin1').split('\n');
  const rest = lines.pop()!;
  return [...lines.map(entryOf), ...(rest === '' ? [] : [undefined])];
}

/**
 * Where a chain stands: its last line that tells of more than of other chains, so that two that look at each other come to rest; or `known`, where
 * there is none in these pieces; or the last one that can be read. Looked for from the end: most often one piece.
 */
export async function headOf(store: AuditStore, chain: string, pieces: readonly number[], known?: Head): Promise<Head | undefined> {
  let head = known;
  for (const first of pieces.toReversed()) {
    const read = linesIn(await store.read(chain, first)).filter((line) => line !== undefined);
    const told = read.findLast(({ entry }) => entry.kind !== 'heads');
    const found = told ?? read.at(-1);
    if (found) head ??= [found.entry.n, found.hash];
    if (told) return [told.entry.n, told.hash];
  }
  return head;
}

export interface AuditCall {
  chain: string;
  call: CallEntry;
}

/** The calls of all chains that may have some since then, by time; those of one chain in its order. Memory: one piece for each chain that has begun and is not over. */
export async function* callsOf(store: AuditStore, sinceMs = 0): AsyncGenerator<AuditCall> {
  const chains = await store.chains(beforeAll(sinceMs - CHAIN_MS));
  /** Of each chain that was begun: its next call. */
  const next = new Map<string, { call: CallEntry; rest: AsyncGenerator<CallEntry> }>();
  const advance = async (chain: string, rest: AsyncGenerator<CallEntry>): Promise<void> => {
    const { value, done } = await rest.next();
    if (done) next.delete(chain);
    else next.set(chain, { call: value, rest });
  };
  for (let begun = 0; begun < chains.length || next.size > 0;) {
    const [earliest] = [...next].toSorted(([, a], [, b]) => a.call.atMs - b.call.atMs);
    // A chain bears the time of its beginning; nothing in it is older.
    const chain = chains[begun];
    if (chain !== undefined && (!earliest || Number.parseInt(chain, 10) <= earliest[1].call.atMs)) {
      begun++;
      await advance(chain, callsIn(store, chain));
    } else if (earliest) {
      const [name, { call, rest }] = earliest;
      yield { chain: name, call };
      await advance(name, rest);
    }
  }
}

async function* callsIn(store: AuditStore, chain: string): AsyncGenerator<CallEntry> {
  for await (const { read } of linesOf(store, chain)) if (read?.entry.kind === 'call') yield read.entry;
}
