/** The store in a directory that all coordinators share. `docs/store.md` has its layout and what may be done to it by hand. */
import { opendir, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import type { Collection } from '../../shared/client/types.ts';
import { AuditFiles } from './audit-files.ts';
import { collectDirectory } from './collect/collect-directory.ts';
import { ClaimsFolder } from './claims.ts';
import { ContentFolder } from './content.ts';
import { floorsOf } from './control-records.ts';
import { EvaluationFolder } from './evaluation-folder.ts';
import { bytesIn, guarded, ifPresent, makeFolder, namesIn, Placer, Stamps, syncFolder, type StoreLogger } from './files.ts';
import { removeLeftOvers } from './left-overs.ts';
import { buildResultIndex } from './result-index.ts';
import { createAppendFile, SegmentWriter, type CreateAppendFile } from './segment-writer.ts';
import { segmentFilesIn } from './segment-files.ts';
import { readVoids, visitSegments } from './segment-reader.ts';
import { Segments } from './segments.ts';
import { LogFiles } from './log-files.ts';
import { putNamed } from './named-report.ts';
import type { CollectOptions, ControlRecord, ResultFrame, ResultIndex, Store, StoreSpace, StoredFrame, VoidFrame } from './store.ts';
import { identify } from './store-identity.ts';
import { prepareResults, prepareSeal, prepareVoids } from './stored-frame.ts';
import { Switches } from './switches.ts';

const FOLDERS = ['tmp', 'content', 'claims', 'evaluations', 'unfinished', 'switches'] as const;

export interface DirectoryStoreOptions {
  /** The directory; made if it is not there. */
  path: string;
  /** Names this coordinator's segments; letters, digits, `_` and `-`. */
  coordinatorId: string;
  clock: Clock;
  logger: StoreLogger;
  /** Segments open at once; 256 by default. */
  maxOpenSegments?: number;
  /** How segments are created; tests give one that fails. */
  createFile?: CreateAppendFile;
}

/** Opens the store of a directory, and makes one of an empty directory. */
export async function openDirectoryStore(options: DirectoryStoreOptions): Promise<Store> {
  const { path, coordinatorId, clock } = options;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(coordinatorId)) {
    throw invalid('store', [
      { place: 'coordinatorId', problem: `${JSON.stringify(coordinatorId)}: write 1 to 64 letters, digits, _ or -` },
    ]);
  }
  return await guarded(path, async () => {
    await makeFolders(path);
    for (const folder of FOLDERS) await makeFolder(path, folder);
    const placer = new Placer(join(path, 'tmp'), coordinatorId);
    const storeId = await identify(path, placer);
    await removeLeftOvers(path, clock);
    return new DirectoryStore(options, storeId, placer);
  });
}

class DirectoryStore implements Store {
  readonly storeId: string;
  readonly audit: AuditFiles;
  readonly claims: Store['claims'];
  readonly logs: Store['logs'];
  readonly #path: string;
  readonly #coordinatorId: string;
  readonly #placer: Placer;
  readonly #clock: Clock;
  readonly #stamps: Stamps;
  readonly #content: ContentFolder;
  readonly #segments: Segments;
  readonly #switches: Switches;
  #closed = false;

  constructor(options: DirectoryStoreOptions, storeId: string, placer: Placer) {
    const { path, coordinatorId, clock, logger } = options;
    [this.storeId, this.#path, this.#coordinatorId, this.#placer, this.#clock] = [storeId, path, coordinatorId, placer, clock];
    this.#stamps = new Stamps(clock);
    this.#content = new ContentFolder(join(path, 'content'), placer, clock);
    [this.#switches, this.audit] = [new Switches(join(path, 'switches'), placer), new AuditFiles(path, placer)];
    this.claims = new ClaimsFolder(join(path, 'claims'), { placer, clock, content: this.#content });
    this.logs = new LogFiles(join(path, 'evaluations'), placer);
    const writer = {
      coordinatorId,
      stamps: this.#stamps,
      createFile: options.createFile ?? createAppendFile,
      onAbandoned: (segment: string, error: unknown) =>
        logger.warn({ segment, err: error }, 'a segment was abandoned after a failed write or sync; its batch is written again'),
    };
    this.#segments = new Segments({
      writerOf: (folder) => new SegmentWriter({ ...writer, folder }),
      clock,
      maxOpen: options.maxOpenSegments,
    });
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
    return this.#at(manifest.evaluationId, async (folder) => {
      // On the list before there is a manifest: nothing staged is ever missing from it.
      await this.#list(folder);
      await folder.stage(manifest);
      const staged = await folder.manifest();
      if (!staged) throw new AppError('unavailable', `evaluation ${folder.evaluationId} was dropped while it was staged: repeat`);
      return staged;
    });
  }

