/** A provider whose calls leave only where today's cap of their key has room. What a call may take is reserved before it, what it took counts after it. */
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import type { TokenUsage } from '../../shared/domain/result.ts';
import type { ChatMessage } from '../../shared/domain/sample.ts';
import type { ModelPrice } from '../../shared/domain/prices.ts';
import type { GenerateConfig } from '../../shared/domain/spec.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ModelError, type GenerateRequest, type ModelProvider, type RateRequest } from '../models/provider.ts';
import type { Purse, Refusal } from './purse.ts';
import { NOTHING, type Amount, type Hold } from './spend-book.ts';

/** English has about four characters to a token; code and other languages have fewer. */
const BYTES_PER_TOKEN = 3;
/** Endpoints count an image, or a piece of sound, by its size; this is the order of magnitude. */
const MEDIA_TOKENS = 1500;
/** What a message takes beside its text. */
const MESSAGE_TOKENS = 8;
/** What a timer can hold. */
const MAX_TIMER_MS = 2 ** 31 - 1;
/** Of an answer whose length nothing bounds. */
const OPEN_TOKENS = 4096;

/** The key has spent what it may spend today, or the agent cannot tell. It passes by itself. */
export class SpendCapError extends ModelError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super('quota', refusal.why);
    this.name = 'SpendCapError';
    this.refusal = refusal;
  }
}

export interface CappedOptions {
  provider: ModelProvider;
  purse: Purse;
  /** The price of a model as the endpoint names it; undefined: none is known, and its tokens alone count. */
  priceOf: (model: string) => ModelPrice | undefined;
  clock: Pick<Clock, 'now'>;
}

type Timed = Pick<GenerateRequest, 'model' | 'config' | 'signal' | 'attemptTimeoutMs'>;

export function cappedProvider({ provider, purse, priceOf, clock }: CappedOptions): ModelProvider {
  /** What it waits for room is part of the call's time. */
  async function room({ signal, attemptTimeoutMs }: Timed, amount: Amount): Promise<Hold> {
    const late = AbortSignal.timeout(Math.min(Math.max(1, Math.floor(attemptTimeoutMs)), MAX_TIMER_MS));
    try {
      const hold = await purse.take(amount, AbortSignal.any([signal, late]));
      if ('why' in hold) throw new SpendCapError(hold);
      return hold;
    } catch (error) {
      if (!late.aborted || error !== late.reason) throw error;
      throw new ModelError('timeout', `other calls of this key left no room under its cap within ${attemptTimeoutMs / 1000} s`, {
        unsent: true,
      });
    }
  }
  async function call<T extends { usage: TokenUsage }, R extends Timed>(
    request: R,
    expected: TokenUsage,
    make: (request: R) => Promise<T>,
    /** Tokens of an answer that does not say what it took. */
    sizeOf: (answer: T) => number,
  ): Promise<T> {
    const price = dearest(namedModels(request.model, request.config).map(priceOf));
    const startedAt = performance.now();
    const hold = await room(request, amountOf(expected, price));
    // What ends without a word of what it took may have taken all that was reserved for it.
    let taken = hold.reserved;
    try {
      const answer = await make({ ...request, attemptTimeoutMs: Math.max(1, request.attemptTimeoutMs - (performance.now() - startedAt)) });
      const { usage } = answer;
      const isTold = usage.inputTokens + usage.outputTokens > 0;
      taken = amountOf(isTold ? usage : { inputTokens: expected.inputTokens, outputTokens: sizeOf(answer) }, price);
      return answer;
    } catch (error) {
      // Endpoints do not bill what they refuse.
      if (error instanceof ModelError && (error.unsent || (error.httpStatus ?? 0) >= 300)) taken = NOTHING;
      throw error;
    } finally {
      hold.settle(taken, clock.now());
    }
  }
  const { rate } = provider;
  return {
    generate: (request) =>
      call(
        request,
        expectedOf(request),
        (timed) => provider.generate(timed),
        ({ completion, reasoning = '' }) => tokensIn(completion) + tokensIn(reasoning),
      ),
    ...(rate
      ? {
          rate: (request: RateRequest) =>
            call(
              request,
              expectedOfRating(request),
              (timed) => rate.call(provider, timed),
              () => 1,
            ),
        }
      : {}),
    close: () => provider.close(),
  };
}

/** All models that a call may name: `extra_body` is merged into the request last, and can put others in its place. */
export function namedModels(model: string, { extra_body: { model: other, models: several } = {} }: GenerateConfig): string[] {
  const more = [other, ...(Array.isArray(several) ? (several as unknown[]) : [several])];
  return [model, ...more.filter((name) => name !== undefined).map((name) => (typeof name === 'string' ? name : JSON.stringify(name)))];
}

/** Nobody says which of several models answers. */
const dearest = (prices: (ModelPrice | undefined)[]): ModelPrice | undefined =>
  prices.reduce((a, b) => ((b?.outputUsdPerMillion ?? 0) > (a?.outputUsdPerMillion ?? 0) ? b : (a ?? b)));

const tokensIn = (text: string): number => Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);

const amountOf = ({ inputTokens, outputTokens }: TokenUsage, price: ModelPrice | undefined): Amount => ({
  microUsd: price ? inputTokens * price.inputUsdPerMillion + outputTokens * price.outputUsdPerMillion : 0,
  tokens: inputTokens + outputTokens,
});

/** What of `extra_body` bounds an answer, or makes several of one call. */
const LENGTHS = ['max_tokens', 'max_completion_tokens', 'max_output_tokens', 'max_new_tokens'];
const ANSWERS = ['n', 'best_of', 'num_return_sequences'];

function expectedOf({ messages, prefill = '', config }: Pick<GenerateRequest, 'messages' | 'prefill' | 'config'>): TokenUsage {
  const inputTokens = messages.reduce((sum, message) => sum + tokensOf(message), tokensIn(prefill)) + extraTokens(config);
  const numbers = (names: readonly string[]): number[] =>
    names.map((name) => config.extra_body?.[name]).filter((value) => typeof value === 'number' && value > 0) as number[];
  const lengths = [...numbers(LENGTHS), ...(config.max_tokens === undefined ? [] : [config.max_tokens])];
  const outputTokens = (lengths.length > 0 ? Math.max(...lengths) : OPEN_TOKENS) * Math.max(1, ...numbers(ANSWERS));
  return { inputTokens, outputTokens };
}

const expectedOfRating = ({ context, continuation, config }: RateRequest): TokenUsage => ({
  inputTokens: tokensIn(context) + tokensIn(continuation) + extraTokens(config),
  outputTokens: 1,
});

/** It may be another prompt. */
const extraTokens = ({ extra_body: extra }: GenerateConfig): number => (extra === undefined ? 0 : tokensIn(canonicalJson(extra)));

function tokensOf({ content }: ChatMessage): number {
  if (typeof content === 'string') return MESSAGE_TOKENS + tokensIn(content);
  return content.reduce((sum, part) => sum + (part.type === 'text' ? tokensIn(part.text) : MEDIA_TOKENS), MESSAGE_TOKENS);
}
