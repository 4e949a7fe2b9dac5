/** Evaluations by a filter, the newest first: found in the index, and looked at again before they are shown. */
import type { EvaluationFilter, EvaluationSummary, ListedEvaluation, Page, PageRequest } from '../../../shared/client/types.ts';
import { unpriced, type Priced } from '../../../shared/domain/cost.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { fits } from '../../index/evaluation-filter.ts';
import type { EvaluationIndex, RowKey } from '../../index/evaluation-index.ts';
import { pageSizeOf, pageTokenOf, readPageToken } from '../../index/page-token.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { countsOf, groupProgressOf } from '../../progress/events.ts';
import type { Store } from '../../store/store.ts';
import type { IndexSync } from './index-sync.ts';
import { settingsOf } from '../journal.ts';
import { countedCost, effectiveOf } from '../picture.ts';

/** Looked at again at the same time. */
const AT_ONCE = 32;
/** Of one page; a message is at most 4 MiB. */
const PAGE_BYTES = 2 << 20;
/** Groups of one that is not over. */
const LISTED_GROUPS = 4;

export class EvaluationList {
  readonly #index: EvaluationIndex;
  readonly #sync: IndexSync;
  readonly #store: Store;
  readonly #ledger: Pick<Ledger, 'looks' | 'snapshot'>;
  readonly #manifestOf: (evaluationId: string) => Promise<Manifest>;
  readonly #priced: Priced;

  constructor(options: {
    index: EvaluationIndex;
    sync: IndexSync;
    store: Store;
    ledger: Pick<Ledger, 'looks' | 'snapshot'>;
    manifestOf: (evaluationId: string) => Promise<Manifest>;
    priced: Priced;
  }) {
    this.#index = options.index;
    this.#sync = options.sync;
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#manifestOf = options.manifestOf;
    this.#priced = options.priced;
  }

