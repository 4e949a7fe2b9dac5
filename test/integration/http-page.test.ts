/** The page's files, and what every answer says to browsers. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpRoutes } from '../../shared/http/table.ts';
import { httpOf, startHttp, type TestHttp } from '../support/http.ts';
import { evaluation, EVALUATION_ID } from '../support/rpc.ts';

let folder: string;
let server: TestHttp;
let bare: TestHttp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-page-'));
  const page = join(folder, 'dist');
  await mkdir(join(page, 'assets'), { recursive: true });
  await Promise.all([
    writeFile(join(page, 'index.html'), '<!doctype html><title>Assay</title>'),
    writeFile(join(page, 'assets/index-BxD3kq_9.js'), 'export {};'),
    writeFile(join(page, 'assets/index-C0ffee12.css'), 'body{}'),
    writeFile(join(page, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(join(page, 'notes.secret'), 'secret'),
    writeFile(join(folder, 'outside.html'), 'secret'),
    symlink(join(folder, 'outside.html'), join(page, 'linked.html')),
  ]);
  server = await startHttp({ get: async () => evaluation() }, {}, { page });
  bare = await httpOf(server.rpc, { page: join(folder, 'nothing') });
});
afterAll(async () => {
  await bare?.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(server.url + path, { headers });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    kept: response.headers.get('cache-control'),
    text: await response.text(),
  };
};
const INDEX = { status: 200, type: 'text/html; charset=utf-8', kept: 'no-cache', text: '<!doctype html><title>Assay</title>' };

test('files with a hash in their name are kept for ever, the page is asked for each time', async () => {
  expect(await get('/')).toEqual(INDEX);
  expect(await get('/assets/index-BxD3kq_9.js')).toMatchObject({
    ...{ status: 200, type: 'text/javascript; charset=utf-8' },
    kept: 'public, max-age=31536000, immutable',
  });
  expect(await get('/assets/index-C0ffee12.css')).toMatchObject({ status: 200, type: 'text/css; charset=utf-8' });
  expect(await get('/favicon.svg')).toMatchObject({ status: 200, type: 'image/svg+xml', kept: 'no-cache' });
  const etag = (await fetch(server.url)).headers.get('etag')!;
  expect((await get('/', { 'if-none-match': etag })).status).toBe(304);
  const head = await fetch(server.url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(INDEX.text.length), '']);
});

test('places inside of the page are the page; what looks like a file, or like the API, is not', async () => {
  for (const path of [`/evaluations/${EVALUATION_ID}`, '/agents/gpu-1.example', '/compare?ids=a,b'])
    expect([path, await get(path)]).toEqual([path, INDEX]);
  for (const path of ['/assets/other.js', '/robots.txt', '/api/v2', '/api', '/assets', '/index.js'])
    expect([path, (await get(path)).status]).toEqual([path, 404]);
  expect(await get('/assets/other.js')).toMatchObject({ type: 'text/plain; charset=utf-8', text: 'there is no such file here\n' });
  for (const { url } of [server, bare])
    expect(await (await fetch(`${url}/api/nope`)).json()).toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('openapi.json') as string,
    });
});

test('no path leads out of the folder', async () => {
  const port = Number(new URL(server.url).port);
  const raw = (path: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
      socket.on('data', (data) => (text += data.toString()));
      socket.on('error', reject).on('close', () => resolve(text));
    });
  const paths = [
    ...[
      '/../outside.html',
      '/..%2foutside.html',
      '/%2e%2e/outside.html',
      '//outside.html',
      '/assets/../../outside.html',
      '/assets/..%5c..%5coutside.html',
    ],
    ...[
      '/linked.html',
      '/notes.secret',
      '/index.html%00.js',
      'http://localhost/../outside.html',
      '/\\..\\outside.html',
      '/./../outside.html',
      '*',
    ],
  ];
  for (const path of paths) expect([path, (await raw(path)).includes('secret')]).toEqual([path, false]);
});

test('without a page `/` says where the API is; its document has every row', async () => {
  const root = await fetch(bare.url);
  expect([root.status, await root.text()]).toEqual([200, expect.stringContaining('/api/v1')]);
  expect((await fetch(`${bare.url}/evaluations`)).status).toBe(404);
  const document = (await (await fetch(`${bare.url}/api/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: object };
  };
  expect(document.openapi).toBe('3.1.0');
  const operations = Object.entries(document.paths).flatMap(([path, own]) =>
    Object.keys(own).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(operations).toEqual(expect.arrayContaining(httpRoutes().map(({ method, path }) => `${method} /api/v1${path}`)));
  const text = JSON.stringify(document);
  const named = [...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name!);
  expect([...new Set(named)].filter((name) => !Object.hasOwn(document.components.schemas, name))).toEqual([]);
});

test('every answer is strict to browsers', async () => {
  for (const path of [
    '/',
    '/healthz',
    '/metrics',
    '/nothing.js',
    '/api/v1/whoami',
    '/api/v1/nothing',
    `/api/v1/evaluations/${EVALUATION_ID}`,
    '/api/openapi.json',
  ]) {
    const { headers } = await fetch(server.url + path);
    const policy = headers.get('content-security-policy')!;
    expect([path, policy.split('; ')]).toEqual([
      path,
      expect.arrayContaining([
        ...["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"],
      ]),
    ]);
    expect(policy).not.toMatch(/unsafe|\*|data:/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('cache-control')).toBe(path === '/' ? 'no-cache' : 'no-store');
  }
});
