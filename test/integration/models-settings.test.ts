/** Messages with images and sound, beginnings, and the settings beyond the usual ones: what is sent, what comes back, what is refused. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChatMessage, GenerateRequest, ModelEntry, ModelProvider } from '../../agent/models/provider.ts';
import { createProvider } from '../../agent/models/registry.ts';
import { createSolver } from '../../agent/solvers/registry.ts';
import { benchmarkSchema } from '../../shared/domain/spec.ts';
import { noTools } from '../support/scorer-tools.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A driver against a server that answers with `answer`, whole or as these events; `body` is what was sent. */
async function driver(
  answer: unknown,
  entry: Partial<ModelEntry> = {},
): Promise<{ provider: ModelProvider; body: () => Record<string, unknown> }> {
  let sent: Record<string, unknown> = {};
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      sent = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      if (!Array.isArray(answer)) return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.end(`${answer.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const provider = await createProvider({
    match: '*',
    provider: 'openai',
    baseUrl,
    maxConnections: 1,
    lookAhead: 0,
    options: {},
    stream: false,
    ...entry,
  });
  closers.push(async () => {
    await provider.close();
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  return { provider, body: () => sent };
}

const request = (more: Partial<GenerateRequest> = {}): GenerateRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: 'q' }],
  config: {},
  sample: { id: 1, epoch: 1, target: ['t'] },
  attemptTimeoutMs: 20_000,
  signal: new AbortController().signal,
  ...more,
});
const chat = (more: object = {}): object => ({ choices: [{ message: { content: 'fine' }, finish_reason: 'stop', ...more }] });
const claude = { content: [{ type: 'text', text: 'fine' }], stop_reason: 'end_turn' };

const seen: ChatMessage[] = [
  { role: 'system', content: 'Look.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', url: 'https://h/x.png', detail: 'low' },
      { type: 'image', url: 'data:image/png;base64,AAAA' },
    ],
  },
];
const heard: ChatMessage[] = [{ role: 'user', content: [{ type: 'audio', data: 'BBBB', format: 'wav' }] }];
const schema = { name: 'answer', json_schema: { type: 'object' }, strict: true };

describe('openai chat', () => {
  test('images and sound', async () => {
    const { provider, body } = await driver(chat());
    await provider.generate(request({ messages: [...seen, ...heard] }));
    expect(body()['messages']).toEqual([
      { role: 'system', content: 'Look.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: 'https://h/x.png', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      { role: 'user', content: [{ type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } }] },
    ]);
  });

  test('a beginning, log-probabilities, a schema, an effort; extra_body goes before them', async () => {
    const tokens = [{ token: 'fine', logprob: -0.1, top_logprobs: [] }];
    const { provider, body } = await driver(chat({ logprobs: { content: tokens } }));
    const config = { top_logprobs: 3, response_schema: schema, reasoning_effort: 'low' as const, extra_body: { reasoning_effort: 'high' } };
    expect(await provider.generate(request({ prefill: 'Well, ', config }))).toMatchObject({ completion: 'fine', logprobs: tokens });
    expect(body()).toEqual({
      model: 'm',
      messages: [
        { role: 'user', content: 'q' },
        { role: 'assistant', content: 'Well, ' },
      ],
      logprobs: true,
      top_logprobs: 3,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' }, strict: true } },
      reasoning_effort: 'high',
    });
  });

  test('log-probabilities of a stream are joined', async () => {
    const piece = (token: string, more: object = {}): object => ({
      choices: [{ index: 0, delta: { content: token }, logprobs: { content: [{ token, logprob: -1 }] }, ...more }],
    });
    const { provider } = await driver([piece('a'), piece('b', { finish_reason: 'stop' })], { stream: true });
    const { completion, logprobs } = await provider.generate(request({ config: { logprobs: true } }));
    expect([completion, logprobs]).toEqual([
      'ab',
      [
        { token: 'a', logprob: -1 },
        { token: 'b', logprob: -1 },
      ],
    ]);
  });
});

describe('openai completions', () => {
  test('the beginning ends the prompt; parallel lists of log-probabilities become one', async () => {
    const logprobs = { tokens: ['a', 'b'], token_logprobs: [-1, null], top_logprobs: [{ a: -1, c: -2 }, null] };
    const { provider, body } = await driver({ choices: [{ text: 'ab', finish_reason: 'stop', logprobs }] }, { endpoint: 'completions' });
    const generation = await provider.generate(request({ prefill: ' A:', config: { logprobs: true, top_logprobs: 2 } }));
    expect(body()).toEqual({ model: 'm', prompt: 'q A:', logprobs: 2 });
    expect(generation.logprobs).toEqual([
      {
        token: 'a',
        logprob: -1,
        top_logprobs: [
          { token: 'a', logprob: -1 },
          { token: 'c', logprob: -2 },
        ],
      },
      { token: 'b', logprob: null, top_logprobs: [] },
    ]);
    await provider.generate(request({ config: { logprobs: true } }));
    expect(body()['logprobs']).toBe(0);
  });

  test.each<[string, Partial<GenerateRequest>, string]>([
    ['an image', { messages: seen }, 'text only'],
    ['a schema', { config: { response_schema: schema } }, 'no response_schema'],
    ['an effort', { config: { reasoning_effort: 'low' } }, 'no reasoning_effort'],
  ])('refuses %s', async (_, more, part) => {
    const { provider } = await driver({}, { endpoint: 'completions' });
    await expect(provider.generate(request(more))).rejects.toMatchObject({
      errorClass: 'request',
      message: expect.stringContaining(part) as string,
    });
  });
});

describe('anthropic', () => {
  test('images, a beginning without white space at its end, a schema', async () => {
    const { provider, body } = await driver(claude, { provider: 'anthropic' });
    await provider.generate(request({ messages: seen, prefill: 'It is ', config: { response_schema: schema } }));
    expect(body()).toMatchObject({
      system: 'Look.',
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'url', url: 'https://h/x.png' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          ],
        },
        { role: 'assistant', content: 'It is' },
      ],
    });
  });

  test.each<[string, Partial<GenerateRequest>, string]>([
    ['sound', { messages: heard }, 'no sound'],
    ['log-probabilities', { config: { logprobs: true, top_logprobs: 1 } }, 'no logprobs and no top_logprobs'],
    ['an effort', { config: { reasoning_effort: 'low' } }, 'no reasoning_effort'],
  ])('refuses %s', async (_, more, part) => {
    const { provider } = await driver(claude, { provider: 'anthropic' });
    await expect(provider.generate(request(more))).rejects.toMatchObject({
      errorClass: 'request',
      message: expect.stringContaining(part) as string,
    });
  });
});

test('none calls nothing', async () => {
  const { provider } = await driver({}, { provider: 'none' });
  await expect(provider.generate(request())).rejects.toMatchObject({ errorClass: 'request' });
});

test('an endpoint that repeats the beginning does not have it counted as the completion', async () => {
  const benchmark = benchmarkSchema.parse({
    benchmark: 'b',
    dataset: { uri: 'file:x' },
    prompt: { gen_prefix: 'A: ' },
    scorers: ['exact'],
  });
  const solver = createSolver(benchmark, noTools());
  const said = async (completion: string): Promise<string> => {
    const caller = solver.over({ generate: async () => ({ completion, usage: { inputTokens: 0, outputTokens: 0 } }) });
    return (await caller.generate(request({ prefill: 'A: ' }))).completion;
  };
  expect([await said('A: 4'), await said('4'), await said('A:4')]).toEqual(['4', '4', 'A:4']);
});
