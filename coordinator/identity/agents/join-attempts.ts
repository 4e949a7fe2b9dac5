/**
 * How often one address may try to join: it guesses at what lets a host in. Guesses are counted, attempts that succeed are not, so that many hosts
 * behind one NAT can join. Those that are under way may still turn out to be guesses: beyond as many as may fail, attempts wait for them. Whoever goes
 * on guessing waits twice as long each time.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';

export const ATTEMPTS = 10;
const WINDOW_MS = 60_000;
const MAX_WAIT_MS = 16 * WINDOW_MS;
/** Beyond it those are forgotten who tried longest ago. */
const MAX_PEERS = 10_000;
/** Attempts of one address that wait for those under way. */
const MAX_WAITING = 200;

interface Tries {
  /** That have failed. */
  count: number;
  underWay: number;
  /** Those that wait. */
  line: (() => void)[];
  sinceMs: number;
  /** Nothing is tried before. */
  untilMs: number;
  /** Windows that were full, in a row. */
  full: number;
}

export class JoinAttempts {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** In the order of their last attempt. */
  readonly #peers = new Map<string, Tries>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Makes one, when it is its turn; throws `resource_exhausted` where too many have failed. */
  async make<T>(peer: string, work: () => Promise<T>): Promise<T> {
    const tries = await this.#turnOf(peer);
    try {
      return await work();
    } catch (error) {
      // What could not be looked at, or had no room, was no guess.
      if (AppError.from(error).code === 'unauthenticated') tries.count++;
      throw error;
    } finally {
      tries.underWay--;
      for (const wake of tries.line.splice(0)) wake();
    }
  }

  /** It is under way then. */
  async #turnOf(peer: string): Promise<Tries> {
    while (true) {
      const now = this.#clock.monotonic();
      const tries = this.#of(peer, now);
      if (now < tries.untilMs) throw tooMany(tries.untilMs - now);
      if (tries.count >= ATTEMPTS) {
        const waitMs = Math.min(MAX_WAIT_MS, WINDOW_MS * 2 ** tries.full++);
        tries.untilMs = now + waitMs;
        throw tooMany(waitMs);
      }
      if (tries.count + tries.underWay < ATTEMPTS) {
        tries.underWay++;
        return tries;
      }
      if (tries.line.length >= MAX_WAITING) throw tooMany(1_000);
      await new Promise<void>((resolve) => void tries.line.push(resolve));
    }
  }

  #of(peer: string, now: number): Tries {
    const known = this.#peers.get(peer);
    const tries = known ?? { count: 0, underWay: 0, line: [], sinceMs: now, untilMs: 0, full: 0 };
    const isWaitOver = tries.untilMs > 0 && now >= tries.untilMs;
    if (isWaitOver || (tries.untilMs === 0 && now - tries.sinceMs >= WINDOW_MS)) {
      // Whoever has kept quiet for as long as the longest wait begins anew.
      const full = now - Math.max(tries.sinceMs, tries.untilMs) >= MAX_WAIT_MS ? 0 : tries.full;
      Object.assign(tries, { count: 0, sinceMs: now, untilMs: 0, full });
    }
    this.#peers.delete(peer);
    this.#peers.set(peer, tries);
    if (this.#peers.size > MAX_PEERS) this.#peers.delete(this.#peers.keys().next().value!);
    return tries;
  }
}

const tooMany = (waitMs: number): AppError =>
  new AppError('resource_exhausted', `too many attempts to join came from this address; try again in ${Math.ceil(waitMs / 1000)} s`, {
    retryAfterMs: waitMs,
  });
