/** The operator's HTTP server. */
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createHttpServer, type HttpServer } from '../../coordinator/http/server.ts';

let server: HttpServer | undefined;
afterEach(() => server?.stop());

test('metrics, health, readiness; nothing else', async () => {
  let why = '';
  server = createHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    metrics: (_request, response) => response.end('assay_units_total 1\n'),
    notReady: () => why,
  });
  await server.start();
  const get = async (path: string, method = 'GET'): Promise<[number, string]> => {
    const response = await fetch(`http://${server!.address}${path}`, { method });
    return [response.status, (await response.text()).trim()];
  };
  expect(await get('/metrics')).toEqual([200, 'assay_units_total 1']);
  expect(await get('/healthz')).toEqual([200, 'ok']);
  expect(await get('/readyz?x=1')).toEqual([200, 'ok']);
  why = 'no connection to Redis';
  expect(await get('/readyz')).toEqual([503, why]);
  expect((await get('/'))[0]).toBe(404);
  expect((await get('/metrics', 'POST'))[0]).toBe(405);
  const port = Number(server.address.split(':')[1]);
  for (const text of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`]) {
    const socket = connect(port, '127.0.0.1');
    socket.write(text);
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume());
  }
  expect(await get('/healthz')).toEqual([200, 'ok']);
  const taken = createHttpServer({ listen: { host: '127.0.0.1', port }, metrics: () => undefined, notReady: () => '' });
  await expect(taken.start()).rejects.toThrow('cannot listen there');
});
