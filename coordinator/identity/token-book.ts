/**
 * The API tokens as this coordinator knows them. The store has them; this is a picture of it, drawn anew every two seconds and by notices of
 * other coordinators, so that a revocation holds everywhere within five seconds, and calls of known tokens wait for nobody.
 *
 * Nothing fails open: what was not confirmed by the store for a minute is good for nothing, until the store answers again.
 */
import { hasTokenPrefix, hashOfToken, isApiToken } from '../../shared/domain/api-token.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Store } from '../store/store.ts';
import type { Authenticator, Presented, Verified } from './authenticator.ts';
import { identityOf, tokenRecordOf, TOKENS, type TokenRecord } from './token-record.ts';

const REFRESH_MS = 2_000;
/** While there is no token at all: the first use of one is looked up by itself. */
const IDLE_MS = 30_000;
/** How long anybody waits for the store. */
const LOOK_MS = 3_000;
/** Looks for single tokens at the same time. A store that stands still holds that many. */
const MAX_LOOKS = 8;
/** And within a second: whoever makes up tokens costs the store no more. */
const LOOKS_PER_SECOND = 100;
const STALE_MS = 60_000;
/** What is no token is remembered as such for so long. */
const UNKNOWN_MS = 10_000;
const MAX_UNKNOWN = 10_000;
/** What nobody can use any more is listed for so long. */
const KEEP_MS = 30 * 24 * 3_600_000;
const REMOVED_AT_ONCE = 10;

interface Entry {
  record: TokenRecord;
  /** When the look began that has seen it last; by the monotonic clock. */
  seenAtMs: number;
}

export interface TokenBookParts {
  store: Pick<Store, 'switches' | 'switchOf' | 'removeSwitch'>;
  clock: Clock;
  /** The store could not be read. */
  onTrouble: (error: unknown) => void;
}

export class TokenBook implements Service, Authenticator {
  readonly #parts: TokenBookParts;
  readonly #duty: Duty;
  readonly #entries = new Map<string, Entry>();
  /** Those who want to know when a token is over, by its hash. */
  readonly #watchers = new Map<string, Set<(why: AppError) => void>>();
  /** Hashes of no token, and until when that is believed. */
  readonly #unknown = new Map<string, number>();
  readonly #looks = new Map<string, Promise<void>>();
  #recent = { second: 0, looks: 0 };
  #reading: Promise<void> | undefined;
  #readAtMs = -Infinity;

