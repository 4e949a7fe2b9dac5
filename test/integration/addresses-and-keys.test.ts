/** Whom an agent really connects to, with names that lead elsewhere; and keys that are replaced while it works. */
import { createServer, type Server } from 'node:http';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { readKey } from '../../agent/key-config.ts';
import { guardedConnect } from '../../agent/models/guarded-connect.ts';
import { JsonPosts } from '../../agent/models/json-post.ts';
import { OpenAiProvider } from '../../agent/models/openai.ts';
import { ModelError, type GenerateRequest } from '../../agent/models/provider.ts';
import { UrlPermits } from '../../agent/models/url-permits.ts';
import { addressCheck } from '../../agent/policy/addresses.ts';
import { NODE_FLAGS } from '../../cli/embedded/programs.ts';
import { formsOf, Redactor } from '../../shared/domain/redactor.ts';
import { Process } from '../support/fleet.ts';
import { chatAnswer } from '../support/model-endpoint.ts';
import { programOf } from '../support/programs.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Answers with its own name; counts connections, not only requests. */
async function serve(name: string, host: string, port = 0): Promise<{ server: Server; port: number; connections: () => number }> {
  let connections = 0;
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ name })),
  );
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => void server.listen(port, host, resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(resolve));
  });
  return { server, port: (server.address() as AddressInfo).port, connections: () => connections };
}

const call = { timeoutMs: 5000, signal: new AbortController().signal };
const loopbackOnly = (address: string): string | undefined => (address === '127.0.0.1' ? undefined : 'it is another one');

test('a name goes to the address that was checked, and is looked up once for each connection', async () => {
  const right = await serve('right', '127.0.0.1');
  const wrong = await serve('wrong', '127.0.0.2', right.port);
  let lookups = 0;
  // Each look gives what is permitted first, as a name does that is to be rebound; the second answer would lead elsewhere.
  const connect = guardedConnect(loopbackOnly, (_host, _options, callback) =>
    callback(null, lookups++ % 2 === 0 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '127.0.0.2', family: 4 }]),
  );
  const ask = async (): Promise<unknown> => {
    const pool = new Pool(`http://rebound.example:${right.port}`, { connect });
    closers.push(() => pool.destroy());
    return (await pool.request({ path: '/', method: 'GET' })).body.json();
  };
  expect(await ask()).toEqual({ name: 'right' });
  expect(lookups).toBe(1);
  await expect(ask()).rejects.toThrow('rebound.example is not called: it is another one');
  expect(lookups).toBe(2);
  expect([right.connections(), wrong.connections()]).toEqual([1, 0]);
});

