/**
 * Health as load balancers and probes ask for it (`grpc.health.v1`). Anybody may ask, so nothing of what is asked is kept, and no name is said
 * again; how large a question may be, and how many stand open, is the business of `limits/free-calls.ts`.
 */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { AppError } from '../../shared/domain/errors.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto, SERVICE_NAMES } from '../../shared/rpc/load.ts';

/** It is asked for by these names, and no others. */
export const HEALTH_NAMES: ReadonlySet<string> = new Set(['', ...Object.values(SERVICE_NAMES), 'liveness', 'readiness']);
/** Whoever watches asks again then. */
export const WATCH_MS = 30 * 60_000;

type Status = 'SERVING' | 'NOT_SERVING';

export class Health {
  readonly #watchMs: number;
  #isLeaving = false;
  readonly #onLeave = new Set<() => void>();

  constructor(watchMs = WATCH_MS) {
    this.#watchMs = watchMs;
  }

  /** Those who are told of a change. */
  get watching(): number {
    return this.#onLeave.size;
  }

  /** From now on everything but `liveness` is NOT_SERVING. */
  leave(): void {
    this.#isLeaving = true;
    for (const told of [...this.#onLeave]) told();
  }

  service(handlers: Handlers): UntypedServiceImplementation {
    const { Check, Watch, List } = assayProto().health;
    return {
      Check: handlers.unary(Check, async ({ service }) => {
        if (!HEALTH_NAMES.has(service)) throw new AppError('not_found', 'no service of this name is served here');
        return { status: this.#statusOf(service) };
      }),
      Watch: handlers.serverStream(Watch, ({ service }, { signal }) => this.#watch(service, signal)),
      List: handlers.unary(List, async () => ({
        statuses: Object.fromEntries([...HEALTH_NAMES].map((name) => [name, { status: this.#statusOf(name) }])),
      })),
    };
  }

  async *#watch(service: string, signal: AbortSignal): AsyncGenerator<{ status: Status | 'SERVICE_UNKNOWN' }> {
    const untilMs = performance.now() + this.#watchMs;
    const changes = HEALTH_NAMES.has(service) && service !== 'liveness';
    if (changes && !this.#isLeaving) {
      yield { status: 'SERVING' };
      await this.#until(untilMs, signal, true);
      if (!this.#isLeaving) return;
    }
    yield { status: HEALTH_NAMES.has(service) ? this.#statusOf(service) : 'SERVICE_UNKNOWN' };
    await this.#until(untilMs, signal, false);
  }

  /** Until that time, the end of the call, or, where that is wanted, the change. */
  #until(ms: number, signal: AbortSignal, change: boolean): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#onLeave.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms - performance.now()).unref();
      signal.addEventListener('abort', done);
      if (change) this.#onLeave.add(done);
      if (signal.aborted || (change && this.#isLeaving)) done();
    });
  }

  #statusOf(name: string): Status {
    return this.#isLeaving && name !== 'liveness' ? 'NOT_SERVING' : 'SERVING';
  }
}
