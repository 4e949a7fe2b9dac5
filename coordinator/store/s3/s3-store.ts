/** The store in an S3 bucket. `docs/store.md` has its keys. Decided by conditional writes alone: any number of coordinators may share it. */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Collection } from '../../../shared/client/types.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { isEvaluationId } from '../../../shared/domain/ids.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { collectS3 } from '../collect/collect-s3.ts';
import { floorsOf } from '../control-records.ts';
import { Stamps } from '../files.ts';
import { putNamed } from '../named-report.ts';
import { buildResultIndex } from '../result-index.ts';
import { readVoids, visitSegments } from '../segment-reader.ts';
import { Segments } from '../segments.ts';
import type { CollectOptions, ControlRecord, ResultFrame, ResultIndex, Store, StoreSpace, StoredFrame, VoidFrame } from '../store.ts';
import { STORE_VERSION, storeFileOf } from '../store-file.ts';
import { prepareResults, prepareSeal, prepareVoids, type PreparedFrame } from '../stored-frame.ts';
import { Bucket } from './bucket.ts';
import { EvaluationLogs } from './evaluation-log.ts';
import type { S3Location } from './location.ts';
import { S3Claims } from './s3-claims.ts';
import { S3Content } from './s3-content.ts';
import { S3Evaluation } from './s3-evaluation.ts';
import { S3SegmentWriter, s3SegmentFiles } from './s3-segments.ts';
import { S3Audit } from './s3-audit.ts';
import { S3Logs } from './s3-logs.ts';
import { S3Switches } from './s3-switches.ts';

const STORE_FILE = 'store.json';

export interface S3StoreOptions {
  location: S3Location;
  /** Names this coordinator's objects; letters, digits, `_` and `-`. */
  coordinatorId: string;
  clock: Clock;
}

/** Opens the store under a prefix of a bucket, and makes one where there is nothing. Throws `invalid` for a server that lacks conditional writes. */
export async function openS3Store(options: S3StoreOptions): Promise<Store> {
  const bucket = new Bucket(options.location);
  try {
    if (!(await bucket.isConditional(`probes/${randomBytes(8).toString('hex')}`)))
      throw invalid('store', [
        {
          place: `s3://${options.location.bucket}`,
          problem: 'the server overwrites objects in spite of If-None-Match: *, so coordinators could not agree; use one that keeps it',
        },
      ]);
    const made = Buffer.from(`${JSON.stringify({ storeId: `st_${randomBytes(8).toString('hex')}`, version: STORE_VERSION })}\n`);
    await bucket.create(STORE_FILE, made);
    const { storeId } = storeFileOf((await bucket.get(STORE_FILE))?.toString('utf8') ?? '', `s3://${options.location.bucket}`);
    return new S3Store(options, bucket, storeId);
  } catch (error) {
    bucket.close();
    throw error;
  }
}

/** The id of the store there; undefined where none is yet. Makes nothing. */
export async function s3StoreIdAt(location: S3Location): Promise<string | undefined> {
  const bucket = new Bucket(location);
  try {
    const text = await bucket.get(STORE_FILE);
    return text && storeFileOf(text.toString('utf8'), `s3://${location.bucket}`).storeId;
  } finally {
    bucket.close();
  }
}

class S3Store implements Store {
  readonly storeId: string;
  readonly audit: Store['audit'];
  readonly claims: Store['claims'];
  readonly logs: Store['logs'];
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  readonly #coordinatorId: string;
  readonly #stamps: Stamps;
  readonly #content: S3Content;
  readonly #switches: S3Switches;
  readonly #logs: EvaluationLogs;
  readonly #segments: Segments;
  #writers = 0;
  #closed = false;