test('of several addresses only those are tried that may be', async () => {
  const right = await serve('right', '127.0.0.1');
  const wrong = await serve('wrong', '127.0.0.2', right.port);
  const both = [
    { address: '127.0.0.2', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  const pool = new Pool(`http://two.example:${right.port}`, {
    connect: guardedConnect(loopbackOnly, (_h, _o, callback) => callback(null, both)),
  });
  closers.push(() => pool.destroy());
  expect(await (await pool.request({ path: '/', method: 'GET' })).body.json()).toEqual({ name: 'right' });
  expect(wrong.connections()).toBe(0);
});

test('a spec that chooses the host reaches no address of this host or its network, unless it is listed', async () => {
  const here = await serve('here', '127.0.0.1');
  const postsOf = (urls: string[], listed: string[] = []): JsonPosts => {
    const posts = new JsonPosts(new UrlPermits(urls, { mayReach: addressCheck(listed) }));
    closers.push(() => posts.close());
    return posts;
  };
  const stars = postsOf([`http://*:${here.port}/*`]);
  for (const host of ['localhost', '127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0']) {
    const refused = stars.to(`http://${host}:${here.port}/x`)({}, call);
    await expect(refused).rejects.toThrow(ModelError);
    await expect(refused).rejects.toThrow(/is not called: it stands for .*no public address; list that in policy.private_addresses/);
  }
  expect(here.connections()).toBe(0);
  const listed = postsOf([`http://*:${here.port}/*`], ['127.0.0.1', '::1']);
  expect(await listed.to(`http://localhost:${here.port}/x`)({}, call)).toEqual({ name: 'here' });
  // Who writes the host down has chosen it.
  const named = postsOf([`http://localhost:${here.port}/*`]);
  expect(await named.to(`http://localhost:${here.port}/x`)({}, call)).toEqual({ name: 'here' });
});

test('what the policy has no endpoint for is not called, whatever `urls` has', () => {
  const permits = new UrlPermits(['http://*/*'], { endpoints: ['http://grader.example/*'], mayReach: () => undefined });
  expect(permits.check('http://grader.example/score').url.host).toBe('grader.example');
  expect(() => permits.check('http://other.example/score')).toThrow(
    "not among this agent's `policy.endpoints`; it allows http://grader.example/*",
  );
});

test('a key that was replaced in its file is taken up when the old one is refused; neither is ever told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-key-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const seen: string[] = [];
  let valid = 'Bearer canary-first-key';
  const server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    request.resume();
    const isValid = authorization === valid;
    const body = isValid ? chatAnswer('m', `you are ${authorization}`).body : JSON.stringify({ error: { message: `no ${authorization}` } });
    response.writeHead(isValid ? 200 : 401, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const put = (key: string): void => writeFileSync(join(folder, 'key'), key, { mode: 0o600 });
  put('canary-first-key');
  const fault = (place: string, problem: string): void => expect.unreachable(`${place} ${problem}`);
  const apiKey = readKey({ api_key_file: 'key' }, { at: (key) => key, folder, environment: {}, fault })!;
  const redactor = new Redactor([apiKey.value]);
  apiKey.watch({ onValue: (value) => redactor.learn(value) });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new OpenAiProvider(
    { match: 'openai/*', provider: 'openai', baseUrl, apiKey, maxConnections: 2, lookAhead: 2, options: {}, stream: false },
    { redactor },
  );
  closers.push(() => provider.close());
  const request: GenerateRequest = {
    model: 'm',
    messages: [{ role: 'user', content: 'hi' }],
    config: {},
    sample: { id: 1, epoch: 1, target: [] },
    attemptTimeoutMs: 5000,
    signal: new AbortController().signal,
  };
  expect(await provider.generate(request)).toMatchObject({ completion: 'you are Bearer [key]' });
  put('canary-second-key');
  valid = 'Bearer canary-second-key';
  expect(await provider.generate(request)).toMatchObject({ completion: 'you are Bearer [key]' });
  expect(seen).toEqual(['Bearer canary-first-key', 'Bearer canary-first-key', 'Bearer canary-second-key']);
  valid = 'none';
  const refusal = await provider.generate(request).catch((error: unknown) => error as ModelError);
  expect(refusal).toMatchObject({ errorClass: 'auth', message: 'HTTP 401: no Bearer [key]' });
});

test('a crash tells no key, whatever the error bears', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'assay-crash-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const [key, file] = ['canary-crash-key/+', join(folder, 'key')];
  writeFileSync(file, key, { mode: 0o600 });
  writeFileSync(
    join(folder, 'crash.mjs'),
    `import { readFileSync } from 'node:fs';
process.on('SIGUSR2', () => {
  const key = readFileSync(${JSON.stringify(file)}, 'utf8');
  void Promise.reject(Object.assign(new Error('boom ' + key), { config: { key }, cause: new Error(encodeURIComponent(key)) }));
});`,
  );
  // Nobody listens there: it goes on trying.
  const settings = { addresses: ['127.0.0.1:1'], spool: join(folder, 'spool'), models: [{ match: 'openai/*', api_key_file: 'key' }] };
  writeFileSync(join(folder, 'agent.yaml'), JSON.stringify(settings));
  const args = [...NODE_FLAGS, '--import', join(folder, 'crash.mjs'), programOf('agent'), '--config', join(folder, 'agent.yaml')];
  const agent = new Process('agent', args, /"level":"(?:warn|info|error)"/);
  closers.push(() => agent.kill9());
  await agent.start();
  expect(await agent.signal('SIGUSR2')).toBe(1);
  expect(agent.output).toMatch(/"msg":"the agent crashes"/);
  expect(agent.output).toContain('boom [key]');
  for (const form of formsOf(key)) expect(agent.output).not.toContain(form);
});
