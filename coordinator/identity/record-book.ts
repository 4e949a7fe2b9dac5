/**
 * Who may come, as this coordinator knows it: API tokens, agents that have joined. The store has their records; this is a picture of them, drawn
 * anew every two seconds and by notices of other coordinators, so that a revocation holds everywhere within five seconds, and calls of those that
 * are known wait for nobody.
 *
 * Nothing fails open: what was not confirmed by the store for a minute is good for nothing, until the store answers again.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Identity } from '../../shared/domain/identity.ts';
import { addressOf } from '../../shared/rpc/peer-address.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { FairLooks } from '../../shared/runtime/fair-looks.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Store } from '../store/store.ts';
import type { Verified } from './authenticator.ts';

const REFRESH_MS = 2_000;
/** While there is none at all: the first use of one is looked up by itself. */
const IDLE_MS = 30_000;
/** How long anybody waits for the store. */
const LOOK_MS = 3_000;
/** Looks for single ones at the same time: a store that stands still holds that many. Whoever makes up names costs the store no more than these. */
const LOOKS = { places: 8, placesOfEach: 4, inVain: 100, inVainPerSecond: 10 };
/** Whose looks those are that other coordinators tell of. */
const COORDINATORS = 'the coordinators';
const STALE_MS = 60_000;
/** What is none is remembered as such for so long. */
const UNKNOWN_MS = 10_000;
const MAX_UNKNOWN = 10_000;
/** What nobody can use any more is listed for so long. */
const KEEP_MS = 30 * 24 * 3_600_000;
const REMOVED_AT_ONCE = 10;

export interface KeptRecord {
  /** For people. */
  readonly name: string;
  readonly expiresAtMs: number;
  readonly revokedAtMs?: number | undefined;
}

/** What kind of records these are. */
export interface RecordKind<R extends KeptRecord> {
  /** Of their switches. */
  readonly kind: string;
  /** "the token". */
  readonly word: string;
  /** What its switch is called by. */
  nameOf(record: R): string;
  isName(name: string): boolean;
  /** undefined: it cannot be understood, and so allows nothing. */
  read(name: string, value: unknown): R | undefined;
  identityOf(record: R): Identity;
  /** Which of two is the later one, where a look may be older than what is known. */
  later(known: R, seen: R): R;
}

interface Entry<R> {
  record: R;
  /** When the look began that has seen it last; by the monotonic clock. */
  seenAtMs: number;
}

export interface BookParts {
  store: Pick<Store, 'switches' | 'switchOf' | 'removeSwitch'>;
  clock: Clock;
  /** The store could not be read. */
  onTrouble: (error: unknown) => void;
}

export class RecordBook<R extends KeptRecord> implements Service {
  readonly #parts: BookParts;
  readonly #of: RecordKind<R>;
  readonly #duty: Duty;
  readonly #entries = new Map<string, Entry<R>>();
  /** Those who want to know when one is over, by its name. */
  readonly #watchers = new Map<string, Set<(why: AppError) => void>>();
  /** Names of none, and until when that is believed. */
  readonly #unknown = new Map<string, number>();
  readonly #looks = new Map<string, Promise<void>>();
  readonly #fair: FairLooks;
  #reading: Promise<void> | undefined;
  #readAtMs = -Infinity;

  constructor(of: RecordKind<R>, parts: BookParts) {
    this.#of = of;
    this.#parts = parts;
    this.#fair = new FairLooks({ ...LOOKS, clock: parts.clock });
    this.#duty = new Duty({ clock: parts.clock, periodMs: REFRESH_MS, onError: parts.onTrouble, run: () => this.#look() });
  }

  /** What is known by then holds at once: after a restart all agents come together. */
  async start(): Promise<void> {
    await this.#refreshed().catch(this.#parts.onTrouble);
    await this.#duty.start();
  }

  stop(): Promise<void> {
    return this.#duty.stop();
  }

  /** By its name; throws `unauthenticated`, `unavailable` where it cannot be told. `peer`: who asks. */
  verifyNamed(name: string, peer: string): Verified | Promise<Verified> {
    const entry = this.#entries.get(name);
    return entry && !this.#isStale(entry) ? this.#verified(entry) : this.#lookedUp(name, peer);
  }

  /** As it is known here. */
  known(name: string): R | undefined {
    return this.#entries.get(name)?.record;
  }

