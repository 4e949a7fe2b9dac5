/** The programs that the operator allows, by name; each with its processes and one queue of questions for them. */
import { AppError } from '../../shared/domain/errors.ts';
import { nearestName } from '../../shared/domain/nearest-name.ts';
import { MIN_CONTENT_SECRET_CHARS, type Redactor } from '../../shared/domain/redactor.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { Instance, type Question } from './instance.ts';
import { MAX_LINE_BYTES, type CommandConfig } from './program-process.ts';
import { filledArgv } from './slots.ts';
import { StderrLog } from './stderr-log.ts';

export interface ProgramsOptions {
  commands: Readonly<Record<string, CommandConfig>>;
  clock: Clock;
  /** [0, 1) */
  random: () => number;
  logger: Logger;
  /** The agent's own, of which programs see a few harmless variables. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Never to be logged, whatever a program prints. */
  redactor: Redactor;
}

/** One command's programs with different arguments at the same time; another one takes the place of one that idles. */
const MAX_VARIANTS = 8;

export class Programs {
  readonly #options: ProgramsOptions;
  /** By name, then by arguments, in the order of their last use. */
  readonly #programs = new Map<string, Map<string, Program>>();
  #closed = false;

  constructor(options: ProgramsOptions) {
    this.#options = options;
  }

  /** Throws AppError `invalid` for a name that the operator did not allow, or values of slots that he did not. */
  named(name: string, slots: Readonly<Record<string, unknown>> = {}): Pick<Program, 'ask'> {
    const config = this.#config(name);
    const argv = filledArgv(config.argv, config.slots ?? {}, slots);
    const key = JSON.stringify(argv);
    // Looked up for each question: it may have made room for another one meanwhile.
    return { ask: (body, timeoutMs, signal) => this.#variant(name, key, { ...config, argv }).ask(body, timeoutMs, signal) };
  }

  #variant(name: string, key: string, config: CommandConfig): Program {
    if (this.#closed) throw failure(name, 'was ended with the agent');
    const variants = this.#programs.get(name) ?? new Map<string, Program>();
    this.#programs.set(name, variants);
    let program = variants.get(key);
    variants.delete(key);
    if (!program && variants.size >= MAX_VARIANTS) {
      const idle = [...variants].find(([, other]) => other.isIdle);
      if (!idle)
        throw failure(
          name,
          `is at work with ${MAX_VARIANTS} different arguments, and cannot be with more; let specs have fewer at the same time`,
        );
      variants.delete(idle[0]);
      void idle[1].close();
    }
    program ??= new Program(name, config, this.#options);
    variants.set(key, program);
    return program;
  }

  #config(name: string): CommandConfig {
    const { commands } = this.#options;
    if (Object.hasOwn(commands, name)) return commands[name]!;
    const names = Object.keys(commands);
    const near = nearestName(name, names);
    const known = near ? `did you mean ${near}?` : names.length > 0 ? `it allows ${names.join(', ')}` : 'it allows none';
    throw new AppError('invalid', `the command ${JSON.stringify(name)} is not among this agent's \`commands\`; ${known}`);
  }

  /** Ends all processes. */
  async close(): Promise<void> {
    this.#closed = true;
    const all = [...this.#programs.values()].flatMap((variants) => [...variants.values()]);
    await Promise.all(all.map((program) => program.close()));
  }
}

export class Program {
  readonly #name: string;
  readonly #logger: Logger;
  /** Never in what leaves the agent: the error of a program's own client often has its key in it. */
  readonly #redactor: Redactor;
  readonly #instances: readonly Instance[];
  readonly #maxMs: number;
  #queue: Question[] = [];
  #ids = 0;
  #closed = false;

  constructor(name: string, config: CommandConfig, { clock, random, logger, environment, redactor }: ProgramsOptions) {
    this.#name = name;
    this.#logger = logger;
    this.#maxMs = config.timeoutMs ?? Infinity;
    // What is long enough to be a key is none of the log's business, wherever it stands.
    this.#redactor = redactor.with(Object.values(config.env).filter((value) => value.length >= MIN_CONTENT_SECRET_CHARS));
    const stderr = new StderrLog({ logger, clock, redactor: this.#redactor });
    this.#instances = Array.from(
      { length: config.instances },
      () =>
        new Instance({
          config,
          environment,
          clock,
          random,
          onStart: (process) => stderr.follow(process.stderr, name),
          onEnd: (why) => this.#ended(why),
          onReturn: (questions) => this.#queue.unshift(...questions),
          onRoom: () => this.#pump(),
        }),
    );
  }

  /** Nobody waits for an answer of it. */
  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#instances.every(({ inFlight }) => inFlight === 0);
  }

  /**
   * Asks one of its processes. `timeoutMs`: for this question alone; what it waits behind others does not count. Throws AppError
   * `failed_precondition` when there is no answer, or the signal's reason when it aborts.
   */
  ask(body: object, timeoutMs: number, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const id = ++this.#ids;
    const line = Buffer.from(`${JSON.stringify({ id, ...body })}\n`);
    if (line.length > MAX_LINE_BYTES) throw failure(this.#name, `cannot be asked: the question has more than ${MAX_LINE_BYTES} bytes`);
    if (this.#closed) throw failure(this.#name, 'was ended with the agent');
    return new Promise((resolve, reject) => {
      const settled = (settle: () => void): void => {
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const question: Question = {
        id,
        line,
        timeoutMs: Math.min(timeoutMs, this.#maxMs),
        suspect: false,
        abandonedAt: undefined,
        answer: (value) => settled(() => resolve(this.#redactor.redactContent(value))),
        fail: (why) => settled(() => reject(failure(this.#name, why))),
      };
      const onAbort = (): void => {
        this.#queue = this.#queue.filter((other) => other !== question);
        for (const instance of this.#instances) instance.abandon(question);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(question);
      this.#pump();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const question of this.#queue.splice(0)) question.fail('was ended with the agent');
    await Promise.all(this.#instances.map((instance) => instance.close()));
  }

  #pump(): void {
    while (this.#queue.length > 0) {
      const [question] = this.#queue;
      const free = this.#instances.filter((instance) => instance.takes(question!));
      if (free.length === 0) return;
      this.#queue.shift();
      free.reduce((least, instance) => (instance.inFlight < least.inFlight ? instance : least)).ask(question!);
    }
  }

  #ended(why: string): void {
    if (!this.#closed) this.#logger.warn({ command: this.#name }, `the program ${why}; it is started again when it is needed`);
  }
}

const failure = (name: string, why: string): AppError => new AppError('failed_precondition', `the program ${JSON.stringify(name)} ${why}`);
