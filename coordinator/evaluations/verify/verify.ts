/**
 * Verifying an evaluation: everything is recomputed from the store, and compared with what is served. Two passes over what was written,
 * with some 40 bytes a unit in memory; nothing is changed.
 */
import type { Books, VerifyProgress } from '../../../shared/client/books.ts';
import type { Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { judgeOfField, type Manifest } from '../../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isDamage } from '../../redis/errors.ts';
import { floorsOf } from '../../store/control-records.ts';
import type { Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';
import { journalOf, unitsIn } from '../journal.ts';
import { computeReport } from '../report.ts';
import { readUnitCodes } from '../unit-codes.ts';
import { Differences } from './differences.ts';
import { FrameCounter } from './frame-books.ts';
import { compareLedger, readServedLedger, sumOf } from './served-ledger.ts';
import { UnitTruth, type UnitTruthParts } from './unit-truth.ts';

/** Each reads all results of an evaluation. */
const AT_ONCE = 2;
const PROGRESS_MS = 1_000;
/** Of one that is requeued or recovered while it is verified. */
const TRIES = 3;
const RETRY_MS = 250;

export type VerifyStep = { kind: 'progress'; progress: VerifyProgress } | { kind: 'books'; books: Books };

/** What a Verify is made of. */
export interface VerifyParts {
  store: Store;
  ledger: Ledger;
  clock: Clock;
  known: (evaluationId: string) => Promise<Known>;
}

export class Verify {
  readonly #parts: VerifyParts;
  #running = 0;

  constructor(parts: VerifyParts) {
    this.#parts = parts;
  }

  /** Progress, at most once a second, and at last the books. */
  async *verify(evaluationId: string, signal: AbortSignal): AsyncGenerator<VerifyStep> {
    const { manifest } = await this.#parts.known(evaluationId);
    if (this.#running >= AT_ONCE)
      throw new AppError('resource_exhausted', `${AT_ONCE} evaluations are being verified here already; repeat`, { retryAfterMs: 2_000 });
    this.#running++;
    const gone = new AbortController();
    try {
      const audit = new Audit(this.#parts, manifest, AbortSignal.any([signal, gone.signal]));
      let isDone = false;
      const work = audit.run().finally(() => (isDone = true));
      work.catch(() => undefined);
      while (!isDone) {
        await Promise.race([work, this.#parts.clock.sleep(PROGRESS_MS, gone.signal).catch(() => undefined)]);
        if (!isDone) yield { kind: 'progress', progress: audit.progress() };
      }
      yield { kind: 'books', books: await work };
    } finally {
      gone.abort();
      this.#running--;
    }
  }
}

/** One verification. */
class Audit {
  readonly #parts: VerifyParts;
  readonly #manifest: Manifest;
  readonly #signal: AbortSignal;
  #phase: VerifyProgress['phase'] = 'ledger';
  #frames: FrameCounter | undefined;
  #truth: UnitTruth | undefined;

  constructor(parts: VerifyParts, manifest: Manifest, signal: AbortSignal) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#signal = signal;
  }

  progress(): VerifyProgress {
    const done = this.#phase === 'frames' ? this.#frames?.seen : this.#phase === 'results' ? this.#truth?.seen : 0;
    return { phase: this.#phase, done: done ?? 0, total: this.#manifest.units };
  }

  async run(): Promise<Books> {
    for (let tries = 1; ; tries++) {
      const before = await this.#version();
      const books = before && (await this.#look());
      if (books && (await this.#version()) === before) return books;
      if (tries >= TRIES)
        throw new AppError('unavailable', 'it was requeued, recovered or finished while it was verified; repeat', { retryAfterMs: 1_000 });
      await this.#parts.clock.sleep(RETRY_MS, this.#signal);
    }
  }

  /**
   * Changes whenever results or states may be taken back, or the end is reached. Undefined while a command is under way: what the journal has
   * set aside may be counted for a moment.
   */
  async #version(): Promise<string | undefined> {
    const { store, ledger } = this.#parts;
    const { evaluationId } = this.#manifest;
    const [look] = await ledger.looks([evaluationId]);
    if (look?.command) return undefined;
    const controls = await store.controls(evaluationId);
    return JSON.stringify([await store.isFinished(evaluationId), await store.generation(evaluationId), controls.length]);
  }

  async #look(): Promise<Books> {
    const { store, ledger } = this.#parts;
    const manifest = this.#manifest;
    const { evaluationId, units } = manifest;
    const differences = new Differences();
    const notCompared: string[] = [];

    this.#phase = 'ledger';
    const isFinished = await store.isFinished(evaluationId);
    // The ledger first: whatever it has counted is in the store already.
    let isDamaged = false;
    const served = await readServedLedger(ledger, manifest).catch((error: unknown) => {
      if (!isDamage(error)) throw error;
      isDamaged = true;
      differences.add('ledger', 'one that can be read', `keys of another kind; \`assay recover ${evaluationId}\` makes it anew`);
      return undefined;
    });
    const isKnown = served !== undefined && served.snapshot.state !== 'recovering';
    if (isDamaged) notCompared.push('the ledger: it cannot be read');
    else if (!isKnown) notCompared.push(`the ledger: Redis ${served ? 'is being recovered' : 'holds none of it'}`);
    else if (served.isOneMoment) compareLedger(manifest, served, differences);
    else notCompared.push("the ledger's counts and sums: units are being closed too fast; pause it, or repeat");
    const [reportBytes, table] = isFinished ? await this.#served(differences) : [undefined, undefined];
    if (!isFinished) notCompared.push('the report: there is none yet');
    if (isFinished && isKnown && table) compareCodes(served.codes, table.codes(0, units), differences);

    const controls = await store.controls(evaluationId);
    this.#frames = new FrameCounter(units, floorsOf(controls, units));
    const frames = this.#frames;
    this.#phase = 'frames';
    const damaged = await store.visitFrames(evaluationId, (frame) => {
      this.#signal.throwIfAborted();
      frames.add(frame);
    });
    for (const { message } of damaged) differences.add('store', 'segments that are whole', message);
    if (frames.foreign > 0) differences.add('store', `results of ${units} units`, `${frames.foreign} results of other units`);

    const codes = isFinished
      ? table?.codes.bind(table)
      : isKnown
        ? (first: number, n: number) => served.codes.subarray(first, first + n)
        : undefined;
    const whose = isFinished ? 'report' : 'ledger';
    const isValid = (unit: number): boolean => frames.isValid(unit);
    const parts = {
      manifest,
      controls,
      isValid,
      differences,
      signal: this.#signal,
      ...(codes ? { served: { whose, codes } as const } : {}),
    };
    const journal = journalOf(controls);
    const report = damaged.length > 0 ? undefined : await this.#recompute(parts, journal.ended?.kind);
    if (!report) notCompared.push('units, groups and report: results that were durable cannot be read');
    else if (reportBytes) compareReport(report, reportBytes, differences);

    const truth = this.#truth;
    if (truth && report && isKnown && served.isOneMoment) truth.sums.compare(served.snapshot, differences);
    const groups = manifest.groups.map((g, i) => ({
      benchmark: g.benchmark,
      model: g.model,
      ...judgeOfField(manifest.groups, g),
      counts: truth?.groups[i] ?? noCounts(g.samples * g.epochs),
    }));
    const requeues = controls.filter((c) => c.kind === 'requeue');
    return {
      evaluationId,
      state: stateOf(reportBytes, served?.snapshot.state),
      balanced: differences.items.length === 0,
      counts: sumOf(groups.map((g) => g.counts)),
      groups,
      frames: frames.books(truth ?? { calls: 0, uncounted: 0, countedThoughRefused: 0 }),
      requeues: requeues.length,
      requeuedUnits: requeues.reduce((sum, { units: opened }) => sum + unitsIn(opened), 0),
      generations: await store.generation(evaluationId),
      attempts: frames.attempts(),
      agents: report?.agents ?? {},
      differences: differences.items,
      moreDifferences: differences.more,
      notCompared,
    };
  }

  /** What is served of a final one: its report, and the states of its units. What cannot be read is a difference. */
  async #served(differences: Differences): Promise<[Buffer | undefined, Awaited<ReturnType<typeof readUnitCodes>> | undefined]> {
    const { store } = this.#parts;
    const { evaluationId, units } = this.#manifest;
    const unreadable = (what: string) => (error: unknown) => {
      if (AppError.from(error).code === 'unavailable') throw error;
      differences.add(what, 'one that can be read', AppError.from(error).message);
      return null;
    };
    const report = await store.report(evaluationId).catch(unreadable('report'));
    if (report === undefined) differences.add('report', 'one, since the evaluation is final', 'none');
    // Release 0.1 wrote no states.
    const written = await store.unitCodes(evaluationId).catch(unreadable('unit states'));
    const table = written ? await readUnitCodes(written, units).catch(unreadable('unit states')) : undefined;
    return [report ?? undefined, table ?? undefined];
  }

  /** The report as it should be; of one that is not over, of what is closed. */
  async #recompute(parts: Omit<UnitTruthParts, 'results'>, ended: 'cancel' | 'fail' | undefined): Promise<Report | undefined> {
    const { store } = this.#parts;
    const results = await store.openResults(this.#manifest.evaluationId, { voided: parts.served ? 'last' : 'never' });
    try {
      const truth = new UnitTruth({ ...parts, results });
      this.#truth = truth;
      this.#phase = 'results';
      const { manifest } = parts;
      const computed = await computeReport({
        manifest,
        closedUnits: truth.closedUnits,
        source: store,
        clock: this.#parts.clock,
        wasCancelled: ended === 'cancel',
        finishedAtMs: 0,
      });
      return ended === 'fail' ? { ...computed, state: 'failed' } : computed;
    } catch (error) {
      const problem = AppError.from(error);
      if (problem.code !== 'internal') throw error;
      parts.differences.add('store', 'results that can be read', problem.message);
      this.#truth = undefined;
      return undefined;
    } finally {
      await results.close();
    }
  }
}

const noCounts = (total: number) => ({ total, scored: 0, unscored: 0, errored: 0, cancelled: 0, dead: 0 });

/** Of a final one everything but its times must be the same; `results` byte for byte. */
function compareReport(expected: Report, bytes: Buffer, differences: Differences): void {
  let found: Partial<Report>;
  try {
    found = JSON.parse(bytes.toString('utf8')) as Partial<Report>;
  } catch {
    return differences.add('report', 'a JSON document', 'something else');
  }
  // Releases before 0.3 wrote neither samples nor totals.
  const isWhole = !Array.isArray(found.results) || found.results.some((row) => row.samples !== undefined);
  const rows = isWhole ? expected.results : expected.results.map(({ samples: _samples, ...row }) => row);
  const before = differences.items.length + differences.more;
  differences.compare('report.results', rows, found.results);
  if (JSON.stringify(rows) !== JSON.stringify(found.results) && differences.items.length + differences.more === before)
    differences.add('report.results', 'these bytes', 'the same values in other bytes');
  if (isWhole) differences.compare('report.totals', expected.totals, found.totals);
  for (const key of ['evaluationId', 'state', 'units', 'stages', 'usage', 'usageByModel', 'cache', 'agents', 'specDigest'] as const)
    differences.compare(`report.${key}`, expected[key], found[key]);
}

/** A ledger that outlives the end must not say otherwise than what was written at the end. */
function compareCodes(ledger: Uint8Array, written: Uint8Array, differences: Differences): void {
  for (const [unit, code] of written.entries())
    if (ledger[unit] !== code)
      differences.add(`ledger.units[${unit}]`, `code ${code}, as it was written with the report`, `code ${ledger[unit]}`);
}

function stateOf(report: Buffer | undefined, ledger: EvaluationState | undefined): EvaluationState {
  if (ledger && isFinal(ledger)) return ledger;
  try {
    if (report) return (JSON.parse(report.toString('utf8')) as Report).state;
  } catch {
    // told as a difference
  }
  return ledger ?? 'recovering';
}
