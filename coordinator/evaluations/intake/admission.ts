/**
 * Whether there is room for another evaluation, or for content. Asked before anything is written, so that what was accepted keeps room
 * for its results, and commands keep room to be carried out. Answers from a look that the sweep renews, and from what was let in since.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { RedisMemory } from '../../redis/memory.ts';
import type { StoreSpace } from '../../store/store.ts';

export interface AdmissionLimits {
  /** Of Redis's maxmemory: kept for what is accepted. */
  redisHeadroomPercent: number;
  /** Of the store's file system: kept for what is accepted. */
  storeHeadroomBytes: number;
  /** Evaluations that are not finished, staged ones included. */
  maxUnfinished: number;
}

/** What an evaluation may come to use in Redis: the tasks in its window, its events (which tell of groups, and are bounded), its sums. */
const WINDOW_BYTES = 256 << 10;
const EVENT_BYTES = { perGroup: 96 << 10, most: 1280 << 10 };
const SUMS_BYTES_PER_GROUP = 1 << 10;
/** What the result of a unit takes in the store, about, when completions are short. */
const RESULT_BYTES = 1 << 10;
/** When to ask again: after the next looks. */
const RETRY_MS = 2_000;

/** How large an evaluation is. */
export interface Size {
  units: number;
  groups: number;
}

/** With half a byte for each unit. */
export const ledgerBytes = ({ units, groups }: Size): number =>
  WINDOW_BYTES + Math.min(groups * EVENT_BYTES.perGroup, EVENT_BYTES.most) + groups * SUMS_BYTES_PER_GROUP + Math.ceil(units / 2);

export interface AdmissionParts {
  limits: AdmissionLimits;
  /** undefined where Redis has no bound. */
  memory: () => Promise<RedisMemory | undefined>;
  space: () => Promise<StoreSpace>;
  /** Why nothing new is accepted at all, if so. */
  refusal: () => AppError | undefined;
  /** Each evaluation that is not finished. */
  unfinished: () => readonly Size[];
}

/** Room that is taken. */
interface Room {
  evaluations: number;
  redisBytes: number;
  storeBytes: number;
}

const NOTHING: Room = { evaluations: 0, redisBytes: 0, storeBytes: 0 };

const sum = (a: Room, b: Room, sign = 1): Room => ({
  evaluations: a.evaluations + sign * b.evaluations,
  redisBytes: a.redisBytes + sign * b.redisBytes,
  storeBytes: a.storeBytes + sign * b.storeBytes,
});

interface Look {
  memory: RedisMemory | undefined;
  freeBytes: number | undefined;
  /** What is not finished: how many, and what they may come to use in Redis. */
  unfinished: number;
  unfinishedBytes: number;
}

