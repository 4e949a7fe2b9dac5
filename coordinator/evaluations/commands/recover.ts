/** Taking the ledger of an evaluation back to the store's truth, by hand: for one that was damaged in a way that no sweep can see. */
import type { Recovered } from '../../../shared/client/books.ts';
import type { Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { emptyCounts, isFinal, type Counts } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { countsOf } from '../../progress/events.ts';
import type { Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';
import type { Recovery } from '../recovery.ts';
import type { Commands } from './commands.ts';

/** For who is at it already: a million results take some minutes. */
const WAIT_MS = 500;
const TRIES = 1_200;

/** What Recover is made of. */
export interface RecoverParts {
  store: Store;
  ledger: Ledger;
  commands: Commands;
  recovery: Recovery;
  clock: Clock;
  logger: Logger;
  known: (evaluationId: string) => Promise<Known>;
}

export class Recover {
  readonly #options: RecoverParts;
  readonly #underWay = new Map<string, Promise<Recovered>>();

  constructor(options: RecoverParts) {
    this.#options = options;
  }

  /**
   * Waits until it is done. A command that is under way is broken off, and done by the recovery if it was journaled. Who asks again
   * meanwhile has the same answer.
   */
  recover(evaluationId: string, reason: string): Promise<Recovered> {
    const underWay = this.#underWay.get(evaluationId);
    if (underWay) return underWay;
    const done = this.#recover(evaluationId, reason).finally(() => this.#underWay.delete(evaluationId));
    this.#underWay.set(evaluationId, done);
    return done;
  }

  async #recover(evaluationId: string, reason: string): Promise<Recovered> {
    const { store, ledger, recovery, clock, commands, logger, known: find } = this.#options;
    const known = await find(evaluationId);
    const before = await this.#counted(evaluationId);
    const why = `by hand${reason ? `: ${reason}` : ''}`;
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) await clock.sleep(WAIT_MS);
      // What is final is served from the store once Redis knows nothing of it.
      if (await store.isFinished(evaluationId)) {
        await ledger.forget(evaluationId);
        logger.warn({ evaluationId, reason: why }, 'ledger of a final evaluation dropped');
        const report = await store.report(evaluationId);
        if (report) {
          const { state, after } = resultOf(report);
          return { evaluationId, state, after, ...before, generation: 0, durability: await commands.acknowledgeState(evaluationId, state) };
        }
        continue; // reopened in this moment
      }
      const generation = await recovery.rebuild(known, why, () => this.#mark(known, why));
      if (generation === undefined) continue;
      const after = (await this.#counted(evaluationId)).before ?? emptyCounts(known.manifest.units);
      const state = await commands.stateOf(evaluationId);
      return { evaluationId, state, ...before, after, generation, durability: await commands.acknowledgeState(evaluationId, state) };
    }
    throw new AppError('unavailable', `${evaluationId} is being recovered by another coordinator, or changed all the time; repeat`, {
      retryAfterMs: 1_000,
    });
  }

  /** One that says it is over, while the store says it is not, or on which no script runs any more, is no ledger. */
  async #mark(known: Known, reason: string): Promise<void> {
    const { ledger, recovery, store } = this.#options;
    const { evaluationId } = known.manifest;
    try {
      await recovery.mark(known.manifest, reason);
      const [look] = await ledger.looks([evaluationId]);
      if (!look || !isFinal(look.state) || (await store.isFinished(evaluationId))) return;
    } catch {
      // Its keys are not what they were. If it is Redis that does not answer, this fails as well.
    }
    await ledger.forget(evaluationId);
  }

  /** What Redis has counted; nothing where its keys make no sense. */
  async #counted(evaluationId: string): Promise<{ before?: Counts }> {
    const snapshot = await this.#options.ledger.snapshot(evaluationId).catch(() => undefined);
    return snapshot ? { before: countsOf(snapshot.counts) } : {};
  }
}

function resultOf(bytes: Buffer): Pick<Recovered, 'state' | 'after'> {
  const { state, units } = JSON.parse(bytes.toString('utf8')) as Report;
  return { state, after: units };
}
