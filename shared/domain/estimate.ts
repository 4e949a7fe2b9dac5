/** What an evaluation will take, roughly: known before anything runs. */
import type { ModelPrice } from './prices.ts';
import type { Prompt } from './prompt.ts';
import type { GenerateConfig } from './spec-schema.ts';

/** A rule of thumb for English; other languages and code take more tokens. */
const CHARS_PER_TOKEN = 4;
/** Endpoints count an image, or a piece of sound, by its size; this is the order of magnitude. */
const MEDIA_TOKENS = 1000;
/** Of an answer whose length nothing bounds. */
export const DEFAULT_OUTPUT_TOKENS = 256;

export interface Estimate {
  units: number;
  inputTokens: number;
  outputTokens: number;
  /** Absent: no price is known. */
  costUsd?: number;
}

/** Tokens of one prompt. */
export function inputTokensOf({ messages, prefill = '' }: Prompt): number {
  let chars = prefill.length;
  let media = 0;
  for (const { content } of messages) {
    if (typeof content === 'string') chars += content.length;
    else {
      for (const part of content) {
        if (part.type === 'text') chars += part.text.length;
        else media++;
      }
    }
  }
  return Math.ceil(chars / CHARS_PER_TOKEN) + media * MEDIA_TOKENS;
}

/** `promptTokens`: of all samples, each once. */
export function estimateGroup(group: {
  samples: number;
  epochs: number;
  promptTokens: number;
  config: GenerateConfig;
  price: ModelPrice | undefined;
}): Estimate {
  const units = group.samples * group.epochs;
  const inputTokens = group.promptTokens * group.epochs;
  const outputTokens = units * (group.config.max_tokens ?? DEFAULT_OUTPUT_TOKENS);
  return { units, inputTokens, outputTokens, ...(group.price ? { costUsd: costOf(group.price, inputTokens, outputTokens) } : {}) };
}

export const costOf = (price: Omit<ModelPrice, 'match'>, inputTokens: number, outputTokens: number): number =>
  (inputTokens * price.inputUsdPerMillion + outputTokens * price.outputUsdPerMillion) / 1_000_000;

/** Of several groups; the cost is that of those whose price is known, absent if none is. */
export function totalOf(estimates: readonly Estimate[]): Estimate {
  const sum = (of: (estimate: Estimate) => number): number => estimates.reduce((total, estimate) => total + of(estimate), 0);
  const isPriced = estimates.some((estimate) => estimate.costUsd !== undefined);
  return {
    units: sum((e) => e.units),
    inputTokens: sum((e) => e.inputTokens),
    outputTokens: sum((e) => e.outputTokens),
    ...(isPriced ? { costUsd: sum((e) => e.costUsd ?? 0) } : {}),
  };
}
