/**
 * One evaluation in an S3 store: its log (`evaluation-log.ts`), and under `evaluations/ID/INCARNATION/` the manifest, control records,
 * generations and segments. On the lists `unfinished/ID/N` and `present/ID/N` it stands under the number of the entry that put it there:
 * whoever takes it off takes off only what an earlier entry had put on.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { controlSchema } from '../control-records.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Stamps } from '../files.ts';
import { damagedFile, manifestBytes, parseManifest, type ReportPointer } from '../manifest-file.ts';
import type { ControlRecord } from '../store.ts';
import type { Bucket } from './bucket.ts';
import { newIncarnation, type EvaluationLogs, type Head, type LogState } from './evaluation-log.ts';

const NOTHING = Buffer.alloc(0);
/** Changes of state are few; who loses so many races in a row had better be told. */
const TRIES = 20;
/** A marker is listed before its entry is written; one without an entry is nobody's after so long, also by a clock that is hours ahead. */
const STALE_MS = 24 * 3_600_000;

export class S3Evaluation {
  readonly evaluationId: string;
  readonly #bucket: Bucket;
  readonly #logs: EvaluationLogs;
  readonly #clock: Clock;

  constructor(bucket: Bucket, logs: EvaluationLogs, clock: Clock, evaluationId: string) {
    this.#bucket = bucket;
    this.#logs = logs;
    this.#clock = clock;
    this.evaluationId = evaluationId;
  }

  /** How it stands; undefined where it is not, or not any more. */
  async head(): Promise<Head | undefined> {
    const head = await this.#logs.head(this.evaluationId);
    return head?.state === 'gone' ? undefined : head;
  }

  /** Where everything of this incarnation lies. */
  folder({ incarnation }: { incarnation: string }): string {
    return `evaluations/${this.evaluationId}/${incarnation}/`;
  }

