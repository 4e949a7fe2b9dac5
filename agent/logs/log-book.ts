/**
 * Lines for people, on their way to the coordinator: what is said of attempts, and what the agent's own log says. Bounded in every way: of one
 * attempt, and all together; what is too much is counted, and the count is said. Nothing waits for it. Without a coordinator that takes lines
 * the last ones stay here.
 */
import { isAtLeast, leftOutWords, lineText, type AgentLine, type LineLevel } from '../../shared/domain/log-line.ts';
import type { Redactor } from '../../shared/domain/redactor.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { withoutSecretForms } from '../../shared/telemetry/logger.ts';
import { lineOfLog } from './log-words.ts';

/** All that waits. */
const MAX_BYTES = 256 << 10;
/** Of one attempt, as long as it is known here. */
const ATTEMPT_BYTES = 32 << 10;
/** Attempts whose bytes are counted: the last ones. */
const MAX_ATTEMPTS = 2_000;
/** In one message. */
const MAX_LINES = 500;
/** What a line takes beside its text. */
const LINE_BYTES = 64;

/** What a line counts. */
export const bytesOf = ({ text }: AgentLine): number => Buffer.byteLength(text) + LINE_BYTES;

export interface LogBookOptions {
  clock: Clock;
  /** Knows what is never told. */
  redactor: Redactor;
  /** What matters less is not told; `info` by default. */
  level?: LineLevel;
}

interface Account {
  bytes: number;
  leftOut: number;
}

export class LogBook {
  readonly #options: Required<LogBookOptions>;
  /** By attempt, in the order of their first line. */
  readonly #accounts = new Map<string, Account>();
  /** The agent's own, and what was left out of attempts that are not counted any more. */
  readonly #own: Account = { bytes: 0, leftOut: 0 };
  #lines: { line: AgentLine; bytes: number }[] = [];
  #bytes = 0;
  /** Of all accounts. */
  #leftOut = 0;
  #wake: (() => void) | undefined;

  constructor(options: LogBookOptions) {
    this.#options = { level: 'info', ...options };
  }

  /** Says something of an attempt ('': of the agent), and of one of its units. */
  say(attemptId: string, level: LineLevel, text: string, unit?: number): void {
    const { clock, redactor } = this.#options;
    if (!isAtLeast(level, this.#options.level)) return;
    const account = this.#accountOf(attemptId);
    // A sample that fails at once may be one of thousands: what is left out is not read either.
    if (account !== this.#own && account.bytes > ATTEMPT_BYTES) return this.#leave(account);
    const clean = lineText(withoutSecretForms(redactor.redact(text)));
    this.#add({ attemptId, timeMs: clock.now(), level, text: clean, ...(unit === undefined ? {} : { unit }) });
  }

  /** Takes in a line of the agent's log. */
  heard(line: string): void {
    const read = lineOfLog(line);
    if (read && isAtLeast(read.level, this.#options.level)) this.say(read.attemptId, read.level, read.text, read.unit);
  }

  /** Resolves when there is something to send; rejects with the signal's reason. One caller at a time. */
  async something(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#lines.length > 0 || this.#leftOut > 0) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#wake = resolve;
    try {
      await promise;
    } finally {
      this.#wake = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** The next lines, of about so many bytes; before them, in half of the room at most, what was left out. */
  take(maxBytes: number): AgentLine[] {
    const gaps = this.#gaps(maxBytes / 2);
    let bytes = gaps.reduce((sum, gap) => sum + bytesOf(gap), 0);
    let count = 0;
    for (const line of this.#lines.slice(0, MAX_LINES)) {
      if (gaps.length + count > 0 && bytes + line.bytes > maxBytes) break;
      bytes += line.bytes;
      this.#bytes -= line.bytes;
      count++;
    }
    return [...gaps, ...this.#lines.splice(0, count).map(({ line }) => line)];
  }

  #add(line: AgentLine): void {
    const bytes = bytesOf(line);
    this.#accountOf(line.attemptId).bytes += bytes;
    this.#lines.push({ line, bytes });
    this.#bytes += bytes;
    while (this.#bytes > MAX_BYTES) {
      const oldest = this.#lines.shift()!;
      this.#bytes -= oldest.bytes;
      this.#leave(this.#accountOf(oldest.line.attemptId));
    }
    this.#wake?.();
  }

  #leave(account: Account): void {
    account.leftOut++;
    this.#leftOut++;
    this.#wake?.();
  }

  #accountOf(attemptId: string): Account {
    const known = attemptId === '' ? this.#own : this.#accounts.get(attemptId);
    if (known) return known;
    const account = { bytes: 0, leftOut: 0 };
    this.#accounts.set(attemptId, account);
    for (const [oldest, { leftOut }] of this.#accounts) {
      if (this.#accounts.size <= MAX_ATTEMPTS) break;
      this.#accounts.delete(oldest);
      this.#own.leftOut += leftOut;
    }
    return account;
  }

  /** Says how many lines were left out, and counts anew. */
  #gaps(maxBytes: number): AgentLine[] {
    if (this.#leftOut === 0) return [];
    const timeMs = this.#options.clock.now();
    const gaps: AgentLine[] = [];
    let bytes = 0;
    for (const [attemptId, account] of [['', this.#own] as const, ...this.#accounts]) {
      const { leftOut } = account;
      if (leftOut === 0) continue;
      const gap: AgentLine = { attemptId, timeMs, level: 'warn', text: leftOutWords(leftOut) };
      bytes += bytesOf(gap);
      if (gaps.length > 0 && (bytes > maxBytes || gaps.length >= MAX_LINES)) break;
      gaps.push(gap);
      account.leftOut = 0;
      this.#leftOut -= leftOut;
    }
    return gaps;
  }
}