  async list(filter: EvaluationFilter, page: PageRequest): Promise<Page<EvaluationSummary>> {
    const question = ['evaluations', filter];
    const key = readPageToken(question, page.token, ['number', 'string']) as [number, string] | undefined;
    const size = pageSizeOf(page);
    const items: EvaluationSummary[] = [];
    let bytes = 0;
    for await (const fresh of this.#fresh(filter, key && { createdAtMs: key[0], evaluationId: key[1] }, Math.min(size, AT_ONCE))) {
      if (items.length === size || bytes >= PAGE_BYTES) {
        const last = items.at(-1)!;
        return { items, nextToken: pageTokenOf(question, [last.createdAtMs, last.evaluationId]) };
      }
      // Of rows only the tokens are kept: prices may change.
      const row = fresh.cost ? { ...fresh, cost: this.#priced(fresh.cost.models) } : fresh;
      items.push(row);
      bytes += Buffer.byteLength(JSON.stringify(row));
    }
    return { items, nextToken: '' };
  }

  /** The newest, with how those stand that are not over. */
  async newest(filter: EvaluationFilter, size: number): Promise<{ entries: ListedEvaluation[]; nextToken: string }> {
    const { items, nextToken } = await this.list(filter, { size });
    const entries = items.map((summary) => this.#listed(summary));
    return { entries: await Promise.all(entries), nextToken };
  }

  /** One as the ledger has it now; undefined: it has ended, or its state has changed. */
  async moved({ summary }: ListedEvaluation): Promise<ListedEvaluation | undefined> {
    const listed = await this.#listed(summary);
    return isFinal(summary.state) || listed.summary.state !== summary.state ? undefined : listed;
  }

  async #listed(summary: EvaluationSummary): Promise<ListedEvaluation> {
    const { evaluationId } = summary;
    const snapshot = isFinal(summary.state) ? undefined : await unlessDown(this.#ledger.snapshot(evaluationId));
    if (!snapshot) return { summary, groups: [], groupCount: 0 };
    const manifest = await this.#manifestOf(evaluationId);
    const { state, counts, reason } = snapshot;
    return {
      summary: { ...summary, state, counts: countsOf(counts), reason, ...countedCost(manifest, snapshot, this.#priced) },
      groups: manifest.groups.slice(0, LISTED_GROUPS).map((group) => groupProgressOf(manifest, group, snapshot.groups[group.index]!)),
      groupCount: manifest.groups.length,
    };
  }

  /** The ids of all that the filter means, for a command to them all: each is looked at once when its turn comes. */
  async *find(filter: EvaluationFilter): AsyncGenerator<string, void, undefined> {
    for await (const { evaluationId } of this.#fresh(filter, undefined, AT_ONCE)) yield evaluationId;
  }

  /** Rows as they are now, in their order, some at a time; those that are not meant any more fall away. */
  async *#fresh(filter: EvaluationFilter, after: RowKey | undefined, atOnce: number): AsyncGenerator<EvaluationSummary, void, undefined> {
    checkFilter(filter);
    const look = async (rows: EvaluationSummary[]): Promise<EvaluationSummary[]> => {
      const current = await this.#withStates(rows);
      const meant = current.filter((row) => !filter.states?.length || filter.states.includes(row.state));
      const fresh = await Promise.all(meant.map((row) => this.#freshened(row)));
      return fresh.filter((row) => row !== undefined && fits(filter, row)) as EvaluationSummary[];
    };
    let batch: EvaluationSummary[] = [];
    for await (const row of this.#index.find(filter, after, true)) {
      if (batch.push(row) < atOnce) continue;
      yield* await look(batch);
      batch = [];
    }
    yield* await look(batch);
  }

  /** The row as store and ledger have it now; undefined when it is gone. Without Redis: as it was at the last sweep. */
  async #freshened(row: EvaluationSummary): Promise<EvaluationSummary | undefined> {
    const { evaluationId } = row;
    const [manifest, isAccepted, isFinished] = await Promise.all([
      this.#store.manifest(evaluationId),
      this.#store.isAccepted(evaluationId),
      this.#store.isFinished(evaluationId),
    ]);
    if (!manifest || !isAccepted || isFinished !== isFinal(row.state)) {
      await this.#sync.refresh(evaluationId);
      return this.#index.get(evaluationId);
    }
    const { priority, tags, metadata, keep } = effectiveOf(manifest, settingsOf(await this.#store.controls(evaluationId)).changes);
    const current = { ...row, priority, tags, metadata, keep };
    if (isFinished) return current;
    const snapshot = await unlessDown(this.#ledger.snapshot(evaluationId));
    if (!snapshot) return current;
    const { state, counts, reason } = snapshot;
    return { ...current, state, counts: countsOf(counts), reason, ...countedCost(manifest, snapshot, unpriced) };
  }

  /** Rows that are not final with the state that the ledger has now: cheaper than all the rest, and most filters ask for it. */
  async #withStates(rows: readonly EvaluationSummary[]): Promise<EvaluationSummary[]> {
    const open = rows.filter((row) => !isFinal(row.state)).map((row) => row.evaluationId);
    const looks = await unlessDown(this.#ledger.looks(open));
    const states = new Map(open.map((id, i) => [id, looks?.[i]?.state]));
    const ended = open.filter((id) => isFinal(states.get(id) ?? 'running'));
    await Promise.all(ended.map((id) => this.#sync.refresh(id, states.get(id))));
    return rows.flatMap((row) => {
      const state = states.get(row.evaluationId);
      if (state === undefined) return [row];
      return isFinal(state) ? (this.#index.get(row.evaluationId) ?? []) : [{ ...row, state }];
    });
  }
}

const unlessDown = <T>(answer: Promise<T>): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (AppError.from(error).code === 'unavailable') return undefined;
    throw error;
  });

/** Throws where nothing can be meant. */
export function checkFilter({ createdFromMs = 0, createdToMs = 0 }: EvaluationFilter): void {
  if (createdFromMs > 0 && createdToMs > 0 && createdFromMs >= createdToMs)
    throw invalid('filter', [
      {
        place: 'created_to_ms',
        problem: `${createdToMs} is not after created_from_ms (${createdFromMs}), so nothing can be meant; exchange them`,
      },
    ]);
}
