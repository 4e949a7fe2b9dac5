/**
 * Finishing: when all units are closed, the report is computed from the store and written, then the state becomes final.
 * Repeatable at any point: a second run writes the same results and finds the state final.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { Instruments } from '../../shared/telemetry/metrics.ts';
import type { Report } from '../../shared/client/types.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LedgerSnapshot } from '../ledger/types.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Known } from './catalog.ts';
import { journalOf } from './journal.ts';
import { computeReport, joinUnits, type ClosedUnits } from './report.ts';
import type { SingleFlight } from './single-flight.ts';
import { UnitCodeWriter } from './unit-codes.ts';

/** A report that is in the store, and the digest that names it there. */
interface Written {
  report: Report;
  digest: string;
}

export class Finalizer {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #flight: SingleFlight;
  readonly #instruments: Pick<Instruments, 'evaluationsFinishedTotal'> | undefined;
  readonly #onFinished: (evaluationId: string) => void;

  constructor(options: {
    store: Store;
    ledger: Ledger;
    catalog: Catalog;
    clock: Clock;
    logger: Logger;
    flight: SingleFlight;
    instruments?: Pick<Instruments, 'evaluationsFinishedTotal'>;
    onFinished: (evaluationId: string) => void;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#flight = options.flight;
    this.#instruments = options.instruments;
    this.#onFinished = options.onFinished;
  }

  /** Finishes an evaluation whose units are all closed, unless another coordinator is at it. */
  async finish(evaluationId: string): Promise<void> {
    await this.#flight.run('finalize', evaluationId, async () => {
      const known = await this.#catalog.find(evaluationId);
      const snapshot = await this.#ledger.snapshot(evaluationId);
      if (!known || snapshot?.state !== 'finalizing') return;
      await this.#store.closeSegment(evaluationId);
      if (await this.#missedRequeue(known)) return;
      const { report, digest } = (await this.#written(evaluationId, snapshot)) ?? (await this.#write(known, snapshot));
      const { done, state } = await this.#ledger.control(known.manifest, {
        action: 'finish',
        state: report.state as 'succeeded' | 'failed' | 'cancelled',
      });
      if (!done && !isFinal(state)) return; // marked for recovery meanwhile; it comes back here after that
      // Reopened while we slept: this end is over.
      if (!(await this.#store.markFinished(evaluationId, digest))) return;
      this.#catalog.forget(evaluationId);
      this.#instruments?.evaluationsFinishedTotal.add(1, { state: report.state });
      this.#onFinished(evaluationId);
      void this.#ledger.notify(`u:${evaluationId}`).catch(() => undefined); // others compare their lists with the store, later
      this.#logger.info({ evaluationId, state: report.state, units: report.units }, 'evaluation finished');
    });
  }

  /**
   * Whether the journal has a requeue that the ledger knows nothing of: its coordinator stood still between announcement and record, was taken
   * for gone, and wrote it all the same. What it sets aside counts no more; a recovery opens it.
   */
  async #missedRequeue({ manifest }: Known): Promise<boolean> {
    const { evaluationId } = manifest;
    const [controls, [look]] = await Promise.all([this.#store.controls(evaluationId), this.#ledger.looks([evaluationId])]);
    if (!look || look.requeues === journalOf(controls).requeues) return false;
    await this.#ledger.control(manifest, { action: 'recover', reason: 'a requeue was written down late', generation: 0 });
    return true;
  }

  /** One that was written, and whose end Redis has forgotten; unless the ledger that was made anew counts results that it does not know. */
  async #written(evaluationId: string, { counts }: LedgerSnapshot): Promise<Written | undefined> {
    const bytes = await this.#store.report(evaluationId);
    if (!bytes) return undefined;
    const report = JSON.parse(bytes.toString('utf8')) as Report;
    const { total, scored, unscored, errored, cancelled, dead } = report.units;
    return [total, scored, unscored, errored, cancelled, dead].every((count, i) => count === counts[i])
      ? { report, digest: digestOf(bytes) }
      : undefined;
  }

  async #write({ manifest }: Known, snapshot: LedgerSnapshot): Promise<Written> {
    await this.#journalEnd(manifest, snapshot);
    const index = await this.#store.openResults(manifest.evaluationId, { voided: 'last' });
    try {
      const closedUnits = joinUnits({
        manifest,
        codes: (first, count) => this.#ledger.unitCodes(manifest.evaluationId, first, count),
        results: (from) => index.results(from),
      });
      const codes = new UnitCodeWriter(manifest.units);
      const noted: ClosedUnits = async function* (group) {
        for await (const closed of closedUnits(group)) {
          codes.set(closed.unit, closed.code);
          yield closed;
        }
      };
      const finishedAtMs = this.#clock.now();
      const computed = await computeReport({
        manifest,
        closedUnits: noted,
        source: this.#store,
        clock: this.#clock,
        wasCancelled: snapshot.wasCancelled,
        finishedAtMs,
      });
      const report: Report = snapshot.hasFailed ? { ...computed, state: 'failed' } : computed;
      await this.#mustStand(manifest.evaluationId, snapshot);
      const bytes = Buffer.from(JSON.stringify(report));
      await this.#store.putReport(manifest.evaluationId, bytes, await codes.bytes());
      return { report, digest: digestOf(bytes) };
    } finally {
      await index.close();
    }
  }

  /**
   * The units' states were asked for one after the other: they are of one ledger only if it is still the same. One that was lost and made anew
   * meanwhile has the same counts, and another generation.
   */
  async #mustStand(evaluationId: string, { counts, cursor }: LedgerSnapshot): Promise<void> {
    const now = await this.#ledger.snapshot(evaluationId);
    const isSame = now?.state === 'finalizing' && generationIn(now.cursor) === generationIn(cursor);
    if (isSame && now.counts.every((count, i) => count === counts[i])) return;
    throw new AppError('unavailable', 'the ledger is not the one any more of which the report was made');
  }

  /** An end that the ledger decided by itself (it drained, too many errored) is journaled too: which units it closed must outlive Redis. */
  async #journalEnd({ evaluationId }: Manifest, { wasCancelled, hasFailed, reason }: LedgerSnapshot): Promise<void> {
    if (!wasCancelled && !hasFailed) return;
    if (journalOf(await this.#store.controls(evaluationId)).ended) return;
    await this.#store.appendControl(evaluationId, { kind: hasFailed ? 'fail' : 'cancel', atMs: this.#clock.now(), reason });
  }
}

/** A cursor is `generation-number`. */
const generationIn = (cursor: string): string => cursor.split('-', 1)[0]!;
