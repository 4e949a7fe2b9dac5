/** Browsers' sessions, over real HTTP, tokens and Redis: the cookie, what it stands for, and what another site's page cannot do with it. */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RedisSessions } from '../../coordinator/http/session/redis-sessions.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import { LOCAL, SCOPES } from '../../shared/domain/identity.ts';
import type { ClusterChange } from '../../shared/client/types.ts';
import type { SessionInfo } from '../../shared/http/answers.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { AccessRig, OWN_TOKEN } from '../support/access-rig.ts';
import { eventsOf, httpOf, startHttp, type TestHttp } from '../support/http.ts';
import { operatorUseCases } from '../support/rpc.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let rig: AccessRig;
let store: TestRedis;
let redis: RedisClient;
/** Two coordinators' worth of it. */
let a: TestHttp;
let b: TestHttp;
/** And one whose cluster goes on. */
let live: TestHttp;
beforeAll(async () => {
  [rig, store] = await Promise.all([AccessRig.start(), startRedis()]);
  redis = await connectRedis(store.url, 'sessions', silentLogger());
  const sessions = () => new RedisSessions({ redis, keyPrefix: 'assay', now: Date.now });
  a = await httpOf(rig.server, { sessions: sessions() });
  b = await httpOf(rig.server, { sessions: sessions() });
  live = await startHttp(
    {},
    { token: OWN_TOKEN, authenticators: [rig.book], operator: operatorUseCases({ watchCluster }) },
    { sessions: sessions() },
  );
});
afterAll(async () => {
  await Promise.all([a?.stop(), b?.stop(), live?.stop()]);
  redis?.disconnect();
  await Promise.all([rig?.stop(), store?.stop()]);
});

/** Streams that are open at `live`. */
let watching = 0;
async function* watchCluster(signal: AbortSignal): AsyncGenerator<ClusterChange> {
  const nothing = { coordinators: [], agents: [], routes: [], removedCoordinatorIds: [], removedAgentIds: [], removedRoutes: [] };
  watching++;
  try {
    yield { timeMs: 1, snapshot: true, ...nothing };
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    watching--;
  }
}

interface Session extends SessionInfo {
  cookie: string;
  setCookie: string;
}

const own = (at: TestHttp): Record<string, string> => ({ origin: at.url });

async function login(token: string, at = a): Promise<Session> {
  const response = await fetch(`${at.url}/api/v1/session`, {
    method: 'POST',
    body: JSON.stringify({ token }),
    headers: { 'content-type': 'application/json', ...own(at) },
  });
  expect(response.status).toBe(201);
  const setCookie = response.headers.get('set-cookie')!;
  return { ...((await response.json()) as SessionInfo), setCookie, cookie: setCookie.split(';', 1)[0]! };
}

const call = (path: string, init: RequestInit & { headers: Record<string, string> }, at = a): Promise<Response> =>
  fetch(`${at.url}/api/v1${path}`, init);

const makeToken = (headers: Record<string, string>): Promise<Response> =>
  call('/tokens', {
    method: 'POST',
    body: JSON.stringify({ name: 'x', scopes: ['read'], namespaces: ['team-a'] }),
    headers: { 'content-type': 'application/json', ...headers },
  });

test('a session stands for its token, at every coordinator, and is told of by neither', async () => {
  const token = await rig.token(['read', 'admin'], ['team-a']);
  const { cookie, setCookie, identity, csrfToken } = await login(token);
  expect(setCookie).toMatch(/^__Host-assay=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict; Max-Age=\d+$/);
  expect(identity).toMatchObject({ name: 'read+admin', kind: 'token', scopes: ['read', 'admin'], namespaces: ['team-a'] });
  for (const at of [a, b]) {
    const shown = (await (await call('/session', { headers: { cookie } }, at)).json()) as SessionInfo;
    expect(shown).toMatchObject({ identity: { name: 'read+admin' }, csrfToken });
    expect((await call('/tokens', { headers: { cookie } }, at)).status).toBe(200);
    expect((await call('/agents', { headers: { cookie } }, at)).status).toBe(403);
  }
  const keys = await redis.keys('*session:*');
  const kept = Buffer.concat(await Promise.all(keys.map(async (key) => (await redis.getBuffer(key)) ?? Buffer.alloc(0))));
  expect([keys.length > 0, kept.includes(token), keys.join(' ').includes(cookie.split('=')[1]!)]).toEqual([true, false, false]);
});

