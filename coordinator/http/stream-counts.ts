/** How many answers that go on there are, of each caller and of all together. */
import { AppError } from '../../shared/domain/errors.ts';

/** Of one caller at a time. */
export const MAX_PER_IDENTITY = 200;
const MAX_IN_ALL = 4_000;
const RETRY_MS = 5_000;

export class StreamCounts {
  readonly #byName = new Map<string, number>();
  #total = 0;
  readonly #most: { perIdentity: number; inAll: number };

  constructor(most: { perIdentity: number; inAll: number } = { perIdentity: MAX_PER_IDENTITY, inAll: MAX_IN_ALL }) {
    this.#most = most;
  }

  get total(): number {
    return this.#total;
  }

  /** Counts one more, until what it gives is called; throws where there are too many. */
  enter(name: string): () => void {
    const own = this.#byName.get(name) ?? 0;
    const { perIdentity, inAll } = this.#most;
    if (own >= perIdentity || this.#total >= inAll)
      throw new AppError(
        'resource_exhausted',
        own >= perIdentity
          ? `${JSON.stringify(name)} has ${own} streams open by HTTP; no more than that at a time`
          : `there are ${this.#total} streams open by HTTP; no more than that at a time`,
        { retryAfterMs: RETRY_MS },
      );
    this.#byName.set(name, own + 1);
    this.#total++;
    return () => {
      this.#total--;
      const left = this.#byName.get(name)! - 1;
      if (left > 0) this.#byName.set(name, left);
      else this.#byName.delete(name);
    };
  }
}
