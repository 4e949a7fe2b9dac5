/**
 * Accepting an evaluation: validate everything (all faults at once) → is there room → content and manifest into the store →
 * ledger → the `accepted` mark → OK. A submit that ends early is not accepted and can be repeated with the same key; a repeated one
 * finds what is there.
 */
import { randomBytes } from 'node:crypto';
import { AppError, invalid, type Fault } from '../../../shared/domain/errors.ts';
import { DEFAULT_NAMESPACE, digestOf, evaluationIdOf, isNamespace } from '../../../shared/domain/ids.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { firstFaults, parseSpec, specDigestOf, type EvaluationSpec } from '../../../shared/domain/spec.ts';
import { VERSION } from '../../../shared/domain/version.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import { attributeNames, currentTraceparent, setSpanAttributes, spanNames, SpanKind, withSpan } from '../../../shared/telemetry/tracing.ts';
import type { Datasets } from '../../datasets/datasets.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Witness } from '../../redis/barrier.ts';
import type { Store } from '../../store/store.ts';
import type { Quotas } from '../namespaces/quotas.ts';
import type { Admission } from './admission.ts';
import { groupsWithin, prepareBenchmarks } from './prepare.ts';

export interface SubmitRequest {
  spec: unknown;
  idempotencyKey: string;
  namespace: string;
  /** '' if nobody is named. */
  owner?: string;
  /** Aborts when whoever submits it may do so no more: it is not accepted then, however long it was in the making. */
  over?: AbortSignal | undefined;
}

/** witness: what shows that Redis still holds it. */
export interface Accepted {
  manifest: Manifest;
  existed: boolean;
  witness: Witness;
}

export class Submit {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #datasets: Pick<Datasets, 'prepare'>;
  readonly #admission: Pick<Admission, 'check' | 'admit' | 'content'>;
  readonly #quotas: Pick<Quotas, 'check' | 'admit' | 'content'>;
  readonly #start: (manifest: Manifest) => Promise<void>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #onAccepted: (evaluationId: string) => void;
  /** Fetching may take longer than a client waits; when it asks again, it waits for the same work. */
  readonly #underWay = new Map<string, { specDigest: string; accepted: Promise<Accepted> }>();

  constructor(options: {
    store: Store;
    ledger: Ledger;
    datasets: Pick<Datasets, 'prepare'>;
    admission: Pick<Admission, 'check' | 'admit' | 'content'>;
    quotas: Pick<Quotas, 'check' | 'admit' | 'content'>;
    /** Starts an accepted evaluation, or leaves it to wait for its turn. */
    start: (manifest: Manifest) => Promise<void>;
    clock: Clock;
    logger: Logger;
    onAccepted: (evaluationId: string) => void;
  }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#datasets = options.datasets;
    this.#admission = options.admission;
    this.#quotas = options.quotas;
    this.#start = options.start;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#onAccepted = options.onAccepted;
  }

