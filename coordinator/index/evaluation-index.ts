/**
 * The index: rows of evaluations in a SQLite file of this coordinator alone, so that finished ones can be listed and searched
 * however many there are. Everything in it is derived from the store and may be thrown away at any time. SQLite works on the
 * event loop: no statement here touches more than some hundred rows.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { EvaluationFilter, EvaluationSummary } from '../../shared/client/types.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import { DEFAULT_NAMESPACE, fitsHead, fitsMetadata, fitsTags, folded } from './evaluation-filter.ts';

/** Rows that one turn of the event loop looks at. */
const SLICE = 256;

/** Where a row stands in the order of lists: the newest first, then by id. */
export interface RowKey {
  createdAtMs: number;
  evaluationId: string;
}

/** What counts of a final one when old ones are to go. */
export interface EndedRow {
  evaluationId: string;
  namespace: string;
  finishedAtMs: number;
  storedBytes: number;
  keep: boolean;
}

type Row = Record<string, SQLOutputValue>;

const COLUMNS = 'id, namespace, created, state, owner, folded, tags, metadata, body, final, finished, bytes, keep';
const UPSERT = `INSERT OR REPLACE INTO evaluations (${COLUMNS}, checked) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const AFTER = 'namespace = ? AND created <= ? AND (created < ? OR id > ?) AND created >= ?';
const ORDER = `ORDER BY created DESC, id LIMIT ${SLICE}`;

export class EvaluationIndex {
  readonly #db: DatabaseSync;
  readonly #upsert: StatementSync;
  readonly #remove: StatementSync;
  readonly #get: StatementSync;
  readonly #scan: StatementSync;
  readonly #scanOpen: StatementSync;
  readonly #ids: StatementSync;
  readonly #open: StatementSync;
  readonly #oldest: StatementSync;
  readonly #ended: StatementSync;
  #isClosed = false;

  /** `db`: opened, with the tables of `schema.ts`. */
  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#upsert = db.prepare(UPSERT);
    this.#remove = db.prepare('DELETE FROM evaluations WHERE id = ?');
    this.#get = db.prepare(`SELECT ${COLUMNS} FROM evaluations WHERE id = ?`);
    this.#scan = db.prepare(`SELECT ${COLUMNS} FROM evaluations WHERE ${AFTER} ${ORDER}`);
    this.#scanOpen = db.prepare(`SELECT ${COLUMNS} FROM evaluations WHERE ${AFTER} AND final = 0 ${ORDER}`);
    this.#ids = db.prepare(`SELECT id FROM evaluations WHERE id > ? ORDER BY id LIMIT ${SLICE}`);
    this.#open = db.prepare(`SELECT id, state FROM evaluations WHERE final = 0 AND id > ? ORDER BY id LIMIT ${SLICE}`);
    this.#oldest = db.prepare('SELECT id FROM evaluations WHERE final = 1 ORDER BY checked LIMIT ?');
    this.#ended = db.prepare(
      `SELECT id, namespace, finished, bytes, keep FROM evaluations WHERE final = 1 AND (finished, id) > (?, ?) ORDER BY finished, id LIMIT ${SLICE}`,
    );
  }

  /** Writes rows, all or none. `checkedAtMs`: when they were read from the store. */
  put(summaries: readonly EvaluationSummary[], checkedAtMs: number): void {
    this.#change(summaries, ({ tags, metadata, ...body }) => {
      const { evaluationId, namespace, createdAtMs, state, owner, name } = body;
      const head = [evaluationId, namespace, createdAtMs, state, owner, folded(name)];
      const texts = [JSON.stringify(tags), JSON.stringify(metadata), JSON.stringify(body)];
      this.#upsert.run(...head, ...texts, isFinal(state) ? 1 : 0, body.finishedAtMs, body.storedBytes, body.keep ? 1 : 0, checkedAtMs);
    });
  }

  remove(evaluationIds: readonly string[]): void {
    this.#change(evaluationIds, (id) => this.#remove.run(id));
  }

  get(evaluationId: string): EvaluationSummary | undefined {
    if (this.#isClosed) return undefined;
    const row = this.#get.get(evaluationId);
    return row && summaryOf(row);
  }

  /**
   * Rows that the filter means, from after `key` on, as they stand when their turn comes. `anyOpen`: rows that are not final whatever
   * state they bear, for a reader who knows their states better.
   */
  async *find(filter: EvaluationFilter, after?: RowKey, anyOpen = false): AsyncGenerator<EvaluationSummary, void, undefined> {
    const { states: _states, ...ofOpen } = filter;
    const onlyOpen = filter.states?.length && !filter.states.some(isFinal);
    const scan = onlyOpen ? this.#scanOpen : this.#scan;
    const namespace = filter.namespace || DEFAULT_NAMESPACE;
    const newest = filter.createdToMs ? filter.createdToMs - 1 : Number.MAX_SAFE_INTEGER;
    let key = after && after.createdAtMs <= newest ? after : { createdAtMs: newest, evaluationId: '' };
    while (!this.#isClosed) {
      const rows = scan.all(namespace, key.createdAtMs, key.createdAtMs, key.evaluationId, filter.createdFromMs ?? 0);
      for (const row of rows) if (isMeant(anyOpen && row['final'] === 0 ? ofOpen : filter, row)) yield summaryOf(row);
      if (rows.length < SLICE) return;
      key = { createdAtMs: Number(rows.at(-1)!['created']), evaluationId: String(rows.at(-1)!['id']) };
      await nextTurn();
    }
  }

  /** The ids of all rows, in the order of ids, some hundred at a time. */
  async *ids(): AsyncGenerator<string[], void, undefined> {
    for (let last = ''; !this.#isClosed; await nextTurn()) {
      const ids = this.#ids.all(last).map((row) => String(row['id']));
      if (ids.length > 0) yield ids;
      if (ids.length < SLICE) return;
      last = ids.at(-1)!;
    }
  }

  /** Rows that are not final, by id, with the state they bear. */
  async unfinished(): Promise<Map<string, EvaluationState>> {
    const all = new Map<string, EvaluationState>();
    for (let last = ''; !this.#isClosed; await nextTurn()) {
      const rows = this.#open.all(last);
      for (const row of rows) all.set(String(row['id']), row['state'] as EvaluationState);
      if (rows.length < SLICE) break;
      last = String(rows.at(-1)!['id']);
    }
    return all;
  }

  /** Final rows, the one that finished first first, some hundred at a time; those that finished then or later. */
  async *ended(fromMs = 0): AsyncGenerator<EndedRow[], void, undefined> {
    for (let last: [number, string] = [fromMs, '']; !this.#isClosed; await nextTurn()) {
      const rows = this.#ended.all(...last).map(endedOf);
      if (rows.length > 0) yield rows;
      if (rows.length < SLICE) return;
      last = [rows.at(-1)!.finishedAtMs, rows.at(-1)!.evaluationId];
    }
  }

  /** Which of these ids have no row. */
  missing(evaluationIds: readonly string[]): string[] {
    return evaluationIds.filter((id) => !this.#isClosed && this.#get.get(id) === undefined);
  }

  /** Final rows that were read from the store longest ago. */
  longestUnchecked(count: number): string[] {
    return this.#isClosed ? [] : this.#oldest.all(count).map((row) => String(row['id']));
  }

  /** Afterwards it is empty to whoever asks. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#db.close();
  }

  /** Applies `write` to all items in one transaction. */
  #change<T>(items: readonly T[], write: (item: T) => void): void {
    if (this.#isClosed || items.length === 0) return;
    this.#db.exec('BEGIN');
    try {
      for (const item of items) write(item);
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
  }
}

/** The cheap questions first: most rows are turned away without reading their JSON. */
const isMeant = (filter: EvaluationFilter, row: Row): boolean =>
  fitsHead(filter, {
    namespace: row['namespace'] as string,
    state: row['state'] as EvaluationState,
    owner: row['owner'] as string,
    createdAtMs: row['created'] as number,
    foldedName: row['folded'] as string,
  }) &&
  (!filter.tags?.length || fitsTags(filter, tagsOf(row))) &&
  (Object.keys(filter.metadata ?? {}).length === 0 || fitsMetadata(filter, metadataOf(row)));

const tagsOf = (row: Row): string[] => JSON.parse(row['tags'] as string) as string[];
const metadataOf = (row: Row): Record<string, unknown> => JSON.parse(row['metadata'] as string) as Record<string, unknown>;

const endedOf = (row: Row): EndedRow => ({
  evaluationId: String(row['id']),
  namespace: String(row['namespace']),
  finishedAtMs: Number(row['finished']),
  storedBytes: Number(row['bytes']),
  keep: row['keep'] === 1,
});

function summaryOf(row: Row): EvaluationSummary {
  const body = JSON.parse(row['body'] as string) as Omit<EvaluationSummary, 'tags' | 'metadata'>;
  return { ...body, tags: tagsOf(row), metadata: metadataOf(row) };
}
