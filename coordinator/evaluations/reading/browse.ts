/**
 * Looking through evaluations and samples: lists, filters, single samples. What it knows beyond store and ledger (the index, the
 * kept views) is derived from them and kept in line here.
 */
import type { RecordStep } from '../../../shared/client/record.ts';
import type { SampleChoice } from '../../../shared/client/client.ts';
import type {
  EvaluationFilter,
  EvaluationSummary,
  ListChange,
  Page,
  PageRequest,
  Sample,
  SampleFilter,
  SamplePageRequest,
  SampleResult,
} from '../../../shared/client/types.ts';
import type { Priced } from '../../../shared/domain/cost.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../../shared/runtime/service.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { EvaluationIndex } from '../../index/evaluation-index.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Seen } from '../catalog.ts';
import { IndexSync } from './index-sync.ts';
import { checkFilter, EvaluationList } from './list.ts';
import { ListPictures } from './list-pictures.ts';
import { Records } from './record.ts';
import { SampleLines } from './sample-lines.ts';
import type { SampleReader } from '../sample-reader.ts';
import { SampleQuery, type AttemptsOf } from './sample.ts';
import { Samples } from './samples.ts';
import { UnitViews } from './unit-views.ts';
import { watchList } from './watch-list.ts';

const COMPARE_MS = 30_000;
/** How long a list waits for the first comparison: without it a new index knows too little. */
const FIRST_MS = 10_000;

export class Browse implements Service {
  readonly #index: EvaluationIndex;
  readonly #sync: IndexSync;
  readonly #views: UnitViews;
  readonly #list: EvaluationList;
  readonly #pictures: ListPictures;
  readonly #samples: Samples;
  readonly #sample: SampleQuery;
  readonly #records: Records;
  readonly #compare: Duty;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #first = Promise.withResolvers<void>();
  #isReady = false;

  /** manifestOf: of an accepted evaluation; throws `not_found`. */
  constructor(options: {
    index: EvaluationIndex;
    store: Store;
    ledger: Ledger;
    priced: Priced;
    reader: SampleReader;
    manifestOf: (evaluationId: string) => Promise<Manifest>;
    stateOf: (evaluationId: string) => Promise<EvaluationState>;
    clock: Clock;
    logger: Logger;
  }) {
    const { index, store, ledger, priced, reader, manifestOf, stateOf, clock, logger } = options;
    const lines = new SampleLines(reader);
    this.#index = index;
    this.#clock = clock;
    this.#logger = logger;
    this.#views = new UnitViews(store, ledger, clock);
    this.#sync = new IndexSync({ index, store, clock, logger, onChanged: (id) => this.#drop(id) });
    this.#list = new EvaluationList({ index, sync: this.#sync, store, ledger, manifestOf, priced });
    this.#pictures = new ListPictures(
      { look: (filter, size) => this.#ready().then(() => this.#list.newest(filter, size)), move: (entry) => this.#list.moved(entry) },
      clock,
    );
    this.#samples = new Samples({ manifestOf, views: this.#views, lines });
    this.#sample = new SampleQuery({ manifestOf, views: this.#views, lines, ledger });
    this.#records = new Records({ manifestOf, stateOf, views: this.#views, clock });
    this.#compare = new Duty({
      clock,
      periodMs: COMPARE_MS,
      onError: (error) => this.#warn(error),
      run: async (signal) => {
        await this.#sync.compare(signal);
        this.#isReady = true;
        this.#first.resolve();
      },
    });
  }

  start(): Promise<void> {
    return this.#compare.start();
  }

  async stop(): Promise<void> {
    this.#first.resolve();
    await this.#compare.stop();
    this.#views.close();
    this.#index.close();
  }

  /** Takes in what the sweep saw. Never throws: nothing but lists depends on it. */
  async sweep(seen: readonly Seen[]): Promise<void> {
    await this.#sync.sweep(seen).catch((error: unknown) => this.#warn(error));
  }

  /** Something about it has just changed: accepted, updated, finished, running again, removed. Never throws. */
  async changed(evaluationId: string, state?: EvaluationState): Promise<void> {
    this.#drop(evaluationId);
    await this.#sync.refresh(evaluationId, state).catch((error: unknown) => this.#warn(error));
    this.#pictures.changed();
  }

  /** An event was told of it. */
  notice(evaluationId: string): void {
    this.#pictures.moved(evaluationId);
  }

  async list(filter: EvaluationFilter, page: PageRequest): Promise<Page<EvaluationSummary>> {
    await this.#ready();
    return this.#list.list(filter, page);
  }

  /** The newest of a list, as they change. */
  watch(filter: EvaluationFilter, size: number, signal: AbortSignal): AsyncIterable<ListChange> {
    checkFilter(filter);
    return watchList(this.#pictures, { filter, size }, this.#clock, signal);
  }

  /** The ids of all evaluations that a filter means, as they stand when their turn comes. */
  async *find(filter: EvaluationFilter): AsyncGenerator<string, void, undefined> {
    await this.#ready();
    yield* this.#list.find(filter);
  }

  samples(evaluationId: string, filter: SampleFilter, page: SamplePageRequest, signal: AbortSignal): Promise<Page<SampleResult>> {
    return this.#samples.list(evaluationId, filter, page, signal);
  }

  sample(evaluationId: string, which: SampleChoice, attemptsOf: AttemptsOf): Promise<Sample> {
    return this.#sample.sample(evaluationId, which, attemptsOf);
  }

  results(evaluationId: string, filter: SampleFilter, signal: AbortSignal): AsyncIterable<SampleResult> {
    return this.#samples.results(evaluationId, filter, signal);
  }

  record(evaluationId: string, options: { samples: boolean }, signal: AbortSignal): AsyncIterable<RecordStep> {
    return this.#records.record(evaluationId, options, signal);
  }

  /** The numbers of all units that a filter means, in order, as they stand now. */
  matchingUnits(evaluationId: string, filter: SampleFilter): AsyncIterable<number> {
    return this.#samples.matchingUnits(evaluationId, filter);
  }

  #drop(evaluationId: string): void {
    this.#views.drop(evaluationId);
    this.#pictures.changed();
  }

  async #ready(): Promise<void> {
    if (this.#isReady) return;
    const limit = new AbortController();
    await Promise.race([this.#first.promise, this.#clock.sleep(FIRST_MS, limit.signal).catch(() => undefined)]);
    limit.abort();
  }

  #warn(error: unknown): void {
    this.#logger.warn({ error: AppError.from(error).message }, 'the index could not be brought in line; it is tried again');
  }
}
