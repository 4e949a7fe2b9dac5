/** One trace over three processes: from the command that submits, through coordinator and queue, to the model call and the commit. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { startCollector, type CollectedSpan, type Collector } from '../support/collector.ts';
import { Fleet, Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { programOf } from '../support/programs.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 20;
const PROMPT = 'a prompt that no span may hold';
const COMPLETION = 'a completion that no span may hold';
const CLIENT = 3;
const SERVER = 2;
const PRODUCER = 4;
const CONSUMER = 5;

let fleet: Fleet;
let collector: Collector;
let model: ChatServer;
let command: Process;
/** Of the trace that the command began. */
let spans: CollectedSpan[];

const named = (name: string): CollectedSpan[] => spans.filter((span) => span.name === name);
const byId = (id: string | undefined): CollectedSpan | undefined => spans.find((span) => span.spanId === id);
const attribute = (span: CollectedSpan, key: string): unknown => {
  const value = span.attributes.find((a) => a.key === key)?.value;
  return value && Object.values(value)[0];
};

beforeAll(async () => {
  fleet = await Fleet.start();
  collector = await startCollector();
  model = await startChatServer(() => `${COMPLETION}: 2`);
  const env = {
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '200',
  };
  const { address } = await fleet.coordinator({ env });
  await fleet.agent(
    'one',
    [address],
    { models: [{ match: 'openai/*', provider: 'openai', base_url: model.url, stream: false, max_connections: 4 }] },
    { env },
  );

  const dir = join(fleet.dir, 'spec');
  await mkdir(dir);
  await writeFile(
    join(dir, 'sums.jsonl'),
    sums(SAMPLES, () => ({ input: PROMPT })),
  );
  const spec = mockSpec('', { models: [{ model: 'openai/traced', generate_config: { temperature: 0, max_tokens: 99 } }] }) as {
    benchmarks: { dataset: { digest?: string } }[];
  };
  delete spec.benchmarks[0]!.dataset.digest;
  await writeFile(join(dir, 'sums.yaml'), stringify(spec));
  command = new Process('assay run', [programOf('cli'), 'run', join(dir, 'sums.yaml'), '--address', address, '--json'], /"timing"/, {
    ...env,
    ASSAY_HOME: join(fleet.dir, 'home'),
  });
  await command.start();
  await waitFor(() => !command.running, { what: 'the end of the command' });
  const own = (): CollectedSpan[] => {
    const root = collector.spans().find((span) => span.service === 'assay-cli' && span.name === 'submit');
    return collector.spans().filter((span) => span.traceId === root?.traceId);
  };
  const units = (name: string): number =>
    own()
      .filter((span) => span.name === name)
      .reduce((sum, span) => sum + Number(attribute(span, 'assay.units') ?? 1), 0);
  /** Each process sends its spans when it likes. */
  const isWhole = (all: CollectedSpan[]): boolean => {
    const ids = new Set(all.map(({ spanId }) => spanId));
    return all.every(({ parentSpanId }) => !parentSpanId || ids.has(parentSpanId)) && all.some(({ name }) => name === 'commit');
  };
  await waitFor(() => units('chat traced') === SAMPLES && units('execute') === SAMPLES && isWhole(own()), {
    what: 'the spans of the trace',
    state: () => collector.spans().map(({ service, name, parentSpanId }) => `${service} ${name} ${parentSpanId}`),
  });
  spans = own();
});
afterAll(async () => {
  await command?.signal('SIGKILL');
  await fleet?.stop();
  await model?.stop();
  await collector?.stop();
});

describe('one evaluation is one trace', () => {
  test('of three processes', () => {
    expect(new Set(spans.map((span) => span.service))).toEqual(new Set(['assay-cli', 'assay-coordinator', 'assay-agent']));
    const names = new Set(spans.map((span) => span.name));
    for (const name of ['submit', 'plan', 'enqueue', 'queue', 'execute', 'chat traced', 'commit']) expect(names).toContain(name);
  });

  test('submit (client) → submit (server) → plan → enqueue', () => {
    const [client, server] = [
      named('submit').find((s) => s.service === 'assay-cli')!,
      named('submit').find((s) => s.service === 'assay-coordinator')!,
    ];
    expect(named('submit')).toHaveLength(2);
    expect([client.kind, server.kind]).toEqual([CLIENT, SERVER]);
    expect(client.parentSpanId ?? '').toBe('');
    expect(server.parentSpanId).toBe(client.spanId);
    for (const plan of named('plan')) expect(plan).toMatchObject({ service: 'assay-coordinator', parentSpanId: server.spanId });
    expect(named('enqueue').length).toBeGreaterThanOrEqual(2);
    for (const enqueue of named('enqueue')) {
      expect(enqueue).toMatchObject({ service: 'assay-coordinator', kind: PRODUCER });
      expect(byId(enqueue.parentSpanId)?.name).toBe('plan');
    }
  });

  test('enqueue → queue (the time that it waited) → execute → model call, and commit below execute', () => {
    expect(named('execute')).toHaveLength(named('enqueue').length);
    for (const execute of named('execute')) {
      expect(execute).toMatchObject({ service: 'assay-agent', kind: CONSUMER });
      const queue = byId(execute.parentSpanId)!;
      expect(queue).toMatchObject({ name: 'queue', service: 'assay-coordinator' });
      expect(byId(queue.parentSpanId)?.name).toBe('enqueue');
      expect(attribute(execute, 'assay.task_id')).toMatch(/^ev_\w{26}-\d+$/);
    }
    expect(new Set(named('execute').map((span) => span.parentSpanId)).size).toBe(named('execute').length);
    expect(named('chat traced')).toHaveLength(SAMPLES);
    for (const call of named('chat traced')) {
      expect(call).toMatchObject({ service: 'assay-agent', kind: CLIENT });
      expect(byId(call.parentSpanId)?.name).toBe('execute');
      expect(attribute(call, 'gen_ai.operation.name')).toBe('chat');
      expect(attribute(call, 'gen_ai.request.model')).toBe('traced');
      expect(Number(attribute(call, 'gen_ai.request.max_tokens'))).toBe(99);
      expect(Number(attribute(call, 'gen_ai.usage.output_tokens'))).toBe(1);
    }
    for (const commit of named('commit')) {
      expect(commit.service).toBe('assay-coordinator');
      const execute = byId(commit.parentSpanId)!;
      expect(execute.name).toBe('execute');
      const ids = (span: CollectedSpan) =>
        ['assay.task_id', 'assay.attempt_id', 'assay.evaluation_id', 'assay.agent_id'].map((key) => attribute(span, key));
      expect(ids(commit)).toEqual(ids(execute));
    }
  });

  test('no prompt and no completion is in it', () => {
    for (const { body } of collector.requests) for (const content of [PROMPT, COMPLETION]) expect(body.includes(content)).toBe(false);
  });
});
