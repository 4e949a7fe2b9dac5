/**
 * What namespaces have cost this day (UTC), by the price table and the tokens of the results that were counted. Each coordinator adds up what it
 * has counted itself and keeps that in the store, for itself alone; the sum of a namespace is what all of them keep. So neither a restart nor
 * the loss of Redis makes a day begin again. Only namespaces that have a bound are kept; models without a price cost nothing.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import { groupOfUnit, type Group } from '../../../shared/domain/manifest.ts';
import type { NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import { priceOf, type ModelPrice, type PriceTable } from '../../../shared/domain/prices.ts';
import type { TokenUsage } from '../../../shared/domain/result.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import { COSTS, costDayOf, costNameOf, costsOf, dayOf, endOf } from './cost-record.ts';

/** What a coordinator that is killed forgets at most. */
const FLUSH_MS = 1_000;
/** In S3 each look is a listing. */
const PERIOD_MS = 5_000;
/** What was read longer ago is read again before anything is decided by it. */
const STALE_MS = 3 * PERIOD_MS;
/** Those without a bound are counted in memory, for the bound that they may get; of no more than this. */
const MAX_NAMESPACES = 10_000;
const MAX_PRICES = 10_000;

export interface CostsParts {
  store: Pick<Store, 'switches' | 'putSwitch' | 'removeSwitch'>;
  coordinatorId: string;
  prices: PriceTable;
  /** The bounds of a namespace as they are known here; undefined: none. */
  limitOf: (namespace: string) => number | undefined;
  /** Whether any namespace has a bound. */
  isWanted: () => boolean;
  /** Tells the other coordinators that a bound is reached. */
  notify: () => Promise<void>;
  clock: Clock;
  logger: Logger;
}

/** What has been taken of a bound that is reached. */
export interface CostReached {
  /** Millionths of a dollar. */
  limit: number;
  used: number;
  /** When the day ends. */
  untilMs: number;
}

