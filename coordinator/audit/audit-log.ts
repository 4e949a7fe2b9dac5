/**
 * The audit log of this coordinator: a chain of its own in the store. `record` resolves when the entry is durable, and rejects when that cannot be
 * had in time; entries that come together are written together. A write of which nothing certain is known ends the chain, and what comes next
 * begins another one: no piece is ever written twice.
 *
 * Chains watch each other. The first line of each, and one a minute where something has changed, says where all others stand, so a chain that
 * loses its end, or is taken away as a whole, is missed.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { AuditPieces } from '../store/store.ts';
import { headOf } from './chains.ts';
import { lineOf, NO_HASH, tellable, type Call, type Entry, type Head } from './entry.ts';

const WRITE_MS = 3_000;
const MAX_WAITING = 1_000;
const HEADS_EVERY_MS = 60_000;
/** Names of chains sort by their beginnings. */
const STAMP_DIGITS = 15;

export interface AuditLogParts {
  store: AuditPieces;
  coordinatorId: string;
  clock: Clock;
  onTrouble: (error: unknown) => void;
}

type Unplaced = Entry extends infer E ? (E extends Entry ? Omit<E, 'n' | 'prev'> : never) : never;

interface Waiting {
  call: Call;
  atMs: number;
  resolve: () => void;
  reject: (error: AppError) => void;
}

interface Chain {
  name: string;
  n: number;
  hash: string;
}

export class AuditLog implements Service {
  readonly #parts: AuditLogParts;
  readonly #duty: Duty;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #chain: Chain | undefined;
  #lastStamp = 0;
  /** Where the other chains stood when it was last told. */
  #told: Record<string, Head> = {};
  /** The last piece of each, at that time. */
  #pieces: ReadonlyMap<string, number> = new Map();

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#duty = new Duty({ clock: parts.clock, periodMs: HEADS_EVERY_MS, onError: parts.onTrouble, run: () => this.#witness() });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#flushing;
  }

  /** Resolves when it is written down. Rejects with `unavailable` where that cannot be done within three seconds, or too much waits. */
  record(call: Call): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(notNow());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, atMs: this.#parts.clock.now(), resolve, reject });
      void this.#flush();
    });
  }

  /** Writes what waits, piece after piece; never two at the same time. */
  #flush(): Promise<void> {
    return (this.#flushing ??= (async () => {
      await Promise.resolve(); // what is told in this tick goes together
      while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0));
    })().finally(() => (this.#flushing = undefined)));
  }

  async #write(batch: Waiting[]): Promise<void> {
    try {
      const chain = this.#chain ?? (await this.#begin());
      await this.#append(
        chain,
        batch.map(({ call, atMs }) => ({ kind: 'call', atMs, ...bounded(call) })),
      );
      for (const { resolve } of batch) resolve();
    } catch (cause) {
      this.#parts.onTrouble(cause);
      for (const { reject } of batch) reject(notNow(cause));
    }
  }

  async #begin(): Promise<Chain> {
    const { clock, coordinatorId } = this.#parts;
    this.#lastStamp = Math.max(Math.floor(clock.now()), this.#lastStamp + 1);
    const name = `${String(this.#lastStamp).padStart(STAMP_DIGITS, '0')}-${coordinatorId}`;
    const heads = await this.#limited('a look at the audit log', () => this.#heads());
    const begun = await this.#append({ name, n: 0, hash: NO_HASH }, [{ kind: 'heads', atMs: clock.now(), heads }]);
    this.#told = heads;
    return begun;
  }

  async #append(chain: Chain, entries: readonly Unplaced[]): Promise<Chain> {
    const first = chain.n + 1;
    let { n, hash } = chain;
    const lines: string[] = [];
    for (const entry of entries) {
      const written = lineOf({ ...entry, n: ++n, prev: hash });
      lines.push(written.line);
      hash = written.hash;
    }
    // Until it is known to be written there is no chain to go on from.
    this.#chain = undefined;
    const { store } = this.#parts;
    const isOurs = await this.#limited('the audit log', () => store.put(chain.name, first, Buffer.from(lines.join(''))));
    if (!isOurs) throw new AppError('internal', `the audit log has an entry ${first} of ${chain.name} already`);
    return (this.#chain = { name: chain.name, n, hash });
  }

  /** Tells where the others stand, if they have moved. */
  async #witness(): Promise<void> {
    await this.#flushing;
    if (!this.#chain) return;
    const heads = await this.#limited('a look at the audit log', () => this.#heads());
    const moved = Object.fromEntries(Object.entries(heads).filter(([name, [n]]) => this.#told[name]?.[0] !== n));
    // Something was written meanwhile: the next minute tells.
    if (Object.keys(moved).length === 0 || this.#flushing) return;
    this.#flushing = (async () => {
      if (this.#chain) await this.#append(this.#chain, [{ kind: 'heads', atMs: this.#parts.clock.now(), heads: moved }]);
      this.#told = heads;
    })();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = undefined;
      if (this.#waiting.length > 0) void this.#flush();
    }
  }

  /** Of all chains but our own. Only what has a new piece is read. */
  async #heads(): Promise<Record<string, Head>> {
    const { store } = this.#parts;
    const heads: Record<string, Head> = {};
    const pieces = new Map<string, number>();
    for (const name of await store.chains()) {
      if (name === this.#chain?.name) continue;
      const numbers = await store.pieces(name);
      const last = numbers.at(-1) ?? 0;
      const known = this.#pieces.get(name) === last ? this.#told[name] : undefined;
      const head = known ?? (await headOf(store, name, numbers));
      pieces.set(name, last);
      if (head) heads[name] = head;
    }
    this.#pieces = pieces;
    return heads;
  }

  #limited<T>(what: string, work: () => Promise<T>): Promise<T> {
    return withDeadline({ ms: WRITE_MS, what, clock: this.#parts.clock }, work);
  }
}

const bounded = ({ who, method, peer, reason, namespace, target, ...rest }: Call): Call => ({
  ...rest,
  ...{ who: tellable(who), method: tellable(method), peer: tellable(peer) },
  ...(reason !== undefined && { reason: tellable(reason) }),
  ...(namespace !== undefined && { namespace: tellable(namespace) }),
  ...(target !== undefined && { target: tellable(target) }),
});

const notNow = (cause?: unknown): AppError =>
  new AppError('unavailable', 'the audit log cannot be written now: mend the store, then try again', { cause });
