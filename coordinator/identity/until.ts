/** What is over at a time that is known. */
import type { AppError } from '../../shared/domain/errors.ts';
import { ENDED } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Verified } from './authenticator.ts';

/** The clock on the wall may be set: it is looked at again and again. A timer cannot wait for longer than 24 days anyway. */
const LOOK_MS = 30_000;

/** A watch that ends at `untilMs` of the wall clock. */
export const watchUntil =
  (clock: Clock, untilMs: number, why: () => AppError): Verified['watch'] =>
  (onOver) => {
    const ended = new AbortController();
    const wait = async (): Promise<void> => {
      // Whoever watches is told later, never at once.
      do await clock.sleep(Math.max(0, Math.min(untilMs - clock.now(), LOOK_MS)), ended.signal);
      while (untilMs > clock.now());
      onOver(why());
    };
    wait().catch(() => undefined);
    return () => ended.abort(ENDED);
  };

/** Over with the first of them that is. */
export function watchAll(onOver: (why: AppError) => void, watches: readonly Verified['watch'][]): () => void {
  const ends: (() => void)[] = [];
  const end = (): void => ends.splice(0).forEach((each) => each());
  const once = (why: AppError): void => {
    end();
    onOver(why);
  };
  for (const watch of watches) ends.push(watch(once));
  return end;
}
