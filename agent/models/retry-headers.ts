/**
 * What an endpoint's headers say about a repetition: `retry-after-ms`, `retry-after` (RFC 9110 §10.2.3), `x-should-retry`, and when its
 * rate limits are reset (`x-ratelimit-reset-requests`, `x-ratelimit-reset-tokens`).
 */

/** Lower-case names, as undici gives them. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

const first = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)?.trim();

/**
 * Milliseconds that the endpoint asks to wait, undefined when it does not ask or cannot be understood. A date is measured
 * against the answer's own `date` where there is one, so that a wrong clock on either side does no harm; else against `now`.
 */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | undefined {
  const ms = plainNumber(first(headers['retry-after-ms']));
  if (ms !== undefined) return ms;
  const text = first(headers['retry-after']);
  if (text === undefined) return undefined;
  const seconds = plainNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  // An HTTP date begins with the day's name; Date.parse would also make a date of "-5".
  const date = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(date)) return undefined;
  const sent = Date.parse(first(headers['date']) ?? '');
  return Math.max(0, date - (Number.isNaN(sent) ? now : sent));
}

/** The limits that OpenAI's protocol tells of, each with what is left of it. */
const LIMITS = ['requests', 'tokens'] as const;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Milliseconds until the limits that are used up are whole again, undefined when no header says so. Of a limit of which something is
 * left the reset means nothing: it was not the one that was met.
 */
export function limitResetMs(headers: ResponseHeaders): number | undefined {
  const waits = LIMITS.flatMap((limit) => {
    const left = plainNumber(first(headers[`x-ratelimit-remaining-${limit}`]));
    return left !== undefined && left > 0 ? [] : (spanMs(first(headers[`x-ratelimit-reset-${limit}`])) ?? []);
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

/** `1m30s`, `500ms`, `2h`; a number alone is seconds. */
function spanMs(text: string | undefined): number | undefined {
  const seconds = plainNumber(text);
  if (seconds !== undefined) return seconds * 1000;
  if (text === undefined || !/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|[smhd])/g)) ms += Number(number) * UNIT_MS[unit!]!;
  return ms;
}

/** The endpoint's own word on a repetition, undefined without one. */
export function shouldRetry(headers: ResponseHeaders): boolean | undefined {
  const word = first(headers['x-should-retry'])?.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

const plainNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
