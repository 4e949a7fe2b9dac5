/** An agent and what its operator allows beside models: declined with words or run, and what of it stands in the trace. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ModelError } from '../../../../agent/models/provider.ts';
import { assignmentOf, FakeCoordinator } from '../../../support/fake-coordinator.ts';
import { scorerTools, type TestToolsOptions } from '../../../support/scorer-tools.ts';
import { ScriptedProvider } from '../../../support/scripted-provider.ts';
import { TestAgent } from '../../../support/test-agent.ts';
import { waitFor } from '../../../support/wait-for.ts';

type SdkOptions = NonNullable<ConstructorParameters<typeof NodeSDK>[0]>;
type SpanProcessor = NonNullable<SdkOptions['spanProcessors']>[number];
type EndedSpan = Parameters<SpanProcessor['onEnd']>[0];

const ended: EndedSpan[] = [];
const keeping: SpanProcessor = {
  onStart: () => undefined,
  onEnd: (span) => void ended.push(span),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
let sdk: NodeSDK;
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const received: IncomingHttpHeaders[] = [];
let team: Server;
let url: string;
const agents: TestAgent[] = [];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  // Other tests run without traces.
  vi.stubEnv('OTEL_SDK_DISABLED', 'false');
  sdk = new NodeSDK({ spanProcessors: [keeping], metricReaders: [], logRecordProcessors: [], instrumentations: [] });
  sdk.start();
  team = createServer((request, response) => {
    received.push(request.headers);
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value: 'C', completion: 'a1' }));
  });
  await new Promise<void>((resolve) => void team.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(team.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop();
  for (const close of closers.splice(0)) await close();
  ended.length = 0;
  received.length = 0;
});
afterAll(async () => {
  await sdk.shutdown();
  vi.unstubAllEnvs();
  team.closeAllConnections();
  await new Promise((resolve) => void team.close(resolve));
});

async function begin(options: TestToolsOptions = {}, provider = new ScriptedProvider()) {
  const tools = scorerTools(options);
  closers.push(() => Promise.all([tools.programs.close(), tools.posts.close()]));
  const coordinator = new FakeCoordinator();
  const agent = await TestAgent.start({ coordinator, tools, provider });
  agents.push(agent);
  return { agent, provider, stream: await coordinator.connection(1) };
}
const spans = (name: string): EndedSpan[] => ended.filter((span) => span.name === name);

test.each([
  ['a command', { scorers: [{ name: 'command', args: { command: 'gradr' } }] }, 'did you mean grader?'],
  ['a scorer’s URL', { scorers: [{ name: 'http', args: { url: 'http://127.0.0.1:1/x' } }] }, 'is not among this agent'],
  ['a solver’s URL', { solver: { name: 'http', args: { url: 'http://127.0.0.1:1/x' } } }, 'it allows http://h:1/*'],
  ['a solver that there is not', { solver: 'agent' }, 'no solver is named "agent"'],
])('%s that is not allowed is declined with words', async (_, benchmark, part) => {
  const { provider, stream } = await begin({ commands: { grader: { argv: ['/bin/true'] } }, urls: ['http://h:1/*'] });
  stream.assign(assignmentOf({ count: 2, benchmark }));
  const [back] = await waitFor(() => (stream.all('handBack').length === 1 ? stream.all('handBack') : undefined), { what: 'a hand-back' });
  expect(back).toMatchObject({ reason: 'declined', detail: expect.stringContaining(part) as string });
  expect(provider.requests).toHaveLength(0);
});

test('a retry is an event of the execute span; a remote scorer has a span of its own and goes on with the trace', async () => {
  let calls = 0;
  const provider = new ScriptedProvider(() => {
    if (calls++ === 0) throw new ModelError('server_error', 'HTTP 500', { httpStatus: 500 });
    return 'a1';
  });
  const { stream } = await begin({ urls: [`${url}/*`] }, provider);
  const scorers = [{ name: 'exact' }, { name: 'http', args: { url: `${url}/score` } }];
  stream.assign(assignmentOf({ count: 1, benchmark: { scorers }, traceparent, retry: { max_retries: 1 } }));
  await waitFor(() => spans('execute').length === 1, { what: 'the end of the attempt' });
  const [execute] = spans('execute');
  expect(execute!.events).toMatchObject([{ name: 'retry', attributes: { 'error.type': 'server_error' } }]);
  const [score] = spans('score');
  expect(spans('score')).toHaveLength(1);
  expect(score!.attributes).toMatchObject({ 'assay.scorer': 'http', 'assay.outcome': 'scored' });
  expect(score!.parentSpanContext?.spanId).toBe(execute!.spanContext().spanId);
  expect(received[0]!['traceparent']).toBe(`00-${'a'.repeat(32)}-${score!.spanContext().spanId}-01`);
  const { result } = stream.results()[0]!;
  expect(result.traceId).toBe('a'.repeat(32));
  expect(result.failures).toMatchObject([{ class: 'server_error', httpStatus: 500 }]);
});

test('a solver goes on with the trace as well; no model is called', async () => {
  const { stream, provider } = await begin({ urls: [`${url}/*`] });
  stream.assign(assignmentOf({ count: 1, benchmark: { solver: { name: 'http', args: { url: `${url}/solve` } } }, traceparent }));
  await waitFor(() => stream.results().length === 1, { what: 'the result' });
  expect(stream.results()[0]!.result).toMatchObject({ completion: 'a1', outcome: 'scored' });
  expect(provider.requests).toHaveLength(0);
  const [call] = spans('invoke_agent m');
  expect(received[0]!['traceparent']).toBe(`00-${'a'.repeat(32)}-${call!.spanContext().spanId}-01`);
});

test('an attempt that is lost says so in its span', async () => {
  const provider = new ScriptedProvider();
  provider.hold();
  const { stream, agent } = await begin({}, provider);
  const assignment = assignmentOf({ count: 1, traceparent });
  stream.assign(assignment);
  await waitFor(() => provider.running === 1, { what: 'the sample to run' });
  stream.send({ kind: 'revoke', attemptIds: [assignment.attemptId], reason: 'cancelled' });
  await waitFor(() => agent.work.heldAttempts().length === 0, { what: 'the attempt to be lost' });
  await waitFor(() => spans('execute').length === 1, { what: 'the end of its span' });
  expect(spans('execute')[0]!.events).toMatchObject([{ name: 'lease_lost' }]);
});
