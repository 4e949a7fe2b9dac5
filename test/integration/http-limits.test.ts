/** What the HTTP server takes of anybody, and for how long; and who comes to it from beyond its machine. */
import { request as httpsRequest } from 'node:https';
import { connect as connectSocket, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { BodyRoom } from '../../coordinator/http/body-room.ts';
import { StreamCounts } from '../../coordinator/http/stream-counts.ts';
import type { HttpServerOptions } from '../../coordinator/http/server.ts';
import type { Authenticator } from '../../coordinator/identity/authenticator.ts';
import type { Decision } from '../../coordinator/identity/gate.ts';
import type { RpcServerOptions } from '../../coordinator/rpc/server.ts';
import { connect } from '../../shared/client/connect.ts';
import type { SampleResult } from '../../shared/client/types.ts';
import type { Scope } from '../../shared/domain/identity.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startHttp, type TestHttp } from '../support/http.ts';
import { evaluation, EVALUATION_ID, result } from '../support/rpc.ts';
import { DIGEST } from '../support/rpc-rows/rows.ts';
import { waitFor } from '../support/wait-for.ts';

const TOKEN = 'a-token-of-this-coordinator';
let server: TestHttp | undefined;
afterEach(() => server?.stop());
const portOf = (): number => Number(new URL(server!.url).port);

/** A connection that sends this and reads only when it is told to. */
async function raw(text: string): Promise<Socket> {
  const socket = connectSocket(portOf(), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.pause();
  socket.write(text);
  return socket;
}

async function wholeOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => (text += data.toString())).resume();
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

const HEAD = 'Host: localhost\r\nConnection: close\r\n';

test('readers that stop reading hold little, slow nobody, and are cut off', async () => {
  const text = 'x'.repeat(100_000);
  let given = 0;
  let open = 0;
  server = await startHttp(
    {
      get: async () => evaluation(),
      results: async function* (): AsyncGenerator<SampleResult> {
        open++;
        try {
          for (let unit = 0; ; unit++) {
            given++;
            yield result(unit, { completion: text });
          }
        } finally {
          open--;
        }
      },
    },
    {},
    { limits: { slowMs: 1_000 } },
  );
  const path = `/api/v1/evaluations/${EVALUATION_ID}`;
  const readers = await Promise.all(Array.from({ length: 10 }, () => raw(`GET ${path}/results HTTP/1.1\r\n${HEAD}\r\n`)));
  await waitFor(() => open === 10, { what: 'all to be served' });
  expect((await fetch(server.url + path)).status).toBe(200);
  await waitFor(() => open === 0, { what: 'all to be cut off' });
  // What the kernel takes, and what waits for one reader.
  expect(given * text.length).toBeLessThan(10 * 16 * 1024 * 1024);
  for (const reader of readers) reader.destroy();
});

test('streams of one caller, and of all', () => {
  const counts = new StreamCounts({ perIdentity: 2, inAll: 3 });
  const leave = counts.enter('a');
  counts.enter('a');
  expect(() => counts.enter('a')).toThrow('"a" has 2 streams open');
  counts.enter('b');
  expect(() => counts.enter('b')).toThrow('there are 3 streams open');
  leave();
  counts.enter('a');
  expect(counts.total).toBe(3);
});

describe('bodies', () => {
  const post = (headers: string, body: string): string => `POST /api/v1/evaluations HTTP/1.1\r\n${HEAD}${headers}\r\n${body}`;

  test('that are too large, of another form, or broken', async () => {
    server = await startHttp();
    const cases: [string, string][] = [
      [post('Content-Type: application/json\r\nContent-Length: 99999999\r\n', '{'), 'at most 8388608 are taken'],
      [post('Content-Type: text/plain\r\nContent-Length: 2\r\n', '{}'), 'send application/json'],
      [post('Content-Type: application/json\r\nContent-Length: 3\r\n', '{{{'), 'is not JSON'],
      [post('Content-Type: application/json\r\nContent-Length: 2\r\n', '[]'), 'expected object'],
      [post('Content-Type: application/json\r\nContent-Length: 1000\r\n', '['.repeat(1000)), 'levels deep'],
    ];
    for (const [text, expected] of cases) {
      const answer = await wholeOf(await raw(text));
      expect([expected, answer.slice(0, 12), answer.includes(expected)]).toEqual([expected, 'HTTP/1.1 400', true]);
    }
  });

  test('that do not come are not waited for for ever', async () => {
    server = await startHttp({}, {}, { limits: { callMs: 300 } });
    const answer = await wholeOf(await raw(post('Content-Type: application/json\r\nContent-Length: 10\r\n', '{')));
    expect(answer).toContain('HTTP/1.1 504');
  });
});

describe('uploads', () => {
  test('come in pieces, as many as they said', async () => {
    const got: unknown[] = [];
    server = await startHttp({
      hasContent: async () => false,
      upload: async (_digest, sizeBytes, chunks, namespace) => {
        let bytes = 0;
        for await (const chunk of chunks) bytes += chunk.length;
        got.push(sizeBytes, bytes, namespace);
      },
    });
    const url = `${server.url}/api/v1/content/${DIGEST}`;
    const response = await fetch(`${url}?namespace=team-a`, { method: 'PUT', body: Buffer.alloc(3_000_000) });
    expect([response.status, await response.json(), got]).toEqual([
      201,
      { digest: DIGEST, existed: false },
      [3_000_000, 3_000_000, 'team-a'],
    ]);
    const unknown = await wholeOf(await raw(`PUT /api/v1/content/${DIGEST} HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\n`));
    expect([unknown.slice(0, 12), unknown.includes('content-length: is missing')]).toEqual(['HTTP/1.1 400', true]);
    expect((await fetch(url.replace('sha256:', 'md5:'), { method: 'PUT', body: 'abc' })).status).toBe(400);
  });

  test('of what is there already are not asked for', async () => {
    server = await startHttp({ hasContent: async () => true });
    const socket = await raw(`PUT /api/v1/content/${DIGEST} HTTP/1.1\r\n${HEAD}Content-Length: 99\r\nExpect: 100-continue\r\n\r\n`);
    const answer = await wholeOf(socket);
    expect([answer.includes('100 Continue'), answer.includes('"existed":true')]).toEqual([false, true]);
  });
});

test('failed logins of one address are answered later and later', async () => {
  server = await startHttp({ get: async () => evaluation() }, { token: TOKEN }, { limits: { loginBackoff: true } });
  const startedMs = performance.now();
  for (let i = 0; i < 6; i++) expect((await fetch(`${server.url}/api/v1/whoami`)).status).toBe(401);
  // Three at once, then 100, 200 and 400 ms.
  expect(performance.now() - startedMs).toBeGreaterThan(650);
  expect((await fetch(`${server.url}/api/v1/whoami`, { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
});

test('failed logins are counted together, whether they come by gRPC or by HTTP', async () => {
  const limits = { limits: { loginBackoff: true } };
  server = await startHttp({}, { token: TOKEN, ...limits }, limits);
  const client = connect({ addresses: [server.rpc.address], token: 'wrong' });
  for (let i = 0; i < 4; i++) await expect(client.whoAmI()).rejects.toThrow('token');
  client.close();
  const startedMs = performance.now();
  expect((await fetch(`${server.url}/api/v1/whoami`)).status).toBe(401);
  // The fifth of them.
  expect(performance.now() - startedMs).toBeGreaterThan(195);
});

describe('beyond this machine', () => {
  const beyond = async (rpc: Partial<RpcServerOptions>, http: Partial<HttpServerOptions> = {}) => {
    const { cert, key } = await makeCertificate();
    const tls = { cert: Buffer.from(cert), key: Buffer.from(key) };
    server = await startHttp(
      { get: async () => evaluation() },
      { token: TOKEN, ...rpc },
      { listen: { host: '0.0.0.0', port: 0 }, tls, ...http },
    );
    return (path: string, token?: string): Promise<{ status: number; strict: string }> =>
      new Promise((resolve, reject) => {
        const headers = { host: 'assay.example.org', ...(token && { authorization: `Bearer ${token}` }) };
        const where = { host: '127.0.0.1', port: portOf(), path, headers, ca: cert, servername: 'localhost', agent: false };
        httpsRequest(where, (response) => {
          response.resume();
          resolve({ status: response.statusCode!, strict: response.headers['strict-transport-security'] ?? '' });
        })
          .on('error', reject)
          .end();
      });
  };

  test('TLS, a token, also for metrics; any name', async () => {
    const get = await beyond({});
    expect(await get('/healthz')).toEqual({ status: 200, strict: 'max-age=31536000' });
    for (const path of ['/metrics', '/api/v1/whoami']) {
      expect([path, (await get(path)).status]).toEqual([path, 401]);
      expect([path, (await get(path, TOKEN)).status]).toEqual([path, 200]);
    }
    // Plain HTTP is not answered.
    const plain = await wholeOf(await raw(`GET /healthz HTTP/1.1\r\n${HEAD}\r\n`));
    expect(plain).not.toContain('200');
  });

  test('metrics for who may see all namespaces, or for everybody where that is said', async () => {
    const decisions: Decision[] = [];
    /** Tokens that say what they may: scope and namespace. */
    const said: Authenticator = {
      takes: ({ bearer }) => bearer?.includes('.') === true,
      verify: ({ bearer = '' }) => {
        const [scope, namespace] = bearer.split('.');
        const namespaces = namespace === 'all' ? '*' : [namespace!];
        return { identity: { name: bearer, kind: 'token', scopes: new Set([scope as Scope]), namespaces }, watch: () => () => undefined };
      },
    };
    const rpc = { authenticators: [said], onDecision: (decision: Decision) => void decisions.push(decision) };
    const get = await beyond(rpc);
    for (const token of ['read.all', 'operate.all']) expect([token, (await get('/metrics', token)).status]).toEqual([token, 200]);
    expect(decisions).toEqual([]);
    const others = ['read.team-a', 'operate.team-a', 'submit.all', 'agent.all', 'admin.all'];
    for (const token of others) expect([token, (await get('/metrics', token)).status]).toEqual([token, 403]);
    expect(decisions.map(({ identity, method, outcome }) => [identity?.name, method, outcome])).toEqual(
      others.map((token) => [token, '/metrics', 'denied']),
    );
    await server!.stop();
    const open = await beyond(rpc, { openMetrics: true });
    expect((await open('/metrics')).status).toBe(200);
  });
});

test('bodies that wait for their answers hold no more than they may', () => {
  const room = new BodyRoom({ maxPendingBytesPerPeer: 10, maxPendingBytes: 15 });
  const [one, two, other] = [room.of('a'), room.of('a'), room.of('b')];
  one.take(6);
  expect(() => two.take(5)).toThrow('too much is being sent');
  two.take(4);
  other.take(5);
  expect(() => other.take(1)).toThrow('too much is being sent');
  one.leave();
  other.take(1);
  two.leave();
  other.leave();
  expect(room.total).toBe(0);
});

test('who does not take a large answer is cut off', async () => {
  server = await startHttp({ get: async () => evaluation({ name: 'x'.repeat(3_500_000) }) }, {}, { limits: { slowMs: 500 } });
  const path = `/api/v1/evaluations/${EVALUATION_ID}`;
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  // More of them than the kernel takes for one who reads nothing.
  const socket = await raw(request.repeat(20));
  await waitFor(() => server!.http.connections === 1, { what: 'it to have come' });
  await waitFor(() => server!.http.connections === 0, { what: 'it to be cut off' });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  socket.destroy();
});
