/** What operators ask the HTTP server: metrics, health, readiness; and what it does with what is no HTTP. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { LoginBackoff } from '../../coordinator/rpc/limits/login-backoff.ts';
import { createHttpServer } from '../../coordinator/http/server.ts';
import { NO_SESSIONS, startHttp, type TestHttp } from '../support/http.ts';
import { recordingLogger } from '../support/rpc.ts';

let server: TestHttp | undefined;
afterEach(() => server?.stop());

test('metrics, health, readiness', async () => {
  let why = '';
  server = await startHttp({}, {}, { notReady: async () => why });
  const get = async (path: string, method = 'GET'): Promise<[number, string]> => {
    const response = await fetch(`${server!.url}${path}`, { method });
    return [response.status, (await response.text()).trim()];
  };
  expect(await get('/metrics')).toEqual([200, 'assay_units_total 1']);
  expect(await get('/healthz')).toEqual([200, 'ok']);
  expect(await get('/readyz?x=1')).toEqual([200, 'ok']);
  why = 'no connection to Redis';
  expect(await get('/readyz')).toEqual([503, why]);
  expect(await get('/')).toEqual([200, expect.stringContaining('/api/v1')]);
  expect((await get('/nothing'))[0]).toBe(404);
  expect((await get('/metrics', 'POST'))[0]).toBe(405);
  const port = Number(server.http.address.split(':')[1]);
  for (const text of ['nonsense\r\n\r\n', `GET / HTTP/1.1\r\nx: ${'y'.repeat(50_000)}\r\n\r\n`]) {
    const socket = connect(port, '127.0.0.1');
    socket.write(text);
    await new Promise((resolve) => socket.on('close', resolve).on('error', resolve).resume());
  }
  expect(await get('/healthz')).toEqual([200, 'ok']);
  const taken = createHttpServer({
    ...{ listen: { host: '127.0.0.1', port }, metrics: () => undefined, notReady: async () => '' },
    ...{ inside: server.rpc.inside, sessions: NO_SESSIONS, logger: recordingLogger().logger },
  });
  await expect(taken.start()).rejects.toThrow('cannot listen there');
});

test('beyond this machine it listens only within TLS', () => {
  expect(() =>
    createHttpServer({
      ...{ listen: { host: '0.0.0.0', port: 0 }, metrics: () => undefined, notReady: async () => '' },
      ...{
        inside: { gate: {} as never, methods: new Map(), backoff: new LoginBackoff(), goingAway: new AbortController().signal },
        sessions: NO_SESSIONS,
        logger: recordingLogger().logger,
      },
    }),
  ).toThrow('only with TLS and a token');
});

test('behind a proxy metrics want a token; beside it they do not', async () => {
  const statusOf = async (headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const port = Number(server!.http.address.split(':')[1]);
      request({ host: '127.0.0.1', port, path: '/metrics', headers, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });
  const token = 'a-token-of-this-coordinator';
  const bearer = { authorization: `Bearer ${token}` };
  server = await startHttp({}, { token });
  expect(await statusOf({})).toBe(200);
  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip']) {
    expect([name, await statusOf({ [name]: '203.0.113.1' })]).toEqual([name, 401]);
    expect([name, await statusOf({ [name]: '203.0.113.1', ...bearer })]).toEqual([name, 200]);
  }
  await server.stop();
  const origins = ['https://assay.example.org'];
  server = await startHttp({}, { token }, { origins });
  for (const host of ['assay.example.org', '127.0.0.1']) {
    expect([host, await statusOf({ host })]).toEqual([host, 401]);
    expect([host, await statusOf({ host, ...bearer })]).toEqual([host, 200]);
  }
  await server.stop();
  server = await startHttp({}, { token }, { origins, openMetrics: true });
  expect(await statusOf({ host: 'assay.example.org' })).toBe(200);
});
