/** Datasets from the web: a real HTTPS server that behaves well and badly. */
import { createServer, type Server } from 'node:net';
import type { lookup } from 'node:dns';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isPrivate } from '../../../../coordinator/datasets/addresses.ts';
import { FETCH_LIMITS, fetchDataset, type FetchOptions } from '../../../../coordinator/datasets/fetch.ts';
import { makeCertificate, type TestCertificate } from '../../../support/certificate.ts';
import { allOf } from '../../../support/mock-evaluation.ts';
import { file, redirect, startFileServer, type FileServer } from '../../../support/file-server.ts';

const LINE = '{"input":"a","target":"b"}\n';
let certificate: TestCertificate;
let https: FileServer;
let http: FileServer;

beforeAll(async () => {
  certificate = await makeCertificate();
  [https, http] = [await startFileServer(certificate), await startFileServer()];
  https.answers.set('/a.jsonl', file(LINE));
});
afterAll(() => Promise.all([https.stop(), http.stop()]));

async function get(address: string, options: Partial<FetchOptions> = {}): Promise<string> {
  const all: FetchOptions = { maxBytes: 1000, allowPrivate: true, ca: certificate.cert, ...options };
  return Buffer.concat(await allOf(fetchDataset(address, all))).toString();
}
const failure = (address: string, options?: Partial<FetchOptions>): Promise<string> =>
  get(address, options).then(
    () => 'none',
    (error: Error) => {
      expect(error).toMatchObject({ code: 'invalid' });
      return error.message;
    },
  );
