/**
 * Counts what was written of results, frame by frame. Memory: some 30 bytes a unit and 8 a frame; what is repeated is told by digests
 * of 48 bits.
 */
import { createHash } from 'node:crypto';
import type { FrameBooks } from '../../../shared/client/books.ts';
import type { Counts as Counting } from '../../store/control-records.ts';
import type { StoredFrame } from '../../store/store.ts';
import { Voids } from '../../store/voids.ts';

const VALID = 1;
const SEVERAL = 2;
const DIFFERENT = 4;

/** What a result says that is counted here; of one that makes no sense there are no calls. */
interface Said {
  outcome?: unknown;
  completion?: unknown;
  scores?: unknown;
  calls?: unknown;
  retries?: unknown;
}

export class FrameCounter {
  readonly #counts: Counting | undefined;
  readonly #voids = new Voids();
  /** Per unit: the attempts that brought its first and its latest result, and what the first said. 0: none. */
  readonly #first: Float64Array;
  readonly #latest: Float64Array;
  readonly #said: Float64Array;
  readonly #marks: Uint8Array;
  #attempts = new Float64Array(1_024);
  #results = 0;
  #voidFrames = 0;
  #frames = 0;
  #refused = 0;
  #setAside = 0;
  #copies = 0;
  #repeated = 0;
  #calls = 0;
  #retries = 0;
  /** Units out of the evaluation's range. */
  foreign = 0;

  /** counts: which results count after requeues; absent: all. */
  constructor(units: number, counts: Counting | undefined) {
    this.#counts = counts;
    this.#first = new Float64Array(units);
    this.#latest = new Float64Array(units);
    this.#said = new Float64Array(units);
    this.#marks = new Uint8Array(units);
  }

  /** Results seen so far. */
  get seen(): number {
    return this.#results;
  }

  /** Voids must come first. */
  add(frame: StoredFrame): void {
    if (frame.kind === 'seal') return this.#voids.seal(frame.generation, frame.voids);
    if (frame.kind === 'void') {
      this.#voidFrames++;
      this.#voids.add(frame);
      return;
    }
    const attempt = digest48(frame.attemptId);
    this.#noteAttempt(attempt);
    const isVoided = this.#voids.of(frame.attemptId);
    for (const { unit, content } of frame.results) {
      this.#results++;
      if (unit >= this.#marks.length) this.foreign++;
      else this.#result(unit, content, attempt, isVoided?.(unit) ?? false, this.#counts?.(unit, frame.grant) === false);
    }
  }

  #result(unit: number, content: Buffer, attempt: number, isVoided: boolean, isSetAside: boolean): void {
    if (isVoided) this.#refused++;
    if (isSetAside) this.#setAside++;
    else if (!isVoided) this.#marks[unit]! |= VALID;
    if (this.#first[unit] === attempt || this.#latest[unit] === attempt) {
      this.#copies++;
      return;
    }
    const said = read(content);
    this.#calls += whole(said.calls);
    this.#retries += whole(said.retries);
    this.#latest[unit] = attempt;
    if (isSetAside) return;
    const digest = digest48(JSON.stringify([said.outcome, said.completion, said.scores]));
    if (this.#said[unit] === 0) {
      this.#first[unit] = attempt;
      this.#said[unit] = digest;
      return;
    }
    this.#repeated++;
    this.#marks[unit]! |= SEVERAL | (digest === this.#said[unit] ? 0 : DIFFERENT);
  }

  #noteAttempt(attempt: number): void {
    if (this.#frames === this.#attempts.length) {
      const wider = new Float64Array(this.#frames * 2);
      wider.set(this.#attempts);
      this.#attempts = wider;
    }
    this.#attempts[this.#frames++] = attempt;
  }

  /** Whether a unit has a result that was neither refused nor set aside. */
  isValid(unit: number): boolean {
    return (this.#marks[unit]! & VALID) !== 0;
  }

  /** Attempts that brought a result. */
  attempts(): number {
    const sorted = this.#attempts.subarray(0, this.#frames).toSorted();
    return sorted.reduce((distinct, attempt, i) => distinct + (i > 0 && attempt === sorted[i - 1] ? 0 : 1), 0);
  }

  /** `countedCalls`: of the results that count. */
  books(counted: { calls: number; uncounted: number; countedThoughRefused: number }): FrameBooks {
    let [several, differed] = [0, 0];
    for (const mark of this.#marks) {
      if (mark & SEVERAL) several++;
      if (mark & DIFFERENT) differed++;
    }
    return {
      frames: this.#frames,
      results: this.#results,
      voidFrames: this.#voidFrames,
      refused: this.#refused,
      setAside: this.#setAside,
      uncounted: counted.uncounted,
      countedThoughRefused: counted.countedThoughRefused,
      copies: this.#copies,
      unitsWithSeveral: several,
      agreed: several - differed,
      differed,
      repeatedExecutions: this.#repeated,
      calls: this.#calls,
      retries: this.#retries,
      repeatedCalls: Math.max(0, this.#calls - counted.calls),
    };
  }
}

function read(content: Buffer): Said {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : { outcome: value };
  } catch {
    return { outcome: content.toString('latin1') };
  }
}

const whole = (value: unknown): number => (Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0);

/** Never 0. */
const digest48 = (text: string): number => createHash('sha1').update(text).digest().readUIntBE(0, 6) + 1;
