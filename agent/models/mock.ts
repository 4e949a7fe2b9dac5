/**
 * `mock`: a model without an endpoint, for demos, load tests and dry runs of a spec. Whether a sample is answered rightly
 * hangs on seed, sample id and epoch alone, so it is the same on any agent and in any repetition. Errors, hangs and
 * latencies are drawn anew for every call, so that a retry can succeed.
 */
import { textOf } from '../../shared/domain/chat.ts';
import type { TokenUsage } from '../../shared/domain/result.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import { mockAnswer } from './mock-answer.ts';
import { mockKnobs, type MockKnobs } from './mock-knobs.ts';
import { mockRating } from './mock-rating.ts';
import {
  ModelError,
  type GenerateRequest,
  type Generation,
  type ModelEntry,
  type ModelProvider,
  type RateRequest,
  type Rating,
} from './provider.ts';

export class MockProvider implements ModelProvider {
  readonly #options: Record<string, unknown>;
  readonly #clock: Clock;
  readonly #ownKnobs: MockKnobs;
  /** Knobs of specs, by the object that they came in: a task's samples share it. Weak, so it ends with the task. */
  readonly #specKnobs = new WeakMap<object, MockKnobs>();
  #calls = 0;

  /** Throws AppError `invalid` for knobs that are wrong in the entry. */
  constructor(entry: ModelEntry, clock: Clock = systemClock) {
    this.#options = entry.options;
    this.#clock = clock;
    this.#ownKnobs = mockKnobs(`options of the model entry ${JSON.stringify(entry.match)}`, entry.options);
  }

  async generate(request: GenerateRequest): Promise<Generation> {
    const { knobs, isRight } = await this.#answered(request);
    const completion = mockAnswer(request, knobs, isRight);
    const inputLength = request.messages.reduce((sum, message) => sum + textOf(message).length, 0);
    return { completion, stopReason: 'stop', usage: usageOf(inputLength, completion.length), model: request.model };
  }

  async rate(request: RateRequest): Promise<Rating> {
    const { knobs, isRight } = await this.#answered(request);
    const { context, continuation, sample, model } = request;
    const rating = mockRating(request, isRight, uniform(knobs.seed, 'rate', sample.id, sample.epoch, continuation));
    return { ...rating, usage: usageOf(context.length + continuation.length, 0), model };
  }

  /** A call's time and its fate. Whether the sample is answered rightly is the same in each call of it. */
  async #answered(request: GenerateRequest | RateRequest): Promise<{ knobs: MockKnobs; isRight: boolean }> {
    request.signal.throwIfAborted();
    const knobs = this.#knobsOf(request.config.extra_body?.['mock']);
    const { id, epoch } = request.sample;
    const call = this.#calls++;
    const draw = (what: string): number => uniform(knobs.seed, what, id, epoch, call);
    const fate = this.#fate(knobs, draw('fate'));
    const ms =
      fate === 'hang' ? Infinity : knobs.latencyMs * Math.exp(knobs.sigma === 0 ? 0 : knobs.sigma * gaussian(draw('u'), draw('v')));
    await this.#pass(ms, request);
    if (fate !== 'answer' && fate !== 'hang') {
      throw new ModelError(
        fate,
        `mock: a ${fate} as error_rate demands`,
        fate === 'rate_limit' ? { retryAfterMs: knobs.retryAfterMs } : {},
      );
    }
    return { knobs, isRight: uniform(knobs.seed, 'correct', id, epoch) < knobs.accuracy };
  }

  /** There is nothing to free; calls in flight end by their signal or their limit. */
  async close(): Promise<void> {}

  #knobsOf(layer: unknown): MockKnobs {
    if (layer === undefined) return this.#ownKnobs;
    if (typeof layer === 'object' && layer !== null) {
      const known = this.#specKnobs.get(layer);
      if (known) return known;
    }
    try {
      const knobs = mockKnobs('generate_config.extra_body.mock', this.#options, layer);
      this.#specKnobs.set(layer as object, knobs);
      return knobs;
    } catch (error) {
      throw new ModelError('request', error instanceof Error ? error.message : String(error));
    }
  }

  #fate(knobs: MockKnobs, drawn: number): 'answer' | 'hang' | ModelError['errorClass'] {
    let left = drawn - knobs.hangRate;
    if (left < 0) return 'hang';
    for (const [errorClass, share] of knobs.errors) if ((left -= share) < 0) return errorClass;
    return 'answer';
  }

  /** Lets `ms` pass, or the attempt's time if that is shorter, which is a time-out. */
  async #pass(ms: number, { attemptTimeoutMs, signal }: Pick<GenerateRequest, 'attemptTimeoutMs' | 'signal'>): Promise<void> {
    if (ms === 0) return;
    await this.#clock.sleep(Math.min(ms, attemptTimeoutMs), signal);
    if (ms > attemptTimeoutMs) throw new ModelError('timeout', `mock: no answer within ${attemptTimeoutMs / 1000} s`);
  }
}

/** Four characters a token: a rule of thumb for English, enough for a mock. */
const usageOf = (input: number, output: number): TokenUsage => ({ inputTokens: Math.ceil(input / 4), outputTokens: Math.ceil(output / 4) });

/** A number in [0, 1) that depends on nothing but the arguments. */
function uniform(...parts: readonly (string | number)[]): number {
  // MurmurHash3's 32-bit mixing over the characters: even, and a hundred times cheaper than a digest.
  let h = 0x9747b28c;
  for (const part of parts) {
    const text = `${String(part)}\u0000`;
    for (let i = 0; i < text.length; i++) {
      let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51);
      k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
      h ^= k;
      h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
    }
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Box–Muller: two uniform numbers make a normal one. */
const gaussian = (u: number, v: number): number => Math.sqrt(-2 * Math.log(1 - u)) * Math.cos(2 * Math.PI * v);
