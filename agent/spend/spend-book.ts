/**
 * What one key has spent today (UTC), and what the calls in flight may add to it. A call reserves what it may take before it leaves and settles
 * what it took; so the sum never passes the cap by more than the calls in flight take beyond what was reserved for them. Pure.
 *
 *   spent + reserved + amount ≤ cap   for each of the cap's meters, or the call does not leave today
 *
 * A call that is in flight at midnight is reserved in the new day too, and counts there.
 */

/** `microUsd`: millionths of a dollar, which are dollars per million tokens times tokens. */
export interface Amount {
  microUsd: number;
  tokens: number;
}

/** Absent: not limited. */
export type Cap = Partial<Amount>;

export const METERS = ['microUsd', 'tokens'] as const;
export const NOTHING: Amount = { microUsd: 0, tokens: 0 };

export const plus = (a: Amount, b: Amount, sign: 1 | -1 = 1): Amount => ({
  microUsd: a.microUsd + sign * b.microUsd,
  tokens: a.tokens + sign * b.tokens,
});

/** The tighter of two caps. */
export const tighter = (a: Cap, b: Cap): Cap =>
  Object.fromEntries(
    METERS.flatMap((meter) => {
      const least = Math.min(a[meter] ?? Infinity, b[meter] ?? Infinity);
      return least === Infinity ? [] : [[meter, least]];
    }),
  );

const DAY_MS = 86_400_000;

/** Days since the epoch, UTC. */
export const dayOf = (nowMs: number): number => Math.floor(nowMs / DAY_MS);
export const startOf = (day: number): number => day * DAY_MS;

/** Only whole amounts, never less than nothing: whatever an endpoint says it took. */
const whole = (amount: Amount): Amount => ({ microUsd: wholeOf(amount.microUsd), tokens: wholeOf(amount.tokens) });
const wholeOf = (number: number): number => (number > 0 ? Math.min(Math.ceil(number), 1e15) : 0);

export class SpendBook {
  readonly cap: Cap;
  #day: number;
  #spent: Amount;
  #reserved: Amount = NOTHING;
  #inFlight = 0;

  constructor(cap: Cap, nowMs: number, before?: { day: number; spent: Amount }) {
    this.cap = cap;
    this.#day = before?.day ?? dayOf(nowMs);
    this.#spent = whole(before?.spent ?? NOTHING);
    this.#turn(nowMs);
  }

  get day(): number {
    return this.#day;
  }

  get spent(): Amount {
    return this.#spent;
  }

  /** What today will have taken if every call takes what is reserved for it. */
  get committed(): Amount {
    return plus(this.#spent, this.#reserved);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Takes room for a call; its `settle` is to be called once. Undefined: there is none left. */
  reserve(wanted: Amount, nowMs: number): Hold | undefined {
    this.#turn(nowMs);
    const amount = whole(wanted);
    const sum = plus(this.committed, amount);
    if (METERS.some((meter) => sum[meter] > (this.cap[meter] ?? Infinity))) return undefined;
    this.#reserved = plus(this.#reserved, amount);
    this.#inFlight++;
    let isHeld = true;
    return {
      reserved: amount,
      settle: (taken, atMs) => {
        if (!isHeld) return;
        isHeld = false;
        this.#turn(atMs);
        this.#reserved = plus(this.#reserved, amount, -1);
        this.#spent = plus(this.#spent, whole(taken));
        this.#inFlight--;
      },
    };
  }

  /** A clock that is set back by a moment around midnight does not free the day before. */
  #turn(nowMs: number): void {
    const day = dayOf(nowMs);
    if (day === this.#day || day === this.#day - 1) return;
    this.#day = day;
    this.#spent = NOTHING;
  }
}

export interface Hold {
  reserved: Amount;
  settle(taken: Amount, nowMs: number): void;
}