  /** Every one there is, as the store has them now, or had within the last minute. */
  async all(): Promise<R[]> {
    await this.#refreshed();
    return [...this.#entries.values()].map(({ record }) => record);
  }

  /** Calls that are under way. */
  get underWay(): number {
    let calls = 0;
    for (const watchers of this.#watchers.values()) calls += watchers.size;
    return calls;
  }

  /** What was just written holds here at once. */
  take(record: R): void {
    this.#put(record, this.#parts.clock.monotonic());
    this.#endOver();
  }

  /** Another coordinator has made or revoked one. */
  notice(name: string): void {
    this.#unknown.delete(name);
    if (this.#of.isName(name))
      this.#lookUp(name, COORDINATORS).then(
        () => this.#endOver(),
        () => this.#duty.wake(),
      );
    else this.#duty.wake();
  }

  // -- the picture ----------------------------------------------------------------------------------------------------

  async #look(): Promise<void> {
    const { clock } = this.#parts;
    this.#endOver();
    if (this.#entries.size === 0 && this.#watchers.size === 0 && clock.monotonic() - this.#readAtMs < IDLE_MS) return;
    try {
      await this.#refreshed();
      await this.#removeOld();
    } finally {
      this.#endOver();
    }
  }

  /** Reads all, or waits for a read that is under way: a store that stands still is not asked twice. */
  async #refreshed(): Promise<void> {
    const reading = (this.#reading ??= this.#read().finally(() => (this.#reading = undefined)));
    reading.catch(() => undefined);
    await this.#limited(() => reading);
  }

  async #read(): Promise<void> {
    const { store, clock } = this.#parts;
    const beganAtMs = clock.monotonic();
    const found = await store.switches(this.#of.kind);
    for (const [name, value] of found) {
      const record = this.#of.read(name, value);
      if (record) this.#put(record, beganAtMs);
      else this.#entries.delete(name);
    }
    // What was seen since this look began may be newer than it.
    for (const [name, { seenAtMs }] of this.#entries) if (!found.has(name) && seenAtMs < beganAtMs) this.#entries.delete(name);
    this.#readAtMs = beganAtMs;
  }

  #put(record: R, seenAtMs: number): void {
    const name = this.#of.nameOf(record);
    const before = this.#entries.get(name);
    this.#entries.set(name, {
      record: before ? this.#of.later(before.record, record) : record,
      seenAtMs: Math.max(seenAtMs, before?.seenAtMs ?? -Infinity),
    });
    this.#unknown.delete(name);
  }

  async #removeOld(): Promise<void> {
    const { store, clock } = this.#parts;
    const beforeMs = clock.now() - KEEP_MS;
    const old = [...this.#entries.values()].filter(({ record }) => Math.min(record.expiresAtMs, record.revokedAtMs ?? Infinity) < beforeMs);
    for (const { record } of old.slice(0, REMOVED_AT_ONCE))
      await this.#limited(() => store.removeSwitch(this.#of.kind, this.#of.nameOf(record)));
  }

  // -- one of them ----------------------------------------------------------------------------------------------------

  async #lookedUp(name: string, peer: string): Promise<Verified> {
    const { clock } = this.#parts;
    if ((this.#unknown.get(name) ?? -Infinity) > clock.monotonic()) throw this.#refused('is not known here');
    await this.#lookUp(name, addressOf(peer));
    const entry = this.#entries.get(name);
    if (!entry) throw this.#refused('is not known here');
    return this.#verified(entry);
  }

  #lookUp(name: string, who: string): Promise<void> {
    let look = this.#looks.get(name);
    if (!look) {
      look = this.#fair.look(who, () => this.#readOne(name)).finally(() => this.#looks.delete(name));
      look.catch(() => undefined);
      this.#looks.set(name, look);
    }
    const found = look;
    return this.#limited(() => found);
  }

  /** Whether there is one. */
  async #readOne(name: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    const beganAtMs = clock.monotonic();
    const record = this.#of.read(name, await store.switchOf(this.#of.kind, name));
    if (record) this.#put(record, beganAtMs);
    if (record) return true;
    this.#entries.delete(name);
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.delete(this.#unknown.keys().next().value!);
    this.#unknown.set(name, clock.monotonic() + UNKNOWN_MS);
    return false;
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline({ ms: LOOK_MS, what: `a look for ${this.#of.word}`, clock: this.#parts.clock }, work);
    } catch (cause) {
      throw this.#notNow(cause);
    }
  }

  #verified({ record }: Entry<R>): Verified {
    const over = this.#overOf(record);
    if (over) throw over;
    return { identity: this.#of.identityOf(record), watch: (onOver) => this.#watch(this.#of.nameOf(record), onOver) };
  }

  #overOf({ name, revokedAtMs, expiresAtMs }: R): AppError | undefined {
    if (revokedAtMs !== undefined) return this.#refused(`${JSON.stringify(name)} was revoked`);
    return expiresAtMs <= this.#parts.clock.now() ? this.#refused(`${JSON.stringify(name)} has expired`) : undefined;
  }

  #isStale({ seenAtMs }: Entry<R>): boolean {
    return this.#parts.clock.monotonic() - seenAtMs > STALE_MS;
  }

  // -- calls that last ------------------------------------------------------------------------------------------------

  #watch(name: string, onOver: (why: AppError) => void): () => void {
    const watchers = this.#watchers.get(name) ?? new Set();
    this.#watchers.set(name, watchers.add(onOver));
    return () => {
      if (watchers.delete(onOver) && watchers.size === 0 && this.#watchers.get(name) === watchers) this.#watchers.delete(name);
    };
  }

  /** Ends the calls of those that hold no more. */
  #endOver(): void {
    for (const [name, watchers] of this.#watchers) {
      const entry = this.#entries.get(name);
      const why = entry
        ? (this.#overOf(entry.record) ?? (this.#isStale(entry) ? this.#notNow() : undefined))
        : this.#refused('is not known here any more');
      if (!why) continue;
      this.#watchers.delete(name);
      for (const onOver of watchers) onOver(why);
    }
  }

  #refused(why: string): AppError {
    return new AppError('unauthenticated', `${this.#of.word} ${why}; ask for another one`);
  }

  #notNow(cause?: unknown): AppError {
    return new AppError(
      'unavailable',
      `whether ${this.#of.word} holds cannot be told now: the store does not answer; try again, or another coordinator`,
      { cause },
    );
  }
}
