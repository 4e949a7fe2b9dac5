/** Reading the audit log: line by line through a chain, through all chains in the order of time, and where a chain stands. */
import type { AuditPieces } from '../store/store.ts';
import { entryOf, type CallEntry, type Entry, type Head } from './entry.ts';

export type AuditStore = Omit<AuditPieces, 'put'>;

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

/** Where a chain stands: its last line that can be read. Looked for from the end: one piece, unless there are some with nothing in them. */
export async function headOf(store: AuditStore, chain: string, pieces: readonly number[]): Promise<Head | undefined> {
  for (const first of pieces.toReversed()) {
    const found = linesIn(await store.read(chain, first)).findLast((read) => read !== undefined);
    if (found) return [found.entry.n, found.hash];
  }
  return undefined;
}

export interface AuditCall {
  chain: string;
  call: CallEntry;
}

/** The calls of all chains by time; those of one chain in its order. Memory: one piece for each chain that has begun and is not over. */
export async function* callsOf(store: AuditStore): AsyncGenerator<AuditCall> {
  const chains = await store.chains();
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
