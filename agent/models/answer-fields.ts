/** Reading the fields of an endpoint's answer: what is not as it should be is a `bad_response` that names the place. */
import { ModelError, type Generation } from './provider.ts';
import type { TokenUsage } from '../../shared/domain/result.ts';

/** JSON of an endpoint. The error names the place and the size, never the text: it may be a completion. */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ModelError('bad_response', `${place} is not valid JSON (${text.length} characters)`);
  }
}

type Fields = Record<string, unknown>;

/** The value as an object, or a `bad_response` that names the place. */
export function asObject(value: unknown, place: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new ModelError('bad_response', `${place} is ${kindOf(value)}, not an object`);
}

/** A text, or an array of parts whose texts are joined; undefined when there is none (null, absent). */
export function asText(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  if (!Array.isArray(value)) throw new ModelError('bad_response', `${place} is ${kindOf(value)}, not text`);
  // Parts without a text (images, a thought of its own) are no part of the completion.
  return value
    .map((part, i) => (typeof part === 'string' ? part : (asText(asObject(part, `${place}[${i}]`)['text'], `${place}[${i}].text`) ?? '')))
    .join('');
}

/** A count of an endpoint; what is none counts as 0. */
export const asCount = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : value === undefined ? 'missing' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;

/** A Generation with only the fields that there are. */
export function generation(parts: {
  completion: string;
  reasoning: string | undefined;
  stopReason: string | undefined;
  logprobs?: unknown[] | undefined;
  usage: TokenUsage | undefined;
  model: unknown;
  fingerprint?: unknown;
  timeToFirstChunkMs?: number | undefined;
}): Generation {
  const { completion, reasoning, stopReason, logprobs, usage, model, fingerprint, timeToFirstChunkMs } = parts;
  return {
    completion,
    ...(reasoning ? { reasoning } : {}),
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(logprobs === undefined || logprobs.length === 0 ? {} : { logprobs }),
    usage: usage ?? { inputTokens: 0, outputTokens: 0 },
    ...(typeof model === 'string' ? { model } : {}),
    ...(typeof fingerprint === 'string' && fingerprint !== '' ? { fingerprint } : {}),
    ...(timeToFirstChunkMs === undefined ? {} : { timeToFirstChunkMs }),
  };
}
