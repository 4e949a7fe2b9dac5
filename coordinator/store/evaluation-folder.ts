/** The small files of one evaluation: manifest, marks, generations, control records, pointer to the report. */
import { link, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { controlSchema } from './control-records.ts';
import { errnoOf, ifPresent, makeFolder, namesIn, syncFolder, type Placer, type Stamps } from './files.ts';
import { damagedFile, manifestBytes, parseManifest, reportSchema, type ReportPointer } from './manifest-file.ts';
import type { ControlRecord } from './store.ts';

const NOTHING = Buffer.alloc(0);

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

  get voids(): string {
    return join(this.path, 'voids');
  }

  /** Writes the manifest if there is none. */
  async stage(manifest: Manifest): Promise<void> {
    await makeFolder(this.#parent, this.evaluationId);
    await this.#placer.create(this.path, 'manifest.json', manifestBytes(manifest));
  }

  async manifest(): Promise<Manifest | undefined> {
    const text = await ifPresent(() => readFile(join(this.path, 'manifest.json'), 'utf8'));
    if (text === undefined) return undefined;
    return parseManifest(text, this.evaluationId) ?? this.#fail('manifest.json');
  }

  async markAccepted(): Promise<boolean> {
    const created = await ifPresent(() => this.#placer.create(this.path, 'accepted', NOTHING));
    // Looked at again: a drop may have taken the folder away this instant (and puts it back when it sees the mark).
    if (created === undefined || !(await this.isAccepted()))
      throw new AppError('not_found', `evaluation ${this.evaluationId} is not staged: submit it again`);
    return created;
  }

  isAccepted(): Promise<boolean> {
    return exists(join(this.path, 'accepted'));
  }

  /** The mark is one more name of the report: in one step, and only while there is one. False: there is none, or that of another end. */
  async markFinished(report: string): Promise<boolean> {
    if ((await this.reportPointer())?.digest !== report) return false;
    const linked = await ifPresent(() => link(join(this.path, 'report.json'), join(this.path, 'finished')).then(() => true)).catch(
      (error: unknown) => {
        if (errnoOf(error) === 'EEXIST') return true;
        throw error;
      },
    );
    if (!linked) return false;
    await syncFolder(this.path);
    return true;
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

  /** Takes the finished mark away, then the report: with the mark there is always a report. Then a mark that came between. */
  async reopen(): Promise<void> {
    for (const name of ['finished', 'report.json', 'finished']) {
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
      this.#fail(name, error);
    }
  }

  #fail(name: string, cause?: unknown): never {
    throw damagedFile(this.evaluationId, name, cause);
  }
}

const exists = async (path: string): Promise<boolean> => (await ifPresent(() => stat(path))) !== undefined;