  /** Returns the accepted evaluation's manifest, and whether it had been accepted before. */
  async submit(request: SubmitRequest): Promise<Accepted> {
    return withSpan(spanNames.submit, { kind: SpanKind.SERVER }, async () => {
      const namespace = request.namespace || DEFAULT_NAMESPACE;
      checkNames(request.idempotencyKey, namespace);
      const spec = parseSpec(request.spec);
      const evaluationId = evaluationIdOf(namespace, request.idempotencyKey);
      setSpanAttributes({ [attributeNames.evaluationId]: evaluationId });
      const specDigest = specDigestOf(spec);
      const before = await this.#store.manifest(evaluationId);
      if (before) refuseOther(before, specDigest, request.idempotencyKey);
      if (before && (await this.#store.isAccepted(evaluationId)))
        return { manifest: before, existed: true, witness: await this.#there(evaluationId) };
      const same = this.#underWay.get(evaluationId);
      if (same?.specDigest === specDigest) return { ...(await same.accepted), existed: true };
      const accepted = this.#accept({ evaluationId, namespace, request, spec, specDigest, before });
      this.#underWay.set(evaluationId, { specDigest, accepted });
      try {
        return await accepted;
      } finally {
        if (this.#underWay.get(evaluationId)?.accepted === accepted) this.#underWay.delete(evaluationId);
      }
    });
  }

  async #accept(found: {
    evaluationId: string;
    namespace: string;
    request: SubmitRequest;
    spec: EvaluationSpec;
    specDigest: string;
    before: Manifest | undefined;
  }): Promise<Accepted> {
    const { evaluationId, namespace, request, spec, specDigest } = found;
    const { idempotencyKey: key, owner = '' } = request;
    const { priority } = spec;
    if (!found.before) {
      // Before datasets are fetched.
      await this.#quotas.check({ namespace, units: 1, priority });
      await this.#admission.check({ units: 0, groups: 1 });
    }
    const manifest = found.before ?? (await this.#prepare({ evaluationId, namespace, key, owner, spec, specDigest }));
    const { units, groups } = manifest;
    // Another one who has asked for the same may still want it.
    if (request.over?.aborted) throw new AppError('unavailable', 'whoever submitted this may do so no more; repeat the submit');
    await this.#claim(manifest);
    return this.#quotas.admit({ evaluationId, namespace, units, priority }, () =>
      this.#admission.admit({ units, groups: groups.length }, () => this.#keep(manifest)),
    );
  }

  /** What was made of an upload, or came from the web, is the namespace's too. */
  async #claim({ namespace, datasets = [] }: Manifest): Promise<void> {
    for (const digest of new Set(datasets))
      await this.#quotas.content(namespace, digest, await this.#store.contentSize(digest), () => this.#store.claims.put(namespace, digest));
  }

  async #keep(manifest: Manifest): Promise<Accepted> {
    const { evaluationId, specDigest, idempotencyKey: key } = manifest;
    const staged = await this.#store.stage(manifest);
    refuseOther(staged, specDigest, key);
    await this.#haveContents(staged);
    const name = randomBytes(8).toString('hex');
    const isMade = await this.#ledger.create(staged, 'accepted', await this.#store.generation(evaluationId), { told: name });
    const isFirst = await this.#store.markAccepted(evaluationId).catch((error: unknown) => {
      if (AppError.from(error).code !== 'not_found') throw error;
      // Staged so long that a sweep took it for given up.
      throw new AppError('unavailable', `evaluation ${evaluationId} was dropped while it was submitted: repeat the submit`, {
        cause: error,
      });
    });
    if (isMade && !isFirst) return this.#madeTooLate(staged);
    // From here on it is kept; if we die now, a sweep starts it.
    await this.#start(staged);
    this.#logger.info({ evaluationId, name: staged.spec.name, units: staged.units, groups: staged.groups.length }, 'evaluation accepted');
    this.#onAccepted(evaluationId);
    void this.#ledger.notify(`u:${evaluationId}`).catch(() => undefined); // others' sweeps see it
    return { manifest: staged, existed: false, witness: isMade ? { kind: 'command', name } : await this.#there(evaluationId) };
  }

  /** Another submit of it was accepted meanwhile, and Redis has lost that one's ledger: what happened since is in the store alone. */
  async #madeTooLate(manifest: Manifest): Promise<Accepted> {
    const { evaluationId } = manifest;
    if (await this.#store.isFinished(evaluationId)) await this.#ledger.forget(evaluationId);
    else await this.#ledger.control(manifest, { action: 'recover', reason: 'Redis had no ledger of it', generation: 0 });
    return { manifest, existed: true, witness: await this.#there(evaluationId) };
  }

  /** Of a ledger that was there before; a finished evaluation needs none any more. */
  async #there(evaluationId: string): Promise<Witness> {
    if (await this.#store.isFinished(evaluationId)) return { kind: 'nothing' };
    return { kind: 'there', generation: await this.#store.generation(evaluationId) };
  }

  /** Its contents have a name now. One that was collected before it had is to be uploaded again. */
  async #haveContents({ evaluationId, datasets = [], sampleIndexes }: Manifest): Promise<void> {
    for (const digest of new Set([...datasets, ...sampleIndexes])) {
      if (await this.#store.hasContent(digest)) continue;
      await this.#store.dropStaged(evaluationId);
      throw new AppError(
        'unavailable',
        `content ${digest} was removed while nothing named it; upload the dataset again and repeat the submit`,
      );
    }
  }

  async #prepare(request: {
    evaluationId: string;
    namespace: string;
    key: string;
    owner: string;
    spec: EvaluationSpec;
    specDigest: string;
  }): Promise<Manifest> {
    const { spec, owner } = request;
    const keepIndex = async (index: Buffer): Promise<string> => {
      const digest = digestOf(index);
      await this.#admission.content(index.length, () => this.#store.putContent(digest, once(index), index.length));
      return digest;
    };
    const { benchmarks, faults } = await prepareBenchmarks(spec, {
      namespace: request.namespace,
      datasets: this.#datasets,
      store: this.#store,
      keepIndex,
      clock: this.#clock,
    });
    if (faults.length > 0) throw invalid(`spec ${spec.name}`, firstFaults(faults));
    const prepared = benchmarks.filter((benchmark) => benchmark !== undefined);
    const { groups, units } = groupsWithin(spec, prepared, request.namespace);
    return {
      evaluationId: request.evaluationId,
      namespace: request.namespace,
      idempotencyKey: request.key,
      createdAtMs: this.#clock.now(),
      specDigest: request.specDigest,
      spec,
      ...(owner === '' ? {} : { owner }),
      datasets: prepared.map(({ digest }) => digest),
      ...(prepared.some(({ shots }) => shots.length > 0) ? { fewshots: prepared.map(({ shots }) => shots) } : {}),
      sampleIndexes: prepared.map(({ indexDigest }) => indexDigest),
      groups,
      units,
      version: VERSION,
      traceparent: currentTraceparent(),
    };
  }
}

async function* once(content: Buffer): AsyncIterable<Uint8Array> {
  yield content;
}

function checkNames(key: string, namespace: string): void {
  const faults: Fault[] = [];
  if (key.length < 1 || key.length > 256)
    faults.push({ place: 'idempotency_key', problem: `has ${key.length} characters; choose 1 to 256 that are unique for each evaluation` });
  if (!isNamespace(namespace))
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
