/** The record of an evaluation: one pass over its results in unit order, with bounded memory. */
import type { RecordSample, RecordStep } from '../../../shared/client/record.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { RecordFold } from './record-fold.ts';
import { sampleMatcher } from './sample-matcher.ts';
import { SampleScan } from './sample-scan.ts';
import { selectSamples } from './sample-selection.ts';
import type { UnitViews } from './unit-views.ts';

const PROGRESS_MS = 1_000;
/** Samples of one message: their ids are as long as the dataset has them. */
const BATCH = 500;
const BATCH_CHARS = 200_000;

export class Records {
  readonly #manifestOf: (evaluationId: string) => Promise<Manifest>;
  readonly #stateOf: (evaluationId: string) => Promise<EvaluationState>;
  readonly #views: UnitViews;
  readonly #clock: Pick<Clock, 'monotonic'>;

  constructor(options: {
    manifestOf: (evaluationId: string) => Promise<Manifest>;
    stateOf: (evaluationId: string) => Promise<EvaluationState>;
    views: UnitViews;
    clock: Pick<Clock, 'monotonic'>;
  }) {
    this.#manifestOf = options.manifestOf;
    this.#stateOf = options.stateOf;
    this.#views = options.views;
    this.#clock = options.clock;
  }

  /** Of a running evaluation: of what there is now. */
  async *record(evaluationId: string, options: { samples: boolean }, signal: AbortSignal): AsyncGenerator<RecordStep, void, undefined> {
    const manifest = await this.#manifestOf(evaluationId);
    const selection = await selectSamples(manifest, {}, async () => new Map());
    const fold = new RecordFold(manifest);
    const view = await this.#views.open(manifest, { isFresh: true });
    let told = this.#clock.monotonic();
    let batch: RecordSample[] = [];
    let chars = 0;
    try {
      const scan = new SampleScan({ view, selection, matcher: sampleMatcher({}), withResults: true, signal });
      for await (const { unit, result, agentId } of scan.units()) {
        const own = result && fold.add(result, agentId);
        if (own && options.samples) {
          batch.push(own);
          chars += own.sampleId.length;
          if (batch.length >= BATCH || chars >= BATCH_CHARS) {
            yield { kind: 'samples', samples: batch };
            [batch, chars] = [[], 0];
          }
        }
        const now = this.#clock.monotonic();
        if (now - told < PROGRESS_MS) continue;
        told = now;
        yield { kind: 'progress', progress: { done: unit + 1, total: manifest.units } };
      }
    } finally {
      view.release();
    }
    signal.throwIfAborted();
    if (batch.length > 0) yield { kind: 'samples', samples: batch };
    yield { kind: 'record', record: fold.record(await this.#stateOf(evaluationId)) };
  }
}
