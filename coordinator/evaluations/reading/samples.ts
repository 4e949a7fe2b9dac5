/** Samples of one evaluation: a page of them, all their results, or the numbers of those that a filter means. */
import type { Page, SampleFilter, SamplePageRequest, SampleResult } from '../../../shared/client/types.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { groupOfUnit, placeOf, type Manifest } from '../../../shared/domain/manifest.ts';
import { pageSizeOf, pageTokenOf, readPageToken } from '../../index/page-token.ts';
import type { SampleLines } from './sample-lines.ts';
import { labelledBy } from './sample-labelled.ts';
import { sampleMatcher } from './sample-matcher.ts';
import { bareResultOf, sampleResultOf } from './sample-result.ts';
import { SampleScan, type ScanBudget, type ScannedUnit } from './sample-scan.ts';
import { selectSamples, type Selection } from './sample-selection.ts';
import type { UnitView, UnitViews } from './unit-views.ts';

/** What is looked at for one page: about a second's worth. A page of a filter that means few is short, and says where it goes on. */
const PAGE_BUDGET: ScanBudget = { units: 100_000, results: 10_000, bytes: 64 << 20 };
/** Texts of one page together; a message is at most 4 MiB. */
const PAGE_BYTES = 2 << 20;
const SHORT_TEXT = 200;

export class Samples {
  readonly #manifestOf: (evaluationId: string) => Promise<Manifest>;
  readonly #views: UnitViews;
  readonly #lines: SampleLines;

  /** manifestOf: of an accepted evaluation; throws `not_found`. */
  constructor(options: { manifestOf: (evaluationId: string) => Promise<Manifest>; views: UnitViews; lines: SampleLines }) {
    this.#manifestOf = options.manifestOf;
    this.#views = options.views;
    this.#lines = options.lines;
  }

  /** A page in unit order, or against it, open units included, without long texts. */
  async list(evaluationId: string, asked: SampleFilter, page: SamplePageRequest, signal: AbortSignal): Promise<Page<SampleResult>> {
    const filter = ofAnswers(asked);
    const manifest = await this.#manifestOf(evaluationId);
    const { isBackwards = false, fromUnit = isBackwards ? manifest.units - 1 : 0 } = page;
    const question = ['samples', evaluationId, filter, ...(isBackwards ? ['backwards'] : [])];
    const [from] = (readPageToken(question, page.token, ['number']) as [number] | undefined) ?? [fromUnit];
    const selection = await this.#select(manifest, filter, signal);
    for (const isFresh of [false, true]) {
      const found = await this.#page({ manifest, filter, selection, from, size: pageSizeOf(page), isBackwards, isFresh, signal });
      if (found.isStale && !isFresh) continue;
      return { items: found.items, nextToken: found.isDone ? '' : pageTokenOf(question, [found.next]) };
    }
    throw new AppError('internal', 'a fresh view was stale');
  }

