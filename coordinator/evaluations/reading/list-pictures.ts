/**
 * Lists of evaluations as they stand now, for many watchers: one picture for each list that is watched, whoever watches it, drawn anew at most twice
 * a second and only when something of it may have changed. What only moves (counts, scores) is asked of the ledger alone; a list is looked through
 * again when one of its evaluations came, went, ended or was updated. Nothing is done without watchers.
 */
import type { EvaluationFilter, ListedEvaluation } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';

/** Between two pictures. */
export const PACE_MS = 500;
/** Between two looks through a list, and after how long it is looked through though nothing was heard. */
const LOOK_MS = 2_000;
const LOOK_ANYWAY_MS = 10_000;
/** Different lists at a time. */
const MOST_LISTS = 200;
const WIDTH = 8;

export interface ListPicture {
  number: number;
  timeMs: number;
  /** An entry is another object only where it has changed. */
  entries: readonly ListedEvaluation[];
  nextToken: string;
}

export interface ListSource {
  /** The newest that the filter means. */
  look(filter: EvaluationFilter, size: number): Promise<{ entries: ListedEvaluation[]; nextToken: string }>;
  /** One as it stands now; undefined where the list must be looked through. */
  move(entry: ListedEvaluation): Promise<ListedEvaluation | undefined>;
}

/** A list that somebody watches. */
interface Watched {
  filter: EvaluationFilter;
  size: number;
  watchers: number;
  picture: ListPicture | undefined;
  failure: AppError | undefined;
  /** It must be looked through; and when it was last. */
  isStale: boolean;
  lookedAtMs: number;
  waiting: Set<() => void>;
}

export class ListPictures {
  readonly #source: ListSource;
  readonly #clock: Clock;
  readonly #lists = new Map<string, Watched>();
  /** Evaluations of which something was heard since the last picture. */
  #moved = new Set<string>();
  #isRunning = false;
  #number = 0;

  constructor(source: ListSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  /** Begins to watch a list; must be closed. */
  open(
    filter: EvaluationFilter,
    size: number,
  ): { after: (number: number, patienceMs: number) => Promise<ListPicture | undefined>; close: () => void } {
    const key = canonicalJson({ filter, size });
    const list = this.#lists.get(key) ?? this.#begin(key, filter, size);
    list.watchers++;
    this.#start();
    let isOpen = true;
    return {
      after: (number, patienceMs) => this.#after(list, number, patienceMs),
      close: () => {
        if (isOpen && --list.watchers === 0) this.#lists.delete(key);
        isOpen = false;
        for (const wake of list.waiting) wake();
      },
    };
  }

  /** Something was told of an evaluation. */
  moved(evaluationId: string): void {
    if (this.#lists.size > 0) this.#moved.add(evaluationId);
  }

  /** It came, ended, was updated, or is gone. */
  changed(): void {
    for (const list of this.#lists.values()) list.isStale = true;
  }

  #begin(key: string, filter: EvaluationFilter, size: number): Watched {
    if (this.#lists.size >= MOST_LISTS)
      throw new AppError(
        'resource_exhausted',
        `${MOST_LISTS} different lists are watched here; watch one of them, or ask for this one by pages`,
        {
          retryAfterMs: 10_000,
        },
      );
    const list: Watched = {
      ...{ filter, size, watchers: 0, picture: undefined, failure: undefined },
      ...{ isStale: true, lookedAtMs: -Infinity, waiting: new Set<() => void>() },
    };
    this.#lists.set(key, list);
    return list;
  }

  /** The picture if it is newer than `number`, else the next one; undefined after `patienceMs`, or once it is closed. Throws where there was never one. */
  async #after(list: Watched, number: number, patienceMs: number): Promise<ListPicture | undefined> {
    const isThere = (): boolean => (list.picture?.number ?? 0) > number;
    if (!isThere()) {
      const over = new AbortController();
      let wake: (() => void) | undefined;
      const told = new Promise<void>((resolve) => list.waiting.add((wake = resolve)));
      await Promise.race([told, this.#clock.sleep(patienceMs, over.signal).catch(() => undefined)]);
      over.abort();
      list.waiting.delete(wake!);
    }
    if (!list.picture && list.failure) throw list.failure;
    return isThere() ? list.picture : undefined;
  }

  #start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    while (this.#lists.size > 0) {
      await this.#draw();
      await this.#clock.sleep(PACE_MS);
    }
    this.#moved.clear();
    this.#isRunning = false;
  }

  async #draw(): Promise<void> {
    const moved = this.#moved;
    this.#moved = new Set();
    const shown = new Map(
      [...this.#lists.values()].flatMap(({ picture }) => picture?.entries ?? []).map((e) => [e.summary.evaluationId, e]),
    );
    const fresh = new Map<string, ListedEvaluation | undefined>();
    await forEachBounded([...moved], WIDTH, async (id) => {
      const entry = shown.get(id);
      // Of one that no list shows something has changed that may bring it into one.
      fresh.set(id, entry && (await this.#source.move(entry).catch(() => entry)));
    });
    for (const list of this.#lists.values()) await this.#drawList(list, fresh);
  }

  async #drawList(list: Watched, fresh: ReadonlyMap<string, ListedEvaluation | undefined>): Promise<void> {
    const now = this.#clock.monotonic();
    if ([...fresh.values()].includes(undefined)) list.isStale = true;
    const sinceMs = now - list.lookedAtMs;
    const before = list.picture;
    try {
      if ((list.isStale && sinceMs >= (before ? LOOK_MS : 0)) || sinceMs >= LOOK_ANYWAY_MS) {
        list.isStale = false;
        list.lookedAtMs = now;
        const { entries, nextToken } = await this.#source.look(list.filter, list.size);
        this.#show(list, entries, nextToken);
      } else if (before) {
        const entries = before.entries.map((entry) => fresh.get(entry.summary.evaluationId) ?? entry);
        this.#show(list, entries, before.nextToken);
      }
    } catch (error) {
      list.failure = AppError.from(error); // watchers keep the last picture
      list.isStale = true;
    }
    if (list.picture !== before || list.failure) for (const wake of list.waiting) wake();
  }

  #show(list: Watched, found: ListedEvaluation[], nextToken: string): void {
    const known = new Map((list.picture?.entries ?? []).map((entry) => [entry.summary.evaluationId, entry]));
    const entries = found.map((entry) => {
      const before = known.get(entry.summary.evaluationId);
      return before && (before === entry || JSON.stringify(before) === JSON.stringify(entry)) ? before : entry;
    });
    list.failure = undefined;
    const isSame =
      list.picture?.nextToken === nextToken && entries.length === known.size && entries.every((e, i) => e === list.picture!.entries[i]);
    if (!isSame) list.picture = { number: ++this.#number, timeMs: this.#clock.now(), entries, nextToken };
  }
}