const at = (path: string): string => `${https.origin}${path}`;
/** Every name is at this address. */
const resolvesTo = (...addresses: string[]): typeof lookup =>
  ((_host: string, _options: unknown, callback: (error: null, found: { address: string; family: number }[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as unknown as typeof lookup;

describe('a good address', () => {
  it('gives its bytes, compressed or not', async () => {
    expect(await get(at('/a.jsonl'))).toBe(LINE);
    https.answers.set('/stored.gz', file('packed', { 'content-encoding': 'gzip' }));
    expect(await get(at('/stored.gz'))).toBe('packed');
  });

  it('is followed over redirects, to plain HTTP only on this machine', async () => {
    https.answers
      .set('/r1', redirect('/r2', 301))
      .set('/r2', redirect(at('/r3'), 307))
      .set('/r3', redirect(`${http.origin}/b.jsonl`, 303));
    http.answers.set('/b.jsonl', file(LINE));
    expect(await get(at('/r1'))).toBe(LINE);
    // The first host is another machine by its name: from there HTTP is not followed.
    expect(await failure(`https://data.test:${https.port}/r3`, { resolve: resolvesTo('127.0.0.1') })).toMatch(
      /redirects to an address with http:, which is not taken; name an address with https:/,
    );
  });
});

describe('a bad redirect', () => {
  it.each([
    ['file:///etc/passwd', /redirects to an address with file:, which is not taken/],
    ['ftp://localhost/x', /redirects to an address with ftp:/],
    ['https://user:secret@localhost/x', /redirects to an address with a user or password in it/],
    ['http://example.invalid/x', /redirects to an address with http:/],
    ['https://', /redirects to what is no address/],
  ])('to %s ends there', async (location, message) => {
    https.answers.set('/redirect', redirect(location));
    const found = await failure(at('/redirect?signature=hunter2'));
    expect(found).toMatch(message);
    expect(found).not.toMatch(/hunter2|secret/);
  });

  it('without an end, or without a place, ends too', async () => {
    https.answers.set('/ring', redirect('/ring')).set('/nowhere', (_request, response) => void response.writeHead(302).end());
    https.asked.length = 0;
    expect(await failure(at('/ring'))).toContain('redirects more than 5 times');
    expect(https.asked).toHaveLength(6);
    expect(await failure(at('/nowhere'))).toContain('answers 302 without an address to go on to');
  });
});

describe('a private address', () => {
  it('is known in every form', () => {
    for (const address of [
      '127.9.9.9',
      '10.0.0.1',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
      '224.0.0.1',
      '::',
      '::1',
      'fe80::1%eth0',
      'fd00::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '2002:a00:1::',
      // Compatible with IPv4, translated by a network's own prefix, tunnelled (Teredo), and such as stand for IPv4 in no known way.
      '::127.0.0.1',
      '64:ff9b:1::a00:1',
      '2001:0:a00:1::1',
      '::ffff:0:127.0.0.1',
      '2001:db8::1',
    ])
      expect({ address, is: isPrivate(address) }).toEqual({ address, is: true });
    for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])
      expect({ address, is: isPrivate(address) }).toEqual({ address, is: false });
  });

  it('is refused before anything is asked of it: by number, by name, by what a name resolves to, by a redirect', async () => {
    https.asked.length = 0;
    const strict = { allowPrivate: false };
    const private_ = /is a private address; upload the file instead, or start the coordinator with --fetch-private true/;
    expect(await failure(`https://127.0.0.1:${https.port}/a.jsonl`, strict)).toMatch(private_);
    expect(await failure(`https://[::ffff:127.0.0.1]:${https.port}/a.jsonl`, strict)).toMatch(private_);
    expect(await failure(`https://2130706433:${https.port}/a.jsonl`, strict)).toMatch(private_);
    expect(await failure(at('/a.jsonl'), strict)).toMatch(private_);
    const named = `https://data.test:${https.port}/a.jsonl?key=hunter2`;
    expect(await failure(named, { ...strict, resolve: resolvesTo('127.0.0.1') })).toMatch(private_);
    // One private address among public ones is enough.
    const mixed = await failure(named, { ...strict, resolve: resolvesTo('203.0.113.1', 'fd00::1') });
    expect(mixed).toMatch(private_);
    expect(mixed).not.toContain('hunter2');
    expect(https.asked).toEqual([]);
  });
});

describe('a bad answer', () => {
  it.each([
    [404, /answers 404 Not Found; check the address/],
    [403, /answers 403 Forbidden; use an address that can be read without signing in/],
    [503, /answers 503 Service Unavailable; try again later, or upload the file/],
    [204, /answers 204 No Content, where 200 was expected/],
  ])('%i is told with the address, without its query', async (status, message) => {
    https.answers.set('/status', (_request, response) => void response.writeHead(status).end());
    const found = await failure(at('/status?X-Signature=hunter2#x'));
    expect(found).toMatch(message);
    expect(found).toContain(at('/status'));
    expect(found).not.toContain('hunter2');
  });

  it('is a web page, compressed in an unknown way, or too large', async () => {
    https.answers
      .set('/page', file('<html>', { 'content-type': 'text/html; charset=utf-8' }))
      .set('/brotli', file('x', { 'content-encoding': 'br' }))
      .set('/large', file('x'.repeat(1001)))
      .set('/long', (_request, response) => void response.writeHead(200).end('x'.repeat(1001)));
    expect(await failure(at('/page'))).toContain('is a web page (text/html) and no dataset');
    expect(await failure(at('/brotli'))).toContain('is compressed as br');
    expect(await failure(at('/large'))).toContain('has more than 1000 bytes');
    expect(await failure(at('/long'))).toContain('has more than 1000 bytes');
  });

  it('breaks off, is silent, or takes too long', async () => {
    https.answers
      .set('/torn', (_request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('x');
        setImmediate(() => response.destroy());
      })
      .set('/silent', () => undefined)
      .set('/stalls', (_request, response) => void response.writeHead(200).write('x'));
    expect(await failure(at('/torn'))).toContain('broke off');
    const short = { limits: { ...FETCH_LIMITS, idleMs: 50 } };
    expect(await failure(at('/silent'), short)).toContain('sent nothing for 0.05 s');
    expect(await failure(at('/stalls'), short)).toContain('sent nothing for 0.05 s');
    expect(await failure(at('/silent'), { limits: { ...FETCH_LIMITS, wholeMs: 100 } })).toContain('did not come as a whole within 0.1 s');
    expect(await failure(at('/stalls'), { limits: { ...FETCH_LIMITS, wholeMs: 100 } })).toContain('did not come as a whole within 0.1 s');
  });
});

describe('no answer', () => {
  it('comes from a closed port, an unknown name, a host that is not who it says', async () => {
    const closed: Server = createServer();
    const port = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => resolve((closed.address() as { port: number }).port)),
    );
    await new Promise((resolve) => closed.close(resolve));
    expect(await failure(`https://localhost:${port}/a`)).toContain('cannot be reached (ECONNREFUSED)');
    const unknown = ((_host: string, _options: unknown, callback: (error: Error) => void) =>
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }))) as unknown as typeof lookup;
    expect(await failure('https://data.test/a', { resolve: unknown })).toContain('has a host whose name is not found (ENOTFOUND)');
    expect(await failure(at('/a.jsonl'), { ca: '' })).toMatch(/has a certificate that is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/);
    expect(await failure(`https://other.test:${https.port}/a.jsonl`, { resolve: resolvesTo('127.0.0.1') })).toMatch(
      /has a certificate that is not trusted \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    );
  });

  it('is given up when nobody waits for it any more', async () => {
    https.answers.set('/silent', () => undefined);
    const abort = new AbortController();
    const pending = get(at('/silent'), { signal: abort.signal });
    abort.abort(new Error('gone'));
    await expect(pending).rejects.toThrow('gone');
  });
});
