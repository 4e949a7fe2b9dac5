/** A coordinator with its page, an agent, and an evaluation that is over, with groups, totals, errors and lines: for tests of its page. */
import { buildDashboard } from '../../scripts/build.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { startChatServer } from './chat-server.ts';
import { Fleet } from './fleet.ts';
import { sums } from './mock-evaluation.ts';
import { freePorts } from './ports.ts';

/** Of the samples of `reading`. */
const TOPICS = 30;
const SAMPLES = 240;
/** One of the topics: a page must show it as text. */
export const HARMFUL = '<img src=x onerror="window.pwned=1">';

export interface EvaluationRig {
  client: AssayClient;
  /** Of the coordinator. */
  address: string;
  /** Of the page. */
  url: string;
  /** An evaluation that is over. */
  done: string;
  /** One that nobody runs. */
  waiting: string;
  stop(): Promise<void>;
}

export async function startEvaluationRig(): Promise<EvaluationRig> {
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  const [fleet, endpoint, [port]] = await Promise.all([Fleet.start(), startChatServer(answer), freePorts(1)]);
  const { address } = await fleet.coordinator({ args: ['--http', `127.0.0.1:${port}`] });
  await fleet.agent('gpu-1', [address], {
    models: [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 8 }],
  });
  const client = fleet.client(address);
  const benchmark = async (name: string, samples: number, metrics: unknown[]): Promise<object> => ({
    benchmark: name,
    dataset: {
      uri: `file:${name}.jsonl`,
      digest: await client.uploadBytes(sums(samples, (i) => ({ topic: topicOf(i) }))),
      fields: { id: 'id', metadata: ['topic'] },
    },
    scorers: [{ name: 'match', args: { numeric: true } }],
    metrics: ['accuracy', 'stderr', ...metrics],
  });
  const spec = {
    name: 'reading by topic',
    benchmarks: [
      await benchmark('reading', SAMPLES, [{ name: 'grouped', args: { group_key: 'topic', metrics: ['accuracy', 'stderr'] } }]),
      await benchmark('arithmetic', 40, []),
    ],
    models: ['openai/careful', 'openai/quick'].map((model) => ({ model, generate_config: { temperature: 0.7, max_tokens: 64 } })),
    max_task_samples: 20,
    retry: { max_retries: 0 },
  };
  const submit = async (idempotencyKey: string, more: object = {}): Promise<string> =>
    (await client.submit({ spec: { ...spec, ...more }, idempotencyKey })).evaluation.evaluationId;
  const waiting = await submit('waiting', { name: 'nobody runs it', models: [{ model: 'vllm/nobody' }] });
  const done = await submit('done');
  for await (const { kind } of client.watch(done)) void kind;
  return {
    ...{ client, address, done, waiting, url: `http://127.0.0.1:${port}` },
    stop: async () => {
      await fleet.stop();
      await endpoint.stop();
    },
  };
}

const topicOf = (i: number): string => {
  const topic = (i * 7) % TOPICS;
  return topic === 0 ? HARMFUL : `topic ${String(topic).padStart(2, '0')}`;
};

/** `careful` is right more often, both less often the later the topic; of `quick` one prompt is too long. */
function answer({ model, prompt }: { model: string; prompt: string }): string | { status: number; body: unknown } {
  const n = Number(/(\d+) \+/.exec(prompt)?.[1] ?? 0);
  if (model === 'quick' && n === 7) return { status: 400, body: { error: { message: 'this prompt is too long for the model' } } };
  const chance = ((n * 2_654_435_761) % 1_000) / 1_000;
  const isRight = chance < (model === 'careful' ? 0.96 : 0.72) - ((n * 7) % TOPICS) / 100;
  return `The answer is ${isRight ? 2 * n : 2 * n + 1}`;
}
