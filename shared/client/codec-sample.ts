/** One sample with everything about it between wire and `types.ts`. It must fit one message: long texts are cut and named. */
import { AppError } from '../domain/errors.ts';
import type { ContentPart as WirePart, ContentPart__Output } from '../rpc/gen/assay/v1/ContentPart.ts';
import type { GetSampleRequest } from '../rpc/gen/assay/v1/GetSampleRequest.ts';
import type { Sample as WireSample, Sample__Output } from '../rpc/gen/assay/v1/Sample.ts';
import type { SampleChoice } from './client.ts';
import { judgeCallFromWire, judgeCallToWire, sampleAttemptFromWire, sampleAttemptToWire } from './codec-attempts.ts';
import { cut, resultFromWire, shortened } from './codec-results.ts';
import { int64, jsonFromWire, jsonToWire, objectFromWire, toInt64 } from './codec-words.ts';
import type { ContentPart, Sample } from './types.ts';

/** Of one text, and of all together: a message has at most 4 MiB. */
const MAX_TEXT_BYTES = 1 << 20;
const MAX_TOTAL_BYTES = 3 << 20;
const PART_KEYS = { text: 'text', image: 'imageUrl', audio: 'audioUrl' } as const;

export const sampleChoiceToWire = (which: SampleChoice): GetSampleRequest => ({ ...which });

/** Cuts what is too long; in `truncated` stands what was cut here or before. */
export function sampleToWire(sample: Sample): WireSample {
  const { result } = sample;
  const metadata = jsonToWire(sample.metadata);
  const logprobs = sample.logprobs === undefined ? undefined : jsonToWire(sample.logprobs);
  const texts = new Map<string, number>([
    ['completion', Buffer.byteLength(result.completion)],
    ['reasoning', Buffer.byteLength(result.reasoning)],
    ['metadata', metadata.length],
    ['logprobs', logprobs?.length ?? 0],
    ['target', bytesOf(sample.target)],
    ['choices', bytesOf(sample.choices)],
    ...sample.messages.map(({ parts }, i): [string, number] => [`messages[${i}]`, bytesOf(parts.map((part) => part.value))]),
  ]);
  const most = mostPerText([...texts.values()]);
  const tooLong = [...texts].filter(([, bytes]) => bytes > most).map(([name]) => name);
  const isCut = new Set(tooLong);
  const short = (name: string, values: string[]): string[] => (isCut.has(name) ? cutAll(values, most) : values);
  const scoreLength = Math.floor(100_000 / Math.max(1, result.scores.length));
  return {
    result: {
      ...shortened(result, scoreLength),
      completion: short('completion', [result.completion])[0] ?? '',
      reasoning: short('reasoning', [result.reasoning])[0] ?? '',
    },
    messages: sample.messages.map(({ role, parts }, i) => {
      const values = short(
        `messages[${i}]`,
        parts.map((part) => part.value),
      );
      return { role, parts: values.map((value, at) => partToWire({ kind: parts[at]!.kind, value })) };
    }),
    target: short('target', sample.target),
    choices: short('choices', sample.choices),
    // Half a document is none.
    metadataJson: isCut.has('metadata') ? jsonToWire({}) : metadata,
    failures: sample.failures.map((failure) => ({ ...failure, startedAtMs: toInt64(failure.startedAtMs) })),
    startedAtMs: toInt64(sample.startedAtMs),
    workingMs: sample.workingMs,
    whereabouts: sample.whereabouts,
    ...(logprobs === undefined || isCut.has('logprobs') ? {} : { logprobsJson: logprobs }),
    limit: sample.limit,
    truncated: [...new Set([...sample.truncated, ...tooLong])],
    traceId: sample.traceId,
    attempts: sample.attempts.map(sampleAttemptToWire),
    attemptsLeftOut: sample.attemptsLeftOut,
    judgeCalls: sample.judgeCalls.map(judgeCallToWire),
  };
}

const bytesOf = (values: readonly string[]): number => values.reduce((sum, value) => sum + Buffer.byteLength(value), 0);

/** What each text may have, so that all together fit. */
function mostPerText(sizes: readonly number[]): number {
  let most = MAX_TEXT_BYTES;
  while (most > 1 && sizes.reduce((sum, size) => sum + Math.min(size, most), 0) > MAX_TOTAL_BYTES) most /= 2;
  return most;
}

/** The first of the values that have `bytes` together, the last of them cut: at most 3 bytes a UTF-16 unit. */
function cutAll(values: readonly string[], bytes: number): string[] {
  let left = bytes;
  const kept: string[] = [];
  for (const value of values) {
    if (left < 4) break;
    const fits = Buffer.byteLength(value) <= left;
    kept.push(fits ? value : cut(value, Math.floor((left - 3) / 3)));
    left = fits ? left - Buffer.byteLength(value) : 0;
  }
  return kept;
}

const partToWire = ({ kind, value }: ContentPart): WirePart => ({ [PART_KEYS[kind]]: value });

/** A part of a kind that this client is too old to know shows as an empty text. */
function partFromWire(wire: ContentPart__Output): ContentPart {
  if (wire.part === 'imageUrl') return { kind: 'image', value: wire.imageUrl ?? '' };
  if (wire.part === 'audioUrl') return { kind: 'audio', value: wire.audioUrl ?? '' };
  return { kind: 'text', value: wire.text ?? '' };
}

export function sampleFromWire(wire: Sample__Output | null): Sample {
  if (!wire?.result) throw new AppError('internal', 'the coordinator answered without a sample');
  return {
    result: resultFromWire(wire.result),
    messages: wire.messages.map(({ role, parts }) => ({ role, parts: parts.map(partFromWire) })),
    target: wire.target,
    choices: wire.choices,
    metadata: objectFromWire(wire.metadataJson, 'metadata'),
    failures: wire.failures.map(({ startedAtMs, durationMs, errorClass, message, httpStatus, waitedMs }) => ({
      startedAtMs: int64(startedAtMs),
      durationMs,
      errorClass,
      message,
      httpStatus,
      waitedMs,
    })),
    startedAtMs: int64(wire.startedAtMs),
    workingMs: wire.workingMs,
    whereabouts: wire.whereabouts,
    ...(wire.logprobsJson.length === 0 ? {} : { logprobs: jsonFromWire(wire.logprobsJson, 'logprobs') as unknown[] }),
    limit: wire.limit,
    truncated: wire.truncated,
    traceId: wire.traceId,
    attempts: wire.attempts.map(sampleAttemptFromWire),
    attemptsLeftOut: wire.attemptsLeftOut,
    judgeCalls: wire.judgeCalls.map(judgeCallFromWire),
  };
}
