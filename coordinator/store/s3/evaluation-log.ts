/**
 * The course of one evaluation in an S3 store: numbered entries `evaluations/ID/log/00000000`, 00000001, …, each created only if nobody
 * else has created it. The highest one says how it stands, so creating the next one is a change of state that exactly one of several
 * coordinators makes. Entries are never changed.
 *
 *   none ─▶ staged ─▶ accepted ⇄ finished        staged, finished ─▶ gone ─▶ staged
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { damagedFile, reportSchema } from '../manifest-file.ts';
import type { Bucket } from './bucket.ts';

const entrySchema = z.strictObject({
  state: z.enum(['staged', 'accepted', 'finished', 'gone']),
  /** Names the folder of everything else that it has. Another one for every staging, so what came late for a gone one is in nobody's way. */
  incarnation: z.string().regex(/^\d{8}-[0-9a-f]{16}$/),
  /** Numbers of the entries that put it on the list of all, and on that of the unfinished: the markers there bear them. */
  present: z.int().nonnegative(),
  unfinished: z.int().nonnegative(),
  report: reportSchema.optional(),
  /** Makes the bytes those of one writer alone. */
  nonce: z.string(),
});

export type LogState = Omit<z.infer<typeof entrySchema>, 'nonce'>;
export type Head = LogState & { number: number };

/** Heads remembered, and for how long; forgetting one costs a listing. Shorter than what a removed evaluation's log is kept for. */
const REMEMBERED = 10_000;
const REMEMBERED_MS = 10 * 60_000;

const pad = (number: number): string => String(number).padStart(8, '0');

export const newIncarnation = (number: number): string => `${pad(number)}-${randomBytes(8).toString('hex')}`;

export class EvaluationLogs {
  readonly #bucket: Bucket;
  readonly #clock: Clock;
  /** The last head seen; looked beyond before it is believed. */
  readonly #heads = new Map<string, { head: Head; listedAt: number }>();

  constructor(bucket: Bucket, clock: Clock) {
    this.#bucket = bucket;
    this.#clock = clock;
  }

  /** How it stands now; undefined where it was never staged. */
  async head(evaluationId: string): Promise<Head | undefined> {
    const now = this.#clock.monotonic();
    const known = this.#heads.get(evaluationId);
    let head = known && now - known.listedAt < REMEMBERED_MS ? known.head : undefined;
    const listedAt = head ? known!.listedAt : now;
    if (!head) {
      let last = -1;
      for await (const { key } of this.#bucket.list(folderOf(evaluationId))) last = Math.max(last, Number(key.slice(-8)));
      if (last < 0) {
        this.forget(evaluationId);
        return undefined;
      }
      head = await this.#read(evaluationId, last);
    }
    while (head) {
      this.#remember(evaluationId, head, listedAt);
      const next = await this.#read(evaluationId, head.number + 1);
      if (!next) return head;
      head = next;
    }
    return undefined;
  }

  /** The last head that this process has seen. */
  seen(evaluationId: string): Head | undefined {
    return this.#heads.get(evaluationId)?.head;
  }

  /** Its log was taken away. */
  forget(evaluationId: string): void {
    this.#heads.delete(evaluationId);
  }

  /** Writes the entry after `before`; undefined if another one was faster. */
  async append(evaluationId: string, before: Head | undefined, state: LogState): Promise<Head | undefined> {
    const number = (before?.number ?? -1) + 1;
    const bytes = Buffer.from(`${JSON.stringify({ ...state, nonce: randomBytes(8).toString('hex') })}\n`);
    if (!(await this.#bucket.create(folderOf(evaluationId) + pad(number), bytes))) return undefined;
    const head = { ...state, number };
    this.#remember(evaluationId, head, this.#heads.get(evaluationId)?.listedAt ?? this.#clock.monotonic());
    return head;
  }

  async #read(evaluationId: string, number: number): Promise<Head | undefined> {
    const bytes = await this.#bucket.get(folderOf(evaluationId) + pad(number));
    if (!bytes) return undefined;
    try {
      const { nonce: _, ...state } = entrySchema.parse(JSON.parse(bytes.toString('utf8')));
      return { ...state, number };
    } catch (error) {
      throw damagedFile(evaluationId, `log/${pad(number)}`, error);
    }
  }

  #remember(evaluationId: string, head: Head, listedAt: number): void {
    this.#heads.delete(evaluationId);
    // The log of one that is gone may be taken away, and begin anew.
    if (head.state === 'gone') return;
    this.#heads.set(evaluationId, { head, listedAt });
    if (this.#heads.size > REMEMBERED) this.#heads.delete(this.#heads.keys().next().value!);
  }
}

const folderOf = (evaluationId: string): string => `evaluations/${evaluationId}/log/`;
