/**
 * What evaluated models have answered, for their judges. What this coordinator counts is kept until it is judged, within a bound of bytes: judge calls
 * are planned as soon as there is an answer. What it does not have (counted by another coordinator, or before a restart) is read from the
 * store; the index that this needs costs a pass over the headers of all results, so it is kept as long as it has what is asked for.
 *
 * A requeue makes answers void. Whoever asks looks at the ledger first: while a command is under way nothing is told, and after a requeue
 * nothing that was known before it.
 */
import { AppError } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { isOpenCode, UNIT_STATES, unitCode } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ResultIndex, Store } from '../../store/store.ts';
import { readResult } from '../reported.ts';

/** A judge is shown no longer answer, bytes. */
export const MAX_JUDGED_BYTES = 256 << 10;
/** The reason of an error that only says that it is too early. */
export const NOT_YET = 'NOT_YET';
const KEPT_BYTES = 64 << 20;
/** What one kept answer takes beside its text, about. */
const ENTRY_BYTES = 200;
const KEPT_EVALUATIONS = 64;
const KEPT_INDEXES = 8;
const LEAST_GAP_MS = 500;
/** A task waits so long for the next look, before it goes back to the queue. */
const MOST_WAIT_MS = 1_000;

/** What a judge is to be shown, or why there is nothing to be shown. */
export type Answer = { text: string } | { nothing: string } | { bytes: number };

/** What was known of an evaluation since the last requeue that was seen. */
interface Era {
  /** Different for every one. */
  number: number;
  requeues: number;
  createdAtMs: number;
  index?: Promise<ResultIndex>;
  /** The one that is being made. */
  next?: Promise<ResultIndex>;
  /** When the store may be looked through again. */
  againAtMs: number;
}

interface Kept {
  answer: Answer;
  /** Calls about it that are not counted yet. */
  calls: number;
}

export interface AnswersParts {
  store: Pick<Store, 'openResults'>;
  ledger: Pick<Ledger, 'looks' | 'unitCodes'>;
  clock: Clock;
}

export class Answers {
  readonly #parts: AnswersParts;
  /** By evaluation, the longest unused first. */
  readonly #eras = new Map<string, Era>();
  /** By era and unit, the oldest first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #count = 0;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /** To be asked for before results are counted, and given back with them. Undefined: what is counted cannot be kept. */
  async era(manifest: Manifest): Promise<number | undefined> {
    if (!manifest.groups.some(({ judge }) => judge)) return undefined;
    const era = this.#eras.get(manifest.evaluationId) ?? (await this.#look(manifest).catch(() => undefined));
    return era?.createdAtMs === manifest.createdAtMs ? era.number : undefined;
  }

