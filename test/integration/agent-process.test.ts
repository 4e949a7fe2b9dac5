/** The agent as a process, against a coordinator's side of the real gRPC stream: drain, abort, crash, refusal, keys. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Metadata, Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../shared/domain/errors.ts';
import { coordinatorCodec } from '../../shared/rpc/codec-agent.ts';
import { duplexOf } from '../../shared/rpc/duplex.ts';
import { asBytes, assayProto } from '../../shared/rpc/load.ts';
import { assignmentOf, FakeConnection, FakeCoordinator } from '../support/fake-coordinator.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { chatAnswer } from '../support/model-endpoint.ts';
import { freePort } from '../support/ports.ts';
import { programOf } from '../support/programs.ts';
import { waitFor } from '../support/wait-for.ts';

const KEY = 'sk-canary-0123456789abcdef';
let dir: string;
const cleanups: (() => void)[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-agent-process-'));
});
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) clean();
  await rm(dir, { recursive: true, force: true });
});

/** Serves the stream on a port; `tokens` collects what the calls bear. */
async function listen(coordinator: FakeCoordinator, port = 0): Promise<{ address: string; tokens: string[]; server: Server }> {
  const tokens: string[] = [];
  const server = new Server();
  server.addService(asBytes(assayProto().agent), {
    Connect: (call: ServerDuplexStream<Buffer, Buffer>) => {
      tokens.push(String(call.metadata.get('authorization')[0] ?? ''));
      call.sendMetadata(new Metadata());
      coordinator.add(new FakeConnection(duplexOf(call, { codec: coordinatorCodec() }), coordinator.behaviour));
    },
  });
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, n) => (error ? reject(error) : resolve(n))),
  );
  cleanups.push(() => server.forceShutdown());
  return { address: `127.0.0.1:${bound}`, tokens, server };
}

interface AgentRun {
  child: ChildProcess;
  log: () => string;
  exit: Promise<number | null>;
}

