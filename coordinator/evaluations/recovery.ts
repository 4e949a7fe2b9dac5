/**
 * Rebuilding a ledger from the store: after Redis lost it (a wipe), and after Redis came back from a crash (it may have
 * lost its last second). The evaluation is `recovering` meanwhile: nothing is planned or granted, so nothing that was
 * acknowledged is run again. Every step may be repeated, by any coordinator.
 */
import { AppError } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { unitCode } from '../../shared/domain/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { RecoveredState, RestoredUnit } from '../ledger/types.ts';
import { isDamage } from '../redis/errors.ts';
import type { ControlRecord, ResultIndex, Store } from '../store/store.ts';
import type { Catalog, Known } from './catalog.ts';
import { claimGeneration } from './claim-generation.ts';
import { closesOf, journalOf, runsOf, type Journal } from './journal.ts';
import { differenceOf, runsVoid } from './ledger-beside-store.ts';
import { countedOf, readResult } from './reported.ts';
import type { SingleFlight } from './single-flight.ts';

const BATCH_UNITS = 500;
/** The script reads one window of unit states per batch. */
const BATCH_SPAN = 4_096;
/** How long a failed try is remembered that is not repeated. */
const FORGET_MS = 600_000;

export class Recovery {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #logger: Logger;
  readonly #flight: SingleFlight;
  readonly #onRecovered: (evaluationId: string) => void;
  readonly #clock: Clock;
  readonly #failed = new Map<string, { times: number; retryAt: number }>();

  constructor(options: {
    store: Store;
    ledger: Ledger;
    catalog: Catalog;
    clock: Clock;
    logger: Logger;
    flight: SingleFlight;
    onRecovered: (evaluationId: string) => void;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#logger = options.logger;
    this.#flight = options.flight;
    this.#onRecovered = options.onRecovered;
    this.#clock = options.clock;
  }

  /** From here on nothing of it is granted until it was recovered; the sweep does that. One without a ledger needs no mark, and a damaged one is none. */
  async mark(manifest: Manifest, reason: string): Promise<void> {
    if (!(await this.#store.isAccepted(manifest.evaluationId))) return;
    await this.#ledger.control(manifest, { action: 'recover', reason, generation: 0 }).catch((error: unknown) => {
      if (isDamage(error)) return this.#forgetDamaged(manifest.evaluationId, error);
      if (AppError.from(error).code !== 'not_found') throw error;
    });
  }

  /** Its keys are not what a ledger's are, and nothing repairs them but the store. */
  async #forgetDamaged(evaluationId: string, error: unknown): Promise<void> {
    this.#logger.error({ evaluationId, error: AppError.from(error).message }, 'its ledger is damaged; it is made anew from the store');
    await this.#ledger.forget(evaluationId);
  }