  markAccepted(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, async (folder) => {
      if (!(await folder.manifest())) throw new AppError('not_found', `evaluation ${evaluationId} is not staged: submit it again`);
      // Again, as another coordinator may have dropped the same evaluation since it was staged.
      await this.#list(folder);
      return folder.markAccepted();
    });
  }

  isAccepted(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, (folder) => folder.isAccepted());
  }

  manifest(evaluationId: string): Promise<Manifest | undefined> {
    return this.#at(evaluationId, (folder) => folder.manifest());
  }

  unfinished(): Promise<string[]> {
    return guarded('unfinished', async () => (await namesIn(join(this.#path, 'unfinished'))).filter(isEvaluationId));
  }

  dropStaged(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, async (folder) => {
      const refused = (): AppError =>
        new AppError('failed_precondition', `evaluation ${evaluationId} is accepted and is not forgotten: cancel it`);
      if (await folder.isAccepted()) throw refused();
      // Off the list before the folder goes: whoever stages the same id after that lists it again.
      await this.#unlist(evaluationId);
      if (await folder.drop()) return;
      await this.#list(folder);
      throw refused();
    });
  }

  reopen(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, async (folder) => {
      if (!(await folder.isAccepted())) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
      // On the list first: what is not finished is never missing from it. And again, as a late mark may have taken it off meanwhile.
      await this.#placer.create(join(this.#path, 'unfinished'), evaluationId, Buffer.alloc(0));
      await folder.reopen();
      await this.#list(folder);
    });
  }

  remove(evaluationId: string): Promise<void> {
    return this.#at(evaluationId, async (folder) => {
      for (const place of [folder.segments, folder.voids]) await this.#segments.close(place);
      if (!(await folder.remove()))
        throw new AppError('failed_precondition', `evaluation ${evaluationId} is not finished: cancel it, or wait for its end`);
      await this.#unlist(evaluationId);
    });
  }

  sizeOf(evaluationId: string): Promise<number> {
    return this.#at(evaluationId, async (folder) => {
      const { digest, unitCodes } = (await folder.reportPointer()) ?? {};
      let bytes = await bytesIn(folder.path);
      for (const content of [digest, unitCodes]) if (content) bytes += await this.#content.size(content);
      return bytes;
    });
  }

  async *evaluations(): AsyncIterable<string> {
    for await (const { name } of await guarded('evaluations', () => opendir(join(this.#path, 'evaluations'))))
      if (isEvaluationId(name)) yield name;
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

  space(): Promise<StoreSpace> {
    return guarded('the directory', async () => {
      const { bavail, blocks, bsize } = await statfs(this.#path);
      return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    });
  }

  collect(options: CollectOptions): Promise<Collection> {
    const folder = { path: this.#path, placer: this.#placer, clock: this.#clock, dropStaged: (id: string) => this.dropStaged(id) };
    return guarded('what nobody refers to', () => collectDirectory(folder, options));
  }

  async appendResults(evaluationId: string, frames: readonly ResultFrame[]): Promise<void> {
    await this.#at(evaluationId, async (folder) => {
      const prepared = frames.length === 1 ? await prepareResults(frames[0]!) : (await Promise.all(frames.map(prepareResults))).flat();
      await this.#segments.append(folder.segments, prepared);
    });
  }

  appendVoids(evaluationId: string, voids: readonly VoidFrame[]): Promise<void> {
    return this.#at(evaluationId, (folder) => this.#segments.append(folder.voids, prepareVoids(voids)));
  }

  sealVoids(evaluationId: string, generation: number, lifted?: ReadonlySet<number>): Promise<void> {
    return this.#at(evaluationId, async (folder) => {
      const voids = await readVoids({ evaluationId, files: segmentFilesIn(folder.path) });
      await this.#segments.append(folder.voids, [prepareSeal(generation, voids.all(lifted))]);
    });
  }

  appendControl(evaluationId: string, record: ControlRecord): Promise<void> {
    return this.#at(evaluationId, (folder) => folder.appendControl(record, this.#stamps, this.#coordinatorId));
  }

  controls(evaluationId: string): Promise<ControlRecord[]> {
    return this.#at(evaluationId, (folder) => folder.controls());
  }

  openResults(evaluationId: string, { voided }: { voided: 'never' | 'last' } = { voided: 'never' }): Promise<ResultIndex> {
    return this.#at(evaluationId, async (folder) => {
      const manifest = await folder.manifest();
      if (!manifest) throw new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
      const counts = floorsOf(await folder.controls(), manifest.units);
      const files = segmentFilesIn(folder.path);
      return await buildResultIndex({ evaluationId, files, units: manifest.units, voided, ...(counts ? { counts } : {}) });
    });
  }

  visitFrames(evaluationId: string, visit: (frame: StoredFrame) => void): Promise<AppError[]> {
    return this.#at(evaluationId, (folder) => visitSegments({ evaluationId, files: segmentFilesIn(folder.path) }, visit));
  }

  generation(evaluationId: string): Promise<number> {
    return this.#at(evaluationId, (folder) => folder.generation());
  }

  claimGeneration(evaluationId: string, generation: number): Promise<boolean> {
    return this.#at(evaluationId, (folder) => folder.claimGeneration(generation));
  }

  async closeSegment(evaluationId: string): Promise<void> {
    await this.#at(evaluationId, async (folder) => {
      for (const place of [folder.segments, folder.voids]) await this.#segments.close(place);
    });
  }

  putReport(evaluationId: string, report: Buffer, unitCodes?: Buffer): Promise<void> {
    return this.#at(evaluationId, (folder) => putNamed(this, { report, unitCodes }, (pointer) => folder.putReport(pointer)));
  }

  markFinished(evaluationId: string, report: string): Promise<boolean> {
    return this.#at(evaluationId, async (folder) => {
      if (!(await folder.markFinished(report))) return false;
      await this.#unlist(evaluationId);
      if (await folder.isFinished()) return true;
      // Reopened (or removed) in this very moment, and then we took off what that had listed.
      if (await folder.isAccepted()) await this.#list(folder);
      return false;
    });
  }

  isFinished(evaluationId: string): Promise<boolean> {
    return this.#at(evaluationId, (folder) => folder.isFinished());
  }

  report(evaluationId: string): Promise<Buffer | undefined> {
    return this.#at(evaluationId, async (folder) => {
      const pointer = await folder.reportPointer();
      return pointer && (await this.#content.read(pointer.digest));
    });
  }

  unitCodes(evaluationId: string): Promise<Buffer | undefined> {
    return this.#at(evaluationId, async (folder) => {
      const pointer = await folder.reportPointer();
      return pointer?.unitCodes === undefined ? undefined : await this.#content.read(pointer.unitCodes);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#segments.closeAll(), this.audit.close()]);
  }

  /** Runs `work` on the evaluation's folder. The check of the id also keeps `..` and the like out of paths. */
  async #at<T>(evaluationId: string, work: (folder: EvaluationFolder) => Promise<T>): Promise<T> {
    if (this.#closed) throw new AppError('unavailable', 'the store is closed');
    if (!isEvaluationId(evaluationId))
      throw new AppError('not_found', `${JSON.stringify(evaluationId.slice(0, 100))} is no id of an evaluation`);
    return await guarded(`evaluations/${evaluationId}`, () =>
      work(new EvaluationFolder(join(this.#path, 'evaluations'), evaluationId, this.#placer)),
    );
  }

  /** Puts the id on the list of the unfinished, unless it bears the finished mark. */
  async #list(folder: EvaluationFolder): Promise<void> {
    if (await folder.isFinished()) return;
    await this.#placer.create(join(this.#path, 'unfinished'), folder.evaluationId, Buffer.alloc(0));
    // A mark that came between the look and the listing has taken the id off already.
    if (await folder.isFinished()) await this.#unlist(folder.evaluationId);
  }

  async #unlist(evaluationId: string): Promise<void> {
    const list = join(this.#path, 'unfinished');
    await ifPresent(() => unlink(join(list, evaluationId)));
    await syncFolder(list);
  }
}