async function startAgent(yaml: string, options: { args?: string[]; environment?: Record<string, string> } = {}): Promise<AgentRun> {
  const path = join(dir, 'agent.yaml');
  await writeFile(path, `spool: ${join(dir, 'spool')}\nname: tester\n${yaml}`);
  const child = spawn(process.execPath, [programOf('agent'), '--config', path, ...(options.args ?? [])], {
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (text += String(chunk)));
  const exit = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  cleanups.push(() => child.kill('SIGKILL'));
  return { child, log: () => text, exit };
}

const mock = (address: string, options: string, more = ''): string =>
  `addresses: ["${address}"]\nmodels: [{match: "mock/*", max_connections: 2, look_ahead: 2, options: {${options}}}]\n${more}`;

test('works, and drains on SIGTERM: running samples are reported, exit 0', async () => {
  const coordinator = new FakeCoordinator();
  const { address } = await listen(coordinator);
  const gate = new Gate();
  gate.set(0);
  const endpoint = await gatedEndpoint(gate, async ({ model }) => chatAnswer(model, 'a1')).start();
  cleanups.push(() => void endpoint.stop());
  const agent = await startAgent(
    `addresses: ["${address}"]\nmodels: [{match: "openai/*", base_url: "${endpoint.url}", max_connections: 2, look_ahead: 2}]\n`,
  );
  const stream = await coordinator.connection(1);
  expect(stream.hello()).toMatchObject({
    name: 'tester',
    wireVersion: 1,
    models: [{ match: 'openai/*', maxConnections: 2, lookAhead: 2 }],
  });
  await waitFor(() => agent.log().includes('"msg":"connected"'), { what: 'the line that says it is connected' });
  const model = 'openai/one';
  const [running, waiting] = [assignmentOf({ count: 2, model }), assignmentOf({ count: 2, model, firstUnit: 2 })];
  stream.assign(running, waiting);
  await waitFor(() => endpoint.inFlight === 2, { what: 'both calls' });
  agent.child.kill('SIGTERM');
  await waitFor(() => stream.all('handBack').length > 0, { what: 'what waits to be handed back' });
  gate.set(Infinity);
  expect(await agent.exit).toBe(0);
  expect(stream.results().map(({ attemptId }) => attemptId)).toEqual([running.attemptId, running.attemptId]);
  expect(stream.all('handBack')).toMatchObject([{ attemptId: waiting.attemptId, reason: 'drain' }]);
  expect((await readdir(join(dir, 'spool'))).toSorted()).toEqual(['agent.json', 'life.log']);
});

test('a second signal aborts: what runs is handed back without a result', async () => {
  const coordinator = new FakeCoordinator();
  const { address } = await listen(coordinator);
  const agent = await startAgent(mock(address, 'hang_rate: 1'));
  const stream = await coordinator.connection(1);
  stream.assign(assignmentOf({ count: 2 }));
  await waitFor(() => stream.all('accept').length > 0, { what: 'the accept' });
  agent.child.kill('SIGTERM');
  await waitFor(() => stream.all('modelStatus').length > 0, { what: 'the drain to begin' });
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toBe(0);
  expect(stream.all('handBack')).toMatchObject([{ reason: 'drain' }]);
  expect(stream.results()).toEqual([]);
});

test('kill -9: the next start has the same agent id, sends what was spooled and hands back the rest', async () => {
  const coordinator = new FakeCoordinator({ ackReports: false });
  const { address } = await listen(coordinator);
  const yaml = mock(address, 'latency_ms: 5');
  const first = await startAgent(yaml);
  const before = await coordinator.connection(1);
  const assignment = assignmentOf({ count: 2 });
  before.assign(assignment);
  await waitFor(() => before.results().length === 2, { what: 'two results' });
  first.child.kill('SIGKILL');
  await first.exit;
  coordinator.behaviour.ackReports = true;
  const second = await startAgent(yaml);
  const after = await coordinator.connection(2);
  expect(after.hello()).toMatchObject({ agentId: before.hello().agentId, heldAttempts: [assignment.attemptId] });
  expect(after.hello().instanceId).not.toBe(before.hello().instanceId);
  await waitFor(() => after.all('handBack').length === 1, { what: 'the hand-back' });
  expect(new Set(after.results().map(({ result }) => result.unit))).toEqual(new Set([0, 1]));
  expect(after.all('handBack')[0]).toMatchObject({ attemptId: assignment.attemptId, reason: 'lost' });
  second.child.kill('SIGTERM');
  expect(await second.exit).toBe(0);
});

test('the coordinator is killed and comes back: work goes on, nothing is run again', async () => {
  const coordinator = new FakeCoordinator();
  const port = await freePort();
  const one = await listen(coordinator, port);
  const agent = await startAgent(mock(one.address, 'latency_ms: 300'));
  const before = await coordinator.connection(1);
  const assignment = assignmentOf({ count: 2 });
  before.assign(assignment);
  await waitFor(() => before.all('accept').length > 0, { what: 'the accept' });
  one.server.forceShutdown();
  await listen(coordinator, port);
  const after = await coordinator.connection(2);
  await waitFor(() => [...before.results(), ...after.results()].length === 2, { what: 'both results' });
  expect(after.all('handBack')).toEqual([]);
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toBe(0);
});

test('--exit-with-parent: the end of stdin ends the agent', async () => {
  const coordinator = new FakeCoordinator();
  const { address } = await listen(coordinator);
  const yaml = mock(address, 'hang_rate: 1');
  const agent = await startAgent(yaml, { args: ['--exit-with-parent'] });
  const stream = await coordinator.connection(1);
  stream.assign(assignmentOf({ count: 1 }));
  await waitFor(() => stream.all('accept').length > 0, { what: 'the accept' });
  agent.child.stdin!.end();
  expect(await agent.exit).toBe(0);
  expect(stream.all('handBack')).toMatchObject([{ reason: 'drain' }]);
  // No crash: should the hand-back be lost, the next start must not be taken for the survivor of one.
  const next = await startAgent(yaml);
  const { agentId, instanceId } = stream.hello();
  expect((await coordinator.connection(2)).hello()).toMatchObject({ agentId, instanceId });
  next.child.kill('SIGTERM');
  expect(await next.exit).toBe(0);
});

test('a refused version ends it with 1, a wrong configuration with 2; neither prints a stack', async () => {
  const coordinator = new FakeCoordinator({ refusal: new AppError('failed_precondition', 'wire version 1 is not spoken here') });
  const { address } = await listen(coordinator);
  const refused = await startAgent(mock(address, ''));
  expect(await refused.exit).toBe(1);
  expect(refused.log()).toContain('wire version 1 is not spoken here');
  const wrong = await startAgent('models: [{match: "mock/*", options: {latency: 1}}]\naddress: nowhere');
  expect(await wrong.exit).toBe(2);
  expect(wrong.log()).toContain('"nowhere" is no address');
  expect(refused.log() + wrong.log()).not.toMatch(/\n\s+at /);
});

test('--check finds what a start would find, and starts nothing', async () => {
  const args = ['--check'];
  const right = await startAgent(mock('127.0.0.1:1', ''), { args });
  expect(await right.exit).toBe(0);
  const wrong = await startAgent('addresses: ["127.0.0.1:1"]\nmodels: [{match: "openai/*", base_url: "ftp://x"}]\n', { args });
  expect(await wrong.exit).toBe(2);
  expect(wrong.log()).toContain('"ftp://x" is not an http or https URL');
  expect(await readdir(dir)).toEqual(['agent.yaml']);
});

test('two agents cannot share a spool', async () => {
  const coordinator = new FakeCoordinator();
  const { address } = await listen(coordinator);
  await startAgent(mock(address, ''));
  await coordinator.connection(1);
  const second = await startAgent(mock(address, ''));
  expect(await second.exit).toBe(1);
  expect(second.log()).toContain('in use by process');
});

test('a key goes to the endpoint and nowhere else; the token is read again for each connection', async () => {
  const seen: string[] = [];
  const endpoint: HttpServer = createServer((request, response) => {
    seen.push(request.headers.authorization ?? '');
    response.statusCode = 401;
    response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' } }));
  });
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => endpoint.close());
  const coordinator = new FakeCoordinator();
  const { address, tokens } = await listen(coordinator);
  await writeFile(join(dir, 'token'), 'token-1', { mode: 0o600 });
  const agent = await startAgent(
    `addresses: ["${address}"]\ntoken_file: token\nmodels: [{match: "openai/*", base_url: "http://127.0.0.1:${(endpoint.address() as AddressInfo).port}", api_key_env: CANARY}]`,
    { environment: { CANARY: KEY } },
  );
  const stream = await coordinator.connection(1);
  stream.assign(assignmentOf({ count: 1, model: 'openai/gpt-x' }));
  await waitFor(() => stream.all('handBack').length === 1, { what: 'the hand-back' });
  expect(stream.all('handBack')[0]).toMatchObject({ reason: 'auth' });
  expect(seen[0]).toBe(`Bearer ${KEY}`);
  await writeFile(join(dir, 'token'), 'token-2');
  stream.cut();
  await coordinator.connection(2);
  expect(tokens).toEqual(['Bearer token-1', 'Bearer token-2']);
  agent.child.kill('SIGTERM');
  expect(await agent.exit).toBe(0);
  const told = coordinator.connections.map((c) => JSON.stringify(c.told)).join('\n');
  const spooled = await Promise.all((await readdir(join(dir, 'spool'))).map((name) => readFile(join(dir, 'spool', name), 'utf8')));
  for (const text of [told, agent.log(), ...spooled]) expect(text).not.toContain(KEY);
  expect(agent.log()).toContain('Check its key');
});