  /** Brings the ledger of an accepted evaluation in line with the store, unless another coordinator is at it. */
  async recover(evaluationId: string, reason: string): Promise<void> {
    await this.#flight.run('recover', evaluationId, async () => {
      const known = await this.#catalog.find(evaluationId);
      if (!known || !(await this.#store.isAccepted(evaluationId))) return;
      const failed = this.#failed.get(evaluationId);
      if (failed && this.#clock.monotonic() < failed.retryAt) return;
      try {
        await this.#recover(known, reason).catch(async (error: unknown) => {
          if (!isDamage(error)) throw error;
          await this.#forgetDamaged(evaluationId, error);
          return this.#recover(known, reason);
        });
        this.#failed.delete(evaluationId);
      } catch (error) {
        this.#putOff(evaluationId);
        throw error;
      }
    });
  }

  /**
   * The same at once and by hand: the ledger is made anew whatever it says, and its attempts with it. `prepare` is done first, and only when
   * nobody else is at it: a mark would undo what they do. Returns the generation; undefined when another coordinator is at it, or something
   * came between.
   */
  async rebuild(known: Known, reason: string, prepare: () => Promise<void>): Promise<number | undefined> {
    let generation: number | undefined;
    await this.#flight.run('recover', known.manifest.evaluationId, async () => {
      await prepare();
      generation = await this.#recover(known, reason, { rebuild: true });
    });
    return generation;
  }

  /** One that fails is tried again after a second, two, four … a minute. */
  #putOff(evaluationId: string): void {
    const now = this.#clock.monotonic();
    // Nobody tries these any more: they are over, or removed.
    for (const [id, { retryAt }] of this.#failed) if (now - retryAt > FORGET_MS) this.#failed.delete(id);
    const times = (this.#failed.get(evaluationId)?.times ?? 0) + 1;
    this.#failed.set(evaluationId, { times, retryAt: now + Math.min(60_000, 500 * 2 ** times) });
  }

  /** Returns the generation that it has claimed; undefined if it was not done. */
  async #recover(known: Known, reason: string, { rebuild }: { rebuild: boolean } = { rebuild: false }): Promise<number | undefined> {
    const { manifest } = known;
    const { evaluationId } = manifest;
    const [look] = await this.#ledger.looks([evaluationId]);
    if (look?.command) return undefined; // a command is under way; the sweep marks one that was broken off
    if (this.#failed.has(evaluationId)) await this.#mustRead(evaluationId);
    let generation = await claimGeneration(this.#store, evaluationId);
    let rebuilt = await this.#ledger.create(manifest, 'recovering', generation);
    let requeues = -1;
    if (!rebuilt) {
      const answer = await this.#ledger.control(manifest, { action: 'recover', reason, generation });
      if (!answer.done) return undefined; // final, or a command was faster
      requeues = answer.requeues;
    }
    // Only now: until the mark, results may have been acknowledged by the ledger that is gone, and commands journaled.
    const controls = await this.#store.controls(evaluationId);
    const journal = journalOf(controls);
    // A ledger that does not know of a requeue has counted what counts no more: it is made anew. Its events are counted anew, too, so they need
    // a generation of their own: under this one the recovery was told.
    if (!rebuilt && (rebuild || requeues !== journal.requeues)) {
      generation = await claimGeneration(this.#store, evaluationId);
      rebuilt = await this.#ledger.create(manifest, 'recovering', generation, { rebuild: true });
    }
    const index = await this.#resultsToReplay(manifest, { generation, rebuilt });
    let units: number;
    try {
      units = await this.#replay(known, { index, generation });
      await this.#closeJournaled(manifest, controls, generation);
      if (!rebuilt && (await this.#knowsWhatIsNot(manifest, index)))
        return await this.#recover(known, 'its ledger counts or runs what the store has set aside', { rebuild: true });
    } finally {
      await index.close();
    }
    const { done } = await this.#ledger.control(manifest, { action: 'recovered', generation, ...stateAfter(manifest, journal, units > 0) });
    if (!done) return undefined; // a command was journaled meanwhile, or another recovery is at it: the sweep does it again
    await this.#catalog.renew(evaluationId);
    this.#logger.warn({ evaluationId, units, generation, rebuilt, reason }, 'ledger brought in line with the store');
    this.#onRecovered(evaluationId);
    return generation;
  }

  async #closeJournaled(manifest: Manifest, controls: readonly ControlRecord[], generation: number): Promise<void> {
    const codes = closesOf(controls, manifest.units);
    if (!codes) return;
    for (const state of ['cancelled', 'dead'] as const) {
      const closed = await this.#ledger.close(manifest, runsOf(codes, unitCode(state)), unitCode(state), { generation });
      if (closed === undefined) throw new AppError('unavailable', 'the ledger is not being recovered any more; the sweep looks again');
    }
  }

  /** Throws where the results cannot be read: a recovery that failed claims no generation after the other while they cannot. */
  async #mustRead(evaluationId: string): Promise<void> {
    const index = await this.#store.openResults(evaluationId);
    try {
      for await (const _ of index.results());
    } finally {
      await index.close();
    }
  }

  /**
   * What is in the store, sealed where the ledger will count anything of it: the ledger has this generation, so who recovered it before restores
   * nothing more, and what is sealed now is what is counted. A full store takes no seal, and needs none where nothing is new. What the ledger
   * counts although it was refused before was acknowledged since: its refusal is lifted.
   */
  async #resultsToReplay(manifest: Manifest, { generation, rebuilt }: { generation: number; rebuilt: boolean }): Promise<ResultIndex> {
    const { evaluationId } = manifest;
    let lifted: ReadonlySet<number> = new Set();
    if (!rebuilt) {
      const index = await this.#store.openResults(evaluationId);
      let isKept = false;
      try {
        const { hasUncounted, missing } = await differenceOf(this.#ledger, manifest, index);
        if (missing.length > 0) lifted = await this.#refusedOf(evaluationId, missing);
        isKept = !hasUncounted && lifted.size === 0;
        if (isKept) return index;
      } finally {
        if (!isKept) await index.close();
      }
    }
    await this.#store.sealVoids(evaluationId, generation, lifted);
    return this.#store.openResults(evaluationId);
  }

  /** Those of the units whose only results are void. */
  async #refusedOf(evaluationId: string, units: readonly number[]): Promise<Set<number>> {
    const index = await this.#store.openResults(evaluationId, { voided: 'last' });
    try {
      return new Set(units.filter((unit) => index.has(unit)));
    } finally {
      await index.close();
    }
  }

  /** Whether the ledger still counts a unit that has no result, or lets an attempt run whose results would never win. Looked at when nothing is open any more that the journal has closed. */
  async #knowsWhatIsNot(manifest: Manifest, index: ResultIndex): Promise<boolean> {
    const { evaluationId } = manifest;
    const tasks = await this.#ledger.tasks(evaluationId);
    const { missing } = await differenceOf(this.#ledger, manifest, index);
    if (await runsVoid(this.#ledger, evaluationId, tasks, index)) return true;
    if (missing.length === 0) return false;
    // Results that came in since the index was opened are no difference.
    const fresh = await this.#store.openResults(evaluationId);
    try {
      return missing.some((unit) => !fresh.has(unit));
    } finally {
      await fresh.close();
    }
  }

  /** Replays the winning results in unit order; returns their number. Throws when the ledger was lost again meanwhile. */
  async #replay({ manifest }: Known, { index, generation }: { index: ResultIndex; generation: number }): Promise<number> {
    let batch: (RestoredUnit & { attemptId: string })[] = [];
    let count = 0;
    const flush = async (): Promise<void> => {
      const overruled = new Map<string, number[]>();
      const note = (attemptId: string, unit: number): void => void overruled.set(attemptId, [...(overruled.get(attemptId) ?? []), unit]);
      if (batch.length > 0 && !(await this.#ledger.restore(manifest.evaluationId, batch, { generation, overruled: note }))) {
        throw new AppError('unavailable', 'the ledger is not being recovered any more; the sweep looks again');
      }
      // A result that was never acknowledged counts now, and the attempt that came after it still runs: what that one reports has the
      // higher grant, and would win in the store against what the ledger has counted.
      if (overruled.size > 0)
        await this.#store.appendVoids(
          manifest.evaluationId,
          [...overruled].map(([attemptId, units]) => ({ attemptId, units, generation })),
        );
      count += batch.length;
      batch = [];
    };
    for await (const { unit, content, attemptId } of index.results()) {
      const result = readResult(manifest, unit, content);
      if (!result) {
        this.#logger.error({ evaluationId: manifest.evaluationId, unit }, 'a stored result makes no sense; the unit is run again');
        continue;
      }
      if (batch.length >= BATCH_UNITS || (batch.length > 0 && unit - batch[0]!.unit >= BATCH_SPAN)) await flush();
      batch.push({ ...countedOf(manifest, result), attemptId });
    }
    await flush();
    return count;
  }
}

/** What the journaled commands leave behind. `hasResults`: some unit was run. */
function stateAfter(manifest: Manifest, journal: Journal, hasResults: boolean): RecoveredState {
  const { isPaused, wasPaused, ended, draining, requeues, settings } = journal;
  const takesTurns = manifest.spec.concurrency !== undefined && !wasPaused && !hasResults;
  return {
    state: isPaused ? 'paused' : takesTurns ? 'accepted' : 'running',
    updates: settings.updates,
    requeues,
    ...(ended ? { ended: ended.kind, reason: ended.reason } : {}),
    ...(draining === undefined || ended ? {} : { draining }),
  };
}
