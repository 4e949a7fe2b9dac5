/** `assay top` on a terminal: keys in, pictures out, until `q` or an interruption. */
import { StringDecoder } from 'node:string_decoder';
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationFilter, EvaluationOutcome } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { ENDED, reasonOf } from '../../shared/runtime/abort.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Interrupted } from '../exit.ts';
import { agentState } from '../../shared/domain/agent-words.ts';
import { routeState } from '../render/fleet-columns.ts';
import { lookOf } from '../render/look.ts';
import type { Shell } from '../shell.ts';
import { Feed } from './feed.ts';
import { FullScreen } from './full-screen.ts';
import { keysOf } from './keys.ts';
import { lastOffset, picture, type Frame } from './picture.ts';
import { pressAll, type Wish } from './press.ts';
import { newTopState, type Action, type TopState } from './state.ts';

/** News are drawn at most so often; keys at once. */
const FRAME_MS = 250;
/** Times grow old between news. */
const REDRAW_MS = 1000;
const NOTICE_MS = 6000;

export interface LiveOptions {
  client: AssayClient;
  shell: Shell;
  filter: EvaluationFilter;
  where: string;
}

export async function runLive(options: LiveOptions): Promise<void> {
  await new Live(options).run();
}

class Live {
  readonly #client: AssayClient;
  readonly #shell: Shell;
  readonly #screen: FullScreen;
  readonly #feed: Feed;
  readonly #over = new AbortController();
  readonly #end = Promise.withResolvers<void>();
  #state: TopState;
  #timer: NodeJS.Timeout | undefined;

  constructor({ client, shell, filter, where }: LiveOptions) {
    this.#client = client;
    this.#shell = shell;
    this.#screen = new FullScreen(shell);
    this.#state = newTopState(where);
    this.#feed = new Feed({
      client,
      filter,
      clock: systemClock,
      state: () => this.#state,
      update: (change) => {
        this.#state = change(this.#state);
        this.#timer ??= setTimeout(() => this.#draw(), FRAME_MS);
      },
    });
  }

  async run(): Promise<void> {
    const { stdin, stdout, interrupted } = this.#shell;
    // What is refused altogether is told as by any command.
    await this.#feed.first();
    const decoder = new StringDecoder('utf8');
    const onData = (data: Buffer | string): void => this.#take(typeof data === 'string' ? data : decoder.write(data));
    const onGone = (): void => this.#end.resolve();
    const onInterrupt = (): void => this.#end.reject(reasonOf(interrupted));
    const anew = (): void => {
      this.#screen.forget();
      this.#draw();
    };
    const onContinue = (): void => {
      this.#screen.enter();
      this.#draw();
    };
    const redraw = setInterval(() => this.#draw(), REDRAW_MS);
    stdin.on('data', onData).once('end', onGone);
    stdout.on('resize', anew);
    process.on('SIGCONT', onContinue);
    interrupted.addEventListener('abort', onInterrupt, { once: true });
    if (interrupted.aborted) onInterrupt();
    const feeding = this.#feed.run(this.#over.signal).catch((error: unknown) => this.#end.reject(error));
    try {
      onContinue();
      await this.#end.promise;
    } finally {
      clearInterval(redraw);
      clearTimeout(this.#timer);
      stdin.off('data', onData).off('end', onGone);
      stdout.off('resize', anew);
      process.off('SIGCONT', onContinue);
      interrupted.removeEventListener('abort', onInterrupt);
      this.#screen.leave();
      this.#over.abort(ENDED);
      // A list that is not answered is cut off with the client.
      this.#client.close();
      await feeding;
    }
  }

  #take(chunk: string): void {
    const { state, wishes } = pressAll(this.#state, keysOf(chunk));
    this.#state = state;
    for (const wish of wishes) this.#fulfil(wish);
    this.#draw();
  }

  #fulfil(wish: Wish): void {
    switch (wish.kind) {
      case 'quit':
        return this.#end.resolve();
      case 'interrupt':
        return this.#end.reject(new Interrupted());
      case 'suspend':
        // The shell has its terminal while we are stopped; SIGCONT brings us back.
        this.#screen.leave();
        return void process.kill(process.pid, 'SIGTSTP');
      case 'redraw':
        return this.#screen.forget();
      case 'open':
        return this.#feed.hurry();
      case 'do':
        return void this.#act(wish.action);
    }
  }

  /** Never throws: what went wrong is told in the last line. */
  async #act(action: Action): Promise<void> {
    this.#notice(`${action.verb} ${action.name} …`, false);
    try {
      const done = await perform(this.#client, action);
      this.#notice(`${action.name}: ${done}`, false);
    } catch (error) {
      this.#notice(`${action.verb} ${action.name}: ${AppError.from(error).message}`, true);
    }
    this.#feed.hurry();
  }

  #notice(text: string, isBad: boolean): void {
    this.#state = { ...this.#state, notice: { text, isBad, untilMs: this.#shell.now() + NOTICE_MS } };
    this.#draw();
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#over.signal.aborted) return;
    const frame: Frame = { ...lookOf(this.#shell), columns: this.#screen.columns, rows: this.#screen.rows, nowMs: this.#shell.now() };
    const { opened } = this.#state;
    if (opened && opened.offset > 0)
      this.#state = { ...this.#state, opened: { ...opened, offset: Math.min(opened.offset, lastOffset(this.#state, frame)) } };
    this.#screen.draw(picture(this.#state, frame));
  }
}

/** Does it; its state afterwards, in a word. */
async function perform(client: AssayClient, { verb, pane, id }: Action): Promise<string> {
  const reason = 'assay top';
  if (pane === 'agents') return agentState(await client.drainAgent(id, { undo: verb === 'undrain', reason }));
  if (pane === 'routes') return routeState(await client.pauseRoute(id, { undo: verb === 'resume', reason }));
  const which = { evaluationId: id };
  const outcomes: EvaluationOutcome[] =
    verb === 'pause'
      ? await client.pause(which, reason)
      : verb === 'resume'
        ? await client.resume(which, reason)
        : await client.cancelAll(which, { reason });
  const problem = outcomes.find((outcome) => outcome.problem)?.problem;
  if (problem) throw new AppError('failed_precondition', problem);
  return outcomes[0]?.state ?? 'done';
}
