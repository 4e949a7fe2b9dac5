/** Streams that outlive their coordinators: a watch goes on from its last cursor, results from their last unit, the cluster anew. */
import { AppError } from '../domain/errors.ts';
import { isFinal } from '../domain/states.ts';
import { assayProto } from '../rpc/load.ts';
import type { Calls, Peer, Progress } from './calls.ts';
import { filterToWire, sampleFilterToWire } from './codec-commands.ts';
import { evaluationFromWire, eventFromWire } from './codec-evaluation.ts';
import { listChangeFromWire } from './codec-list.ts';
import { clusterFromWire } from './codec-operator.ts';
import { resultsFromWire } from './codec-results.ts';
import { collectionFromWire } from './codec-store.ts';
import { toInt64 } from './codec-words.ts';
import { DEADLINE_MS } from './deadlines.ts';
import type { Books, VerifyProgress } from './books.ts';
import { booksFromWire, progressFromWire } from './codec-books.ts';
import { recordStepsFromWire } from './codec-record.ts';
import type { EvaluationRecord, RecordProgress, RecordSample } from './record.ts';
import type { ClusterChange, Collection, EvaluationFilter, ListChange, SampleFilter, SampleResult, WatchEvent } from './types.ts';

export type Open<T> = (peer: Peer, progress: Progress) => AsyncGenerator<T>;

/**
 * Reads a stream over interruptions: `open` is asked for what comes after the messages that were given out. `isOver` says
 * whether an end is the true one. Patience begins anew with every message.
 */
export async function* resumed<T>(calls: Calls, signal: AbortSignal, open: Open<T>, isOver: () => boolean): AsyncGenerator<T> {
  for (;;) {
    const { first, rest } = await calls.repeat(async (peer, progress) => {
      const stream = open(peer, progress);
      const head = await stream.next();
      if (head.done && !isOver()) throw new AppError('unavailable', 'the coordinator ended the stream early');
      return { first: head, rest: stream };
    }, signal);
    if (first.done) return;
    let broke: AppError | undefined;
    try {
      yield first.value;
      for await (const message of rest) yield message;
    } catch (error) {
      if (signal.aborted) throw AppError.from(signal.reason);
      broke = AppError.from(error);
      if (broke.code !== 'unavailable') throw broke;
    } finally {
      await rest.return(undefined);
    }
    if (isOver()) return;
    await calls.afterBreak(signal, broke);
  }
}

export async function* watch(calls: Calls, evaluationId: string, from: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  const methods = assayProto().evaluation;
  let cursor = from;
  let final = false;
  /** Whether the cursor is the last event's: then a stream ends without any. */
  const isOver = async (peer: Peer): Promise<boolean> => {
    const evaluation = evaluationFromWire((await calls.unary(peer, methods.GetEvaluation, { evaluationId }, DEADLINE_MS.short)).evaluation);
    return isFinal(evaluation.state) && evaluation.cursor === cursor;
  };
  const open: Open<WatchEvent> = async function* (peer, progress) {
    let came = false;
    for await (const wire of calls.stream(peer, methods.WatchEvaluation, { evaluationId, cursor }, signal, progress)) {
      came = true;
      const event = eventFromWire(wire);
      cursor = wire.cursor || cursor;
      if (!event) continue;
      // After the picture of what is over its end still comes, or is asked for with the cursor of the picture.
      final = event.kind === 'state' && isFinal(event.state);
      yield event;
      if (final) return;
    }
    if (!came) final = await isOver(peer).catch(() => false);
  };
  yield* resumed(calls, signal, open, () => final);
}

export async function* results(
  calls: Calls,
  evaluationId: string,
  filter: SampleFilter | undefined,
  signal: AbortSignal,
): AsyncGenerator<SampleResult> {
  const request = { evaluationId, ...(filter && { filter: sampleFilterToWire(filter) }) };
  let lastUnit = -1;
  let ended = false;
  const open: Open<SampleResult> = async function* (peer, progress) {
    for await (const result of resultsFromWire(calls.stream(peer, assayProto().evaluation.StreamResults, request, signal, progress))) {
      if (result.unit <= lastUnit) continue;
      lastUnit = result.unit;
      yield result;
    }
    ended = true;
  };
  yield* resumed(calls, signal, open, () => ended);
}