export class Admission {
  readonly #parts: AdmissionParts;
  #look: Look = { memory: undefined, freeBytes: undefined, unfinished: 0, unfinishedBytes: 0 };
  #first: Promise<void> | undefined;
  /** Let in since the look. */
  #since = NOTHING;
  /** Being accepted, or written. */
  #coming = NOTHING;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
  }

  /** Looks again. What cannot be asked stays as it was: the write itself will say it. */
  look(): Promise<void> {
    const looked = this.#lookNow();
    this.#first ??= looked;
    return looked;
  }

  async #lookNow(): Promise<void> {
    const { memory, space } = this.#parts;
    const unfinished = this.#parts.unfinished();
    const since = this.#since;
    this.#since = NOTHING;
    const [redis, store] = await Promise.allSettled([memory(), space()]);
    // What could not be asked has not seen them either.
    const { redisBytes, storeBytes } = since;
    if (redis.status === 'rejected') this.#since = sum(this.#since, { ...NOTHING, redisBytes });
    if (store.status === 'rejected') this.#since = sum(this.#since, { ...NOTHING, storeBytes });
    this.#look = {
      memory: redis.status === 'fulfilled' ? redis.value : this.#look.memory,
      freeBytes: store.status === 'fulfilled' ? store.value.freeBytes : this.#look.freeBytes,
      unfinished: unfinished.length,
      unfinishedBytes: unfinished.reduce((bytes, size) => bytes + ledgerBytes(size), 0),
    };
  }

  /** Refuses what there is no room for (`resource_exhausted`, with the time to wait). Nothing is kept for it yet. */
  async check(size: Size): Promise<void> {
    const refusal = this.#parts.refusal();
    if (refusal) throw refusal;
    await this.#looked();
    const { maxUnfinished } = this.#parts.limits;
    const unfinished = this.#look.unfinished + this.#unseen.evaluations;
    if (unfinished >= maxUnfinished)
      throw full(
        'EVALUATIONS',
        `${unfinished} evaluations are not finished, and this coordinator takes ${maxUnfinished} at most (--max-unfinished)`,
        {
          unfinished,
          limit: maxUnfinished,
        },
        'wait until some are, or cancel some',
      );
    this.#redisRoom(ledgerBytes(size));
    this.#storeRoom(size.units * RESULT_BYTES);
  }

  /** Runs `work`, which accepts an evaluation, if there is room for it. */
  async admit<T>(size: Size, work: () => Promise<T>): Promise<T> {
    await this.check(size);
    return this.#keeping({ evaluations: 1, redisBytes: ledgerBytes(size), storeBytes: size.units * RESULT_BYTES }, work);
  }

  /** Runs `work`, which writes so many bytes of content, if there is room for them. */
  async content<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    await this.#looked();
    this.#storeRoom(bytes);
    return this.#keeping({ ...NOTHING, storeBytes: bytes }, work);
  }

  /** What is under way counts until it is done, and from then until a look has seen it. */
  async #keeping<T>(room: Room, work: () => Promise<T>): Promise<T> {
    this.#coming = sum(this.#coming, room);
    try {
      const done = await work();
      this.#since = sum(this.#since, room);
      return done;
    } finally {
      this.#coming = sum(this.#coming, room, -1);
    }
  }

  /** All that the look has not seen. */
  get #unseen(): Room {
    return sum(this.#coming, this.#since);
  }

  #looked(): Promise<void> {
    return this.#first ?? this.look();
  }

  #redisRoom(needed: number): void {
    const { memory, unfinishedBytes } = this.#look;
    if (!memory) return;
    const { redisHeadroomPercent } = this.#parts.limits;
    const limit = Math.floor(memory.maxBytes * (1 - redisHeadroomPercent / 100));
    // What is not finished may still grow; what is finished stays for a while.
    const taken = Math.max(memory.usedBytes, unfinishedBytes) + this.#unseen.redisBytes;
    if (taken + needed <= limit) return;
    throw full(
      'REDIS',
      `Redis has no room for it: ${amount(memory.usedBytes)} of ${amount(memory.maxBytes)} (maxmemory) are used, unfinished evaluations may come to use ${amount(unfinishedBytes)}, ` +
        `this one ${amount(needed)}, and ${redisHeadroomPercent} % are kept for what is accepted (--redis-headroom-percent)`,
      { used: memory.usedBytes, max: memory.maxBytes, needed },
      'wait until evaluations are finished, delete some, or raise maxmemory',
    );
  }

  #storeRoom(needed: number): void {
    const { freeBytes } = this.#look;
    if (freeBytes === undefined) return;
    const { storeHeadroomBytes } = this.#parts.limits;
    const free = freeBytes - this.#unseen.storeBytes;
    if (free - needed >= storeHeadroomBytes) return;
    throw full(
      'STORE',
      `the store has no room for it: ${amount(Math.max(0, free))} are free, this takes about ${amount(needed)}, ` +
        `and ${amount(storeHeadroomBytes)} are kept for what is accepted (--store-headroom-bytes)`,
      { free, needed, kept: storeHeadroomBytes },
      'delete evaluations, or make the file system larger',
    );
  }
}

function full(what: 'REDIS' | 'STORE' | 'EVALUATIONS', why: string, figures: Record<string, number>, remedy: string): AppError {
  return new AppError('resource_exhausted', `${why}. Nothing was kept of it; ${remedy}, and repeat`, {
    reason: `${what}_FULL`,
    details: Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, String(value)])),
    retryAfterMs: RETRY_MS,
  });
}

/** Bytes for people: `1.5 GiB`. */
function amount(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let power = 0;
  while (power < units.length - 1 && bytes / 1024 ** power >= 1024) power++;
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}
