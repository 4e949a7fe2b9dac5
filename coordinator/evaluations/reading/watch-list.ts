/** One watcher of a list: compares pictures by their entries, so that a slow reader only skips some. */
import type { EvaluationFilter, ListChange, ListedEvaluation } from '../../../shared/client/types.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { ListPicture, ListPictures } from './list-pictures.ts';

/** Something is sent at least this often. */
const HEARTBEAT_MS = 15_000;
/** Of one message, as JSON; a picture that is larger comes in several. */
const MESSAGE_CHARS = 1 << 20;

/** A snapshot, in several messages where it is large, then what changes; ends when `signal` aborts. */
export async function* watchList(
  pictures: ListPictures,
  { filter, size }: { filter: EvaluationFilter; size: number },
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<ListChange, void, undefined> {
  const list = pictures.open(filter, size);
  signal.addEventListener('abort', list.close, { once: true });
  try {
    const sent = new Map<string, ListedEvaluation>();
    let number = 0;
    let sentAtMs = clock.monotonic();
    let nextToken = '';
    while (!signal.aborted) {
      const next = await list.after(number, Math.max(0, sentAtMs + HEARTBEAT_MS - clock.monotonic()));
      if (signal.aborted) return;
      if (next) {
        yield* changesOf(sent, next, number === 0, nextToken);
        ({ number, nextToken } = next);
      } else if (clock.monotonic() - sentAtMs < HEARTBEAT_MS) continue;
      else yield { timeMs: clock.now(), snapshot: false, evaluations: [], removedEvaluationIds: [], nextToken };
      sentAtMs = clock.monotonic();
    }
  } finally {
    signal.removeEventListener('abort', list.close);
    list.close();
  }
}

/** What differs from what was sent, which is brought up to date. */
export function* changesOf(
  sent: Map<string, ListedEvaluation>,
  { timeMs, entries, nextToken }: Omit<ListPicture, 'number'>,
  snapshot: boolean,
  tokenBefore = nextToken,
): Generator<ListChange> {
  const there = new Set(entries.map(({ summary }) => summary.evaluationId));
  const removedEvaluationIds = [...sent.keys()].filter((id) => !there.has(id));
  for (const id of removedEvaluationIds) sent.delete(id);
  let message: ListChange = { timeMs, snapshot, evaluations: [], removedEvaluationIds, nextToken };
  let chars = 0;
  for (const entry of entries) {
    const { evaluationId } = entry.summary;
    if (sent.get(evaluationId) === entry) continue;
    sent.set(evaluationId, entry);
    const size = JSON.stringify(entry).length;
    if (chars > 0 && chars + size > MESSAGE_CHARS) {
      yield message;
      message = { timeMs, snapshot: false, evaluations: [], removedEvaluationIds: [], nextToken };
      chars = 0;
    }
    message.evaluations.push(entry);
    chars += size;
  }
  if (snapshot || chars > 0 || message.removedEvaluationIds.length > 0 || nextToken !== tokenBefore) yield message;
}
