/**
 * Looks at Redis's settings again: at every new connection, which may lead to another server, and once a minute, as somebody may have
 * changed them. What was safe at the start need not be so after a failover to a replica that was set up otherwise.
 */
import { AppError, type Fault } from '../../shared/domain/errors.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../shared/runtime/service.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { Primaries } from './primaries.ts';
import { unsafeOn, type Profile } from './safety.ts';

const PERIOD_MS = 60_000;
/** While they are not known. */
const RETRY_MS = 1_000;

/** What a SettingsWatch is made of. */
export interface SettingsWatchParts {
  primaries: Primaries;
  profile: Profile;
  /** What was found, and said, at the start. */
  known: readonly Fault[];
  acknowledging: Pick<Acknowledger, 'look' | 'forget'>;
  clock: Clock;
  logger: Logger;
}

export class SettingsWatch implements Service {
  readonly #parts: SettingsWatchParts;
  readonly #duty: Duty;
  #faults: readonly Fault[];

  constructor(parts: SettingsWatchParts) {
    const { clock } = parts;
    this.#parts = parts;
    this.#faults = parts.known;
    this.#duty = new Duty({
      clock,
      periodMs: PERIOD_MS,
      // A look changes nothing, so who stops need not wait for its answer.
      run: (signal) => raceSignal(this.runOnce(), signal),
      // What is wrong with the connection is said by others.
      onError: () => void clock.sleep(RETRY_MS).then(() => this.#duty.wake()),
    });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  stop(): Promise<void> {
    return this.#duty.stop();
  }

  /** The connection broke: the next one may lead to another server, of whose settings nothing is known. */
  lost(): void {
    this.#parts.acknowledging.forget();
  }

  back(): void {
    this.#duty.wake();
  }

  async runOnce(): Promise<void> {
    const { acknowledging, primaries } = this.#parts;
    await acknowledging.look();
    this.#tell(await unsafeOn(primaries));
  }

  /** In the production profile nothing new is accepted by a Redis that may lose it; what was accepted goes on. */
  refusal(): AppError | undefined {
    if (this.#parts.profile !== 'production' || this.#faults.length === 0) return undefined;
    const what = this.#faults.map(({ place, problem }) => `${place} ${problem}`).join('; ');
    return new AppError('failed_precondition', `Redis is not safe for --profile production, so nothing new is accepted: ${what}`, {
      reason: 'REDIS_UNSAFE',
    });
  }

  /** Each change once. */
  #tell(faults: readonly Fault[]): void {
    const { logger, profile } = this.#parts;
    const before = new Set(this.#faults.map(({ problem }) => problem));
    for (const { place, problem } of faults.filter((fault) => !before.has(fault.problem))) {
      if (profile === 'production') logger.error({ setting: place }, `Redis: ${place} ${problem}. Until then nothing new is accepted`);
      else logger.warn({ setting: place }, `Redis: ${place} ${problem}`);
    }
    if (faults.length === 0 && before.size > 0)
      logger.info({ settings: [...this.#faults.map(({ place }) => place)] }, 'Redis is safe again');
    this.#faults = faults;
  }
}
