import { describe, expect, test } from 'vitest';
import { answerError, embeddedError, networkError } from '../../../../agent/models/classify.ts';
import { ModelError } from '../../../../agent/models/provider.ts';
import { cleanError, cleanText, MAX_MESSAGE_BYTES } from '../../../../agent/models/redact.ts';
import { Redactor } from '../../../../shared/domain/redactor.ts';

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0);
const openai = (code: string | null, message = 'words', type = 'some_error'): string =>
  JSON.stringify({ error: { message, type, code, param: null } });

describe('an HTTP answer gets one class', () => {
  test.each<[number, string, string]>([
    [400, openai(null), 'request'],
    [400, openai('context_length_exceeded'), 'context_length'],
    [400, openai(null, "This model's maximum context length is 8192 tokens. However, you requested 9000."), 'context_length'],
    [
      400,
      JSON.stringify({
        type: 'error',
        error: { type: 'invalid_request_error', message: 'prompt is too long: 209341 tokens > 200000 maximum' },
      }),
      'context_length',
    ],
    [
      400,
      JSON.stringify({
        type: 'error',
        error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
      }),
      'quota',
    ],
    [400, openai('content_filter', 'The response was filtered'), 'content_filter'],
    [
      400,
      JSON.stringify({ error: { code: 'other', message: 'no', innererror: { code: 'ResponsibleAIPolicyViolation' } } }),
      'content_filter',
    ],
    [400, openai('model_not_found'), 'model_not_found'],
    [401, openai('invalid_api_key'), 'auth'],
    [402, openai(null, 'Insufficient Balance'), 'quota'],
    [403, 'forbidden', 'auth'],
    [403, openai('model_not_found', 'no access to the model'), 'model_not_found'],
    [404, openai(null), 'model_not_found'],
    [404, '<html>nothing here</html>', 'model_not_found'],
    [408, '', 'timeout'],
    [409, '', 'server_error'],
    [413, '', 'too_large'],
    [413, openai(null, 'Input is too long for the context window'), 'context_length'],
    [422, JSON.stringify({ detail: [{ loc: ['body', 'seed'], msg: 'not an integer' }] }), 'request'],
    [425, '', 'server_error'],
    [429, '', 'rate_limit'],
    [429, openai('rate_limit_exceeded', 'Rate limit reached'), 'rate_limit'],
    [429, openai('insufficient_quota', 'You exceeded your current quota'), 'quota'],
    [429, openai('billing_hard_limit_reached'), 'quota'],
    [429, openai('credit_balance_exhausted'), 'quota'],
    // Gemini's limit per minute has OpenAI's words for an empty account, but not its code.
    [
      429,
      JSON.stringify([
        {
          error: {
            code: 429,
            status: 'RESOURCE_EXHAUSTED',
            message: 'You exceeded your current quota, please check your plan and billing details.',
          },
        },
      ]),
      'rate_limit',
    ],
    [500, '', 'server_error'],
    [502, '<html>', 'server_error'],
    [503, '', 'server_error'],
    [504, '', 'timeout'],
    [524, '', 'timeout'],
    [529, JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }), 'server_error'],
    [301, '', 'request'],
    [418, '', 'request'],
  ])('%i %s → %s', (status, body, errorClass) => {
    const error = answerError(status, {}, body, NOW);
    expect(error).toBeInstanceOf(ModelError);
    expect([error.errorClass, error.httpStatus]).toEqual([errorClass, status]);
  });

  test("the message is the endpoint's word, whatever form it has", () => {
    const messageOf = (body: unknown): string => answerError(500, {}, typeof body === 'string' ? body : JSON.stringify(body), NOW).message;
    expect(messageOf({ error: { message: 'deep' } })).toBe('HTTP 500: deep');
    expect(messageOf({ error: 'bare' })).toBe('HTTP 500: bare');
    expect(messageOf({ object: 'error', message: 'flat', code: 500 })).toBe('HTTP 500: flat');
    expect(messageOf({ detail: 'of a framework' })).toBe('HTTP 500: of a framework');
    expect(messageOf('plain text\n')).toBe('HTTP 500: plain text');
    expect(messageOf('{"torn": ')).toBe('HTTP 500: {"torn":');
    expect(messageOf('')).toBe('HTTP 500');
    expect(messageOf([])).toBe('HTTP 500');
  });

  test('a redirect says where to', () => {
    expect(answerError(307, { location: 'https://other.example/v1' }, '', NOW).message).toContain('https://other.example/v1');
  });
});