  /** An answer counts, about which there are so many calls. */
  keep(era: number | undefined, unit: number, completion: string | undefined, calls: number): void {
    if (era === undefined || completion === undefined) return;
    const [key, answer] = [`${era} ${unit}`, answerOf(completion)];
    this.#drop(key);
    this.#kept.set(key, { answer, calls });
    this.#bytes += sizeOf(answer);
    for (const first of this.#kept.keys()) {
      if (this.#bytes <= KEPT_BYTES) break;
      this.#drop(first);
    }
  }

  /** A call about the answer of this unit counts. One that is asked for again is read from the store. */
  judged(era: number | undefined, unit: number): void {
    const key = `${era} ${unit}`;
    const kept = this.#kept.get(key);
    if (kept && --kept.calls <= 0) this.#drop(key);
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept && this.#kept.delete(key)) this.#bytes -= sizeOf(kept.answer);
  }

  /** The answers of closed units, ascending, of one group. Throws `unavailable` where they cannot be told now. */
  async of(manifest: Manifest, units: readonly number[]): Promise<Answer[]> {
    const { evaluationId } = manifest;
    const era = await this.#look(manifest);
    const codes = await this.#parts.ledger.unitCodes(evaluationId, units[0]!, units.at(-1)! - units[0]! + 1);
    const found = new Map<number, Answer>();
    const missing = new Set<number>();
    for (const unit of units) {
      const code = codes[unit - units[0]!]!;
      if (isOpenCode(code)) throw later('what is to be judged is being run again');
      const kept = this.#kept.get(`${era.number} ${unit}`);
      if (code >= unitCode('cancelled')) found.set(unit, { nothing: `the sample is ${UNIT_STATES[code]}` });
      else if (kept) found.set(unit, kept.answer);
      else missing.add(unit);
    }
    if (missing.size > 0) await this.#read(manifest, era, missing, found);
    return units.map((unit) => found.get(unit)!);
  }

  async close(): Promise<void> {
    for (const id of [...this.#eras.keys()]) this.#end(id);
  }

  /** The era in which an evaluation is now. */
  async #look({ evaluationId, createdAtMs }: Manifest): Promise<Era> {
    const [look] = await this.#parts.ledger.looks([evaluationId]);
    if (!look || look.state === 'recovering') throw later('the evaluation is being recovered');
    if (look.command !== '') throw later('a command is under way');
    let era = this.#eras.get(evaluationId);
    if (!era || era.requeues !== look.requeues || era.createdAtMs !== createdAtMs) {
      this.#end(evaluationId);
      era = { number: ++this.#count, requeues: look.requeues, createdAtMs, againAtMs: -Infinity };
    }
    this.#eras.delete(evaluationId);
    this.#eras.set(evaluationId, era);
    if (this.#eras.size > KEPT_EVALUATIONS) this.#end(this.#eras.keys().next().value!);
    return era;
  }

  #end(evaluationId: string): void {
    const era = this.#eras.get(evaluationId);
    this.#eras.delete(evaluationId);
    if (era) closeIndex(era);
  }

  /** From the store: what the last look through it had found, else by another one. */
  async #read(manifest: Manifest, era: Era, missing: Set<number>, found: Map<number, Answer>): Promise<void> {
    const known = era.index && (await era.index.catch(() => undefined));
    const isThere = known !== undefined && [...missing].every((unit) => known.has(unit));
    const index = isThere ? known : await this.#openIndex(manifest.evaluationId, era);
    for await (const { unit, content } of index.results(Math.min(...missing), (unit) => missing.has(unit))) {
      const result = readResult(manifest, unit, content);
      if (!result) throw new AppError('internal', `the store's result of unit ${unit} makes no sense`);
      missing.delete(unit);
      const { completion, error } = result;
      found.set(unit, completion === undefined ? { nothing: `the sample errored (${error?.class ?? 'unknown'})` } : answerOf(completion));
      if (missing.size === 0) break;
    }
    if (missing.size > 0) throw later('the store has no result of it yet');
  }

  /** One look at a time, and not all the time: who comes meanwhile shares it. */
  #openIndex(evaluationId: string, era: Era): Promise<ResultIndex> {
    return (era.next ??= this.#openSoon(evaluationId, era).finally(() => delete era.next));
  }

  async #openSoon(evaluationId: string, era: Era): Promise<ResultIndex> {
    const { store, clock } = this.#parts;
    const waitMs = era.againAtMs - clock.monotonic();
    if (waitMs > MOST_WAIT_MS) throw later('the store was looked through a moment ago');
    if (waitMs > 0) await clock.sleep(waitMs);
    const startedAt = clock.monotonic();
    closeIndex(era);
    const opened = store.openResults(evaluationId, { voided: 'last' });
    era.index = opened;
    try {
      return await opened;
    } finally {
      const now = clock.monotonic();
      era.againAtMs = now + Math.max(LEAST_GAP_MS, 5 * (now - startedAt));
      const withIndex = [...this.#eras.values()].filter(({ index }) => index !== undefined);
      for (const other of withIndex.slice(0, Math.max(0, withIndex.length - KEPT_INDEXES))) closeIndex(other);
    }
  }
}

/** Readers that are at it find it closed, and ask again. */
function closeIndex(era: Era): void {
  const { index } = era;
  delete era.index;
  void index?.then((open) => open.close()).catch(() => undefined);
}

const later = (why: string): AppError => new AppError('unavailable', `${why}; it is tried again`, { reason: NOT_YET });

function answerOf(completion: string): Answer {
  const bytes = Buffer.byteLength(completion);
  return bytes > MAX_JUDGED_BYTES ? { bytes } : { text: completion };
}

const sizeOf = (answer: Answer): number => ENTRY_BYTES + ('text' in answer ? 2 * answer.text.length : 0);
