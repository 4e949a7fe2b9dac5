/** Removing final evaluations for good, and keeping some for ever: the two never meet, as both hold the evaluation meanwhile. */
import type { EvaluationOutcome, Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ControlRecord, Store } from '../../store/store.ts';
import { settingsOf } from '../journal.ts';
import { finishedAtOf } from '../picture.ts';
import type { SingleFlight } from '../single-flight.ts';
import type { Commands } from './commands.ts';

const LOCK_TRIES = 40;
const LOCK_WAIT_MS = 250;

/** What a Removal is made of. */
export interface RemovalParts {
  store: Store;
  ledger: Ledger;
  commands: Commands;
  flight: SingleFlight;
  clock: Clock;
  /** It is gone, or what the store says of it has changed. */
  onChanged: (evaluationId: string) => Promise<void>;
}

export class Removal {
  readonly #options: RemovalParts;

  constructor(options: RemovalParts) {
    this.#options = options;
  }

  /** Throws `failed_precondition` for one that is not final, or is kept for ever. */
  async delete(evaluationId: string): Promise<EvaluationOutcome> {
    const { commands } = this.#options;
    let state: EvaluationState = 'recovering';
    await this.#alone(evaluationId, async () => {
      state = await commands.stateOf(evaluationId);
      if (!isFinal(state))
        throw new AppError('failed_precondition', `${evaluationId} is ${state}: cancel it, or wait for its end, before it is removed`);
      if (await this.#isKept(evaluationId))
        throw new AppError(
          'failed_precondition',
          `${evaluationId} is kept for ever: let it go first (assay update ${evaluationId} --no-keep)`,
        );
      return await this.#remove(evaluationId);
    });
    return { evaluationId, state, changed: true, problem: '', durability: await commands.acknowledge(evaluationId, { kind: 'gone' }) };
  }

  /** Removes one whose time has come: if it still ended then, and nobody keeps it. Returns whether it is gone by this. */
  async retire(evaluationId: string, finishedAtMs: number): Promise<boolean> {
    const { commands, store, flight, onChanged } = this.#options;
    let isGone = false;
    await flight.run('finalize', evaluationId, async () => {
      const report = await store.report(evaluationId);
      if (!report || finishedAtOf(JSON.parse(report.toString('utf8')) as Report) !== finishedAtMs) return;
      if (!isFinal(await commands.stateOf(evaluationId)) || (await this.#isKept(evaluationId))) return;
      isGone = await this.#remove(evaluationId);
    });
    await onChanged(evaluationId); // what was known of it was wrong, or is now
    return isGone;
  }

  /** Writes down whether a final one is kept for ever. */
  async keep(evaluationId: string, record: ControlRecord): Promise<void> {
    const { store } = this.#options;
    await this.#alone(evaluationId, async () => {
      if (!(await store.isAccepted(evaluationId))) throw new AppError('not_found', `evaluation ${evaluationId} was removed`);
      await store.appendControl(evaluationId, record);
      return true;
    });
  }

  async #isKept(evaluationId: string): Promise<boolean> {
    return settingsOf(await this.#options.store.controls(evaluationId)).changes.keep === true;
  }

  /** False: its end is still being written. */
  async #remove(evaluationId: string): Promise<boolean> {
    const { store, ledger } = this.#options;
    if (!(await store.isFinished(evaluationId))) return false;
    // In this order: a ledger that is left over would take the next evaluation of the same id for one that has ended.
    await ledger.forget(evaluationId);
    await store.remove(evaluationId);
    return true;
  }

  /** Does `work` while no report of it is written, no samples of it are requeued, and nobody else removes it; again until it says that it is done. */
  async #alone(evaluationId: string, work: () => Promise<boolean>): Promise<void> {
    const { flight, clock, onChanged } = this.#options;
    for (let tries = 0; tries < LOCK_TRIES; tries++) {
      let isDone = false;
      await flight.run('finalize', evaluationId, async () => {
        isDone = await work();
      });
      if (isDone) return await onChanged(evaluationId);
      await clock.sleep(LOCK_WAIT_MS);
    }
    throw new AppError('unavailable', `${evaluationId} is busy with its report; repeat`, { retryAfterMs: 1_000 });
  }
}
