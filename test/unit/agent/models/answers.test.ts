import { describe, expect, test } from 'vitest';
import { anthropicAnswer, AnthropicStream } from '../../../../agent/models/anthropic-answer.ts';
import type { EventFold } from '../../../../agent/models/answer-readers.ts';
import { openAiAnswer, OpenAiStream } from '../../../../agent/models/openai-answer.ts';
import type { Generation } from '../../../../agent/models/provider.ts';

function folded(fold: EventFold<Generation>, events: readonly unknown[]): Generation {
  for (const data of events) fold.take({ event: '', data: typeof data === 'string' ? data : JSON.stringify(data) });
  const { timeToFirstChunkMs, ...rest } = fold.finish();
  expect(timeToFirstChunkMs === undefined || timeToFirstChunkMs >= 0).toBe(true);
  return rest;
}
const badResponse = expect.objectContaining({ errorClass: 'bad_response' }) as unknown;
const thrown = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
const chat = (message: unknown, more: object = { finish_reason: 'stop' }): object => ({ choices: [{ index: 0, message, ...more }] });
const delta = (piece: object, finish_reason: string | null = null): object => ({ choices: [{ index: 0, delta: piece, finish_reason }] });

describe('a whole OpenAI answer', () => {
  test('gives completion, reasoning, reason to stop, usage, model', () => {
    const usage = { prompt_tokens: 5, completion_tokens: 9, completion_tokens_details: { reasoning_tokens: 4 } };
    expect(openAiAnswer({ model: 'm-1', usage, ...chat({ content: 'hi', reasoning_content: 'hm' }) })).toEqual({
      completion: 'hi',
      reasoning: 'hm',
      stopReason: 'stop',
      model: 'm-1',
      usage: { inputTokens: 5, outputTokens: 9, reasoningTokens: 4 },
    });
    expect(openAiAnswer({ choices: [{ text: 'plain', finish_reason: 'length' }] })).toMatchObject({
      completion: 'plain',
      stopReason: 'length',
    });
  });

  test('empty is an answer when the endpoint says why it stopped', () => {
    for (const content of ['', null, undefined])
      expect(openAiAnswer(chat({ content }, { finish_reason: 'length' }))).toMatchObject({ completion: '', stopReason: 'length' });
    expect(openAiAnswer(chat({ content: '' }, {}))).toMatchObject({ completion: '' });
  });

  test('joins parts, takes a refusal for the answer, and the choice with index 0', () => {
    expect(
      openAiAnswer(chat({ content: [{ type: 'text', text: 'a' }, 'b', { type: 'image_url', image_url: {} }, { type: 'text', text: 'c' }] }))
        .completion,
    ).toBe('abc');
    expect(openAiAnswer(chat({ content: null, refusal: 'I will not' }))).toMatchObject({ completion: 'I will not', stopReason: 'refusal' });
    const stream = new OpenAiStream(0);
    for (const choice of [{ delta: { refusal: 'I will ' } }, { delta: { refusal: 'not' } }, { delta: {}, finish_reason: 'stop' }])
      stream.take({ event: '', data: JSON.stringify({ choices: [choice] }) });
    expect(stream.finish()).toMatchObject({ completion: 'I will not', stopReason: 'refusal' });
    expect(
      openAiAnswer({
        choices: [
          { index: 1, message: { content: 'b' } },
          { index: 0, message: { content: 'a' } },
        ],
      }).completion,
    ).toBe('a');
  });

  test.each<[unknown]>([
    [null],
    [[]],
    ['text'],
    [{}],
    [{ choices: [] }],
    [{ choices: {} }],
    [{ choices: [null] }],
    [{ choices: ['x'] }],
    [chat({ content: 7 })],
    [chat({ content: { text: 'x' } })],
    [chat({ content: [7] })],
    [chat('hello')],
    [chat({ content: null }, {})],
    [{ choices: [{}] }],
    [{ ...chat({ content: 'x' }), usage: 'many' }],
  ])('misshapen: %j', (body) => {
    expect(thrown(() => openAiAnswer(body))).toEqual(badResponse);
  });

  test('an error with status 200 has its own class', () => {
    expect(thrown(() => openAiAnswer({ error: { message: 'slow down', code: 429 } }))).toMatchObject({ errorClass: 'rate_limit' });
    expect(openAiAnswer({ error: null, ...chat({ content: 'fine' }) }).completion).toBe('fine');
  });
});

