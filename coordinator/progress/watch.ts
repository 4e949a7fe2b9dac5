/**
 * Watching: every watcher sees the same events under the same cursors, each once, until the final state. Without a usable
 * cursor it gets a snapshot first; when the log has moved past a slow watcher, a new snapshot marked `resync`.
 */
import type { Evaluation, WatchEvent } from '../../shared/client/types.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { EventLog, LogEntry } from './event-log.ts';
import { watchEventOf } from './events.ts';

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
  clock: Pick<Clock, 'now'>;
  signal: AbortSignal;
  /** Told when it begins, and of each event; what it gives is called at the end. */
  meter?: { opened(): () => void; told(event: WatchEvent): void };
}

export async function* watchEvaluation(options: Watching): AsyncGenerator<WatchEvent, void, undefined> {
  const { log, source, clock, signal, meter } = options;
  const { evaluationId } = source.manifest;
  const left = meter?.opened();
  const watcher = log.open(evaluationId);
  const end = (): void => watcher.end();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    let { cursor } = options;
    let resync = false;
    while (!watcher.isOver) {
      const entries = cursor === '' ? undefined : await log.after(evaluationId, cursor);
      if (entries === undefined) {
        const evaluation = await source.picture();
        if (isFinal(evaluation.state)) {
          for await (const event of pictureOfEnd(options, evaluation, resync)) {
            meter?.told(event);
            yield event;
          }
          return;
        }
        const event: WatchEvent = { cursor: evaluation.cursor, timeMs: clock.now(), kind: 'snapshot', evaluation, resync };
        meter?.told(event);
        yield event;
        cursor = evaluation.cursor;
        resync = true;
        if (cursor === '') await watcher.wait('');
        continue;
      }
      for (const entry of entries) {
        const event = eventOf(source.manifest, entry);
        meter?.told(event);
        yield event;
        cursor = entry.cursor;
        resync = true;
        if (event.kind === 'state' && isFinal(event.state)) return;
      }
      if (entries.length > 0) continue;
      // Nothing after the cursor: if the evaluation is final, the cursor is its last event's.
      const isQuiet = await watcher.wait(cursor);
      if (isQuiet && !watcher.isOver) {
        const { state, cursor: last } = await watcher.look(source.head);
        if (isFinal(state) && last === cursor) return;
      }
    }
  } finally {
    signal.removeEventListener('abort', end);
    watcher.close();
    left?.();
  }
}

function eventOf(manifest: Manifest, { cursor, json, shared }: LogEntry): WatchEvent {
  if (!shared) return watchEventOf(manifest, cursor, json);
  return (shared.event ??= watchEventOf(manifest, cursor, json));
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
