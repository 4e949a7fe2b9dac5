/**
 * The units that a filter means, in unit order, with bounded memory: states by the run first, then only those results that the
 * filter or the reader needs.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UnitResult } from '../../../shared/domain/result.ts';
import { isOpenCode, unitCode } from '../../../shared/domain/states.ts';
import { readResult } from '../reported.ts';
import { judgeCallsAbout, withJudgedScores } from './judge-calls.ts';
import { UNREAD, type SampleMatcher } from './sample-matcher.ts';
import type { Selection } from './sample-selection.ts';
import type { UnitView } from './unit-views.ts';

/** Units of one run: small at first, for a page that is soon full. */
const FIRST_RUN = 128;
const LAST_RUN = 4_096;
/** Where the samples themselves are looked at: so many of them are at most, before it is seen what that took. */
const LAST_LABELLED_RUN = 512;

/** Results that are held together to be told backwards. */
const PIECE = 32;
/** And at most so many bytes of results, unless one alone has more. */
const PIECE_BYTES = 8 << 20;

/** What it costs to see that a result cannot be meant, of what it costs to read one. */
const GLANCE = 0.5;
/** What it costs to read a sample of a dataset. */
const SAMPLE = 0.25;

export interface ScannedUnit {
  unit: number;
  code: number;
  /** Of a closed unit that has one, if it was to be read. */
  result: UnitResult | undefined;
  agentId: string;
  /** That the result is of. */
  attemptId: string;
}

/** What one scan may look at before it stops where it is. */
export interface ScanBudget {
  units: number;
  results: number;
  bytes: number;
}

interface Run {
  meant: readonly { unit: number; code: number }[];
  /** Units that were looked at, and what was read of samples for that. */
  count: number;
  samples: number;
  bytes: number;
}

/** Of rising units, those whose samples' metadata fits; and what was read for that. */
export type Labelled = (units: readonly number[]) => Promise<{ units: ReadonlySet<number>; samples: number; bytes: number }>;

export const UNLIMITED: ScanBudget = { units: Infinity, results: Infinity, bytes: Infinity };

export class SampleScan {
  readonly #view: UnitView;
  readonly #selection: Selection;
  readonly #matcher: SampleMatcher;
  readonly #labelled: Labelled | undefined;
  readonly #withResults: boolean;
  readonly #budget: ScanBudget;
  readonly #signal: AbortSignal | undefined;
  /** Where a scan that stopped goes on: the first unit that was not looked at. */
  position: number;
  /** Everything was looked at. */
  isDone = false;
  /** A unit is closed, and its result came after the view was made. */
  sawMissing = false;
  #run = FIRST_RUN;

  /** withResults: the reader wants the results, even if the filter does not need them. */
  constructor(options: {
    view: UnitView;
    selection: Selection;
    matcher: SampleMatcher;
    labelled?: Labelled | undefined;
    withResults: boolean;
    from?: number;
    budget?: ScanBudget;
    signal?: AbortSignal | undefined;
  }) {
    this.#view = options.view;
    this.#selection = options.selection;
    this.#matcher = options.matcher;
    this.#labelled = options.labelled;
    this.#withResults = options.withResults;
    this.#budget = { ...(options.budget ?? UNLIMITED) };
    this.#signal = options.signal;
    this.position = options.from ?? 0;
  }