export class Costs {
  readonly #parts: CostsParts;
  readonly #prices = new Map<string, ModelPrice | undefined>();
  #day = '';
  /** Of this coordinator. */
  #own = new Map<string, number>();
  #others: ReadonlyMap<string, number> = new Map();
  #isDirty = false;
  readonly #told = new Set<string>();
  #reading: Promise<void> | undefined;
  #readAtMs = -Infinity;
  #writing: Promise<void> | undefined;
  #timer: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  constructor(parts: CostsParts) {
    this.#parts = parts;
  }

  /** Adds what counted results cost; never waits. */
  add(namespace: string, groups: readonly Group[], counted: readonly { unit: number; usage: TokenUsage }[]): void {
    let amount = 0;
    for (const { unit, usage } of counted) {
      const price = this.#priceOf(groupOfUnit(groups, unit).route.model);
      // Dollars for a million tokens are millionths of a dollar for one.
      if (price) amount += usage.inputTokens * price.inputUsdPerMillion + usage.outputTokens * price.outputUsdPerMillion;
    }
    if (amount <= 0) return;
    this.#turn();
    const isBounded = this.#parts.limitOf(namespace) !== undefined;
    if (!isBounded && !this.#own.has(namespace) && this.#own.size >= MAX_NAMESPACES) return;
    this.#own.set(namespace, (this.#own.get(namespace) ?? 0) + amount);
    this.#isDirty = true;
    if (isBounded) this.#flushSoon();
  }

  /** Millionths of a dollar that were taken this day, rounded up. */
  async usedOf(namespace: string): Promise<number> {
    await this.#known();
    this.#turn();
    return Math.min(Math.ceil((this.#own.get(namespace) ?? 0) + (this.#others.get(namespace) ?? 0)), Number.MAX_SAFE_INTEGER);
  }

  /** Undefined where nothing bounds it, or the bound is not reached. Rejects while nobody can say. */
  async reached(namespace: string, { maxCostPerDayMicroUsd: limit }: NamespaceLimits): Promise<CostReached | undefined> {
    if (limit === undefined) return undefined;
    const used = await this.usedOf(namespace);
    return used < limit ? undefined : { limit, used, untilMs: endOf(this.#day) };
  }

  /** Part of every sweep. */
  async sweep(): Promise<void> {
    const { isWanted, clock } = this.#parts;
    if (!isWanted()) return;
    if (this.#isDirty) await this.flush();
    if (clock.monotonic() - this.#readAtMs >= PERIOD_MS) await this.refresh();
  }

  /** Bounds were set, or one is reached elsewhere. */
  async look(): Promise<void> {
    if (this.#parts.isWanted()) await this.refresh();
  }

  /** What was known holds for a moment while the store cannot be read. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** Writes what this coordinator has counted and not written yet. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing.catch(() => undefined);
    if (!this.#isDirty || !this.#parts.isWanted()) return;
    this.#writing = this.#write();
    try {
      await this.#writing;
    } finally {
      this.#writing = undefined;
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#timer;
    await this.flush();
  }

  async #write(): Promise<void> {
    const { store, coordinatorId, limitOf, notify } = this.#parts;
    this.#turn();
    const bounded = [...this.#own].filter(([namespace]) => limitOf(namespace) !== undefined);
    this.#isDirty = false;
    try {
      await store.putSwitch(COSTS, costNameOf(this.#day, coordinatorId), { microUsd: bounded });
    } catch (error) {
      this.#isDirty = true;
      throw error;
    }
    for (const [namespace, own] of bounded) {
      if (this.#told.has(namespace) || own + (this.#others.get(namespace) ?? 0) < limitOf(namespace)!) continue;
      this.#told.add(namespace);
      await notify().catch(() => undefined); // they look every few seconds
    }
  }

  #flushSoon(): void {
    if (this.#timer || this.#stopping.signal.aborted) return;
    const { clock, logger } = this.#parts;
    this.#timer = clock
      .sleep(FLUSH_MS, this.#stopping.signal)
      .then(() => this.flush())
      .catch((error: unknown) => {
        // The sweep tries again.
        if (!this.#stopping.signal.aborted)
          logger.warn({ error: AppError.from(error).message }, 'costs of namespaces could not be written');
      })
      .finally(() => {
        this.#timer = undefined;
      });
  }

  async #known(): Promise<void> {
    if (this.#parts.clock.monotonic() - this.#readAtMs >= STALE_MS) await this.refresh();
  }

  async #read(): Promise<void> {
    const { store, coordinatorId, clock } = this.#parts;
    const beganAtMs = clock.monotonic();
    const all = await store.switches(COSTS);
    this.#readAtMs = beganAtMs;
    this.#turn();
    const sums = new Map<string, number>();
    const own = costNameOf(this.#day, coordinatorId);
    for (const [name, value] of all) {
      if (costDayOf(name) !== this.#day || name === own) continue;
      for (const [namespace, amount] of costsOf(name, value)) sums.set(namespace, (sums.get(namespace) ?? 0) + amount);
    }
    this.#others = sums;
    // The day before stays: clocks of coordinators differ.
    const kept = dayOf(clock.now() - 86_400_000);
    for (const name of all.keys()) if (costDayOf(name) < kept) await store.removeSwitch(COSTS, name);
  }

  /** A new day begins with nothing. */
  #turn(): void {
    const day = dayOf(this.#parts.clock.now());
    if (day === this.#day) return;
    this.#day = day;
    this.#own = new Map();
    this.#others = new Map();
    this.#isDirty = false;
    this.#told.clear();
  }

  #priceOf(model: string): ModelPrice | undefined {
    if (!this.#prices.has(model)) {
      if (this.#prices.size >= MAX_PRICES) this.#prices.clear();
      this.#prices.set(model, priceOf(this.#parts.prices, model));
    }
    return this.#prices.get(model);
  }
}
