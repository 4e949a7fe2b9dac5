/**
 * The audit log of this coordinator: a chain of its own in the store. `record` resolves when the entry is durable, and rejects when that cannot be
 * had in time; entries that come together are written together. A write of which nothing certain is known ends the chain, as a day does, and what
 * comes next begins another one: no piece is ever written twice.
 *
 * Chains watch each other. The first line of each, and one a minute where something has changed, says where the others stand that may have been
 * written to since the newest one before it began, so a chain that loses its end, or is taken away as a whole, is missed.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { raceSignal, withDeadline } from '../../shared/runtime/abort.ts';
import { forEachBounded } from '../../shared/runtime/bounded.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, runEach, type Service } from '../../shared/runtime/service.ts';
import type { AuditPieces } from '../store/store.ts';
import { beforeAll, beganOf, CHAIN_MS, chainName, headOf, SLACK_MS } from './chains.ts';
import { lineOf, NO_HASH, tellable, type Call, type Entry, type Head, type Removal } from './entry.ts';

/** For one write, and all that it needs. */
const WRITE_MS = 3_000;
/** Of that, for a look at the other chains: with many of them, or a store that is far away, a chain begins without all of them. */
const LOOK_MS = 1_000;
/** For a look that nobody waits for. */
const LOOK_WELL_MS = 10 * 60_000;
const LOOKS_AT_ONCE = 8;
const MAX_WAITING = 1_000;
/** Of these, denied calls and what was done already: nobody who is turned away keeps out whoever is not. */
const MAX_WAITING_LATER = 500;
const HEADS_EVERY_MS = 60_000;
/** Other chains that a first line tells of, where there is little room. */
const FEW_HEADS = 50;

export interface AuditLogParts {
  store: AuditPieces;
  coordinatorId: string;
  clock: Clock;
  onTrouble: (error: unknown) => void;
  /** A chain has become longer: where it ends now. */
  onWritten?: (chain: string, head: Head) => void;
}

type Unplaced = Entry extends infer E ? (E extends Entry ? Omit<E, 'n' | 'prev'> : never) : never;

type Told = Call | Pick<Removal, 'kind' | 'before' | 'keepMs' | 'chains'>;

interface Waiting {
  told: Told;
  atMs: number;
  /** Something waits for it, and it may take what is kept free on a full disk. */
  isUrgent: boolean;
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
  /** When the newest chain began that was seen. */
  #newestMs: number | undefined;
  #waitingLater = 0;

  constructor(parts: AuditLogParts) {
    this.#parts = parts;
    this.#duty = new Duty({
      clock: parts.clock,
      periodMs: HEADS_EVERY_MS,
      onError: parts.onTrouble,
      run: (signal) => runEach([() => this.#witness(signal), () => this.#reserve()]),
    });
  }

  async start(): Promise<void> {
    await this.#reserve();
    await this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.#flushing;
  }

  /** Resolves when it is written down. Rejects with `unavailable` where that cannot be done within a few seconds, or too much waits. */
  record(call: Call): Promise<void> {
    return this.#enqueue(bounded(call), call.outcome !== 'denied');
  }

  /** The same of what was done already: it takes none of the room that is kept for those who may make some. */
  recordDone(call: Call): Promise<void> {
    return this.#enqueue(bounded(call), false);
  }

  /** Says that chains which began before then are going to be removed. */
  recordRemoval(removal: Omit<Removal, 'kind' | 'n' | 'prev' | 'atMs'>): Promise<void> {
    return this.#enqueue({ kind: 'removed', ...removal }, true);
  }

