/** Answers of an OpenAI-compatible endpoint, whole and streamed, chat and completions. */
import { asCount, asObject, asText, generation, parseJson } from './answer-fields.ts';
import type { EventFold } from './answer-readers.ts';
import { embeddedError } from './classify.ts';
import { ModelError, type Generation } from './provider.ts';
import type { SseEvent } from './sse.ts';
import type { TokenUsage } from '../../shared/domain/result.ts';

type Fields = Record<string, unknown>;

/** One choice, whole or a streamed piece of it: the first one alone counts. */
function choiceOf(body: Fields): Fields | undefined {
  const { choices } = body;
  if (choices === undefined || choices === null) return undefined;
  if (!Array.isArray(choices)) throw new ModelError('bad_response', 'choices is not an array');
  const found = choices.find((choice) => (asObject(choice, 'choices[]')['index'] ?? 0) === 0) as Fields | undefined;
  return found;
}

/** As Anthropic's endpoint names it. */
const REFUSAL = 'refusal';

interface Piece {
  content: string | undefined;
  reasoning: string | undefined;
  stopReason: string | undefined;
  /** Told apart by the endpoint, which says that it stopped as with any answer. */
  isRefusal: boolean;
  logprobs: unknown[] | undefined;
}

/** The texts of a choice: chat has them in `message` or `delta`, completions in `text`. */
function pieceOf(choice: Fields): Piece {
  const part = choice['message'] ?? choice['delta'];
  const message = part === undefined || part === null ? choice : asObject(part, 'choices[0].message');
  const finish = choice['finish_reason'];
  const refusal = message === choice ? undefined : asText(message['refusal'], 'choices[0] refusal');
  return {
    // A refusal is the model's answer; endpoints that tell it apart leave the content empty.
    content: asText(message === choice ? choice['text'] : message['content'], 'choices[0] content') ?? refusal,
    reasoning: asText(message['reasoning_content'] ?? message['reasoning'], 'choices[0] reasoning'),
    stopReason: typeof finish === 'string' ? finish : undefined,
    isRefusal: Boolean(refusal),
    logprobs: logprobsOf(choice['logprobs']),
  };
}

/** Chat has an entry per token; the parallel lists of completions are made into the same. */
function logprobsOf(value: unknown): unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  const fields = asObject(value, 'choices[0].logprobs');
  if (Array.isArray(fields['content'])) return fields['content'];
  const [tokens, logprobs, top] = ['tokens', 'token_logprobs', 'top_logprobs'].map((name) => fields[name]);
  if (!Array.isArray(tokens) || !Array.isArray(logprobs)) return undefined;
  return tokens.map((token: unknown, i) => {
    const others = Array.isArray(top) && typeof top[i] === 'object' && top[i] !== null ? Object.entries(top[i] as Fields) : [];
    return { token, logprob: logprobs[i] as unknown, top_logprobs: others.map(([other, logprob]) => ({ token: other, logprob })) };
  });
}

function usageOf(body: Fields): TokenUsage | undefined {
  const usage = body['usage'];
  if (usage === undefined || usage === null) return undefined;
  const fields = asObject(usage, 'usage');
  const details = (fields['completion_tokens_details'] ?? {}) as Fields;
  const tokens: TokenUsage = { inputTokens: asCount(fields['prompt_tokens']), outputTokens: asCount(fields['completion_tokens']) };
  if (details['reasoning_tokens'] !== undefined) tokens.reasoningTokens = asCount(details['reasoning_tokens']);
  return tokens;
}

/** An error object in the place of an answer. */
function throwIfError(body: Fields): void {
  if (body['error'] !== undefined && body['error'] !== null) throw embeddedError(body, 200);
  if (body['object'] === 'error') throw embeddedError(body, 200);
}

/** A whole answer. Content may be empty or null if the endpoint says why it stopped. */
export function openAiAnswer(value: unknown): Generation {
  const body = asObject(value, 'the body');
  throwIfError(body);
  const choice = choiceOf(body);
  if (!choice) throw new ModelError('bad_response', 'the answer has no choices');
  const { content, reasoning, stopReason, isRefusal, logprobs } = pieceOf(choice);
  if (content === undefined && stopReason === undefined)
    throw new ModelError('bad_response', 'the answer has neither content nor a finish_reason');
  const { model, system_fingerprint: fingerprint } = body;
  return generation({
    completion: content ?? '',
    reasoning,
    stopReason: isRefusal ? REFUSAL : stopReason,
    logprobs,
    usage: usageOf(body),
    model,
    fingerprint,
  });
}

/** A streamed answer. It is whole with a finish_reason or `[DONE]`; usage comes between the two. */
export class OpenAiStream implements EventFold<Generation> {
  readonly #startedAt: number;
  readonly #content: string[] = [];
  readonly #reasoning: string[] = [];
  readonly #logprobs: unknown[][] = [];
  #firstPieceAt: number | undefined;
  #stopReason: string | undefined;
  #isRefusal = false;
  #usage: TokenUsage | undefined;
  #model: unknown;
  #fingerprint: unknown;
  #choices = 0;
  #done = false;

  /** `startedAt`: the call's start, as `performance.now()` gave it. */
  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  get complete(): boolean {
    return this.#done || this.#stopReason !== undefined;
  }

  get ended(): boolean {
    return this.#done;
  }

  take(event: SseEvent): void {
    if (event.data.trim() === '[DONE]') {
      this.#done = true;
      return;
    }
    const body = asObject(parseJson(event.data, 'an event'), 'an event');
    throwIfError(body);
    // Some endpoints send a bare message with an event named error.
    if (event.event === 'error') throw embeddedError(body, 200);
    this.#usage = usageOf(body) ?? this.#usage;
    this.#model ??= body['model'];
    this.#fingerprint ??= body['system_fingerprint'];
    const choice = choiceOf(body);
    if (!choice) return;
    this.#choices++;
    const piece = pieceOf(choice);
    if (piece.content) this.#content.push(piece.content);
    if (piece.reasoning) this.#reasoning.push(piece.reasoning);
    if (piece.logprobs) this.#logprobs.push(piece.logprobs);
    if (piece.content || piece.reasoning) this.#firstPieceAt ??= performance.now();
    this.#stopReason = piece.stopReason ?? this.#stopReason;
    this.#isRefusal ||= piece.isRefusal;
  }

  finish(): Generation {
    if (!this.complete) throw new ModelError('bad_response', 'the stream ended without [DONE] and without a finish_reason');
    if (this.#choices === 0) throw new ModelError('bad_response', 'the stream has no choices');
    return generation({
      completion: this.#content.join(''),
      reasoning: this.#reasoning.length > 0 ? this.#reasoning.join('') : undefined,
      stopReason: this.#isRefusal ? REFUSAL : this.#stopReason,
      logprobs: this.#logprobs.flat(),
      usage: this.#usage,
      model: this.#model,
      fingerprint: this.#fingerprint,
      timeToFirstChunkMs: this.#firstPieceAt === undefined ? undefined : this.#firstPieceAt - this.#startedAt,
    });
  }
}
