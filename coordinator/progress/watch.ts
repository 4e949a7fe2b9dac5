/**
 * Watching: every watcher sees the same events under the same cursors, each once, until the final state. Without a usable
 * cursor it gets a snapshot first; when the log has moved past a slow watcher, a new snapshot marked `resync`.
 */
import type { Evaluation, WatchEvent } from '../../shared/client/types.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { EventLog } from './event-log.ts';
import { watchEventOf } from './events.ts';

/** A look without a notice: notices can be lost. */
const LOOK_MS = 1_000;

export interface WatchSource {
  manifest: Manifest;
  /** The picture now, with the cursor of the last event in it ('' when Redis has forgotten the evaluation). */
  picture: () => Promise<Evaluation>;
  /** Only its state and that cursor. */
  head: () => Promise<{ state: EvaluationState; cursor: string }>;
}

interface Watching {
  log: EventLog;
  source: WatchSource;
  cursor: string;
  clock: Clock;
  signal: AbortSignal;
}

export async function* watchEvaluation(options: Watching): AsyncIterable<WatchEvent> {
  const { log, source, clock, signal } = options;
  const { evaluationId } = source.manifest;
  const close = log.open(evaluationId);
  try {
    let { cursor } = options;
    let resync = false;
    while (!signal.aborted) {
      const entries = cursor === '' ? undefined : await log.after(evaluationId, cursor);
      if (entries === undefined) {
        const evaluation = await source.picture();
        if (isFinal(evaluation.state)) {
          yield* pictureOfEnd(options, evaluation, resync);
          return;
        }
        yield { cursor: evaluation.cursor, timeMs: clock.now(), kind: 'snapshot', evaluation, resync };
        cursor = evaluation.cursor;
        resync = true;
        if (cursor === '') await log.wait(evaluationId, '', LOOK_MS, signal);
        continue;
      }
      for (const entry of entries) {
        const event = watchEventOf(source.manifest, entry.cursor, entry.json);
        yield event;
        cursor = entry.cursor;
        resync = true;
        if (event.kind === 'state' && isFinal(event.state)) return;
      }
      if (entries.length > 0) continue;
      // Nothing after the cursor: if the evaluation is final, the cursor is its last event's.
      const waited = clock.monotonic();
      await log.wait(evaluationId, cursor, LOOK_MS, signal);
      if (clock.monotonic() - waited >= LOOK_MS - 50 && !signal.aborted) {
        log.notice(evaluationId); // one may have been lost; all watchers share this look
        const { state, cursor: last } = await source.head();
        if (isFinal(state) && last === cursor) return;
      }
    }
  } finally {
    close();
  }
}

/**
 * The end follows the picture as an event of its own, as it was written: who goes away between the two, and asks with the cursor of the picture,
 * is told of it then. Of what Redis has forgotten, perhaps just now, there is no event, and so no cursor.
 */
async function* pictureOfEnd({ log, source, clock }: Watching, picture: Evaluation, resync: boolean): AsyncIterable<WatchEvent> {
  const { manifest } = source;
  const { state, reason } = picture;
  const end = picture.cursor === '' ? undefined : await log.entry(manifest.evaluationId, picture.cursor);
  const cursor = end?.cursor ?? '';
  yield { cursor: before(cursor), timeMs: clock.now(), kind: 'snapshot', evaluation: { ...picture, cursor }, resync };
  yield end ? watchEventOf(manifest, cursor, end.json) : { cursor, timeMs: clock.now(), kind: 'state', state, reason };
}

/** The cursor of the event before; none before none. */
function before(cursor: string): string {
  const [generation, number] = cursor.split('-');
  return number === undefined ? '' : `${generation}-${Math.max(0, Number(number) - 1)}`;
}
