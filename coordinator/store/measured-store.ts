/** A store whose operations are measured. What answers with a stream is measured nowhere: its reader sets the pace. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Store } from './store.ts';

/** The same store; every operation that answers with a promise is recorded under its name. */
export function measuredStore(store: Store, clock: Clock, { storeSeconds }: Pick<Instruments, 'storeSeconds'>): Store {
  const record = (operation: string, outcome: string, startedAt: number): void =>
    storeSeconds.record((clock.monotonic() - startedAt) / 1000, { operation, outcome });
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const startedAt = clock.monotonic();
        const answer: unknown = Reflect.apply(member, target, args);
        if (!(answer instanceof Promise)) return answer;
        return answer.then(
          (value: unknown) => {
            record(String(name), 'ok', startedAt);
            return value;
          },
          (error: unknown) => {
            record(String(name), AppError.from(error).code, startedAt);
            throw error;
          },
        );
      };
    },
  });
}
