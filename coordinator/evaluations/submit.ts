/**
 * Accepting an evaluation: validate everything (all faults at once) → content and manifest into the store → ledger →
 * the `accepted` mark → OK. A submit that ends early is not accepted and can be repeated with the same key; a repeated one
 * finds what is there.
 */
import { AppError, invalid, type Fault } from '../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE, digestOf, evaluationIdOf } from '../../shared/domain/ids.ts';
import { groupsOf, unitsOf, type Manifest } from '../../shared/domain/manifest.ts';
import { parseSpec, specDigestOf, type BenchmarkSpec, type EvaluationSpec } from '../../shared/domain/spec.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { attributeNames, currentTraceparent, setSpanAttributes, spanNames, SpanKind, withSpan } from '../../shared/telemetry/tracing.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { Catalog } from './catalog.ts';
import { indexDataset } from './dataset.ts';

const MAX_UNITS = 20_000_000;
/** A report must fit into one message. */
const MAX_ROWS = 4_000;
const MAX_FAULTS = 20;

export interface SubmitRequest {
  spec: unknown;
  idempotencyKey: string;
  namespace: string;
}

export class Submit {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #catalog: Catalog;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onAccepted: (evaluationId: string) => void;

  constructor(options: {
    store: Store;
    ledger: Ledger;
    catalog: Catalog;
    clock: Clock;
    logger: Logger;
    onAccepted: (evaluationId: string) => void;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#catalog = options.catalog;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onAccepted = options.onAccepted;
  }

  /** Returns the accepted evaluation's manifest, and whether it had been accepted before. */
  async submit(request: SubmitRequest): Promise<{ manifest: Manifest; existed: boolean }> {
    return withSpan(spanNames.submit, { kind: SpanKind.SERVER }, async () => {
      const namespace = request.namespace || DEFAULT_NAMESPACE;
      checkNames(request.idempotencyKey, namespace);
      const spec = parseSpec(request.spec);
      const evaluationId = evaluationIdOf(namespace, request.idempotencyKey);
      setSpanAttributes({ [attributeNames.evaluationId]: evaluationId });
      const specDigest = specDigestOf(spec);
      const before = await this.#store.manifest(evaluationId);
      if (before) refuseOther(before, specDigest, request.idempotencyKey);
      if (before && (await this.#store.isAccepted(evaluationId))) return { manifest: before, existed: true };

      const manifest = before ?? (await this.#prepare({ evaluationId, namespace, key: request.idempotencyKey, spec, specDigest }));
      const staged = await this.#store.stage(manifest);
      refuseOther(staged, specDigest, request.idempotencyKey);
      await this.#ledger.create(staged, 'accepted', await this.#store.generation(evaluationId));
      await this.#store.markAccepted(evaluationId);
      // From here on it is kept; if we die now, a sweep starts it.
      await this.#ledger.control(staged, { action: 'start' });
      this.#catalog.activate(staged, 'running');
      this.#logger.info({ evaluationId, name: spec.name, units: staged.units, groups: staged.groups.length }, 'evaluation accepted');
      this.#onAccepted(evaluationId);
      return { manifest: staged, existed: false };
    });
  }

  async #prepare(request: {
    evaluationId: string;
    namespace: string;
    key: string;
    spec: EvaluationSpec;
    specDigest: string;
  }): Promise<Manifest> {
    const { spec } = request;
    const faults: Fault[] = [];
    const indexes: string[] = [];
    const samples: number[] = [];
    for (const [i, benchmark] of spec.benchmarks.entries()) {
      try {
        const indexed = await this.#index(benchmark, `benchmarks[${i}].dataset`);
        indexes.push(indexed.digest);
        samples.push(indexed.samples);
      } catch (error) {
        const problem = AppError.from(error);
        if (problem.code !== 'invalid') throw problem;
        faults.push({ place: '', problem: problem.message });
      }
    }
    if (faults.length > 0) throw invalid(`spec ${spec.name}`, faults.slice(0, MAX_FAULTS));
    const groups = groupsOf(spec, samples);
    const units = groups.reduce((sum, g) => sum + unitsOf(g), 0);
    const rows = groups.reduce((sum, g) => sum + g.scorers.length, 0);
    if (rows > MAX_ROWS)
      throw new AppError(
        'resource_exhausted',
        `benchmarks × models × scorers make ${rows} rows of a report; at most ${MAX_ROWS} are taken: split the evaluation`,
      );
    if (units > MAX_UNITS)
      throw new AppError(
        'resource_exhausted',
        `the evaluation has ${units} units; at most ${MAX_UNITS} are taken: split it, or lower epochs or limit`,
      );
    return {
      evaluationId: request.evaluationId,
      namespace: request.namespace,
      idempotencyKey: request.key,
      createdAtMs: this.#clock.now(),
      specDigest: request.specDigest,
      spec,
      sampleIndexes: indexes,
      groups,
      units,
      traceparent: currentTraceparent(),
    };
  }

  async #index(benchmark: BenchmarkSpec, place: string): Promise<{ digest: string; samples: number }> {
    const { digest, uri } = benchmark.dataset;
    if (!digest)
      throw invalid(place, [
        { place: 'digest', problem: `${uri} has no digest; upload its content first (UploadContent) and name its digest` },
      ]);
    if (!(await this.#store.hasContent(digest)))
      throw invalid(place, [{ place: 'digest', problem: `the store has no content ${digest}; upload it first (UploadContent)` }]);
    const { index, samples } = await indexDataset({ stream: this.#store.streamContent(digest), benchmark, maxFaults: MAX_FAULTS });
    const indexDigest = digestOf(index);
    await this.#store.putContent(indexDigest, once(index), index.length);
    return { digest: indexDigest, samples };
  }
}

async function* once(content: Buffer): AsyncIterable<Uint8Array> {
  yield content;
}

function checkNames(key: string, namespace: string): void {
  const faults: Fault[] = [];
  if (key.length < 1 || key.length > 256)
    faults.push({ place: 'idempotency_key', problem: `has ${key.length} characters; choose 1 to 256 that are unique for each evaluation` });
  if (!/^[\w.-]{1,64}$/.test(namespace))
    faults.push({
      place: 'namespace',
      problem: `${JSON.stringify(namespace.slice(0, 80))} is not 1 to 64 letters, digits, '.', '_' or '-'`,
    });
  if (faults.length > 0) throw invalid('SubmitEvaluation', faults);
}

function refuseOther(manifest: Manifest, specDigest: string, key: string): void {
  if (manifest.specDigest === specDigest) return;
  throw new AppError(
    'already_exists',
    `idempotency key ${JSON.stringify(key)} belongs to ${manifest.evaluationId} with another spec (${manifest.specDigest.slice(0, 19)}…); choose another key`,
  );
}