/** Begins anew on another coordinator when the stream breaks: books are whole, or there are none. */
export function verify(
  calls: Calls,
  evaluationId: string,
  onProgress: ((progress: VerifyProgress) => void) | undefined,
  signal: AbortSignal,
): Promise<Books> {
  return calls.repeat(async (peer, progress) => {
    for await (const { step, books, progress: wire } of calls.stream(
      peer,
      assayProto().evaluation.VerifyEvaluation,
      { evaluationId },
      signal,
      progress,
    )) {
      if (step === 'books') return booksFromWire(books!);
      if (step === 'progress') onProgress?.(progressFromWire(wire!));
    }
    throw new AppError('unavailable', 'the coordinator ended the stream before the books');
  }, signal);
}

/** As `verify`. */
export function record(
  calls: Calls,
  evaluationId: string,
  onProgress: ((progress: RecordProgress) => void) | undefined,
  signal: AbortSignal,
): Promise<EvaluationRecord> {
  const { RecordEvaluation } = assayProto().evaluation;
  return calls.repeat(async (peer, progress) => {
    for await (const step of recordStepsFromWire(calls.stream(peer, RecordEvaluation, { evaluationId }, signal, progress))) {
      if (step.kind === 'record') return step.record;
      if (step.kind === 'progress') onProgress?.(step.progress);
    }
    throw new AppError('unavailable', 'the coordinator ended the stream before the record');
  }, signal);
}

/** Each coordinator begins anew: what was given out is passed over. */
export async function* recordSamples(calls: Calls, evaluationId: string, signal: AbortSignal): AsyncGenerator<RecordSample> {
  const request = { evaluationId, samples: true };
  let lastUnit = -1;
  let ended = false;
  const open: Open<RecordSample> = async function* (peer, progress) {
    const steps = recordStepsFromWire(calls.stream(peer, assayProto().evaluation.RecordEvaluation, request, signal, progress));
    for await (const step of steps) {
      ended = step.kind === 'record';
      if (step.kind !== 'samples') continue;
      for (const sample of step.samples) {
        if (sample.unit <= lastUnit) continue;
        lastUnit = sample.unit;
        yield sample;
      }
    }
  };
  yield* resumed(calls, signal, open, () => ended);
}

/** Each coordinator begins with a snapshot; ends by itself only where there is nothing that may be seen. */
export async function* watchList(
  calls: Calls,
  filter: EvaluationFilter,
  { size = 0 }: { size?: number },
  signal: AbortSignal,
): AsyncGenerator<ListChange> {
  let isOver = false;
  const open: Open<ListChange> = async function* (peer, progress) {
    const request = { filter: filterToWire(filter), size };
    for await (const wire of calls.stream(peer, assayProto().evaluation.WatchEvaluations, request, signal, progress))
      yield listChangeFromWire(wire);
    isOver = true;
  };
  yield* resumed(calls, signal, open, () => isOver);
}

/** Never ends by itself; each coordinator begins with a snapshot. */
export async function* watchCluster(calls: Calls, signal: AbortSignal): AsyncGenerator<ClusterChange> {
  const open: Open<ClusterChange> = async function* (peer, progress) {
    for await (const wire of calls.stream(peer, assayProto().operator.WatchCluster, {}, signal, progress)) yield clusterFromWire(wire);
  };
  yield* resumed(calls, signal, open, () => false);
}

/** Every coordinator begins anew: what was removed is gone. */
export async function* collectGarbage(
  calls: Calls,
  { graceMs, dryRun = false }: { graceMs?: number; dryRun?: boolean },
  signal: AbortSignal,
): AsyncGenerator<Collection & { done: boolean }> {
  const request = { dryRun, ...(graceMs === undefined ? {} : { graceMs: toInt64(graceMs) }) };
  let isOver = false;
  const open: Open<Collection & { done: boolean }> = async function* (peer, progress) {
    for await (const wire of calls.stream(peer, assayProto().operator.CollectGarbage, request, signal, progress)) {
      isOver = wire.done;
      yield { ...collectionFromWire(wire), done: wire.done };
    }
  };
  yield* resumed(calls, signal, open, () => isOver);
}
