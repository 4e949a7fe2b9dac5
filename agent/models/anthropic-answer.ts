/** Answers of Anthropic's messages endpoint, whole and streamed. */
import { asCount, asObject, asText, generation, parseJson } from './answer-fields.ts';
import type { EventFold } from './answer-readers.ts';
import { embeddedError } from './classify.ts';
import { ModelError, type Generation } from './provider.ts';
import type { SseEvent } from './sse.ts';
import type { TokenUsage } from '../../shared/domain/result.ts';

type Fields = Record<string, unknown>;

/** Cached input is input: the vendor counts it apart. Fields that a later event leaves out keep their value. */
function usageOf(value: unknown, before: TokenUsage | undefined): TokenUsage | undefined {
  if (value === undefined || value === null) return before;
  const fields = asObject(value, 'usage');
  const input = fields['input_tokens'];
  return {
    inputTokens:
      typeof input === 'number'
        ? asCount(input) + asCount(fields['cache_creation_input_tokens']) + asCount(fields['cache_read_input_tokens'])
        : (before?.inputTokens ?? 0),
    outputTokens: asCount(fields['output_tokens'] ?? before?.outputTokens),
  };
}

const stopReasonOf = (fields: Fields): string | undefined =>
  typeof fields['stop_reason'] === 'string' ? fields['stop_reason'] : undefined;

/** A whole answer: the text blocks joined, thinking kept apart. */
export function anthropicAnswer(value: unknown): Generation {
  const body = asObject(value, 'the body');
  if (body['type'] === 'error' || body['error']) throw embeddedError(body, 200);
  const blocks = body['content'];
  if (!Array.isArray(blocks)) throw new ModelError('bad_response', 'the answer has no content blocks');
  const parts = blocks.map((block, i) => blockOf(asObject(block, `content[${i}]`)));
  const stopReason = stopReasonOf(body);
  if (blocks.length === 0 && stopReason === undefined)
    throw new ModelError('bad_response', 'the answer has neither content nor a stop_reason');
  return generation({
    completion: parts.map((part) => part.text).join(''),
    reasoning: parts.map((part) => part.thinking).join(''),
    stopReason,
    usage: usageOf(body['usage'], undefined),
    model: body['model'],
  });
}

/** The texts of a content block or of a delta; blocks of other kinds have none. */
function blockOf(fields: Fields): { text: string; thinking: string } {
  const isText = fields['type'] === 'text' || fields['type'] === 'text_delta';
  const text = asText(fields['text'], 'content text');
  if (isText && text === undefined) throw new ModelError('bad_response', 'a text block has no text');
  return { text: isText ? text! : '', thinking: asText(fields['thinking'], 'content thinking') ?? '' };
}

/** A streamed answer. It is whole with a stop_reason or `message_stop`. */
export class AnthropicStream implements EventFold<Generation> {
  readonly #startedAt: number;
  readonly #text: string[] = [];
  readonly #thinking: string[] = [];
  #firstPieceAt: number | undefined;
  #stopReason: string | undefined;
  #usage: TokenUsage | undefined;
  #model: unknown;
  #began = false;
  #stopped = false;

  /** `startedAt`: the call's start, as `performance.now()` gave it. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  get complete(): boolean {
    return this.#stopped || this.#stopReason !== undefined;
  }

  get ended(): boolean {
    return this.#stopped;
  }

  take(event: SseEvent): void {
    const body = asObject(parseJson(event.data, 'an event'), 'an event');
    switch (body['type'] ?? event.event) {
      case 'message_start': {
        const message = asObject(body['message'], 'message_start.message');
        this.#began = true;
        this.#model = message['model'];
        this.#usage = usageOf(message['usage'], this.#usage);
        break;
      }
      case 'content_block_start':
        this.#add(asObject(body['content_block'], 'content_block'));
        break;
      case 'content_block_delta':
        this.#add(asObject(body['delta'], 'delta'));
        break;
      case 'message_delta':
        this.#stopReason = stopReasonOf(asObject(body['delta'], 'delta')) ?? this.#stopReason;
        this.#usage = usageOf(body['usage'], this.#usage);
        break;
      case 'message_stop':
        this.#stopped = true;
        break;
      case 'error':
        throw embeddedError(body, 200);
      default: // ping, content_block_stop, and kinds that are not known yet
    }
  }

  finish(): Generation {
    if (!this.complete || !this.#began) throw new ModelError('bad_response', 'the stream ended without a stop_reason');
    return generation({
      completion: this.#text.join(''),
      reasoning: this.#thinking.join(''),
      stopReason: this.#stopReason,
      usage: this.#usage,
      model: this.#model,
      timeToFirstChunkMs: this.#firstPieceAt === undefined ? undefined : this.#firstPieceAt - this.#startedAt,
    });
  }

  #add(fields: Fields): void {
    const { text, thinking } = blockOf(fields);
    if (text) this.#text.push(text);
    if (thinking) this.#thinking.push(thinking);
    if (text || thinking) this.#firstPieceAt ??= performance.now();
  }
}