  constructor({ clock, coordinatorId }: S3StoreOptions, bucket: Bucket, storeId: string) {
    this.storeId = storeId;
    this.#bucket = bucket;
    this.#clock = clock;
    this.#coordinatorId = coordinatorId;
    this.#stamps = new Stamps(clock);
    this.#content = new S3Content(bucket, clock);
    this.#switches = new S3Switches(bucket);
    this.audit = new S3Audit(bucket);
    this.claims = new S3Claims(bucket, clock, this.#content);
    this.logs = new S3Logs(bucket, (evaluationId, work) => this.#at(evaluationId, work));
    this.#logs = new EvaluationLogs(bucket, clock);
    this.#segments = new Segments({ writerOf: (folder) => this.#writerOf(folder), clock });
  }

  hasContent(digest: string): Promise<boolean> {
    return this.#content.has(digest);
  }

  putContent(digest: string, chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<void> {
    return this.#content.put(digest, chunks, maxBytes);
  }

  addContent(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<{ digest: string; sizeBytes: number }> {
    return this.#content.add(chunks, maxBytes);
  }

  contentSize(digest: string): Promise<number> {
    return this.#content.size(digest);
  }

  readContent(digest: string, range?: { offset: number; length: number }): Promise<Buffer> {
    return this.#content.read(digest, range);
  }

  streamContent(digest: string): Readable {
    return this.#content.stream(digest);
  }

  stage(manifest: Manifest): Promise<Manifest> {
    return this.#at(manifest.evaluationId, (e) => e.stage(manifest));
  }

  markAccepted(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, (e) => e.markAccepted());
  }

  isAccepted(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, (e) => e.isAccepted());
  }

  manifest(evaluationId: string): Promise<Manifest | undefined> {
    return this.#at(evaluationId, (e) => e.manifest());
  }

  async unfinished(): Promise<string[]> {
    const ids = new Set<string>();
    for await (const id of this.#listed('unfinished')) ids.add(id);
    return [...ids];
  }

  dropStaged(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, (e) => e.drop());
  }

  reopen(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, (e) => e.reopen());
  }

  remove(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, (e) => e.remove());
  }

