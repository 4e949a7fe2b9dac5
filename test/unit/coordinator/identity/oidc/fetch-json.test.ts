/** What an issuer may answer: in size, form and time. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchJson } from '../../../../../coordinator/identity/oidc/fetch-json.ts';
import { OidcIssuer } from '../../../../support/oidc-issuer.ts';

const NEVER = new AbortController().signal;
const LIMIT = 256 * 1024;
const sized = (bytes: number): string => JSON.stringify('x'.repeat(bytes - 2));

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await OidcIssuer.start([]);
});
afterAll(() => issuer.stop());

const ask = (signal = NEVER): Promise<unknown> => fetchJson(`${issuer.url}/asked`, signal);

test.each([LIMIT - 1, LIMIT])('%d bytes are taken', async (bytes) => {
  issuer.answers.set('/asked', { body: sized(bytes) });
  expect(await ask()).toHaveLength(bytes - 2);
});

describe('refused', () => {
  test.each<[string, { status?: number; body?: string | Buffer; headers?: Record<string, string> }, RegExp]>([
    ['one byte more', { body: sized(LIMIT + 1) }, /answers more than 262144 bytes/],
    ['a few bytes that become many', { body: gzipSync(sized(20 * LIMIT)), headers: { 'content-encoding': 'gzip' } }, /answers more than/],
    ['another place', { status: 302, headers: { location: '/keys' } }, /cannot be asked: unexpected redirect/],
    ['an error', { status: 500 }, /answers 500/],
    ['a page', { body: '<html>' }, /answers no JSON/],
    ['nothing', { body: '' }, /answers no JSON/],
    ['bytes that are no text', { body: Buffer.from([0x22, 0xff, 0x22]) }, /answers no JSON/],
  ])('%s', async (_, answer, why) => {
    issuer.answers.set('/asked', answer);
    await expect(ask()).rejects.toThrow(why);
    expect(issuer.asked).not.toContain('/keys');
  });

  test('silence', async () => {
    issuer.isSilent = true;
    const limit = new AbortController();
    const asked = issuer.asked.length;
    const answer = ask(limit.signal);
    while (issuer.asked.length === asked) await new Promise(setImmediate);
    limit.abort(new Error('too late'));
    await expect(answer).rejects.toThrow('too late');
    issuer.isSilent = false;
  });

  test('nobody there', async () => {
    const gone = await OidcIssuer.start([]);
    const { url } = gone;
    await gone.stop();
    await expect(fetchJson(`${url}/asked`, NEVER)).rejects.toThrow(/cannot be asked: .*ECONNREFUSED/);
  });
});
