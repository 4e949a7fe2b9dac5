/**
 * One place for a process of a command: it is started when a question comes, started again after a pause when it has died, and
 * killed when it does not answer in time.
 *
 * A question that was alone in the process when that ended is to blame, and fails. Of several nobody knows which one it was: each
 * goes back to the queue as a suspect, and a suspect is asked alone. So each is asked twice at most, and none fails for another.
 *
 * State
 *   idle     no process; a question starts one → running
 *   running  questions are in flight, or it waits for some; left by its end → resting
 *   resting  entered by the process's end; takes nothing; left by the clock → idle
 */
import { backoffMs } from '../../shared/runtime/backoff.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { CommandConfig } from './program-process.ts';
import { MAX_LINE_BYTES, ProgramProcess } from './program-process.ts';

/** What is asked, and who waits for the answer. */
export interface Question {
  id: number;
  line: Buffer;
  timeoutMs: number;
  /** It was in flight with others when a process ended. */
  suspect: boolean;
  /** Since when nobody waits for it any more. */
  abandonedAt: number | undefined;
  answer(value: unknown): void;
  fail(why: string): void;
}

export interface InstanceOptions {
  config: CommandConfig;
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  random: () => number;
  /** Its stderr is for the log. */
  onStart: (process: ProgramProcess) => void;
  onEnd: (why: string) => void;
  /** These are to be asked again. */
  onReturn: (questions: Question[]) => void;
  /** There may be room again. */
  onRoom: () => void;
}

/** Questions that one process has at the same time: it may answer them in any order. */
const MAX_IN_FLIGHT = 16;
const RESTART = { baseMs: 200, maxMs: 10_000 };

export class Instance {
  readonly #options: InstanceOptions;
  readonly #inFlight = new Map<number, Question & { sentAt: number }>();
  readonly #closing = new AbortController();
  #process: ProgramProcess | undefined;
  #bytes = 0;
  #resting = false;
  #failures = 0;
  #lastAnswerAt = -Infinity;
  #watching = false;

  constructor(options: InstanceOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  takes(question: Question): boolean {
    if (this.#resting || this.#closing.signal.aborted) return false;
    if (this.#inFlight.size === 0) return true;
    const [first] = this.#inFlight.values();
    const hasRoom = this.#inFlight.size < MAX_IN_FLIGHT && this.#bytes + question.line.length <= MAX_LINE_BYTES;
    return hasRoom && !question.suspect && !first!.suspect;
  }

  ask(question: Question): void {
    const { clock } = this.#options;
    this.#inFlight.set(question.id, Object.assign(question, { sentAt: clock.monotonic() }));
    this.#bytes += question.line.length;
    this.#process ??= this.#start();
    this.#process.write(question.line);
    if (!this.#watching) void this.#watch();
  }

  /** Nobody waits for this answer any more: its sample was aborted. A process that has no other question is killed soon. */
  abandon(question: Question): void {
    question.abandonedAt ??= this.#options.clock.monotonic();
  }

  /** Ends the process; resolves when it is gone. What is in flight fails. */
  async close(): Promise<void> {
    this.#closing.abort();
    const process = this.#process;
    process?.kill('was ended with the agent');
    await process?.gone;
  }

  #start(): ProgramProcess {
    const { config, environment, onStart } = this.#options;
    const started = new ProgramProcess({
      config,
      environment,
      onLine: (line) => this.#take(started, line),
      onEnd: (why) => this.#ended(why),
    });
    onStart(started);
    return started;
  }

  #take(process: ProgramProcess, line: Buffer): void {
    const text = line.toString('utf8');
    if (text.trim() === '') return;
    const value = parsed(text);
    const question = this.#inFlight.get((value as { id?: unknown } | undefined)?.id as number);
    // What it printed may be a completion: it is not repeated.
    if (!question) return process.kill(`wrote a line on stdout that answers no question (${line.length} bytes); logs belong on stderr`);
    this.#inFlight.delete(question.id);
    this.#bytes -= question.line.length;
    this.#lastAnswerAt = this.#options.clock.monotonic();
    this.#failures = 0;
    question.answer(value);
    this.#options.onRoom();
  }

  #ended(why: string): void {
    const { onEnd, onReturn, onRoom, clock, random } = this.#options;
    const questions = [...this.#inFlight.values()];
    this.#inFlight.clear();
    this.#bytes = 0;
    this.#process = undefined;
    this.#resting = true;
    onEnd(why);
    if (questions.length === 1 || this.#closing.signal.aborted) for (const question of questions) question.fail(why);
    else
      onReturn(
        questions.filter(({ abandonedAt }) => abandonedAt === undefined).map((question) => Object.assign(question, { suspect: true })),
      );
    // Others may have room for what came back.
    onRoom();
    const restMs = backoffMs(++this.#failures, RESTART, random);
    void clock.sleep(restMs, this.#closing.signal).then(
      () => {
        this.#resting = false;
        onRoom();
      },
      () => undefined,
    );
  }

  /** A question's time counts from its writing or from the process's last answer: what waits in its input for others is not late. */
  async #watch(): Promise<void> {
    const { clock } = this.#options;
    this.#watching = true;
    while (this.#inFlight.size > 0 && !this.#closing.signal.aborted) {
      const questions = [...this.#inFlight.values()];
      const due = Math.min(...questions.map((question) => this.#dueAt(question)));
      const leftMs = due - clock.monotonic();
      const lastAbandonedAt = Math.max(...questions.map(({ abandonedAt = Infinity }) => abandonedAt));
      if (clock.monotonic() - lastAbandonedAt >= ABANDONED_MS) {
        this.#process?.kill('worked on nothing but samples that were aborted');
      } else if (leftMs <= 0) {
        const [late] = questions.filter((question) => this.#dueAt(question) <= due);
        this.#process?.kill(`gave no answer within ${late!.timeoutMs / 1000} s`);
      } else {
        await clock.sleep(Math.min(leftMs, MAX_NAP_MS), this.#closing.signal).catch(() => undefined);
      }
    }
    this.#watching = false;
  }

  #dueAt({ sentAt, timeoutMs }: { sentAt: number; timeoutMs: number }): number {
    // Others' answers do not keep a question alive for ever.
    return Math.min(Math.max(sentAt, this.#lastAnswerAt) + timeoutMs, sentAt + MAX_IN_FLIGHT * timeoutMs);
  }
}

/** The watcher sleeps no longer than this, so that a later question with a shorter time is seen. */
const MAX_NAP_MS = 250;
/** A program that nobody waits for any more has this long to answer, before it is killed. */
const ABANDONED_MS = 1000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