  constructor(parts: TokenBookParts) {
    this.#parts = parts;
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

  takes({ bearer }: Presented): boolean {
    return bearer !== undefined && hasTokenPrefix(bearer);
  }

  verify({ bearer = '' }: Presented): Verified | Promise<Verified> {
    if (!isApiToken(bearer)) throw refused('is not one: it was cut, or mistyped');
    // What is compared is the hash, of which nobody can choose a beginning: how long that takes tells nothing of a token.
    const hash = hashOfToken(bearer);
    const entry = this.#entries.get(hash);
    return entry && !this.#isStale(entry) ? this.#verified(entry) : this.#lookedUp(hash);
  }

  /** Every token there is, as the store has them now, or had within the last minute. */
  async all(): Promise<TokenRecord[]> {
    await this.#refreshed();
    return [...this.#entries.values()].map(({ record }) => record);
  }

  /** Calls of tokens that are under way. */
  get underWay(): number {
    let calls = 0;
    for (const watchers of this.#watchers.values()) calls += watchers.size;
    return calls;
  }

  /** What was just written holds here at once. */
  take(record: TokenRecord): void {
    this.#put(record, this.#parts.clock.monotonic());
    this.#endOver();
  }

  /** Another coordinator has made or revoked one. */
  notice(hash: string): void {
    this.#unknown.delete(hash);
    if (/^[0-9a-f]{64}$/.test(hash) && this.#looks.size < MAX_LOOKS)
      this.#lookUp(hash).then(
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
    const found = await store.switches(TOKENS);
    for (const [hash, value] of found) {
      const record = tokenRecordOf(hash, value);
      if (record) this.#put(record, beganAtMs);
      else this.#entries.delete(hash);
    }
    // What was seen since this look began may be newer than it.
    for (const [hash, { seenAtMs }] of this.#entries) if (!found.has(hash) && seenAtMs < beganAtMs) this.#entries.delete(hash);
    this.#readAtMs = beganAtMs;
  }

  /** What is revoked stays revoked: an older look cannot undo it. */
  #put(record: TokenRecord, seenAtMs: number): void {
    const before = this.#entries.get(record.hash);
    const isUndone = before?.record.revokedAtMs !== undefined && record.revokedAtMs === undefined;
    this.#entries.set(record.hash, {
      record: isUndone ? before.record : record,
      seenAtMs: Math.max(seenAtMs, before?.seenAtMs ?? -Infinity),
    });
    this.#unknown.delete(record.hash);
  }

  async #removeOld(): Promise<void> {
    const { store, clock } = this.#parts;
    const beforeMs = clock.now() - KEEP_MS;
    const old = [...this.#entries.values()].filter(({ record }) => Math.min(record.expiresAtMs, record.revokedAtMs ?? Infinity) < beforeMs);
    for (const { record } of old.slice(0, REMOVED_AT_ONCE)) await this.#limited(() => store.removeSwitch(TOKENS, record.hash));
  }

  // -- one token ------------------------------------------------------------------------------------------------------

  async #lookedUp(hash: string): Promise<Verified> {
    const { clock } = this.#parts;
    if ((this.#unknown.get(hash) ?? -Infinity) > clock.monotonic()) throw refused('is not known here');
    if (!this.#looks.has(hash) && !this.#mayLook()) throw notNow();
    await this.#lookUp(hash);
    const entry = this.#entries.get(hash);
    if (!entry) throw refused('is not known here');
    return this.#verified(entry);
  }

  #mayLook(): boolean {
    if (this.#looks.size >= MAX_LOOKS) return false;
    const second = Math.floor(this.#parts.clock.monotonic() / 1000);
    if (this.#recent.second !== second) this.#recent = { second, looks: 0 };
    return this.#recent.looks++ < LOOKS_PER_SECOND;
  }

  #lookUp(hash: string): Promise<void> {
    let look = this.#looks.get(hash);
    if (!look) {
      look = this.#readOne(hash).finally(() => this.#looks.delete(hash));
      look.catch(() => undefined);
      this.#looks.set(hash, look);
    }
    const found = look;
    return this.#limited(() => found);
  }

  async #readOne(hash: string): Promise<void> {
    const { store, clock } = this.#parts;
    const beganAtMs = clock.monotonic();
    const record = tokenRecordOf(hash, await store.switchOf(TOKENS, hash));
    if (record) return this.#put(record, beganAtMs);
    this.#entries.delete(hash);
    if (this.#unknown.size >= MAX_UNKNOWN) this.#unknown.delete(this.#unknown.keys().next().value!);
    this.#unknown.set(hash, clock.monotonic() + UNKNOWN_MS);
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await withDeadline({ ms: LOOK_MS, what: 'a look for tokens', clock: this.#parts.clock }, work);
    } catch (cause) {
      throw notNow(cause);
    }
  }

  #verified({ record }: Entry): Verified {
    const over = this.#overOf(record);
    if (over) throw over;
    return { identity: identityOf(record), watch: (onOver) => this.#watch(record.hash, onOver) };
  }

  #overOf({ name, revokedAtMs, expiresAtMs }: TokenRecord): AppError | undefined {
    if (revokedAtMs !== undefined) return refused(`${JSON.stringify(name)} was revoked`);
    return expiresAtMs <= this.#parts.clock.now() ? refused(`${JSON.stringify(name)} has expired`) : undefined;
  }

  #isStale({ seenAtMs }: Entry): boolean {
    return this.#parts.clock.monotonic() - seenAtMs > STALE_MS;
  }

  // -- calls that last ------------------------------------------------------------------------------------------------

  #watch(hash: string, onOver: (why: AppError) => void): () => void {
    const watchers = this.#watchers.get(hash) ?? new Set();
    this.#watchers.set(hash, watchers.add(onOver));
    return () => {
      if (watchers.delete(onOver) && watchers.size === 0 && this.#watchers.get(hash) === watchers) this.#watchers.delete(hash);
    };
  }

  /** Ends the calls of tokens that hold no more. */
  #endOver(): void {
    for (const [hash, watchers] of this.#watchers) {
      const entry = this.#entries.get(hash);
      const why = entry
        ? (this.#overOf(entry.record) ?? (this.#isStale(entry) ? notNow() : undefined))
        : refused('is not known here any more');
      if (!why) continue;
      this.#watchers.delete(hash);
      for (const onOver of watchers) onOver(why);
    }
  }
}

const refused = (why: string): AppError => new AppError('unauthenticated', `the token ${why}; ask for another one`);

const notNow = (cause?: unknown): AppError =>
  new AppError('unavailable', 'whether the token holds cannot be told now: the store does not answer; try again, or another coordinator', {
    cause,
  });