describe('a streamed OpenAI answer', () => {
  const stream = (...events: unknown[]): unknown => thrown(() => folded(new OpenAiStream(performance.now()), events));

  test('is put together from its pieces', () => {
    expect(
      stream(
        delta({ role: 'assistant', content: '' }),
        delta({ reasoning: 'h' }),
        delta({ reasoning: 'm' }),
        delta({ content: 'a' }),
        { ...delta({ content: 'b' }), model: 'm' },
        delta({}, 'stop'),
        { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
        '[DONE]',
      ),
    ).toEqual({
      completion: 'ab',
      reasoning: 'hm',
      stopReason: 'stop',
      model: 'm',
      usage: { inputTokens: 1, outputTokens: 2 },
    });
    expect(stream({ choices: [{ text: 'x' }] }, { choices: [{ text: '', finish_reason: 'stop' }] })).toMatchObject({
      completion: 'x',
      stopReason: 'stop',
    });
  });

  test('is whole with [DONE] or a finish_reason, and not without both', () => {
    expect(stream(delta({ content: 'a' }), '[DONE]')).toMatchObject({ completion: 'a' });
    expect(stream(delta({ content: 'a' }, 'stop'))).toMatchObject({ completion: 'a' });
    expect(stream(delta({}, 'length'), '[DONE]')).toMatchObject({ completion: '', stopReason: 'length' });
    for (const events of [[], ['[DONE]'], [delta({ content: 'a' })], ['{"choices":[{"mess'], [delta({ content: 5 })], ['7']])
      expect(stream(...events)).toEqual(badResponse);
  });

  test('fails with the class of an error object in it', () => {
    expect(stream(delta({ content: 'a' }), { error: { message: 'overloaded', type: 'server_error' } })).toMatchObject({
      errorClass: 'server_error',
    });
    expect(
      thrown(() => new OpenAiStream(0).take({ event: 'error', data: '{"message":"m","code":"context_length_exceeded","status":400}' })),
    ).toMatchObject({ errorClass: 'context_length' });
  });
});

describe('an Anthropic answer', () => {
  const message = {
    type: 'message',
    model: 'c',
    content: [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ],
    stop_reason: 'end_turn',
    usage: { input_tokens: 3, cache_read_input_tokens: 10, output_tokens: 4 },
  };
  const whole = { completion: 'ab', reasoning: 'hm', stopReason: 'end_turn', model: 'c', usage: { inputTokens: 13, outputTokens: 4 } };

  test('whole', () => {
    expect(anthropicAnswer(message)).toEqual(whole);
    expect(anthropicAnswer({ ...message, content: [], stop_reason: 'max_tokens' })).toMatchObject({
      completion: '',
      stopReason: 'max_tokens',
    });
    for (const body of [
      null,
      {},
      { content: 'x' },
      { content: [7] },
      { content: [{ type: 'text' }] },
      { content: [{ type: 'text', text: 7 }] },
      { content: [] },
    ]) {
      expect(thrown(() => anthropicAnswer(body))).toEqual(badResponse);
    }
    expect(thrown(() => anthropicAnswer({ type: 'error', error: { type: 'overloaded_error', message: 'x' } }))).toMatchObject({
      errorClass: 'server_error',
    });
  });

  test('streamed', () => {
    const events = [
      {
        type: 'message_start',
        message: { model: 'c', content: [], stop_reason: null, usage: { input_tokens: 3, cache_read_input_tokens: 10, output_tokens: 1 } },
      },
      { type: 'ping' },
      { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
      { type: 'content_block_start', index: 1, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'a' } },
      { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'b' } },
      { type: 'content_block_stop', index: 1 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } },
      { type: 'message_stop' },
    ];
    expect(folded(new AnthropicStream(performance.now()), events)).toEqual(whole);
    expect(thrown(() => folded(new AnthropicStream(0), events.slice(0, -2)))).toEqual(badResponse);
    expect(thrown(() => folded(new AnthropicStream(0), [{ type: 'message_stop' }]))).toEqual(badResponse);
    expect(
      thrown(() =>
        folded(new AnthropicStream(0), [...events.slice(0, 7), { type: 'error', error: { type: 'overloaded_error', message: 'x' } }]),
      ),
    ).toMatchObject({ errorClass: 'server_error' });
  });
});
