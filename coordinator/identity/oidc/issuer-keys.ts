/**
 * The keys of one issuer, as this coordinator knows them. They are looked at every five minutes, so that one that the issuer has taken out
 * is good for nothing soon, and what runs by it ends; and when a token names one that is not known, but not more often than every ten
 * seconds, whatever strangers send.
 *
 * While the issuer does not answer, keys that are known hold for a day. Of others it cannot be told whether they are its own.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { ENDED, withDeadline } from '../../../shared/runtime/abort.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../../shared/runtime/service.ts';
import { keysIn, type IssuerKey } from './key-set.ts';
import { isEndpoint, type IssuerSettings } from './settings.ts';

const REFRESH_MS = 5 * 60_000;
/** After one that has failed. */
const AGAIN_MS = 10_000;
/** Looks that tokens ask for. */
const SELDOM_MS = 10_000;
/** How long any look takes, and anybody waits for one. */
const LOOK_MS = 5_000;
const STALE_MS = 24 * 3_600_000;
/** How long the address of the keys is believed. */
const ADDRESS_MS = 3_600_000;

export interface IssuerKeysParts {
  settings: Pick<IssuerSettings, 'issuer' | 'jwksUri'>;
  clock: Clock;
  fetchJson: (url: string, signal: AbortSignal) => Promise<unknown>;
  /** The keys could not be read. */
  onTrouble: (error: unknown) => void;
}

export class IssuerKeys implements Service {
  readonly #parts: IssuerKeysParts;
  readonly #duty: Duty;
  readonly #watchers = new Map<string, Set<(why: AppError) => void>>();
  readonly #ended = new AbortController();
  #keys: readonly IssuerKey[] = [];
  #address: { url: string; untilMs: number } | undefined;
  #reading: Promise<void> | undefined;
  /** By the monotonic clock: when the last look began, and the last one that has found something. */
  #triedAtMs = -Infinity;
  #readAtMs = -Infinity;
  #hasFailed = false;

  constructor(parts: IssuerKeysParts) {
    this.#parts = parts;
    this.#duty = new Duty({ clock: parts.clock, periodMs: AGAIN_MS, onError: parts.onTrouble, run: () => this.#look() });
  }

  /** Waits for no issuer: a coordinator starts without it. */
  async start(): Promise<void> {
    await this.#duty.start();
  }

  stop(): Promise<void> {
    this.#ended.abort(ENDED);
    return this.#duty.stop();
  }

  /** The one key that this can be signed with. Throws `unauthenticated`; `unavailable` where it cannot be told. */
  async keyFor(header: { alg: string; kid: string | undefined }): Promise<IssuerKey> {
    const known = this.#find(header);
    if (known) return known;
    const { clock } = this.#parts;
    if (this.#reading || clock.monotonic() - this.#triedAtMs >= SELDOM_MS) await this.#refreshed();
    const found = this.#find(header);
    if (found) return found;
    if (this.#hasFailed || this.#isStale()) throw this.#notNow();
    throw new AppError(
      'unauthenticated',
      'the token is signed with a key that its issuer does not have, or does not say with which of several; ask for another one',
    );
  }

  /** `onOver` is called once, when the issuer has this key no more. */
  watch({ thumbprint }: IssuerKey, onOver: (why: AppError) => void): () => void {
    const watchers = this.#watchers.get(thumbprint) ?? new Set();
    this.#watchers.set(thumbprint, watchers.add(onOver));
    return () => {
      if (watchers.delete(onOver) && watchers.size === 0 && this.#watchers.get(thumbprint) === watchers) this.#watchers.delete(thumbprint);
    };
  }

  #find({ alg, kid }: { alg: string; kid: string | undefined }): IssuerKey | undefined {
    if (this.#isStale()) return undefined;
    const fitting = this.#keys.filter((key) => (kid === undefined || key.kid === kid) && key.fits(alg));
    // Which one is meant has to be said where there are several.
    return fitting.length === 1 ? fitting[0] : undefined;
  }

  #isStale(): boolean {
    return this.#parts.clock.monotonic() - this.#readAtMs > STALE_MS;
  }

  async #look(): Promise<void> {
    const sinceMs = this.#parts.clock.monotonic() - this.#triedAtMs;
    try {
      if (sinceMs >= (this.#hasFailed ? AGAIN_MS : REFRESH_MS)) await this.#refreshed();
    } finally {
      this.#endOver();
    }
  }

  /** Reads them, or waits for a read that is under way: an issuer that stands still is not asked twice. */
  async #refreshed(): Promise<void> {
    const { clock, onTrouble } = this.#parts;
    const read = async (): Promise<void> => {
      this.#triedAtMs = clock.monotonic();
      try {
        this.#keys = await withDeadline({ ms: LOOK_MS, what: 'a look for keys', clock, signal: this.#ended.signal }, (signal) =>
          this.#read(signal),
        );
        this.#readAtMs = this.#triedAtMs;
        this.#hasFailed = false;
        this.#endOver();
      } catch (error) {
        this.#hasFailed = true;
        this.#address = undefined;
        if (!this.#ended.signal.aborted) onTrouble(error);
      }
    };
    await (this.#reading ??= read().finally(() => (this.#reading = undefined)));
  }

  async #read(signal: AbortSignal): Promise<readonly IssuerKey[]> {
    const url = await this.#addressOfKeys(signal);
    const keys = keysIn(await this.#parts.fetchJson(url, signal));
    // An issuer has keys: one that shows none has a fault, and does not mean to end everything.
    if (!keys || keys.length === 0) throw new AppError('unavailable', `${url} holds no key that can be used`);
    return keys;
  }

  async #addressOfKeys(signal: AbortSignal): Promise<string> {
    const { settings, clock, fetchJson } = this.#parts;
    const { issuer, jwksUri } = settings;
    if (jwksUri !== undefined) return jwksUri;
    if (this.#address && this.#address.untilMs > clock.monotonic()) return this.#address.url;
    const discovery = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const document = await fetchJson(discovery, signal);
    const { issuer: named, jwks_uri: url } = (document ?? {}) as { issuer?: unknown; jwks_uri?: unknown };
    if (named !== issuer) throw new AppError('unavailable', `${discovery} is of another issuer, ${JSON.stringify(named)?.slice(0, 200)}`);
    if (typeof url !== 'string' || !isEndpoint(url, issuer.startsWith('http:')))
      throw new AppError('unavailable', `${discovery} names no https address of keys`);
    this.#address = { url, untilMs: clock.monotonic() + ADDRESS_MS };
    return url;
  }

  /** Ends what runs by keys that hold no more. */
  #endOver(): void {
    const isStale = this.#isStale();
    for (const [thumbprint, watchers] of this.#watchers) {
      if (!isStale && this.#keys.some((key) => key.thumbprint === thumbprint)) continue;
      this.#watchers.delete(thumbprint);
      const why = isStale
        ? this.#notNow()
        : new AppError('unauthenticated', 'the key that the token is signed with is not its issuer’s any more; ask for another one');
      for (const onOver of watchers) onOver(why);
    }
  }

  #notNow(): AppError {
    return new AppError(
      'unavailable',
      `whether the token holds cannot be told now: ${this.#parts.settings.issuer} does not answer; try again, or another coordinator`,
    );
  }
}
