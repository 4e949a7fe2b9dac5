/**
 * Keeps the index in line with the store and the ledger. Every sweep: what is unfinished, with its state, and what has finished
 * since. Every half minute: what other coordinators have added or removed, and a look at the final rows that were read longest ago.
 */
import type { EvaluationSummary, Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { unpriced } from '../../../shared/domain/cost.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { EvaluationIndex } from '../../index/evaluation-index.ts';
import type { Store } from '../../store/store.ts';
import type { Seen } from '../catalog.ts';
import { journalOf, settingsOf } from '../journal.ts';
import { effectiveOf, finishedAtOf, reportedCost, summaryOf } from '../picture.ts';

const BATCH = 100;
/** Read from the store at the same time. */
const READERS = 8;
/** Final rows that one comparison reads again. */
const CHECKED_AGAIN = 200;
const LEFT_ALONE_MS = 30_000;

export class IndexSync {
  readonly #index: EvaluationIndex;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  readonly #onChanged: (evaluationId: string) => void;
  /** Rows that are not final, with the state that they bear. */
  #open: Map<string, EvaluationState> | undefined;
  /** How many updates of the unfinished ones are in their rows. */
  #updates = new Map<string, number>();
  /** What could not be read, and until when it is left alone. */
  readonly #unread = new Map<string, number>();

  /** onChanged: it has finished, runs again, or is gone. */
  constructor(options: {
    index: EvaluationIndex;
    store: Store;
    clock: Clock;
    logger: Pick<Logger, 'warn' | 'info'>;
    onChanged: (evaluationId: string) => void;
  }) {
    this.#index = options.index;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onChanged = options.onChanged;
  }

  /** Takes in what the sweep saw. Costs nothing for what has not changed. */
  async sweep(seen: readonly Pick<Seen, 'manifest' | 'state' | 'updates'>[]): Promise<void> {
    const open = (this.#open ??= await this.#index.unfinished());
    const active = new Map(seen.map(({ manifest, state }) => [manifest.evaluationId, state ?? 'recovering']));
    const states = new Map([...open, ...active]);
    const now = this.#clock.monotonic();
    const updated = new Set(
      seen.filter((s) => s.updates !== (this.#updates.get(s.manifest.evaluationId) ?? 0)).map((s) => s.manifest.evaluationId),
    );
    const isNew = (id: string): boolean => open.get(id) !== active.get(id) || updated.has(id);
    await this.#take(
      [...states.keys()].filter((id) => isNew(id) && !(now < (this.#unread.get(id) ?? 0))),
      states,
    );
    this.#updates = new Map(seen.filter((s) => s.updates > 0).map((s) => [s.manifest.evaluationId, s.updates]));
  }

  /** Reads one again, because something about it has just changed; `state`: what the ledger says, if it is not final. */
  async refresh(evaluationId: string, state?: EvaluationState): Promise<void> {
    this.#open ??= await this.#index.unfinished();
    const row = this.#index.get(evaluationId);
    await this.#take([evaluationId], new Map([[evaluationId, state ?? row?.state ?? 'accepted']]));
  }

  /** The whole difference between store and index; with the rows that were not looked at for long. */
  async compare(signal: AbortSignal): Promise<void> {
    const open = (this.#open ??= await this.#index.unfinished());
    const startedAt = this.#clock.monotonic();
    // At a start: what finished while nobody swept here.
    const unfinished = new Set(await this.#store.unfinished());
    await this.#take(
      [...open.keys()].filter((id) => !unfinished.has(id)),
      open,
    );
    const listed = new Set<string>();
    let added = 0;
    let batch: string[] = [];
    const flush = async (): Promise<void> => {
      const missing = this.#index.missing(batch);
      added += missing.length;
      batch = [];
      await this.#take(missing, new Map());
    };
    for await (const id of this.#store.evaluations()) {
      if (signal.aborted) return;
      listed.add(id);
      if (batch.push(id) >= BATCH) await flush();
    }
    await flush();
    for await (const ids of this.#index.ids()) {
      if (signal.aborted) return;
      await this.#take(
        ids.filter((id) => !listed.has(id)),
        open,
      );
    }
    for (const id of this.#index.longestUnchecked(CHECKED_AGAIN)) {
      if (signal.aborted) return;
      await this.#take([id], open);
    }
    if (added > 0) this.#logger.info({ added, ms: Math.round(this.#clock.monotonic() - startedAt) }, 'evaluations added to the index');
  }

  /** Reads these from the store into the index; what is not there, or was never accepted, has no row. */
  async #take(ids: readonly string[], states: ReadonlyMap<string, EvaluationState>): Promise<void> {
    for (let at = 0; at < ids.length; at += READERS) {
      const some = ids.slice(at, at + READERS);
      const rows = await Promise.all(some.map((id) => this.#read(id, states.get(id))));
      this.#index.put(
        rows.filter((row) => typeof row === 'object'),
        this.#clock.now(),
      );
      this.#index.remove(some.filter((_, i) => rows[i] === 'gone'));
      for (const [i, id] of some.entries()) this.#note(id, rows[i]!);
    }
  }

  #note(id: string, row: EvaluationSummary | 'gone' | 'unread'): void {
    if (row === 'unread') return void this.#unread.set(id, this.#clock.monotonic() + LEFT_ALONE_MS);
    this.#unread.delete(id);
    const before = this.#open!.get(id);
    const isOpen = row !== 'gone' && !isFinal(row.state);
    if (isOpen) this.#open!.set(id, row.state);
    else this.#open!.delete(id);
    if ((before !== undefined) !== isOpen || row === 'gone') this.#onChanged(id);
  }

  async #read(evaluationId: string, state: EvaluationState | undefined): Promise<EvaluationSummary | 'gone' | 'unread'> {
    try {
      const manifest = await this.#store.manifest(evaluationId);
      if (!manifest || !(await this.#store.isAccepted(evaluationId))) return 'gone';
      const [controls, isFinished] = await Promise.all([this.#store.controls(evaluationId), this.#store.isFinished(evaluationId)]);
      const effective = effectiveOf(manifest, settingsOf(controls).changes);
      // Between its report and its mark the ledger says whether it is final; where Redis has lost that, the report does.
      const mayBeFinal = isFinished || state === undefined || state === 'recovering' || isFinal(state);
      const bytes = mayBeFinal ? await this.#store.report(evaluationId) : undefined;
      if (!bytes) return summaryOf(manifest, effective, { state: state === undefined || isFinal(state) ? 'recovering' : state });
      const report = JSON.parse(bytes.toString('utf8')) as Report;
      const finishedAtMs = finishedAtOf(report);
      const known = this.#index.get(evaluationId);
      // Measured once for each end: nothing is written after it but what its readers say of it.
      const isMeasured = known !== undefined && known.finishedAtMs === finishedAtMs && known.storedBytes > 0;
      return summaryOf(manifest, effective, {
        state: report.state,
        counts: report.units,
        finishedAtMs,
        storedBytes: isMeasured ? known.storedBytes : await this.#store.sizeOf(evaluationId),
        reason: journalOf(controls).ended?.reason ?? '',
        results: report.results,
        // Prices are those of when it is asked for.
        ...reportedCost(manifest, report, unpriced),
      });
    } catch (error) {
      this.#logger.warn({ evaluationId, error: AppError.from(error).message }, 'this evaluation is not in the index');
      return 'unread';
    }
  }
}
