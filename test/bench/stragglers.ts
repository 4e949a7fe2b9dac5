/**
 * How long one slow agent keeps an evaluation waiting: 400 samples on three fast agents and one that is 20 times slower. `node
 * test/bench/stragglers.ts` prints the time to the end, and the calls that each endpoint got.
 */
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { chatAnswer, latency, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 400;
const CONNECTIONS = 8;
const FAST_MS = 200;
const SLOW_MS = 4_000;

const endpointOf = (ms: number): Promise<ModelEndpoint> =>
  new ModelEndpoint(async ({ model, prompt }, _body, signal) => {
    await latency(ms, signal);
    return chatAnswer(model, `The answer is ${2 * Number(/(\d+) \+/.exec(prompt)![1])}`);
  }).start();

const [fast, slow] = await Promise.all([endpointOf(FAST_MS), endpointOf(SLOW_MS)]);
const fleet = await Fleet.start();
try {
  const { address } = await fleet.coordinator({ args: [] });
  const agent = (name: string, { url }: ModelEndpoint): Promise<unknown> =>
    fleet.agent(name, [address], { models: [{ match: 'openai/*', provider: 'openai', base_url: url, max_connections: CONNECTIONS }] });
  await agent('slow', slow);
  await Promise.all(['a', 'b', 'c'].map((name) => agent(name, fast)));
  const client = fleet.client(address);
  const digest = await client.uploadBytes(sums(SAMPLES));
  const startedAt = performance.now();
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }], max_task_samples: 50 });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'stragglers' });
  for await (const event of client.watch(evaluation.evaluationId)) void event;
  const seconds = (performance.now() - startedAt) / 1000;
  const { units } = await client.report(evaluation.evaluationId);
  console.log(
    JSON.stringify({ seconds: Number(seconds.toFixed(2)), scored: units.scored, fast: fast.calls.length, slow: slow.calls.length }),
  );
} finally {
  await fleet.stop();
  await Promise.all([fast.stop(), slow.stop()]);
}
