/** Models that take their time, with a bad spell in it: an evaluation whose charts have lines, for pictures. */
import { setTimeout as wait } from 'node:timers/promises';
import { chatAnswer, type EndpointAnswer, type ModelCall } from './model-endpoint.ts';

/** Both are slow for a while, and fail now and then meanwhile. */
const SPELL_FROM_MS = 22_000;
const SPELL_TO_MS = 36_000;

interface Pace {
  /** Of a call, half of them are faster. */
  medianMs: number;
  /** Of answers that are right. */
  right: number;
}

export const PACED: Readonly<Record<string, Pace>> = { steady: { medianMs: 620, right: 0.86 }, swift: { medianMs: 340, right: 0.71 } };

/** Answers calls of these models; `startedAtMs`: of the first of them, by performance.now(). */
export function pacedModels(): (call: ModelCall, n: number, signal: AbortSignal) => Promise<EndpointAnswer> {
  let startedAtMs: number | undefined;
  return async ({ model, prompt }, n, signal) => {
    startedAtMs ??= performance.now();
    const { medianMs, right } = PACED[model]!;
    const sinceMs = performance.now() - startedAtMs;
    const isBad = sinceMs > SPELL_FROM_MS && sinceMs < SPELL_TO_MS;
    const [luck, skill] = [chance(n, prompt.length, 1), chance(n, prompt.length, 2)];
    // Few take long, as with real ones; and they breathe.
    const spread = Math.exp(0.45 * (luck + chance(n, 3, 5) + chance(n, 7, 11) - 1.5));
    await wait(medianMs * spread * (1 + 0.18 * Math.sin(sinceMs / 6_000)) * (isBad ? 2.2 : 1), undefined, { signal });
    if (luck < (isBad ? 0.05 : 0.004))
      return { status: 400, body: JSON.stringify({ error: { message: 'this prompt is too long for the model' } }) };
    if (skill > (isBad ? 0.93 : 0.998))
      return { status: 400, body: JSON.stringify({ error: { code: 'content_filter', message: 'this prompt was filtered' } }) };
    return chatAnswer(
      model,
      `${n} and ${n} make ${skill < right ? 2 * n : 2 * n + 10}.\n\nThe answer is ${skill < right ? 2 * n : 2 * n + 10}`,
    );
  };
}

/** The same one for the same numbers, 0 to 1. */
function chance(...numbers: number[]): number {
  let hash = 2_166_136_261;
  for (const n of numbers) hash = Math.imul(hash ^ n, 16_777_619) ^ (hash >>> 13);
  return (Math.imul(hash ^ (hash >>> 15), 2_246_822_507) >>> 0) / 2 ** 32;
}
