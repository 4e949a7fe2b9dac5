/** Checks of what came over the wire: collects every fault of one message, then throws once. */
import { AppError, invalid, type Fault } from '../domain/errors.ts';
import { isAgentId, isDigest, isEvaluationId, parseTaskId } from '../domain/ids.ts';

const MAX_FAULTS = 20;
/** Values in fault texts are cut: they come from a stranger. */
const show = (value: string): string => JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);

export class Checks {
  readonly #what: string;
  readonly #faults: Fault[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  fault(place: string, problem: string): void {
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ place, problem });
  }

  /** A string of `min` to `max` UTF-16 units. */
  text(place: string, value: string, max: number, min = 0): string {
    if (value.length < min) this.fault(place, min === 1 ? 'is missing' : `has ${value.length} characters; it needs ${min}`);
    if (value.length > max) this.fault(place, `has ${value.length} characters; at most ${max} are allowed`);
    return value;
  }

  form(place: string, value: string, pattern: RegExp, expected: string): string {
    if (!pattern.test(value)) this.fault(place, `${show(value)} is not ${expected}`);
    return value;
  }

  attemptId(place: string, value: string): string {
    return this.form(place, value, ATTEMPT_ID, 'an attempt id (32 lower-case hex digits)');
  }

  evaluationId(place: string, value: string): string {
    if (!isEvaluationId(value)) this.fault(place, `${show(value)} is not an evaluation id (ev_ and 26 characters a–z, 2–7)`);
    return value;
  }

  agentId(place: string, value: string): string {
    if (!isAgentId(value)) this.fault(place, `${show(value)} is not the id of an agent, ag_ and 16 hex digits`);
    return value;
  }

  /** A task id of the given evaluation. */
  taskId(place: string, value: string, evaluationId: string): string {
    if (parseTaskId(value)?.evaluationId !== evaluationId) this.fault(place, `${show(value)} is not a task id of ${show(evaluationId)}`);
    return value;
  }

  digest(place: string, value: string): string {
    if (!isDigest(value)) this.fault(place, `${show(value)} is not a digest ("sha256:" and 64 lower-case hex digits)`);
    return value;
  }

  /** A whole number; the wire has 64-bit ones as decimal strings. */
  int(place: string, value: number | string, max = Number.MAX_SAFE_INTEGER, min = 0): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number) || number < min || number > max)
      this.fault(place, `${value} is not a whole number from ${min} to ${max}`);
    return number;
  }

  finite(place: string, value: number): number {
    if (!Number.isFinite(value)) this.fault(place, `${value} is not a finite number`);
    return value;
  }

  /** At most `max` entries; longer lists are not looked into. */
  list<T>(place: string, values: readonly T[], max: number): readonly T[] {
    if (values.length <= max) return values;
    this.fault(place, `has ${values.length} entries; at most ${max} are allowed`);
    return [];
  }

  /** Throws the faults, if there are any, as one `invalid` error. */
  done(): void {
    if (this.#faults.length > 0) throw invalid(this.#what, this.#faults);
  }
}

const ATTEMPT_ID = /^[0-9a-f]{32}$/;
const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A W3C trace context, or '' for anything else: a broken trace must not break the work. */
export const traceparentOrEmpty = (value: string): string => (TRACEPARENT.test(value) ? value : '');

/**
 * Bytes to keep. A decoded field is a view on the buffer that it came in, often 64 KiB or a whole message of many results:
 * keeping a small view would keep all of that.
 */
export const own = (bytes: Buffer): Buffer => (bytes.length * 2 < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes);

/** Decodes, or says whose fault it was that this is impossible. */
export function readable<T>(name: string, bytes: Buffer, decode: (bytes: Buffer) => T): T {
  try {
    return decode(bytes);
  } catch (cause) {
    throw new AppError('invalid', `${name}: these ${bytes.length} bytes are no such message`, { cause });
  }
}