  async #page(options: {
    manifest: Manifest;
    filter: SampleFilter;
    selection: Selection;
    from: number;
    size: number;
    isBackwards: boolean;
    isFresh: boolean;
    signal: AbortSignal;
  }): Promise<{ items: SampleResult[]; next: number; isDone: boolean; isStale: boolean }> {
    const { manifest, filter, selection, from, size, isBackwards, isFresh, signal } = options;
    const view = await this.#views.open(manifest, { isFresh });
    try {
      const scan = this.#scan(view, filter, selection, { from, withResults: true, budget: PAGE_BUDGET, signal });
      const items: SampleResult[] = [];
      let bytes = 0;
      let isFull = false;
      for await (const scanned of isBackwards ? scan.unitsBackwards() : scan.units()) {
        const item = shortened(await this.#resultOf(manifest, scanned));
        bytes += Buffer.byteLength(JSON.stringify(item));
        items.push(item);
        isFull = items.length >= size || bytes >= PAGE_BYTES;
        if (isFull) break;
      }
      signal.throwIfAborted();
      const { ranges } = selection;
      const isPast = isBackwards ? scan.position < (ranges[0]?.[0] ?? 0) : scan.position >= (ranges.at(-1)?.[1] ?? 0);
      return { items, next: scan.position, isDone: scan.isDone || isPast, isStale: scan.sawMissing && !view.isFinished };
    } finally {
      view.release();
    }
  }

  /** Results of closed units in unit order, with whole texts: of a running evaluation, those that there are now. */
  async *results(evaluationId: string, asked: SampleFilter, signal: AbortSignal): AsyncGenerator<SampleResult, void, undefined> {
    const filter = ofAnswers(asked);
    const open = filter.states?.filter((state) => state === 'pending' || state === 'generated') ?? [];
    if (open.length > 0)
      throw invalid('filter', [{ place: 'states', problem: `${open.join(', ')}: an open unit has no result; list the samples instead` }]);
    const manifest = await this.#manifestOf(evaluationId);
    const selection = await this.#select(manifest, filter, signal);
    const view = await this.#views.open(manifest, { isFresh: true });
    try {
      for await (const scanned of this.#scan(view, filter, selection, { withResults: true, signal }).units())
        if (scanned.result || isNamed(filter, scanned)) yield await this.#resultOf(manifest, scanned);
    } finally {
      view.release();
    }
  }

  /** The numbers of all units that the filter means, in order, as they stand now. */
  async *matchingUnits(evaluationId: string, filter: SampleFilter, signal?: AbortSignal): AsyncGenerator<number, void, undefined> {
    const manifest = await this.#manifestOf(evaluationId);
    const selection = await this.#select(manifest, filter, signal);
    const view = await this.#views.open(manifest, { isFresh: true });
    try {
      for await (const { unit } of this.#scan(view, filter, selection, { withResults: false, signal }).units()) yield unit;
    } finally {
      view.release();
    }
  }

  #select(manifest: Manifest, filter: SampleFilter, signal: AbortSignal | undefined): Promise<Selection> {
    return selectSamples(manifest, filter, (benchmark, ids) => this.#lines.find(manifest, benchmark, ids, signal));
  }

  #scan(
    view: UnitView,
    filter: SampleFilter,
    selection: Selection,
    more: { from?: number; withResults: boolean; budget?: ScanBudget; signal?: AbortSignal | undefined },
  ): SampleScan {
    const labelled = filter.metadata && labelledBy(this.#lines, view.manifest, filter.metadata, more.signal);
    return new SampleScan({ view, selection, matcher: sampleMatcher(filter), labelled, ...more });
  }

  async #resultOf(manifest: Manifest, { unit, code, result, agentId }: ScannedUnit): Promise<SampleResult> {
    if (result) return sampleResultOf(manifest, result, agentId);
    const group = groupOfUnit(manifest.groups, unit);
    return bareResultOf(manifest, unit, code, await this.#lines.idAt(manifest, group, placeOf(group, unit).sample));
  }
}

/** Who reads means answers, unless judges' calls are asked for, or units by their numbers. */
const ofAnswers = (filter: SampleFilter): SampleFilter =>
  filter.stage !== undefined || filter.units?.length ? filter : { ...filter, stage: 'generate' };

/** Cancelled and dead units have no result; they are told only when they are asked for. */
const isNamed = (filter: SampleFilter, { code }: ScannedUnit): boolean =>
  (code === 5 && filter.states?.includes('cancelled') === true) || (code === 6 && filter.states?.includes('dead') === true);

function shortened(result: SampleResult): SampleResult {
  return {
    ...result,
    completion: '',
    reasoning: '',
    errorMessage: short(result.errorMessage),
    scores: result.scores.map((s) => ({
      ...s,
      value: short(s.value),
      answer: short(s.answer),
      explanation: short(s.explanation),
      error: short(s.error),
    })),
  };
}

const short = (text: string): string =>
  text.length <= SHORT_TEXT ? text : `${text.slice(0, SHORT_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
