/** Results between wire and `types.ts`: long texts are cut into several messages, or cut off. */
import { AppError } from '../domain/errors.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Provenance__Output } from '../rpc/gen/assay/v1/Provenance.ts';
import type { SampleResult as WireResult, SampleResult__Output } from '../rpc/gen/assay/v1/SampleResult.ts';
import type { StreamResultsResponse, StreamResultsResponse__Output } from '../rpc/gen/assay/v1/StreamResultsResponse.ts';
import { judgeOfField, unitStateFromWire, unitStateToWire, usageFromWire, usageToWire } from './codec-words.ts';
import type { SampleResult } from './types.ts';

/** A part of a completion or of the reasoning, in UTF-16 units: at most 3 bytes each, so a message stays below 1 MiB. */
const PART_LENGTH = 300_000;
/** Texts beside the completion; longer ones are cut in the stream and whole in the store. */
const MAX_TEXT_LENGTH = 100_000;
/** Texts of a sample in a list. */
const LISTED_LENGTH = 200;
/** Scores of one unit share one message, which must stay below 4 MiB. */
const MAX_SCORES_LENGTH = 600_000;

/** One result as one or several messages: long texts are continued, cut between code points. */
export function* resultToWire(result: SampleResult): Generator<StreamResultsResponse> {
  const parts = [...partsOf(result)];
  for (const [i, texts] of parts.entries()) {
    const more = i < parts.length - 1;
    yield { result: i > 0 ? { unit: result.unit, ...texts } : { ...firstOf(result), ...texts }, more };
  }
}

function firstOf(result: SampleResult): WireResult {
  return shortened(result, Math.min(MAX_TEXT_LENGTH, Math.floor(MAX_SCORES_LENGTH / (4 * Math.max(1, result.scores.length)))));
}

/** A sample in a list: no completion, no reasoning, other texts cut to 200 characters. */
export const listedToWire = (result: SampleResult): WireResult => shortened({ ...result, completion: '', reasoning: '' }, LISTED_LENGTH);

/** With all texts but completion and reasoning cut. */
export function shortened(result: SampleResult, perText: number): WireResult {
  return {
    ...result,
    state: unitStateToWire(result.state),
    scores: result.scores.map(({ scorer, value, number, answer, explanation, error }) => ({
      scorer,
      value: cut(value, perText),
      answer: cut(answer, perText),
      explanation: cut(explanation, perText),
      error: cut(error, perText),
      ...(number === null ? {} : { number }),
    })),
    errorMessage: cut(result.errorMessage, perText),
    usage: usageToWire(result.usage),
  };
}

/** The two long texts in parts of bounded size: the completion, then the reasoning; both at once where they fit. */
function* partsOf({ completion, reasoning }: SampleResult): Generator<{ completion: string; reasoning: string }> {
  if (completion.length + reasoning.length <= PART_LENGTH) return yield { completion, reasoning };
  for (const part of piecesOf(completion)) yield { completion: part, reasoning: '' };
  if (reasoning !== '') for (const part of piecesOf(reasoning)) yield { completion: '', reasoning: part };
}

function* piecesOf(text: string): Generator<string> {
  let at = 0;
  do {
    const end = endOfPart(text, at, PART_LENGTH);
    yield text.slice(at, end);
    at = end;
  } while (at < text.length);
}

/** The text, or its first `length` UTF-16 units with `…`, never half a pair of them. */
export const cut = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, endOfPart(text, 0, length))}…`;

/** Never between the two halves of a surrogate pair. */
function endOfPart(text: string, from: number, length: number): number {
  const end = Math.min(from + length, text.length);
  const splitsPair = end < text.length && /[\uD800-\uDBFF]/.test(text[end - 1]!) && /[\uDC00-\uDFFF]/.test(text[end]!);
  return splitsPair ? end - 1 : end;
}

/** Joins continued results. Throws `internal` when a continuation does not fit what came before. */
export async function* resultsFromWire(messages: AsyncIterable<StreamResultsResponse__Output>): AsyncGenerator<SampleResult> {
  let open: { first: SampleResult; completion: string[]; reasoning: string[] } | undefined;
  for await (const { result, more } of messages) {
    if (!result) continue;
    if (open && result.unit !== open.first.unit)
      throw new AppError('internal', `unit ${open.first.unit} was not continued, but ${result.unit} came`);
    open ??= { first: resultFromWire(result), completion: [], reasoning: [] };
    open.completion.push(result.completion);
    open.reasoning.push(result.reasoning);
    if (more) continue;
    yield { ...open.first, completion: open.completion.join(''), reasoning: open.reasoning.join('') };
    open = undefined;
  }
  if (open) throw new AppError('unavailable', `the results ended in the middle of unit ${open.first.unit}`);
}

export function resultFromWire(wire: SampleResult__Output): SampleResult {
  const {
    unit,
    benchmark,
    model,
    sampleId,
    epoch,
    completion,
    reasoning,
    errorClass,
    errorMessage,
    stopReason,
    modelMs,
    totalMs,
    agentId,
    usage,
  } = wire;
  return {
    unit,
    benchmark,
    model,
    sampleId,
    epoch,
    completion,
    reasoning,
    errorClass,
    errorMessage,
    stopReason,
    modelMs,
    totalMs,
    agentId,
    state: unitStateFromWire(wire.state),
    scores: wire.scores.map(({ scorer, value, number, answer, explanation, error, _number }) => ({
      scorer,
      value,
      number: _number === undefined ? null : (number ?? 0),
      answer,
      explanation,
      error,
    })),
    usage: usageFromWire(usage),
    ...(wire.provenance ? { provenance: provenanceFromWire(wire.provenance) } : {}),
    ...judgeOfField(wire.judgeOf),
  };
}

/** Empty is absent. */
const provenanceFromWire = ({ promptDigest, model, fingerprint, version, cached }: Provenance__Output): Provenance => ({
  ...(promptDigest === '' ? {} : { promptDigest }),
  ...(model === '' ? {} : { model }),
  ...(fingerprint === '' ? {} : { fingerprint }),
  ...(version === '' ? {} : { version }),
  ...(cached ? { cached: true } : {}),
});
