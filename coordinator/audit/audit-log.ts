/**
 * The audit log of this coordinator: a chain of its own in the store. `record` resolves when the entry is durable, and rejects when that cannot be
 * had in time; entries that come together are written together. A write of which nothing certain is known ends the chain, and what comes next
 * begins another one: no piece is ever written twice.
 *
 * Chains watch each other. The first line of each, and one a minute where something has changed, says where all others stand, so a chain that
 * loses its end, or is taken away as a whole, is missed.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { raceSignal, withDeadline } from '../../shared/runtime/abort.ts';
import { forEachBounded } from '../../shared/runtime/bounded.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { AuditPieces } from '../store/store.ts';
import { headOf } from './chains.ts';
import { lineOf, NO_HASH, tellable, type Call, type Entry, type Head } from './entry.ts';

/** For one write, and all that it needs. */
const WRITE_MS = 3_000;
/** Of that, for a look at the other chains: with many of them, or a store that is far away, a chain begins without all of them. */
const LOOK_MS = 1_000;
/** For a look that nobody waits for. */
const LOOK_WELL_MS = 10 * 60_000;
const LOOKS_AT_ONCE = 8;
const MAX_WAITING = 1_000;
/** Of these, denied calls: nobody who is turned away keeps out whoever is not. */
const MAX_WAITING_DENIED = 500;
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
  /** What was read of them: each one's last piece, and where it stood with that. */
  #read = new Map<string, { piece: number; head: Head }>();
  #waitingDenied = 0;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#duty = new Duty({
      clock: parts.clock,
      periodMs: HEADS_EVERY_MS,
      onError: parts.onTrouble,
      run: (signal) => this.#witness(signal),
    });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#flushing;
  }

  /** Resolves when it is written down. Rejects with `unavailable` where that cannot be done within a few seconds, or too much waits. */
  record(call: Call): Promise<void> {
    const isDenied = call.outcome === 'denied';
    if (this.#waiting.length >= MAX_WAITING || (isDenied && this.#waitingDenied >= MAX_WAITING_DENIED)) return Promise.reject(notNow());
    if (isDenied) this.#waitingDenied++;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, atMs: this.#parts.clock.now(), resolve, reject });
      void this.#flush();
    });
  }

  /** Writes what waits, piece after piece; never two at the same time. */
  #flush(): Promise<void> {
    return (this.#flushing ??= (async () => {
      await Promise.resolve(); // what is told in this tick goes together
      while (this.#waiting.length > 0) await this.#write(this.#taken());
    })().finally(() => {
      this.#flushing = undefined;
      if (this.#waiting.length > 0) void this.#flush();
    }));
  }

  #taken(): Waiting[] {
    this.#waitingDenied = 0;
    return this.#waiting.splice(0);
  }

  async #write(batch: Waiting[]): Promise<void> {
    const untilMs = this.#parts.clock.monotonic() + WRITE_MS;
    try {
      const chain = this.#chain ?? (await this.#begin(untilMs));
      await this.#append(
        chain,
        batch.map(({ call, atMs }) => ({ kind: 'call', atMs, ...bounded(call) })),
        untilMs,
      );
      for (const { resolve } of batch) resolve();
    } catch (cause) {
      this.#parts.onTrouble(cause);
      // What came meanwhile has waited as well, and would wait for the same.
      for (const { reject } of [...batch, ...this.#taken()]) reject(notNow(cause));
    }
  }

  async #begin(untilMs: number): Promise<Chain> {
    const { clock, coordinatorId } = this.#parts;
    this.#lastStamp = Math.max(Math.floor(clock.now()), this.#lastStamp + 1);
    const name = `${String(this.#lastStamp).padStart(STAMP_DIGITS, '0')}-${coordinatorId}`;
    const heads = await this.#heads(LOOK_MS);
    const begun = await this.#append({ name, n: 0, hash: NO_HASH }, [{ kind: 'heads', atMs: clock.now(), heads }], untilMs);
    this.#told = heads;
    return begun;
  }

  async #append(chain: Chain, entries: readonly Unplaced[], untilMs: number): Promise<Chain> {
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
    const { store, clock } = this.#parts;
    const ms = Math.max(1, untilMs - clock.monotonic());
    const bytes = Buffer.from(lines.join(''));
    const isOurs = await withDeadline({ ms, what: 'the audit log', clock }, () => store.put(chain.name, first, bytes));
    if (!isOurs) throw new AppError('internal', `the audit log has an entry ${first} of ${chain.name} already`);
    return (this.#chain = { name: chain.name, n, hash });
  }

  /** Tells where the others stand, if they have moved. */
  async #witness(signal: AbortSignal): Promise<void> {
    await this.#flushing;
    if (!this.#chain) return;
    const heads = await raceSignal(this.#heads(LOOK_WELL_MS), signal);
    const moved = Object.fromEntries(Object.entries(heads).filter(([name, [n]]) => this.#told[name]?.[0] !== n));
    if (Object.keys(moved).length === 0) return;
    while (this.#flushing) await this.#flushing;
    this.#flushing = this.#tell(moved);
    try {
      await this.#flushing;
    } finally {
      this.#flushing = undefined;
      if (this.#waiting.length > 0) void this.#flush();
    }
  }

  async #tell(heads: Record<string, Head>): Promise<void> {
    const { clock } = this.#parts;
    const { [this.#chain?.name ?? '']: _own, ...others } = heads;
    if (!this.#chain) return;
    await this.#append(this.#chain, [{ kind: 'heads', atMs: clock.now(), heads: others }], clock.monotonic() + WRITE_MS);
    this.#told = { ...this.#told, ...heads };
  }

  /** Of all chains but our own, as many as can be looked at in that time. Only what has a new piece is read. */
  async #heads(ms: number): Promise<Record<string, Head>> {
    const { store, clock } = this.#parts;
    const heads: Record<string, Head> = {};
    const look = async (name: string): Promise<void> => {
      const numbers = await store.pieces(name);
      const piece = numbers.at(-1) ?? 0;
      const known = this.#read.get(name);
      const head = known?.piece === piece ? known.head : await headOf(store, name, numbers);
      if (!head) return;
      this.#read.set(name, { piece, head });
      heads[name] = head;
    };
    try {
      await withDeadline({ ms, what: 'a look at the audit log', clock }, async (signal) => {
        // The newest first: of the older ones somebody has told already.
        const names = (await store.chains()).filter((name) => name !== this.#chain?.name).toReversed();
        await forEachBounded(names, LOOKS_AT_ONCE, async (name) => {
          // One that cannot be read keeps nobody from what is to be written.
          if (!signal.aborted) await look(name).catch(this.#parts.onTrouble);
        });
      });
    } catch (error) {
      if (AppError.from(error).code !== 'deadline') throw error;
    }
    return { ...heads };
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
