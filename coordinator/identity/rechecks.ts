/** Calls that go by rules which may become others: each is asked anew whether it may go on. */
import type { AppError } from '../../shared/domain/errors.ts';
import type { Verified } from './authenticator.ts';

/** Why it may not; undefined: it may. */
type Recheck = () => AppError | undefined;

export class Rechecks {
  readonly #checks = new Set<() => void>();

  /** Rules may have changed between the look at them and the watch: it asks at once, and tells later. */
  watch(why: Recheck, onOver: Parameters<Verified['watch']>[0]): () => void {
    const check = (): void => {
      const over = why();
      if (!over) return;
      end();
      onOver(over);
    };
    const first = setImmediate(check);
    const end = (): void => {
      clearImmediate(first);
      this.#checks.delete(check);
    };
    this.#checks.add(check);
    return end;
  }

  /** The rules are others now. */
  run(): void {
    for (const check of this.#checks) check();
  }
}