describe('what the endpoint asks to wait', () => {
  test.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after-ms': '1500', 'retry-after': '7' }, 1500],
    [{ 'retry-after-ms': 'soon', 'retry-after': '7' }, 7000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
    // The endpoint's clock is an hour ahead: its own date counts.
    [{ 'retry-after': 'Thu, 01 Jan 2026 13:00:30 GMT', date: 'Thu, 01 Jan 2026 13:00:00 GMT' }, 30_000],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'later' }, undefined],
  ])('%j → %s ms', (headers, ms) => {
    expect(answerError(503, headers, '', NOW).retryAfterMs).toBe(ms);
  });

  test.each<[number, Record<string, string>, number | undefined]>([
    [429, { 'x-ratelimit-reset-requests': '8.64s' }, 8640],
    [429, { 'x-ratelimit-reset-requests': '60', 'x-ratelimit-reset-tokens': '20ms' }, 60_000],
    [429, { 'x-ratelimit-reset-requests': '1m30s' }, 60_000],
    [429, { 'x-ratelimit-reset-requests': '24h0m0s', 'x-ratelimit-remaining-requests': '0' }, 60_000],
    // Tokens were used up, requests were not.
    [
      429,
      {
        'x-ratelimit-reset-requests': '9s',
        'x-ratelimit-remaining-requests': '12',
        'x-ratelimit-reset-tokens': '6ms',
        'x-ratelimit-remaining-tokens': '0',
      },
      6,
    ],
    [429, { 'x-ratelimit-reset-requests': '9s', 'retry-after': '1' }, 1000],
    [429, { 'x-ratelimit-reset-requests': 'soon' }, undefined],
    [429, { 'x-ratelimit-reset-requests': '1m30' }, undefined],
    [503, { 'x-ratelimit-reset-requests': '9s' }, undefined],
  ])('%i %j → %s ms, never a used-up quota', (status, headers, ms) => {
    const error = answerError(status, headers, '', NOW);
    expect(error.retryAfterMs).toBe(ms);
    expect(error.errorClass).toBe(status === 429 ? 'rate_limit' : 'server_error');
  });

  test('a rate limit of hours, or one that is not to be repeated, is a used-up quota; other waits are capped', () => {
    expect(answerError(429, { 'retry-after': '3600' }, '', NOW).errorClass).toBe('rate_limit');
    expect(answerError(429, { 'retry-after': '3601' }, '', NOW).errorClass).toBe('quota');
    expect(answerError(429, { 'x-should-retry': 'false' }, '', NOW).errorClass).toBe('quota');
    expect(answerError(503, { 'retry-after': '86400' }, '', NOW)).toMatchObject({ errorClass: 'server_error', retryAfterMs: 3_600_000 });
  });

  test('x-should-retry is passed on', () => {
    expect(answerError(500, { 'x-should-retry': 'false' }, '', NOW).retryable).toBe(false);
    expect(answerError(400, { 'x-should-retry': 'true' }, '', NOW).retryable).toBe(true);
    expect(answerError(500, {}, '', NOW).retryable).toBeUndefined();
  });
});

test.each<[unknown, string]>([
  [{ error: { message: 'm', type: 'server_error' } }, 'server_error'],
  [{ error: { message: 'm', code: 502 } }, 'server_error'],
  [{ error: { message: 'm', code: 429 } }, 'rate_limit'],
  [{ error: { message: 'm', type: 'insufficient_quota' } }, 'quota'],
  [{ type: 'error', error: { type: 'overloaded_error', message: 'm' } }, 'server_error'],
  [{ type: 'error', error: { type: 'authentication_error', message: 'm' } }, 'auth'],
  [{ error: { message: 'm', type: 'invalid_request_error', code: 'context_length_exceeded' } }, 'context_length'],
  [{ error: 'something' }, 'server_error'],
])('an error object in an answer: %j → %s', (body, errorClass) => {
  expect(embeddedError(body, 200).errorClass).toBe(errorClass);
});

test.each<[Error & { code?: string }, string]>([
  [Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'connection'],
  [Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }), 'connection'],
  [Object.assign(new Error('connect'), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'connection'],
  [Object.assign(new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })], '')), 'connection'],
  [Object.assign(new Error('Invalid EOF state'), { name: 'HTTPParserError' }), 'connection'],
  [Object.assign(new Error('Expected HTTP/'), { name: 'HTTPParserError' }), 'bad_response'],
  [Object.assign(new Error('headers'), { code: 'UND_ERR_HEADERS_OVERFLOW' }), 'bad_response'],
  [Object.assign(new Error('argument'), { code: 'UND_ERR_INVALID_ARG' }), 'request'],
])('a network error: %s → %s', (error, errorClass) => {
  expect(networkError(error, 'http://host:1')).toMatchObject({ errorClass, httpStatus: undefined });
});

describe('kept texts', () => {
  test('never contain the key, in any of its spellings', () => {
    const key = 'sk-"a+b/c';
    const redactor = new Redactor([key]);
    const text = cleanText(`raw ${key} twice ${key}, json ${JSON.stringify(key)}, url ${encodeURIComponent(key)}`, redactor);
    expect(text).toBe('raw [key] twice [key], json "[key]", url [key]');
    const error = cleanError(new ModelError('auth', `bad key ${key}`, { httpStatus: 401, cause: new Error(key) }), redactor);
    expect(JSON.stringify([error.message, error.stack, error.cause ?? null])).not.toContain('sk-');
    expect(error).toMatchObject({ errorClass: 'auth', httpStatus: 401 });
  });

  test('are bounded in bytes without a torn character', () => {
    const text = cleanText('€'.repeat(5000), new Redactor([]));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(text).toMatch(/^€+ …$/);
    expect(cleanText('short', new Redactor([]))).toBe('short');
  });
});