  #enqueue(told: Told, isUrgent: boolean): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING || (!isUrgent && this.#waitingLater >= MAX_WAITING_LATER)) return Promise.reject(notNow());
    if (!isUrgent) this.#waitingLater++;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ told, atMs: this.#parts.clock.now(), isUrgent, resolve, reject });
      void this.#flush();
    });
  }

  /** Nobody waits for it, and a disk that is full already says so elsewhere. */
  async #reserve(): Promise<void> {
    const { store, clock, onTrouble } = this.#parts;
    await withDeadline({ ms: WRITE_MS, what: 'room for the audit log', clock }, () => store.reserve()).catch(onTrouble);
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
    this.#waitingLater = 0;
    return this.#waiting.splice(0);
  }

  async #write(batch: Waiting[]): Promise<void> {
    const untilMs = this.#parts.clock.monotonic() + WRITE_MS;
    try {
      if (await this.#written(batch, untilMs, false)) return;
      // What is kept free on a full disk is for those who may make room; nobody who is turned away uses it up.
      const urgent = batch.filter(({ isUrgent }) => isUrgent);
      for (const { isUrgent, reject } of batch) if (!isUrgent) reject(notNow());
      if (urgent.length === 0 || (await this.#written(urgent, untilMs, true))) return;
      throw new AppError('unavailable', 'store, audit: no space left, and none of what was kept for it: free some');
    } catch (cause) {
      this.#parts.onTrouble(cause);
      // What came meanwhile has waited as well, and would wait for the same.
      for (const { reject } of [...batch, ...this.#taken()]) reject(notNow(cause));
    }
  }

  /** False where there is no room; nothing was written then. */
  async #written(batch: Waiting[], untilMs: number, isUrgent: boolean): Promise<boolean> {
    const chain = this.#living() ?? (await this.#begin(untilMs, isUrgent));
    const entries = batch.map(({ told, atMs }): Unplaced => ('kind' in told ? { ...told, atMs } : { kind: 'call', atMs, ...told }));
    if (!chain || !(await this.#append(chain, entries, untilMs, isUrgent))) return false;
    for (const { resolve } of batch) resolve();
    return true;
  }

  /** The chain that is written to, unless it has lasted for its day. */
  #living(): Chain | undefined {
    return this.#chain && this.#parts.clock.now() < beganOf(this.#chain.name) + CHAIN_MS ? this.#chain : undefined;
  }

  async #begin(untilMs: number, isUrgent = false): Promise<Chain | undefined> {
    const { clock, coordinatorId } = this.#parts;
    this.#lastStamp = Math.max(Math.floor(clock.now()), this.#lastStamp + 1);
    const name = chainName(this.#lastStamp, coordinatorId);
    const all = Object.entries(await this.#heads(LOOK_MS));
    const heads = Object.fromEntries(isUrgent ? all.slice(0, FEW_HEADS) : all);
    const first: Unplaced = { kind: 'heads', atMs: clock.now(), heads };
    const begun = await this.#append({ name, n: 0, hash: NO_HASH }, [first], untilMs, isUrgent);
    if (begun) this.#told = heads;
    return begun;
  }

  /** Undefined where there is no room: the chain stands as it stood. */
  async #append(chain: Chain, entries: readonly Unplaced[], untilMs: number, isUrgent = false): Promise<Chain | undefined> {
    const before = this.#chain;
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
    const put = await withDeadline({ ms, what: 'the audit log', clock }, () => store.put(chain.name, chain.n + 1, bytes, isUrgent));
    if (put === 'taken') throw new AppError('internal', `the audit log has an entry ${chain.n + 1} of ${chain.name} already`);
    this.#chain = put === 'no_room' ? before : { name: chain.name, n, hash };
    if (put === 'no_room') return undefined;
    this.#parts.onWritten?.(chain.name, [n, hash]);
    return this.#chain;
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
    const untilMs = clock.monotonic() + WRITE_MS;
    const chain = this.#living();
    // The first line of another one tells of them as well.
    if (!chain) return void (await this.#begin(untilMs));
    if (!(await this.#append(chain, [{ kind: 'heads', atMs: clock.now(), heads: others }], untilMs))) return;
    const cut = this.#youngSince();
    this.#told = Object.fromEntries(Object.entries({ ...this.#told, ...heads }).filter(([name]) => name > cut));
  }

  /**
   * Of all chains but our own that may have been written to since the newest one before began, as many as can be looked at in that time. Only what
   * has come since the last look is listed and read; what is older was over when that one began, and has been told of there.
   */
  async #heads(ms: number): Promise<Record<string, Head>> {
    const { store, clock } = this.#parts;
    const heads: Record<string, Head> = {};
    const look = async (name: string): Promise<void> => {
      const known = this.#read.get(name);
      const numbers = await store.pieces(name, known?.piece);
      const head = numbers.length === 0 ? known?.head : await headOf(store, name, numbers, known?.head);
      if (!head) return;
      this.#read.set(name, { piece: numbers.at(-1) ?? known!.piece, head });
      heads[name] = head;
    };
    try {
      await withDeadline({ ms, what: 'a look at the audit log', clock }, async (signal) => {
        const found = await store.chains(this.#youngSince());
        // A name from the future, put there or by a clock that is wrong, takes no other chain out of sight.
        const lastMs = clock.now() + SLACK_MS;
        const began = found.map(beganOf).filter((beganMs) => beganMs <= lastMs);
        this.#newestMs = began.reduce((most, beganMs) => (beganMs > most ? beganMs : most), this.#newestMs ?? 0);
        const cut = this.#youngSince();
        for (const name of this.#read.keys()) if (name <= cut) this.#read.delete(name);
        // The newest first: of the older ones somebody has told already.
        const names = found.filter((name) => name > cut && name !== this.#chain?.name).toReversed();
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

  /** Chains behind this name may still be written to, or were when the newest one began. */
  #youngSince(): string {
    return this.#newestMs === undefined ? '' : beforeAll(this.#newestMs - CHAIN_MS - SLACK_MS);
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
