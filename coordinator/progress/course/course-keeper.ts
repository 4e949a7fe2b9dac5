/**
 * Keeps the course of evaluations: what a coordinator counts, and which attempts begin and end, is added up here and written to Redis once a second. It
 * is for the eye: nothing else goes by it, and what cannot be written is forgotten.
 */
import { createHash } from 'node:crypto';
import { MOST_COURSE_ATTEMPTS } from '../../../shared/client/course.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { Duty, type Service } from '../../../shared/runtime/service.ts';
import type { AttemptTold } from '../../ledger/types.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { throwUnavailable } from '../../redis/errors.ts';
import { courseFormOf, FIRST_WIDTH_MS, MOST_SPANS, type CourseForm, type ModelSpan, type Span, type Spans } from './course-form.ts';
import { ADD_TO_COURSE } from './course-script.ts';
import { binOf } from './latencies.ts';

const EVERY_MS = 1_000;
/** What is counted within it is told as of one moment. */
const SLOT_MS = 250;
/** Attempts of one evaluation that are written at once; where more begin, the others are only counted. */
const MOST_AT_ONCE = 200;
const SHA = createHash('sha1').update(ADD_TO_COURSE).digest('hex');

/** Of an attempt at units with gaps; where there are more the last ones are one. */
const MOST_RUNS = 24;

/** A result that counts. */
export interface Counted {
  counted: { group: number };
  usage: { inputTokens: number; outputTokens: number };
  modelMs: number;
  errorClass: string | undefined;
}

/** An attempt as it is kept; `toMs` 0: nobody has seen its end. */
export interface KeptAttempt {
  attemptId: string;
  sequence: number;
  agentId: string;
  firstUnit: number;
  units: number;
  fromMs: number;
  toMs: number;
  end: 'done' | 'returned' | 'lost' | 'crashed' | undefined;
  /** In the queue before it; undefined: nobody knows. */
  waitedMs: number | undefined;
  /** Units first … end − 1, ascending. */
  runs: Runs;
  /** Those whose results came when it was not held any more. */
  refused: Runs;
}

/** As it lies in Redis (`course-script.ts`). */
interface KeptRow {
  s: number;
  u: number;
  a: string;
  n: number;
  b: number;
  e?: number;
  k?: string;
  w?: number;
  r?: string;
  x?: string;
}

type Runs = readonly (readonly [first: number, end: number])[];

interface Slot {
  atMs: number;
  span: Required<Pick<Span, 'm' | 'e'>>;
}

interface Pending {
  slots: Slot[];
  form: CourseForm | undefined;
  began: (AttemptTold & { kind: 'began'; atMs: number })[];
  ended: { attemptId: string; kind: string; atMs: number }[];
  refused: (AttemptTold & { kind: 'refused' })[];
  missed: number;
}

export class CourseKeeper implements Service {
  readonly #redis: RedisClient;
  readonly #keyOf: (evaluationId: string, name: string) => string;
  readonly #clock: Clock;
  readonly #duty: Duty;
  readonly #forms = new WeakMap<Manifest, CourseForm>();
  #pending = new Map<string, Pending>();

  constructor(options: { redis: RedisClient; keyOf: (evaluationId: string, name: string) => string; clock: Clock }) {
    this.#redis = options.redis;
    this.#keyOf = options.keyOf;
    this.#clock = options.clock;
    this.#duty = new Duty({ clock: options.clock, periodMs: EVERY_MS, run: () => this.flush(), onError: () => undefined });
  }

  start(): Promise<void> {
    return this.#duty.start();
  }

  async stop(): Promise<void> {
    await this.#duty.stop();
    await this.flush();
  }

  formOf(manifest: Manifest): CourseForm {
    const known = this.#forms.get(manifest);
    if (known) return known;
    const form = courseFormOf(manifest);
    this.#forms.set(manifest, form);
    return form;
  }

  /** Results of an evaluation that were just counted. */
  add(manifest: Manifest, results: readonly Counted[]): void {
    if (results.length === 0) return;
    const pending = this.#of(manifest.evaluationId);
    const form = (pending.form = this.formOf(manifest));
    const { m, e } = this.#slotOf(pending).span;
    for (const { counted, usage, modelMs, errorClass } of results) {
      const own: ModelSpan = (m[form.modelOfGroup[counted.group]!] ??= [0, 0, 0, {}]);
      own[0]++;
      own[1] += usage.inputTokens;
      own[2] += usage.outputTokens;
      if (modelMs > 0) own[3][binOf(modelMs)] = (own[3][binOf(modelMs)] ?? 0) + 1;
      if (errorClass !== undefined) e[errorClass] = (e[errorClass] ?? 0) + 1;
    }
  }

