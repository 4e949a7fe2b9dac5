/** What an endpoint's headers say about a repetition: `retry-after-ms`, `retry-after` (RFC 9110 §10.2.3) and `x-should-retry`. */

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

/** The endpoint's own word on a repetition, undefined without one. */
export function shouldRetry(headers: ResponseHeaders): boolean | undefined {
  const word = first(headers['x-should-retry'])?.toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

const plainNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