  async *units(): AsyncGenerator<ScannedUnit, void, undefined> {
    for (const [start, end] of this.#selection.ranges) {
      this.position = Math.max(this.position, start);
      while (this.position < end) {
        if (this.#isSpent() || this.#signal?.aborted) return;
        await nextTurn();
        const first = this.position;
        const run = await this.#look(first, Math.min(this.#run, end - first));
        for await (const scanned of this.#read(run.meant)) {
          if (scanned === undefined) return; // the budget is spent
          this.position = scanned.unit + 1;
          yield scanned;
          if (this.#signal?.aborted) return;
        }
        this.position = first + run.count;
        this.#pay(run);
      }
    }
    this.isDone = true;
  }

  /** The same from the last to the first. `position`: the last unit that was not looked at. */
  async *unitsBackwards(): AsyncGenerator<ScannedUnit, void, undefined> {
    for (const [start, end] of this.#selection.ranges.toReversed()) {
      this.position = Math.min(this.position, end - 1);
      while (this.position >= start) {
        if (this.#isSpent() || this.#signal?.aborted) return;
        await nextTurn();
        const first = Math.max(start, this.position + 1 - this.#run);
        const run = await this.#look(first, this.position + 1 - first);
        // Results are read in their order: a few of them, and then told. One first: whoever wants the one before wants no more.
        let size = 1;
        for (let to = run.meant.length; to > 0;) {
          const piece = run.meant.slice(Math.max(0, to - size), to);
          const found = await this.#piece(piece);
          if (!found) {
            size = 1;
            continue;
          }
          to -= piece.length;
          size = Math.min(PIECE, 2 * size);
          for (const scanned of found.toReversed()) {
            this.position = scanned.unit - 1;
            yield scanned;
            if (this.#signal?.aborted) return;
          }
          this.position = piece[0]!.unit - 1;
          if (this.#isSpent()) return;
        }
        this.position = first - 1;
        this.#pay(run);
      }
    }
    this.isDone = true;
  }

  /** All of them that fit; undefined: they are too large to be held together. */
  async #piece(piece: readonly { unit: number; code: number }[]): Promise<ScannedUnit[] | undefined> {
    const found: ScannedUnit[] = [];
    const leftBytes = this.#budget.bytes;
    for await (const scanned of this.#read(piece, true)) {
      if (scanned) found.push(scanned);
      if (piece.length > 1 && leftBytes - this.#budget.bytes > PIECE_BYTES) return undefined;
    }
    return found;
  }

  /** The units of a run that are meant, as far as their states and samples say; runs grow. */
  async #look(first: number, count: number): Promise<Run> {
    this.#run = Math.min(this.#labelled ? LAST_LABELLED_RUN : LAST_RUN, this.#run * 2);
    const codes = await this.#view.codes(first, count);
    const meant: { unit: number; code: number }[] = [];
    for (const [i, code] of codes.entries())
      if (this.#matcher.state(code) && this.#selection.includes(first + i)) meant.push({ unit: first + i, code });
    const labelled = await this.#labelled?.(meant.map(({ unit }) => unit));
    if (!labelled) return { meant, count, samples: 0, bytes: 0 };
    return { ...labelled, meant: meant.filter(({ unit }) => labelled.units.has(unit)), count };
  }

  /** For a whole run, not before: however long its samples are, it is told. */
  #pay({ count, samples, bytes }: Run): void {
    this.#budget.units -= count;
    this.#budget.results -= SAMPLE * samples;
    this.#budget.bytes -= bytes;
  }

  #isSpent(): boolean {
    return this.#budget.units <= 0 || this.#budget.results <= 0 || this.#budget.bytes <= 0;
  }

  /** Units that are meant, their results read where there is a need; undefined once the budget is spent, unless all of them are wanted. */
  async *#read(meant: readonly { unit: number; code: number }[], isAll = false): AsyncGenerator<ScannedUnit | undefined, void, undefined> {
    const { manifest, results } = this.#view;
    const { needsResult } = this.#matcher;
    const toRead = meant.filter(({ unit, code }) => {
      if (!mayHaveResult(code) || !(code === UNREAD || needsResult || this.#withResults)) return false;
      this.sawMissing ||= !results.has(unit);
      return results.has(unit);
    });
    const wanted = new Set(toRead.map(({ unit }) => unit));
    const calls = await judgeCallsAbout(this.#view, [...wanted]);
    const stored = wanted.size > 0 ? results.results(toRead[0]!.unit, (unit) => wanted.has(unit))[Symbol.asyncIterator]() : undefined;
    try {
      for (const { unit, code } of meant) {
        if (!wanted.has(unit)) {
          if (!needsResult) yield { unit, code, result: undefined, agentId: '', attemptId: '' };
          continue;
        }
        if (this.#isSpent() && !isAll) return yield undefined;
        const next = await stored!.next();
        if (next.done) return;
        this.#budget.bytes -= next.value.content.length;
        // What judges said of it may be meant too.
        if (!this.#matcher.agent(next.value.agentId) || (!calls.has(unit) && !this.#matcher.bytes(next.value.content))) {
          this.#budget.results -= GLANCE;
          this.position = unit + 1;
          continue;
        }
        this.#budget.results--;
        const own = readResult(manifest, unit, next.value.content);
        const result = own && withJudgedScores(manifest, own, calls);
        const closed = result ? unitCode(result.outcome) : code;
        if (!result || !this.#matcher.state(closed) || !this.#matcher.result(result)) {
          this.position = unit + 1;
          continue;
        }
        yield { unit, code: closed, result, agentId: next.value.agentId, attemptId: next.value.attemptId };
      }
    } finally {
      await stored?.return?.();
    }
  }
}

/** Cancelled and dead ones have none that counts. */
const mayHaveResult = (code: number): boolean => code === UNREAD || (!isOpenCode(code) && code < unitCode('cancelled'));
