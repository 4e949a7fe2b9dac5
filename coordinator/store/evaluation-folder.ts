/** The small files of one evaluation: manifest, marks, generations, control records, pointer to the report. */
import { createHash } from 'node:crypto';
import { readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { isDigest } from '../../shared/domain/ids.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { controlSchema } from './control-records.ts';
import { ifPresent, makeFolder, namesIn, syncFolder, type Placer, type Stamps } from './files.ts';
import type { ControlRecord } from './store.ts';

const NOTHING = Buffer.alloc(0);
const count = z.int().nonnegative();

/** The outline of a manifest: what the code that reads it relies on. The spec was checked in full at submit. */
const manifestSchema = z.looseObject({
  evaluationId: z.string(),
  namespace: z.string(),
  idempotencyKey: z.string(),
  createdAtMs: z.number(),
  specDigest: z.string(),
  spec: z.looseObject({ name: z.string(), benchmarks: z.array(z.looseObject({})), models: z.array(z.looseObject({})) }),
  sampleIndexes: z.array(z.string()),
  groups: z.array(
    z.looseObject({ index: count, benchmarkIndex: count, modelIndex: count, firstUnit: count, samples: count, epochs: count }),
  ),
  units: count,
  traceparent: z.string(),
});
const manifestFileSchema = z.strictObject({ sha256: z.string(), manifest: manifestSchema });
const digest = z.string().refine(isDigest);
const reportSchema = z.strictObject({ digest, unitCodes: digest.optional() });

type ReportPointer = z.infer<typeof reportSchema>;

export class EvaluationFolder {
  readonly evaluationId: string;
  readonly path: string;
  readonly #parent: string;
  readonly #placer: Placer;

  constructor(parent: string, evaluationId: string, placer: Placer) {
    this.#parent = parent;
    this.evaluationId = evaluationId;
    this.path = join(parent, evaluationId);
    this.#placer = placer;
  }

  get segments(): string {
    return join(this.path, 'segments');
  }

  /** Voids have segments of their own, so that a reader knows them all before it looks at the first result. */
  get voids(): string {
    return join(this.path, 'voids');
  }

  /** Writes the manifest if there is none. */
  async stage(manifest: Manifest): Promise<void> {
    await makeFolder(this.#parent, this.evaluationId);
    const text = JSON.stringify(manifest);
    await this.#placer.create(this.path, 'manifest.json', Buffer.from(`{"sha256":"${sha256(text)}","manifest":${text}}\n`));
  }

  async manifest(): Promise<Manifest | undefined> {
    const text = await ifPresent(() => readFile(join(this.path, 'manifest.json'), 'utf8'));
    if (text === undefined) return undefined;
    const { sha256: expected, manifest } = this.#parse('manifest.json', text, manifestFileSchema);
    // The schema keeps every key in its order, so that the text is the one of which the checksum was made.
    if (sha256(JSON.stringify(JSON.parse(text).manifest)) !== expected || manifest.evaluationId !== this.evaluationId)
      throw this.#damaged('manifest.json');
    return manifest as unknown as Manifest;
  }

  async markAccepted(): Promise<void> {
    const created = await ifPresent(() => this.#placer.create(this.path, 'accepted', NOTHING));
    // Looked at again: a drop may have taken the folder away this instant (and puts it back when it sees the mark).
    if (created === undefined || !(await this.isAccepted()))
      throw new AppError('not_found', `evaluation ${this.evaluationId} is not staged: submit it again`);
  }

  isAccepted(): Promise<boolean> {
    return exists(join(this.path, 'accepted'));
  }

  async markFinished(): Promise<void> {
    await this.#placer.create(this.path, 'finished', NOTHING);
  }

  isFinished(): Promise<boolean> {
    return exists(join(this.path, 'finished'));
  }

  /** Takes the folder away as a whole; false, and nothing changed, if it bears the accepted mark. */
  async drop(): Promise<boolean> {
    if (await this.isAccepted()) return false;
    const aside = `${this.#placer.newPath()}.${this.evaluationId}`;
    if ((await ifPresent(() => rename(this.path, aside).then(() => true))) === undefined) return true;
    const accepted = await exists(join(aside, 'accepted'));
    if (accepted) await rename(aside, this.path);
    await syncFolder(this.#parent);
    if (!accepted) await rm(aside, { recursive: true, force: true });
    return !accepted;
  }

  /** Takes the finished mark away, then the report: with the mark there is always a report. */
  async reopen(): Promise<void> {
    for (const name of ['finished', 'report.json']) {
      await ifPresent(() => unlink(join(this.path, name)));
      await syncFolder(this.path);
    }
  }

  /** Takes a finished evaluation away: as a whole in one step, then file by file. False, and nothing changed, without the finished mark. */
  async remove(): Promise<boolean> {
    if (!(await this.isFinished())) return !(await exists(this.path));
    // Not named as a drop's: what a crash leaves here is never put back.
    const aside = `${this.#placer.newPath()}.removed.${this.evaluationId}`;
    if ((await ifPresent(() => rename(this.path, aside).then(() => true))) === undefined) return true;
    const finished = await exists(join(aside, 'finished'));
    if (!finished) await rename(aside, this.path); // reopened in this very moment
    await syncFolder(this.#parent);
    if (finished) await rm(aside, { recursive: true, force: true });
    return finished;
  }

  async generation(): Promise<number> {
    const numbers = (await namesIn(join(this.path, 'generations'))).map(Number).filter(Number.isSafeInteger);
    return numbers.reduce((highest, n) => Math.max(highest, n), 1);
  }

  async claimGeneration(generation: number): Promise<boolean> {
    if (!Number.isSafeInteger(generation) || generation <= (await this.generation())) return false;
    const folder = await makeFolder(this.path, 'generations');
    return await this.#placer.create(folder, String(generation), NOTHING);
  }

  async appendControl(record: ControlRecord, stamps: Stamps, coordinatorId: string): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(controlSchema.parse(record))}\n`);
    const folder = await makeFolder(this.path, 'controls');
    while (true) {
      // Beyond all that are there, whatever the clocks of other coordinators said when they wrote theirs.
      const last = Number.parseInt((await namesIn(folder)).at(-1) ?? '0', 10) || 0;
      if (await this.#placer.create(folder, `${stamps.next(last)}-${coordinatorId}.json`, bytes)) return;
    }
  }

  async controls(): Promise<ControlRecord[]> {
    const folder = join(this.path, 'controls');
    const records: ControlRecord[] = [];
    for (const name of await namesIn(folder))
      records.push(this.#parse(`controls/${name}`, await readFile(join(folder, name), 'utf8'), controlSchema));
    return records;
  }

  /** The report and the units' states lie in the content, where their digests guard them; here are only the pointers. */
  async putReport(pointer: ReportPointer): Promise<void> {
    await this.#placer.replace(this.path, 'report.json', Buffer.from(`${JSON.stringify(pointer)}\n`));
  }

  async reportPointer(): Promise<ReportPointer | undefined> {
    const text = await ifPresent(() => readFile(join(this.path, 'report.json'), 'utf8'));
    return text === undefined ? undefined : this.#parse('report.json', text, reportSchema);
  }

  #parse<T>(name: string, text: string, schema: z.ZodType<T>): T {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      throw this.#damaged(name, error);
    }
  }

  #damaged(name: string, cause?: unknown): AppError {
    return new AppError('internal', `store, evaluations/${this.evaluationId}/${name}: damaged: restore it from a backup`, { cause });
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const exists = async (path: string): Promise<boolean> => (await ifPresent(() => stat(path))) !== undefined;