describe('a call that changes something', () => {
  test('needs the session’s CSRF token and this coordinator’s own page', async () => {
    const { cookie, csrfToken } = await login(await rig.token(['admin', 'read'], ['team-a']));
    const good = { cookie, 'x-assay-csrf': csrfToken! };
    expect((await makeToken({ ...good, ...own(a) })).status).toBe(201);
    expect((await makeToken({ ...good, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const bad: Record<string, string>[] = [
      { ...good },
      { cookie, ...own(a) },
      { ...good, 'x-assay-csrf': `${csrfToken!.slice(0, -1)}~`, ...own(a) },
      { ...good, origin: 'https://evil.example' },
      { ...good, origin: 'null' },
      { ...good, ...own(a), 'sec-fetch-site': 'cross-site' },
      { ...good, origin: own(a)['origin']!.replace(/:\d+$/, ':1') },
    ];
    for (const headers of bad) expect([headers, (await makeToken(headers)).status]).toEqual([headers, 403]);
    const other = await login(await rig.token(['admin', 'read'], ['team-a']));
    expect((await makeToken({ cookie, 'x-assay-csrf': other.csrfToken!, ...own(a) })).status).toBe(403);
  });

  test('with a bearer needs neither, and a page of another site sends none', async () => {
    const authorization = `Bearer ${await rig.token(['admin', 'read'], ['team-a'])}`;
    expect((await makeToken({ authorization })).status).toBe(201);
    expect((await makeToken({ authorization, origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('a session ends', () => {
  test('when it is logged out, everywhere', async () => {
    const { cookie, csrfToken } = await login(OWN_TOKEN);
    expect((await call('/agents', { headers: { cookie } }, b)).status).toBe(200);
    const refused = await call('/session', { method: 'DELETE', headers: { cookie, ...own(a) } });
    expect(refused.status).toBe(403);
    const out = await call('/session', { method: 'DELETE', headers: { cookie, 'x-assay-csrf': csrfToken!, ...own(a) } });
    expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
    expect((await call('/agents', { headers: { cookie } })).status).toBe(401);
    await waitFor(async () => (await call('/agents', { headers: { cookie } }, b)).status === 401, {
      what: 'the other to know',
      timeoutMs: 5_000,
    });
  });

  test('with its token, and what is under way with it', async () => {
    const { secret, token } = await rig.tokens.create(LOCAL, { name: 'gone', scopes: SCOPES, namespaces: '*', expiresInMs: 3_600_000 });
    const { cookie } = await login(secret);
    const stream = await call('/cluster/events', { headers: { cookie } }, live);
    const events = eventsOf(stream);
    expect((await events.next()).value).toMatchObject({ event: 'change' });
    await rig.tokens.revoke(LOCAL, token.id);
    expect((await events.next()).value).toMatchObject({ event: 'failed', data: { code: 'unauthenticated' } });
    expect((await events.next()).done).toBe(true);
    expect((await call('/agents', { headers: { cookie } })).status).toBe(401);
  });

  test('and with it what is under way in it, also when it was logged out at another coordinator', async () => {
    const { cookie, csrfToken } = await login(OWN_TOKEN);
    const streams = await Promise.all([1, 2].map(() => call('/cluster/events', { headers: { cookie } }, live)));
    const leaves = new AbortController();
    const headers = { authorization: `Bearer ${OWN_TOKEN}` };
    const byToken = await call('/cluster/events', { headers, signal: leaves.signal }, live);
    const all = [...streams, byToken].map((stream) => eventsOf(stream));
    for (const events of all) expect((await events.next()).value).toMatchObject({ event: 'change' });
    expect((await call('/session', { method: 'DELETE', headers: { cookie, 'x-assay-csrf': csrfToken!, ...own(a) } })).status).toBe(204);
    for (const events of all.slice(0, 2)) {
      expect((await events.next()).value).toMatchObject({ event: 'failed', data: { code: 'unauthenticated', reason: 'SESSION_OVER' } });
      expect((await events.next()).done).toBe(true);
    }
    // What came with a token goes on, and ends when its reader leaves.
    await waitFor(() => watching === 1, { what: 'one to be left' });
    leaves.abort();
    await waitFor(() => watching === 0, { what: 'the last one to end' });
  });

  test('with the oldest of too many', async () => {
    const token = await rig.token(['operate', 'read'], '*');
    const all = [];
    for (let i = 0; i < 52; i++) all.push(await login(token));
    const statuses = await Promise.all([all[0]!, all[1]!, all[2]!, all[51]!].map(({ cookie }) => call('/agents', { headers: { cookie } })));
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 200, 200]);
  });
});

describe('what is refused before the rules are asked is told', () => {
  const CREATE = '/assay.v1.IdentityService/CreateToken';
  const toldOf = async (made: Promise<Response>): Promise<unknown[]> => {
    rig.decisions.length = 0;
    const { status } = await made;
    return [status, rig.decisions.map(({ identity, method, outcome }) => [identity?.name, method, outcome])];
  };

  test('with its method, and its caller where he is known', async () => {
    const { cookie, csrfToken } = await login(await rig.token(['admin', 'read'], ['team-a']));
    const good = { cookie, 'x-assay-csrf': csrfToken! };
    const denied = (name: string | undefined, method: string): unknown[] => [403, [[name, method, 'denied']]];
    expect(await toldOf(makeToken({ cookie, ...own(a) }))).toEqual(denied('admin+read', CREATE));
    expect(rig.decisions[0]).toMatchObject({
      peer: expect.stringContaining('127.0.0.1:'),
      reason: expect.stringContaining('x-assay-csrf'),
    });
    expect(await toldOf(makeToken(good))).toEqual(denied('admin+read', CREATE));
    expect(await toldOf(makeToken({ ...good, origin: 'https://evil.example' }))).toEqual(denied(undefined, CREATE));
    expect(await toldOf(call('/nothing?x=1', { headers: { origin: 'null' } }))).toEqual(denied(undefined, '/api/v1/nothing'));
    expect(await toldOf(call('/session', { method: 'DELETE', headers: { cookie, ...own(a) } }))).toEqual(
      denied('admin+read', '/api/v1/session'),
    );
    const dead = `__Host-assay=${'A'.repeat(43)}`;
    expect(await toldOf(makeToken({ ...good, cookie: dead, ...own(a) }))).toEqual([401, [[undefined, CREATE, 'denied']]]);
    expect(await toldOf(makeToken({ ...good, ...own(a) }))).toEqual([201, [['admin+read', CREATE, 'ok']]]);
  });
});

test('what is no session: garbage, two cookies, none', async () => {
  const { cookie } = await login(OWN_TOKEN);
  for (const bad of ['__Host-assay=x', `__Host-assay=${'A'.repeat(43)}`, cookie.slice(0, -2)])
    expect([bad, (await call('/agents', { headers: { cookie: bad } })).status]).toEqual([bad, 401]);
  expect((await call('/agents', { headers: { cookie: `${cookie}; ${cookie}` } })).status).toBe(401);
  expect((await call('/agents', { headers: {} })).status).toBe(401);
  expect((await call('/agents', { headers: { cookie: `other=1; ${cookie}` } })).status).toBe(200);
});

test('a name that another site has made to stand for this machine is not taken', async () => {
  const statusFor = (host: string, path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const port = Number(new URL(a.url).port);
      httpRequest({ host: '127.0.0.1', port, path, headers: { host, authorization: `Bearer ${OWN_TOKEN}` } }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });
  for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', 'localhost.evil.example:1', '127.0.0.1@evil.example'])
    for (const path of ['/api/v1/agents', '/metrics', '/']) expect([host, path, await statusFor(host, path)]).toEqual([host, path, 403]);
  expect(rig.decisions.slice(-3).map(({ method, outcome }) => [method, outcome])).toEqual([
    ['/assay.v1.OperatorService/ListAgents', 'denied'],
    ['/metrics', 'denied'],
    ['/', 'denied'],
  ]);
  for (const host of ['localhost', '127.0.0.1:9', '[::1]:80', 'LOCALHOST:1'])
    expect([host, await statusFor(host, '/api/v1/agents')]).toEqual([host, 200]);
  expect(await statusFor('evil.example', '/healthz')).toBe(200);
});
