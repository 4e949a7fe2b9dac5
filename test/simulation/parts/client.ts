/** Clients of the simulated coordinators: calls that may get lost on their way or back, and watchers that come again where they were. */
import type { EvaluationOutcome, WatchEvent } from '../../../shared/client/types.ts';
import { AppError, type AppCode } from '../../../shared/domain/errors.ts';
import { ENDED } from '../../../shared/runtime/abort.ts';
import type { EvaluationUseCases } from '../../../coordinator/rpc/use-cases.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { SimClock } from '../clock.ts';
import type { History, Invocation, Watched } from '../history.ts';
import { Life, type World } from '../world.ts';
import type { SimCoordinator } from './coordinator.ts';

const CALL_MS = 15_000;
/** What says that nothing was done. */
const DEFINITE: readonly AppCode[] = ['invalid', 'not_found', 'already_exists', 'failed_precondition'];

/** What a command says of its one evaluation. */
function answerOf(result: unknown): Invocation['answer'] {
  const [first] = Array.isArray(result) ? (result as EvaluationOutcome[]) : [];
  return first && { state: first.state, changed: first.changed };
}

export class SimClient {
  readonly #world: World;
  readonly #history: History;
  readonly #coordinators: readonly SimCoordinator[];
  readonly #clock: SimClock;
  readonly #life: Life;

  constructor(world: World, history: History, coordinators: readonly SimCoordinator[]) {
    this.#world = world;
    this.#history = history;
    this.#coordinators = coordinators;
    this.#life = new Life(world, 'client');
    this.#clock = new SimClock(this.#life);
  }

  /** One call, at some coordinator that answers. Rejects with `unavailable` or `deadline` when nothing can be said. */
  async call<T>(work: (useCases: EvaluationUseCases) => Promise<T>): Promise<T> {
    const coordinator = this.#world.random.pick(this.#coordinators);
    await this.#clock.sleep(0.3 + this.#world.random.next());
    const { core, life } = coordinator;
    if (!coordinator.isServing || !core) throw new AppError('unavailable', 'nobody answers there');
    return new Promise<T>((resolve, reject) => {
      const over = new AbortController();
      const end = (settle: () => void): void => {
        over.abort(ENDED);
        forget();
        settle();
      };
      const forget = coordinator.onEnd(() => end(() => reject(new AppError('unavailable', 'the connection broke'))));
      this.#clock.sleep(CALL_MS, over.signal).then(
        () => end(() => reject(new AppError('deadline', 'no answer'))),
        () => undefined,
      );
      life.act(() => {
        work(core.useCases).then(
          (result) => void this.#world.after(0.5, () => life.act(() => end(() => resolve(result)))),
          (error: unknown) => void this.#world.after(0.5, () => life.act(() => end(() => reject(AppError.from(error))))),
        );
      });
    });
  }

  /** Tries until it is known how it ended, `tries` times at most; every try is written down as one invocation. */
  async invoke<T>(
    what: Invocation['what'],
    key: string,
    evaluationId: string,
    work: (useCases: EvaluationUseCases) => Promise<T>,
    { tries = 1, ...more }: { tries?: number } & Pick<Invocation, 'mode'> = {},
  ): Promise<T | undefined> {
    for (let i = 0; i < tries; i++) {
      const invocation: Invocation = { what, key, evaluationId, beganAt: this.#world.time, endedAt: 0, outcome: 'info', code: '', ...more };
      this.#history.invocations.push(invocation);
      try {
        const result = await this.call(work);
        Object.assign(invocation, { outcome: 'ok', endedAt: this.#world.time, answer: answerOf(result) });
        this.#world.trace(`client: ${what} ${key} ok`);
        return result;
      } catch (error) {
        const { code } = AppError.from(error);
        Object.assign(invocation, { outcome: DEFINITE.includes(code) ? 'fail' : 'info', code, endedAt: this.#world.time });
        this.#world.trace(`client: ${what} ${key} ${code}`);
        if (DEFINITE.includes(code)) return undefined;
        await this.#clock.sleep(100 + this.#world.random.next() * 400);
      }
    }
    return undefined;
  }

  /** Watches to the end, wherever somebody answers, and resumes where it was. */
  async watch(key: string, evaluationId: string): Promise<void> {
    const watched: Watched = { key, events: [], isOver: false };
    this.#history.watches.push(watched);
    let cursor = '';
    while (!watched.isOver) {
      try {
        for await (const event of this.#events(evaluationId, cursor)) {
          watched.events.push(event);
          cursor = event.cursor;
          const state = event.kind === 'state' ? event.state : event.kind === 'snapshot' ? event.evaluation.state : undefined;
          if (state && isFinal(state)) watched.isOver = true;
        }
      } catch {
        await this.#clock.sleep(200 + this.#world.random.next() * 300);
      }
    }
  }

  async *#events(evaluationId: string, cursor: string): AsyncGenerator<WatchEvent, void, undefined> {
    const coordinator = this.#world.random.pick(this.#coordinators);
    await this.#clock.sleep(0.5);
    if (!coordinator.isServing || !coordinator.core) throw new AppError('unavailable', 'nobody answers there');
    const over = new AbortController();
    const gone = new Promise<never>((_, reject) =>
      over.signal.addEventListener('abort', () => reject(new AppError('unavailable', 'gone'))),
    );
    gone.catch(() => undefined);
    const forget = coordinator.onEnd(() => over.abort(ENDED));
    const events = coordinator.core.useCases.watch(evaluationId, cursor, over.signal)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await Promise.race([events.next(), gone]);
        if (next.done) return;
        yield next.value;
      }
    } finally {
      forget();
      over.abort(ENDED);
    }
  }
}
