/** Gives an answer in its row's form: one document, lines, or events. */
import type { ServerResponse } from 'node:http';
import { describeIdentity, type Identity } from '../../shared/domain/identity.ts';
import type { Route } from '../../shared/http/route.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import { Breather } from '../../shared/runtime/breather.ts';
import type { Report } from '../../shared/rpc/status.ts';
import { sendJson, toldOf } from './answers.ts';
import { EVENT_STREAM, pourEvents } from './events.ts';
import { Outlet } from './outlet.ts';
import { StreamCounts } from './stream-counts.ts';

export const LINES = 'application/x-ndjson';
/** An answer that goes on says so after this, though nothing has come yet. */
const HEAD_MS = 1_500;

export class Giver {
  readonly #limits: { slowMs: number };
  readonly #onInternal: Report;
  readonly #streams = new StreamCounts();
  /** Of all streams together: what waits for many readers must not hold up the other calls. */
  readonly #breather = new Breather();

  constructor({ limits, onInternal }: { limits: { slowMs: number }; onInternal: Report }) {
    this.#limits = limits;
    this.#onInternal = onInternal;
  }

  /** `signal`: aborts when nobody reads any more, or nobody may. */
  async give(
    response: ServerResponse,
    route: Route,
    messages: AsyncIterable<object>,
    identity: Identity,
    signal: AbortSignal,
  ): Promise<void> {
    const answers = route.answers(messages)[Symbol.asyncIterator]();
    try {
      if (route.gives !== 'one') return await this.#stream(response, route, answers, identity, signal);
      const { value } = await raceSignal(answers.next(), signal);
      sendJson(response, route.isCreated(value) ? 201 : 200, value);
    } finally {
      void answers.return?.().catch(() => undefined);
    }
  }

  async #stream(
    response: ServerResponse,
    route: Route,
    answers: AsyncIterator<unknown>,
    identity: Identity,
    signal: AbortSignal,
  ): Promise<void> {
    const leave = this.#streams.enter(`${identity.kind} ${describeIdentity(identity)}`);
    try {
      await this.#pour(response, route, answers, signal);
    } finally {
      leave();
    }
  }

  /** What fails before anything has come is answered as a failure; what fails later, in the stream's own form. */
  async #pour(response: ServerResponse, route: Route, answers: AsyncIterator<unknown>, signal: AbortSignal): Promise<void> {
    const first = answers.next();
    const early = await raceSignal(withinMs(first, HEAD_MS), signal);
    if (early?.done === true && route.gives === 'events') {
      // A browser that comes again behind the last event is told to come no more.
      response.writeHead(204).end();
      return;
    }
    const outlet = new Outlet(response, this.#limits.slowMs);
    outlet.begin(route.gives === 'events' ? EVENT_STREAM : LINES);
    let isFirst = true;
    const next = (): Promise<IteratorResult<unknown>> => {
      if (!isFirst) return answers.next();
      isFirst = false;
      return first;
    };
    try {
      if (route.gives === 'events') await pourEvents({ next }, { route, outlet, signal });
      else await this.#pourLines({ next }, outlet, signal);
    } catch (error) {
      await this.#failLate(outlet, route, error);
    }
    outlet.end();
  }

  async #pourLines(answers: AsyncIterator<unknown>, outlet: Outlet, signal: AbortSignal): Promise<void> {
    for (;;) {
      const { done, value } = await raceSignal(answers.next(), signal);
      if (done === true) return;
      await outlet.write(await this.#breather.run(() => `${JSON.stringify(value)}\n`));
    }
  }

  /** Where this coordinator goes away nothing is said: an end without `end` is one behind which a reader goes on, at another one. */
  async #failLate(outlet: Outlet, route: Route, error: unknown): Promise<void> {
    const told = toldOf(error, this.#onInternal);
    if (told.code === 'cancelled') return;
    if (route.gives === 'lines') await outlet.write(`${JSON.stringify({ error: told })}\n`);
    else if (told.code !== 'unavailable') await outlet.write(`event: failed\ndata: ${JSON.stringify(told)}\n\n`);
  }
}

/** undefined: it takes longer. */
async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