  sizeOf(evaluationId: string): Promise<number> {
    return this.#at(evaluationId, async (e) => {
      const { digest, unitCodes } = (await e.reportPointer()) ?? {};
      let bytes = await e.size();
      for (const content of [digest, unitCodes]) if (content) bytes += await this.#content.size(content);
      return bytes;
    });
  }

  async *evaluations(): AsyncIterable<string> {
    let last = '';
    for await (const id of this.#listed('present')) if (id !== last) yield (last = id);
  }

  putSwitch(kind: string, name: string, value: unknown): Promise<void> {
    return this.#switches.put(kind, name, value);
  }

  createSwitch(kind: string, name: string, value: unknown): Promise<boolean> {
    return this.#switches.create(kind, name, value);
  }

  removeSwitch(kind: string, name: string): Promise<void> {
    return this.#switches.remove(kind, name);
  }

  switchOf(kind: string, name: string): Promise<unknown> {
    return this.#switches.one(kind, name);
  }

  switches(kind: string): Promise<ReadonlyMap<string, unknown>> {
    return this.#switches.all(kind);
  }

  collect(options: CollectOptions): Promise<Collection> {
    const place = {
      bucket: this.#bucket,
      logs: this.#logs,
      clock: this.#clock,
      tidy: async (id: string) => void (await this.manifest(id)),
    };
    return collectS3(place, options);
  }

  async space(): Promise<StoreSpace> {
    return {};
  }

  async appendResults(evaluationId: string, frames: readonly ResultFrame[]): Promise<void> {
    await this.#append(evaluationId, 'segments', async () => (await Promise.all(frames.map(prepareResults))).flat());
  }

  async appendVoids(evaluationId: string, voids: readonly VoidFrame[]): Promise<void> {
    await this.#append(evaluationId, 'voids', async () => prepareVoids(voids));
  }

  async sealVoids(evaluationId: string, generation: number, lifted?: ReadonlySet<number>): Promise<void> {
    const voids = await this.#at(evaluationId, async (e) => {
      const head = await e.head();
      return head && (await readVoids({ evaluationId, files: s3SegmentFiles(this.#bucket, e.folder(head), this.#clock) }));
    });
    await this.#append(evaluationId, 'voids', async () => [prepareSeal(generation, voids?.all(lifted) ?? [])]);
  }

  appendControl(evaluationId: string, record: ControlRecord): Promise<void> {
    return this.#at(evaluationId, (e) => e.appendControl(record, this.#stamps, this.#coordinatorId));
  }

  controls(evaluationId: string): Promise<ControlRecord[]> {
    return this.#at(evaluationId, (e) => e.controls());
  }

  openResults(evaluationId: string, { voided }: { voided: 'never' | 'last' } = { voided: 'never' }): Promise<ResultIndex> {
    return this.#at(evaluationId, async (e) => {
      const [head, manifest] = [await e.head(), await e.manifest()];
      if (!head || !manifest) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
      const counts = floorsOf(await e.controls(), manifest.units);
      const files = s3SegmentFiles(this.#bucket, e.folder(head), this.#clock);
      return await buildResultIndex({ evaluationId, files, units: manifest.units, voided, ...(counts ? { counts } : {}) });
    });
  }

  visitFrames(evaluationId: string, visit: (frame: StoredFrame) => void): Promise<AppError[]> {
    return this.#at(evaluationId, async (e) => {
      const head = await e.head();
      if (!head) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
      return await visitSegments({ evaluationId, files: s3SegmentFiles(this.#bucket, e.folder(head), this.#clock) }, visit);
    });
  }

  generation(evaluationId: string): Promise<number> {
    return this.#at(evaluationId, (e) => e.generation());
  }

  claimGeneration(evaluationId: string, generation: number): Promise<boolean> {
    return this.#at(evaluationId, (e) => e.claimGeneration(generation));
  }

  async closeSegment(evaluationId: string): Promise<void> {
    await this.#at(evaluationId, async (e) => {
      const head = this.#logs.seen(evaluationId);
      if (head) await Promise.all([this.#segments.close(`${e.folder(head)}segments/`), this.#segments.close(`${e.folder(head)}voids/`)]);
    });
  }

  putReport(evaluationId: string, report: Buffer, unitCodes?: Buffer): Promise<void> {
    return this.#at(evaluationId, (e) => putNamed(this, { report, unitCodes }, (pointer) => e.putReport(pointer)));
  }

  markFinished(evaluationId: string, report: string): Promise<boolean> {
    return this.#at(evaluationId, (e) => e.markFinished(report));
  }

  isFinished(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, (e) => e.isFinished());
  }

  report(evaluationId: string): Promise<Buffer | undefined> {
    return this.#at(evaluationId, async (e) => {
      const pointer = await e.reportPointer();
      return pointer && (await this.#content.read(pointer.digest));
    });
  }

  unitCodes(evaluationId: string): Promise<Buffer | undefined> {
    return this.#at(evaluationId, async (e) => {
      const pointer = await e.reportPointer();
      return pointer?.unitCodes === undefined ? undefined : await this.#content.read(pointer.unitCodes);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#segments.closeAll();
    this.#bucket.close();
  }

  async *#listed(list: 'present' | 'unfinished'): AsyncGenerator<string, void, undefined> {
    for await (const { key } of this.#bucket.list(`${list}/`)) {
      const id = key.split('/')[1]!;
      if (isEvaluationId(id)) yield id;
    }
  }

  async #append(evaluationId: string, kind: 'segments' | 'voids', framesOf: () => Promise<PreparedFrame[]>): Promise<void> {
    await this.#at(evaluationId, async (e) => {
      // Looked up after the write, not before: what was seen last is nearly always still so.
      const seen = this.#logs.seen(evaluationId);
      const head = seen && seen.state !== 'gone' ? seen : await e.head();
      if (!head) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
      await this.#segments.append(`${e.folder(head)}${kind}/`, await framesOf());
    });
  }

  #writerOf(folder: string): S3SegmentWriter {
    const [, evaluationId, incarnation] = folder.split('/') as [string, string, string];
    const stillThere = async (): Promise<void> => {
      const head = await this.#logs.head(evaluationId);
      if (head?.state === 'gone' || head?.incarnation !== incarnation)
        throw new AppError('unavailable', `evaluation ${evaluationId} was removed meanwhile: repeat`);
    };
    return new S3SegmentWriter({
      bucket: this.#bucket,
      folder,
      writerId: `${this.#coordinatorId}_${++this.#writers}`,
      stamps: this.#stamps,
      clock: this.#clock,
      stillThere,
    });
  }

  /** The check of the id also keeps `..` and the like out of keys. */
  async #at<T>(evaluationId: string, work: (evaluation: S3Evaluation) => Promise<T>): Promise<T> {
    if (this.#closed) throw new AppError('unavailable', 'the store is closed');
    if (!isEvaluationId(evaluationId))
      throw new AppError('not_found', `${JSON.stringify(evaluationId.slice(0, 100))} is no id of an evaluation`);
    return await work(new S3Evaluation(this.#bucket, this.#logs, this.#clock, evaluationId));
  }
}