  /** An attempt begins, or ends. */
  attempt(told: AttemptTold): void {
    // Named by an agent: what it makes up is not to cost more than this.
    if (told.kind === 'refused' && !this.#pending.has(told.evaluationId) && this.#pending.size >= MOST_AT_ONCE) return;
    const pending = this.#of(told.evaluationId);
    const atMs = this.#clock.monotonic();
    if (told.kind === 'refused') {
      if (pending.refused.length < MOST_AT_ONCE) pending.refused.push(told);
    } else if (told.kind !== 'began') {
      if (pending.ended.length < 2 * MOST_AT_ONCE) pending.ended.push({ attemptId: told.attemptId, kind: told.kind, atMs });
    } else if (pending.began.length < MOST_AT_ONCE) pending.began.push({ ...told, atMs });
    else pending.missed++;
  }

  #slotOf({ slots }: Pending): Slot {
    const atMs = this.#clock.monotonic();
    const last = slots.at(-1);
    if (last && atMs - last.atMs < SLOT_MS) return last;
    const fresh: Slot = { atMs, span: { m: {}, e: {} } };
    slots.push(fresh);
    return fresh;
  }

  #of(evaluationId: string): Pending {
    const known = this.#pending.get(evaluationId);
    if (known) return known;
    const fresh: Pending = { slots: [], form: undefined, began: [], ended: [], refused: [], missed: 0 };
    this.#pending.set(evaluationId, fresh);
    return fresh;
  }

  /** Writes what was added since the last time, of one evaluation or of all. Never throws. */
  async flush(evaluationId?: string): Promise<void> {
    const all = [...this.#pending].filter(([id]) => evaluationId === undefined || id === evaluationId);
    for (const [id] of all) this.#pending.delete(id);
    // What cannot be written is missing in a picture: it is not worth being counted twice.
    await Promise.all(all.map(([id, pending]) => this.#write(id, pending).catch(() => undefined)));
  }

  async #write(evaluationId: string, pending: Pending): Promise<void> {
    const now = this.#clock.monotonic();
    const ago = (atMs: number): number => Math.max(0, Math.round(now - atMs));
    const argument = JSON.stringify({
      most: MOST_SPANS,
      width: FIRST_WIDTH_MS,
      kept: MOST_COURSE_ATTEMPTS,
      spans: pending.slots.map(({ atMs, span }) => [ago(atMs), span]),
      scores: pending.form?.scores.map(({ field }) => field) ?? [],
      began: pending.began.map((b) => [
        b.attemptId,
        b.sequence,
        b.units[0] ?? 0,
        b.agentId,
        b.units.length,
        ago(b.atMs),
        b.waitedMs ?? -1,
        gapsText(b.units),
      ]),
      ended: pending.ended.map((e) => [e.attemptId, e.kind, ago(e.atMs)]),
      refused: pending.refused.map((r) => [r.attemptId, r.agentId, runsText(r.units)]),
      missed: pending.missed,
    });
    const keys = ['meta', 'sums', 'agents', 'course', 'attempts'].map((name) => this.#keyOf(evaluationId, name));
    try {
      await this.#redis.evalsha(SHA, keys.length, ...keys, argument);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      await this.#redis.eval(ADD_TO_COURSE, keys.length, ...keys, argument);
    }
  }

  /** How many attempts have begun. */
  async begun(evaluationId: string): Promise<number> {
    return Number((await this.#redis.hget(this.#keyOf(evaluationId, 'course'), 'n').catch(throwUnavailable)) ?? 0);
  }

  /** The spans that are kept; undefined where nothing is kept. */
  async spans(evaluationId: string): Promise<Spans | undefined> {
    const { o, w, n, ...rows } = await this.#redis.hgetall(this.#keyOf(evaluationId, 'course')).catch(throwUnavailable);
    if (n === undefined && o === undefined) return undefined;
    const spans = new Map(Object.entries(rows).map(([place, json]) => [Number(place), JSON.parse(json) as Span]));
    return { fromMs: Number(o ?? 0), widthMs: Number(w ?? FIRST_WIDTH_MS), spans };
  }

  /** The latest attempts, in any order. */
  async attempts(evaluationId: string): Promise<KeptAttempt[]> {
    const rows = await this.#redis.hgetall(this.#keyOf(evaluationId, 'attempts')).catch(throwUnavailable);
    return Object.entries(rows).map(([attemptId, json]) => {
      const { s, u, a, n, b, e = 0, k, w, r, x } = JSON.parse(json) as KeptRow;
      return {
        ...{ attemptId, sequence: s, firstUnit: u, agentId: a, units: n, fromMs: b, toMs: e },
        ...{ end: k as KeptAttempt['end'], waitedMs: w, runs: r === undefined ? [[u, u + n]] : runsOf(r) },
        refused: x === undefined ? [] : runsOf(x),
      };
    });
  }
}

/** Of units with gaps; '' where there are none. */
const gapsText = (units: readonly number[]): string => (units.at(-1)! - units[0]! + 1 === units.length ? '' : runsText(units));

/** `3-9,12`: runs of units, ascending. Pure. */
function runsText(units: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const unit of units) {
    const last = runs.at(-1);
    if (last && (unit === last[1] + 1 || runs.length === MOST_RUNS)) last[1] = unit;
    else runs.push([unit, unit]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

function runsOf(text: string): Runs {
  return text.split(',').map((run) => {
    const [first, last = first] = run.split('-').map(Number);
    return [first!, last! + 1];
  });
}
