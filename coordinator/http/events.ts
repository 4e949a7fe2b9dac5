/**
 * Server-sent events of one reader. What happens is told at once; progress at most twice a second, as one event that stands for all since the one
 * before. A reader that does not read holds one event, and the log moves on without it: then a snapshot marked `resync` comes.
 */
import type { Event, Route } from '../../shared/http/route.ts';
import type { Outlet } from './outlet.ts';

export const EVENT_STREAM = 'text/event-stream';
/** Between two events of progress. */
const PACE_MS = 500;
/** Something is sent at least this often, so that nobody on the way thinks that the stream is over. */
const BEAT_MS = 15_000;
/** How soon a browser comes again. */
const RETRY_MS = 1_000;

export interface EventStreamOptions {
  route: Pick<Route, 'event' | 'merge'>;
  outlet: Outlet;
  /** Aborts when nobody reads any more, or nobody may. */
  signal: AbortSignal;
  paceMs?: number;
  beatMs?: number;
}

type Got = { kind: 'answer'; result: IteratorResult<unknown> } | { kind: 'timer' } | { kind: 'over' };

/** Ends when the answers do, with an event `end`; throws what they throw, and when the signal aborts. */
export async function pourEvents(answers: AsyncIterator<unknown>, options: EventStreamOptions): Promise<void> {
  const { route, outlet, signal, paceMs = PACE_MS, beatMs = BEAT_MS } = options;
  /** Progress that waits for its turn. */
  let pending: { answer: unknown } | undefined;
  let progressAtMs = -Infinity;
  let sentAtMs = performance.now();
  const send = async (answer: unknown): Promise<void> => {
    await outlet.write(eventText(route.event(answer)));
    sentAtMs = performance.now();
  };
  const sendPending = async (): Promise<void> => {
    if (!pending) return;
    const { answer } = pending;
    pending = undefined;
    progressAtMs = performance.now();
    await send(answer);
  };
  await outlet.write(`retry: ${RETRY_MS}\n\n`);
  const next = async (): Promise<Got> => ({ kind: 'answer', result: await answers.next() });
  const over = new Promise<Got>((resolve) => {
    if (signal.aborted) resolve({ kind: 'over' });
    else signal.addEventListener('abort', () => resolve({ kind: 'over' }), { once: true });
  });
  let coming = next();
  for (;;) {
    const waitMs = pending ? progressAtMs + paceMs - performance.now() : sentAtMs + beatMs - performance.now();
    const got = await firstOf(coming, over, waitMs);
    if (got.kind === 'over') {
      coming.catch(() => undefined);
      throw signal.reason;
    }
    if (got.kind === 'timer') {
      if (pending) await sendPending();
      else {
        await outlet.write(': beat\n\n');
        sentAtMs = performance.now();
      }
      continue;
    }
    if (got.result.done === true) break;
    coming = next();
    // Whatever is written meanwhile, a failure of what comes is seen when its turn is.
    coming.catch(() => undefined);
    const { value } = got.result;
    const merged = route.merge(pending?.answer, value);
    if (merged === undefined) {
      await sendPending();
      await send(value);
    } else {
      pending = { answer: merged };
      if (performance.now() - progressAtMs >= paceMs) await sendPending();
    }
  }
  await sendPending();
  await outlet.write('event: end\ndata: {}\n\n');
}

async function firstOf(coming: Promise<Got>, over: Promise<Got>, waitMs: number): Promise<Got> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Got>((resolve) => (timer = setTimeout(() => resolve({ kind: 'timer' }), Math.max(0, waitMs))));
  try {
    return await Promise.race([coming, over, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** JSON has no line ends outside of its texts, and none inside of them. */
export const eventText = ({ event, id, data }: Event): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