  async stage(manifest: Manifest): Promise<Manifest> {
    return await this.#change(async (before) => {
      if (before && before.state !== 'gone') return { done: await this.#manifestOf(before) };
      const number = (before?.number ?? -1) + 1;
      const incarnation = newIncarnation(number);
      const folder = this.folder({ incarnation });
      await this.#bucket.put(`${folder}manifest.json`, manifestBytes(manifest));
      // On the lists before it is staged: nothing staged is ever missing from them.
      await this.#list('present', number);
      await this.#list('unfinished', number);
      return {
        next: { state: 'staged', incarnation, present: number, unfinished: number },
        done: manifest,
        lost: () => this.#bucket.remove([`${folder}manifest.json`]),
      };
    });
  }

  async manifest(): Promise<Manifest | undefined> {
    const head = await this.#logs.head(this.evaluationId);
    if (head && head.state !== 'gone')
      return await this.#manifestOf(head).catch(async (error: unknown) => {
        if (await this.head()) throw error;
        return undefined; // removed in this very moment
      });
    // Asked for because some list names it: what a coordinator that died could not tidy up.
    await this.#tidy(head).catch(() => undefined);
    return undefined;
  }

  async markAccepted(): Promise<boolean> {
    return this.#change<boolean>(async (before) => {
      if (!before || before.state === 'gone')
        throw new AppError('not_found', `evaluation ${this.evaluationId} is not staged: submit it again`);
      if (before.state !== 'staged') return { done: false };
      // Again, whoever may have tidied up since: what is accepted is never missing from the list.
      await this.#list('unfinished', before.unfinished);
      return { next: { ...stateOf(before), state: 'accepted' }, done: true };
    });
  }

  async isAccepted(): Promise<boolean> {
    const state = (await this.head())?.state;
    return state === 'accepted' || state === 'finished';
  }

  async isFinished(): Promise<boolean> {
    return (await this.head())?.state === 'finished';
  }

  /** False: there is no report, or that of another end. */
  async markFinished(report: string): Promise<boolean> {
    const isMarked = await this.#change(async (before) => {
      if (!before || before.state === 'gone') throw missing(this.evaluationId);
      if (before.report?.digest !== report || before.state === 'staged') return { done: false };
      return before.state === 'finished' ? { done: true } : { next: { ...stateOf(before), state: 'finished' }, done: true };
    });
    const head = await this.head();
    if (isMarked && head?.state === 'finished') await this.#unlist('unfinished', head.number);
    return isMarked;
  }

  /** Puts a finished one back on the list, without its report. */
  async reopen(): Promise<void> {
    await this.#change(async (before) => {
      if (before?.state !== 'accepted' && before?.state !== 'finished') throw missing(this.evaluationId);
      if (before.state === 'accepted' && !before.report) return {};
      const number = before.number + 1;
      await this.#list('unfinished', number);
      const { report: _, ...state } = stateOf(before);
      return { next: { ...state, state: 'accepted', unfinished: number } };
    });
  }

  /** Takes away what is staged and not accepted. */
  async drop(): Promise<void> {
    await this.#end('staged', `evaluation ${this.evaluationId} is accepted and is not forgotten: cancel it`);
  }

  /** Takes away what is finished. */
  async remove(): Promise<void> {
    await this.#end('finished', `evaluation ${this.evaluationId} is not finished: cancel it, or wait for its end`);
  }

  /** May be repeated: what one that failed has left is taken away then. */
  async #end(from: 'staged' | 'finished', refusal: string): Promise<void> {
    await this.#change(async (before) => {
      if (!before || before.state === 'gone') return {};
      if (before.state !== from) throw new AppError('failed_precondition', refusal);
      const { report: _, ...state } = stateOf(before);
      return { next: { ...state, state: 'gone' } };
    });
    const head = await this.#logs.head(this.evaluationId);
    if (head?.state === 'gone') await this.#tidy(head);
  }

  async generation(): Promise<number> {
    const head = await this.head();
    return head ? await this.#generationOf(head) : 1;
  }

  async claimGeneration(generation: number): Promise<boolean> {
    const head = await this.#mustHead();
    if (!Number.isSafeInteger(generation) || generation <= (await this.#generationOf(head))) return false;
    const claim = Buffer.from(newIncarnation(head.number)); // bytes of nobody else
    return await this.#bucket.create(`${this.folder(head)}generations/${generation}`, claim);
  }

  async appendControl(record: ControlRecord, stamps: Stamps, coordinatorId: string): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(controlSchema.parse(record))}\n`);
    const folder = `${this.folder(await this.#mustHead())}controls/`;
    // Beyond all that are there, whatever the clocks of other coordinators said when they wrote theirs.
    let last = 0;
    for await (const { key } of this.#bucket.list(folder)) last = Math.max(last, Number.parseInt(key.slice(folder.length), 10) || 0);
    await this.#bucket.put(`${folder}${stamps.next(last)}-${coordinatorId}.json`, bytes);
  }

  async controls(): Promise<ControlRecord[]> {
    const head = await this.head();
    if (!head) return [];
    const folder = `${this.folder(head)}controls/`;
    const records: ControlRecord[] = [];
    for await (const { key } of this.#bucket.list(folder)) {
      const bytes = await this.#bucket.get(key);
      if (!bytes) throw missing(this.evaluationId); // removed in this very moment
      try {
        records.push(controlSchema.parse(JSON.parse(bytes.toString('utf8'))));
      } catch (error) {
        throw damagedFile(this.evaluationId, key.slice(folder.length - 'controls/'.length), error);
      }
    }
    return records;
  }

  async putReport(report: ReportPointer): Promise<void> {
    await this.#change(async (before) => {
      if (!before || before.state === 'gone') throw missing(this.evaluationId);
      return { next: { ...stateOf(before), report } };
    });
  }

  async reportPointer(): Promise<ReportPointer | undefined> {
    return (await this.head())?.report;
  }

  /** Bytes of all objects that it has now. */
  async size(): Promise<number> {
    const head = await this.head();
    let bytes = 0;
    if (head) for await (const { size } of this.#bucket.list(this.folder(head))) bytes += size;
    return bytes;
  }

  async #mustHead(): Promise<Head> {
    const head = await this.head();
    if (!head) throw missing(this.evaluationId);
    return head;
  }

  async #manifestOf(head: Head): Promise<Manifest> {
    const text = await this.#bucket.get(`${this.folder(head)}manifest.json`);
    // Gone since the head was read: the caller hears what it would have heard a moment later.
    if (!text) {
      // Its log may be gone as well, and with it what would tell that the head is an old one.
      this.#logs.forget(this.evaluationId);
      throw new AppError('unavailable', `evaluation ${this.evaluationId} was removed meanwhile: repeat`);
    }
    const manifest = parseManifest(text.toString('utf8'), this.evaluationId);
    if (!manifest) throw damagedFile(this.evaluationId, 'manifest.json');
    return manifest;
  }

  async #generationOf(head: Head): Promise<number> {
    const folder = `${this.folder(head)}generations/`;
    let highest = 1;
    for await (const { key } of this.#bucket.list(folder)) highest = Math.max(highest, Number(key.slice(folder.length)) || 1);
    return highest;
  }

  /**
   * Makes one change of state: `decide` is given how it stands, and says what comes next (nothing: no change) and what to answer. When
   * another coordinator was faster, `lost` tidies up and it is decided anew.
   */
  async #change<T = undefined>(
    decide: (before: Head | undefined) => Promise<{ next?: LogState; done?: T; lost?: () => Promise<void> }>,
  ): Promise<T> {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const before = await this.#logs.head(this.evaluationId);
      const { next, done, lost } = await decide(before);
      if (!next || (await this.#logs.append(this.evaluationId, before, next))) return done as T;
      await lost?.();
    }
    throw new AppError('unavailable', `evaluation ${this.evaluationId} is changed by others all the time: repeat`);
  }

  /** Takes away what is left of one that is gone, or was never staged. */
  async #tidy(head: Head | undefined): Promise<void> {
    await this.#unlist('unfinished', head?.number ?? -1);
    await this.#unlist('present', head?.number ?? -1);
    if (!head) return;
    const keys: string[] = [];
    for await (const { key } of this.#bucket.list(this.folder(head))) keys.push(key);
    await this.#bucket.remove(keys);
  }

  async #list(list: 'present' | 'unfinished', number: number): Promise<void> {
    await this.#bucket.put(`${list}/${this.evaluationId}/${number}`, NOTHING);
  }

  /** Removes its markers of entries up to a number, and old ones of entries that were never written. */
  async #unlist(list: 'present' | 'unfinished', upTo: number): Promise<void> {
    const folder = `${list}/${this.evaluationId}/`;
    const keys: string[] = [];
    for await (const { key, modifiedMs } of this.#bucket.list(folder))
      if (Number(key.slice(folder.length)) <= upTo || modifiedMs < this.#clock.now() - STALE_MS) keys.push(key);
    await this.#bucket.remove(keys);
  }
}

function stateOf(head: Head): LogState {
  const { number: _, ...state } = head;
  return state;
}

const missing = (evaluationId: string): AppError => new AppError('not_found', `evaluation ${evaluationId} is not in the store`);
