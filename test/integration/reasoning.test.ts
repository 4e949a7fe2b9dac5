/** What a model reasoned comes with its result, whole and apart from the completion. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

/** More than one message of the results holds. */
const REASONING = 'Hm: “ü”\n'.repeat(100_000);

let fleet: Fleet;
let model: ChatServer;
beforeAll(async () => {
  fleet = await Fleet.start();
  model = await startChatServer(() => {
    const message = { role: 'assistant', content: 'It is 0', reasoning_content: REASONING };
    return {
      status: 200,
      body: { choices: [{ index: 0, message, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
    };
  });
});
afterAll(async () => {
  await fleet?.stop();
  await model?.stop();
});

test('reasoning reaches the results, and no scorer', async () => {
  const coordinator = await fleet.coordinator();
  const client = fleet.client(coordinator.address);
  const serves = { match: 'openai/*', provider: 'openai', base_url: model.url, stream: false, max_connections: 2 };
  await fleet.agent('one', [coordinator.address], { models: [serves] });
  const digest = await client.uploadBytes(sums(3));
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { models: [{ model: 'openai/x' }] }), idempotencyKey: 'reasoning' });
  await watchAll(client, evaluation.evaluationId);
  const results = await allOf(client.results(evaluation.evaluationId));
  expect(results.map(({ completion, scores, reasoning }) => [completion, scores[0]?.value, reasoning === REASONING])).toEqual([
    ['It is 0', 'C', true],
    ['It is 0', 'I', true],
    ['It is 0', 'I', true],
  ]);
});
