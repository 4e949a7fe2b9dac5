/**
 * The client library. A coordinator may go away at any moment and another one go on: unary calls are repeated (all of them
 * may be), a watch goes on from its last cursor, results from their last unit.
 */
import { AppError } from '../domain/errors.ts';
import { isFinal } from '../domain/states.ts';
import { assayProto } from '../rpc/load.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { Calls, type Method, type Peer, type Progress } from './calls.ts';
import type { AssayClient, ClientOptions } from './client.ts';
import { evaluationFromWire, eventFromWire, reportFromJson, resultsFromWire, stateFromWire } from './codec.ts';
import type { SampleResult, WatchEvent } from './types.ts';
import { bytesSource, fileSource, upload } from './upload.ts';

/** Deadlines of one try. A submit reads its datasets, a report is read from the store. */
const DEADLINE_MS = { get: 15_000, cancel: 15_000, submit: 600_000, report: 60_000, health: 2000 };

/** Makes a client; dials at the first call. `invalid` if there is no address. */
export function connect(
  options: ClientOptions,
  { clock = systemClock, random = Math.random }: { clock?: Clock; random?: () => number } = {},
): AssayClient {
  if (options.addresses.length === 0) throw new AppError('invalid', 'no address of a coordinator is given (HOST:PORT or unix:/path)');
  const calls = new Calls(options, clock, random);
  const methods = assayProto().evaluation;
  const unary = <Request, Response>(method: Method<Request, Response>, request: Request, deadlineMs: number): Promise<Response> =>
    calls.repeat((peer) => calls.unary(peer, method, request, deadlineMs));

  return {
    async uploadFile(path) {
      const source = await fileSource(path);
      await upload(calls, source);
      return source.digest;
    },
    async uploadBytes(content) {
      const source = bytesSource(content);
      await upload(calls, source);
      return source.digest;
    },
    async submit({ spec, idempotencyKey, namespace = '' }) {
      const specJson = Buffer.from(JSON.stringify(spec) ?? 'null');
      const { evaluation, existed } = await unary(methods.SubmitEvaluation, { specJson, idempotencyKey, namespace }, DEADLINE_MS.submit);
      return { evaluation: evaluationFromWire(evaluation), existed };
    },
    async get(evaluationId) {
      return evaluationFromWire((await unary(methods.GetEvaluation, { evaluationId }, DEADLINE_MS.get)).evaluation);
    },
    watch: (evaluationId, { cursor = '', signal } = {}) => watch(calls, evaluationId, cursor, joined(calls, signal)),
    async cancel(evaluationId, reason = '') {
      return stateFromWire((await unary(methods.CancelEvaluation, { evaluationId, reason }, DEADLINE_MS.cancel)).state);
    },
    results: (evaluationId, { signal } = {}) => results(calls, evaluationId, joined(calls, signal)),
    async report(evaluationId) {
      return reportFromJson((await unary(methods.GetReport, { evaluationId }, DEADLINE_MS.report)).reportJson);
    },
    waitUntilReady: (timeoutMs) => waitUntilReady(calls, timeoutMs, clock),
    close: () => calls.close(),
  };
}

const joined = (calls: Calls, signal: AbortSignal | undefined): AbortSignal =>
  signal ? AbortSignal.any([signal, calls.closing]) : calls.closing;

type Open<T> = (peer: Peer, progress: Progress) => AsyncGenerator<T>;

/**
 * Reads a stream over interruptions: `open` is asked for what comes after the messages that were given out. `isOver` says
 * whether an end is the true one. Patience begins anew with every message.
 */
async function* resumed<T>(calls: Calls, signal: AbortSignal, open: Open<T>, isOver: () => boolean): AsyncGenerator<T> {
  for (;;) {
    const { first, rest } = await calls.repeat(async (peer, progress) => {
      const stream = open(peer, progress);
      const head = await stream.next();
      if (head.done && !isOver()) throw new AppError('unavailable', 'the coordinator ended the stream early');
      return { first: head, rest: stream };
    }, signal);
    if (first.done) return;
    try {
      yield first.value;
      for await (const message of rest) yield message;
    } catch (error) {
      if (signal.aborted) throw AppError.from(signal.reason);
      const known = AppError.from(error);
      if (known.code !== 'unavailable') throw known;
    } finally {
      await rest.return(undefined);
    }
    if (isOver()) return;
    await calls.afterBreak(signal);
  }
}

async function* watch(calls: Calls, evaluationId: string, from: string, signal: AbortSignal): AsyncGenerator<WatchEvent> {
  const methods = assayProto().evaluation;
  let cursor = from;
  let final = false;
  /** Whether the cursor is the last event's: then a stream ends without any. */
  const isOver = async (peer: Peer): Promise<boolean> => {
    const evaluation = evaluationFromWire((await calls.unary(peer, methods.GetEvaluation, { evaluationId }, DEADLINE_MS.get)).evaluation);
    return isFinal(evaluation.state) && evaluation.cursor === cursor;
  };
  const open: Open<WatchEvent> = async function* (peer, progress) {
    let came = false;
    for await (const wire of calls.stream(peer, methods.WatchEvaluation, { evaluationId, cursor }, signal, progress)) {
      came = true;
      const event = eventFromWire(wire);
      cursor = wire.cursor || cursor;
      if (!event) continue;
      final = event.kind === 'state' ? isFinal(event.state) : event.kind === 'snapshot' ? isFinal(event.evaluation.state) : final;
      yield event;
      if (event.kind === 'state' && final) return;
    }
    if (!came) final = await isOver(peer).catch(() => false);
  };
  yield* resumed(calls, signal, open, () => final);
}

async function* results(calls: Calls, evaluationId: string, signal: AbortSignal): AsyncGenerator<SampleResult> {
  let lastUnit = -1;
  let ended = false;
  const open: Open<SampleResult> = async function* (peer, progress) {
    for await (const result of resultsFromWire(
      calls.stream(peer, assayProto().evaluation.StreamResults, { evaluationId }, signal, progress),
    )) {
      if (result.unit <= lastUnit) continue;
      lastUnit = result.unit;
      yield result;
    }
    ended = true;
  };
  yield* resumed(calls, signal, open, () => ended);
}

async function waitUntilReady(calls: Calls, timeoutMs: number, clock: Clock): Promise<void> {
  const endMs = clock.monotonic() + timeoutMs;
  for (;;) {
    let last: string;
    try {
      const { status } = await calls.unary(calls.peer(), assayProto().health.Check, { service: '' }, DEADLINE_MS.health);
      if (status === 'SERVING') return;
      last = `it says ${status}`;
    } catch (error) {
      if (calls.closing.aborted) throw AppError.from(calls.closing.reason);
      last = AppError.from(error).message;
    }
    const leftMs = endMs - clock.monotonic();
    if (leftMs <= 0) {
      throw new AppError(
        'unavailable',
        `no coordinator is ready at ${calls.addresses.join(', ')} after ${timeoutMs} ms (${reasonOf(last)}); start it, or correct the address`,
      );
    }
    calls.rotate();
    await clock.sleep(Math.min(50, leftMs), calls.closing).catch(() => undefined);
  }
}

/** What the transport wraps around the reason of a failed connection is of no use to people. */
const reasonOf = (message: string): string => /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(message)?.[1] ?? message;
