/** Pictures of the whole cluster, one a second for all watchers of this coordinator together, and none without watchers. */
import type { Agent, CoordinatorStatus, RedisStatus, RouteStatus, StoreStatus } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

const PERIOD_MS = 1_000;

export interface ClusterPicture {
  timeMs: number;
  coordinators: CoordinatorStatus[];
  agents: Agent[];
  routes: RouteStatus[];
  store: StoreStatus;
  redis?: RedisStatus;
}

export class ClusterPictures {
  readonly #take: () => Promise<ClusterPicture>;
  readonly #clock: Clock;
  #watchers = 0;
  #loop: Promise<void> | undefined;
  #stopped = false;
  #last: { number: number; picture: ClusterPicture } | undefined;
  #failure: AppError | undefined;
  #number = 0;
  #waiting: (() => void)[] = [];

  constructor(take: () => Promise<ClusterPicture>, clock: Clock) {
    this.#take = take;
    this.#clock = clock;
  }

  /** From now on pictures are taken; the returned function ends that. */
  watch(): () => void {
    this.#watchers++;
    this.#loop ??= this.#run();
    let over = false;
    return () => {
      if (!over) this.#watchers--;
      over = true;
    };
  }

  /**
   * The last picture if it is newer than `number`, else the next one; undefined after `patienceMs`, or when `signal` aborts. Throws
   * if there has never been one.
   */
  async after(number: number, patienceMs: number, signal: AbortSignal): Promise<{ number: number; picture: ClusterPicture } | undefined> {
    const end = this.#clock.monotonic() + patienceMs;
    while (!signal.aborted) {
      if (this.#stopped) throw new AppError('unavailable', 'this coordinator is going away; go on at another one');
      if (this.#last && this.#last.number > number) return this.#last;
      if (!this.#last && this.#failure) throw this.#failure;
      const left = end - this.#clock.monotonic();
      if (left <= 0) return undefined;
      await this.#next(Math.min(left, PERIOD_MS), signal);
    }
    return undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tell();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (this.#watchers > 0 && !this.#stopped) {
      try {
        this.#last = { number: ++this.#number, picture: await this.#take() };
        this.#failure = undefined;
      } catch (error) {
        this.#failure = AppError.from(error); // watchers keep the last picture
      }
      this.#tell();
      await this.#clock.sleep(PERIOD_MS);
    }
    // The next watcher begins with a fresh one.
    this.#last = undefined;
    this.#failure = undefined;
    this.#loop = undefined;
  }

  #tell(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #next(ms: number, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const told = new Promise<void>((resolve) => this.#waiting.push(resolve));
    const slept = this.#clock.sleep(ms, AbortSignal.any([ended.signal, signal])).catch(() => undefined);
    await Promise.race([told, slept]);
    ended.abort();
  }
}
