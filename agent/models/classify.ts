/**
 * From what an endpoint answered (status, headers, body) or what the network said to a ModelError with one class.
 * The table stands in docs/models.md; `retry.ts` decides what happens with a class.
 */
import type { ErrorClass } from '../../shared/domain/result.ts';
import { errorBody, type ErrorBody } from './error-body.ts';
import { ModelError } from './provider.ts';
import { limitResetMs, retryAfterMs, shouldRetry, type ResponseHeaders } from './retry-headers.ts';

/** A rate limit that asks for a longer wait than this is a used-up quota: no sample should sleep that long. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * No wait for a reset is longer. Limits per minute are whole again by then; of those per day a place comes free long before the day is over.
 */
const MAX_RESET_MS = 60_000;

/** Codes that endpoints use for "there is no money left", whatever their HTTP status. */
const QUOTA_CODES =
  /^(insufficient_quota|insufficient_(balance|credits|funds)|billing_\w+|credit_balance_\w+|enforced_spend_limit_reached|spend_limit\w*)$/;
// "exceeded your current quota" is not here: Gemini says it of its limits per minute as well.
const QUOTA_WORDS = /credit balance|insufficient (credits|balance|funds)|out of credits|spend(ing)? limit|billing hard limit/i;

const CONTEXT_CODES = /^(context_length_exceeded|string_above_max_length|exceed_context_size_error|context_window_exceeded)$/;
const CONTEXT_WORDS = new RegExp(
  'context[ _](length|window|size)|(prompt|input) is too long|input length .* exceed|too many (input |prompt )?tokens' +
    '|reduce the length of|longer than the maximum model length',
  'i',
);

const FILTER_CODES = /^(content_filter|content_policy_violation|responsibleaipolicyviolation|moderation_blocked)$/;
const FILTER_WORDS = /content (management )?policy|content[ _]filter/i;

const MODEL_CODES = /^(model_not_found|deploymentnotfound|model_not_available)$/;

/** Error objects in a stream or in a 200 have no HTTP status; their type stands for one. */
const STATUS_OF_TYPE: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  requests: 429,
  tokens: 429,
  insufficient_quota: 429,
  overloaded_error: 529,
};

/** The class of an HTTP answer other than a success. */
export function classOfAnswer(status: number, body: ErrorBody): ErrorClass {
  const has = (codes: RegExp): boolean => body.codes.some((code) => codes.test(code));
  const clientFault = status >= 400 && status < 500;
  if (status === 402 || (clientFault && has(QUOTA_CODES)) || ([400, 403, 429].includes(status) && QUOTA_WORDS.test(body.message)))
    return 'quota';
  if (status === 429) return 'rate_limit';
  if (status === 404 || (clientFault && has(MODEL_CODES))) return 'model_not_found';
  if (clientFault && has(FILTER_CODES)) return 'content_filter';
  if (status === 401 || status === 403) return 'auth';
  if (has(CONTEXT_CODES)) return 'context_length';
  if ([400, 413, 422].includes(status) && CONTEXT_WORDS.test(body.message)) return 'context_length';
  if (status === 413) return 'too_large';
  if (status === 400 && FILTER_WORDS.test(body.message)) return 'content_filter';
  if (status === 408 || status === 504 || status === 524) return 'timeout';
  if (status === 409 || status === 425 || status >= 500) return 'server_error';
  return 'request';
}

/** The error of an HTTP answer other than a success; `text` is its body as far as it was read. `now`: ms since the epoch. */
export function answerError(status: number, headers: ResponseHeaders, text: string, now: number): ModelError {
  const body = errorBody(text);
  // Asked for in so many words, or told by the limits that were met.
  const askedMs = retryAfterMs(headers, now);
  const waitMs = askedMs ?? (status === 429 ? boundedReset(limitResetMs(headers)) : undefined);
  const again = shouldRetry(headers);
  let errorClass = classOfAnswer(status, body);
  // A rate limit that no wait of ours ends is the account's end for today: hand the work back instead of failing samples.
  if (errorClass === 'rate_limit' && (again === false || (waitMs ?? 0) > MAX_RETRY_AFTER_MS)) errorClass = 'quota';
  const location = status >= 300 && status < 400 ? ` to ${String(headers['location'] ?? '?')}: set base_url to the final address` : '';
  const what = status < 400 ? 'redirect' : 'HTTP';
  return new ModelError(errorClass, `${what} ${status}${location}${body.message ? `: ${body.message}` : ''}`, {
    httpStatus: status,
    retryAfterMs: waitMs === undefined ? undefined : Math.min(waitMs, MAX_RETRY_AFTER_MS),
    retryable: again,
  });
}

const boundedReset = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.min(ms, MAX_RESET_MS));

/** The error of an error object that came with status 200: alone, or as an event of a stream. */
export function embeddedError(value: unknown, httpStatus: number): ModelError {
  const body = errorBody(value);
  const known = body.codes.map((code) => STATUS_OF_TYPE[code]).find((status) => status !== undefined);
  const numeric = body.codes.map(Number).find((code) => code >= 400 && code < 600);
  return new ModelError(classOfAnswer(numeric ?? known ?? 500, body), `error in the answer: ${body.message || 'no message'}`, {
    httpStatus,
  });
}

/** The error of a call that got no whole answer. Codes are those of Node and of undici (UND_…). */
export function networkError(error: unknown, origin: string): ModelError {
  const code = codeOf(error);
  const text = error instanceof Error ? error.message : String(error);
  const message = `${origin}: ${[code, text].filter(Boolean).join(' ')}`;
  // undici's HTTP parser; its errors have a name, but (as of undici 8) no code. One of them means that the answer was torn.
  const isParser = error instanceof Error && error.name === 'HTTPParserError';
  if ((isParser && !/EOF/i.test(text)) || code === 'UND_ERR_HEADERS_OVERFLOW') return new ModelError('bad_response', message);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return new ModelError('request', message);
  return new ModelError('connection', message);
}

/** A failed connection to a name with several addresses is an AggregateError whose parts bear the code. */
function codeOf(error: unknown): string {
  const { code, errors } = (error ?? {}) as { code?: unknown; errors?: unknown };
  if (typeof code === 'string') return code;
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : '';
}
