/** The work of a run: evaluations of sums whose prompts say which unit they are, so that the model's side knows what is called again. */
import { mockSpec } from '../../support/mock-evaluation.ts';

export const MODEL = 'openai/one';
/** Units per task, at most. */
const TASK_SAMPLES = 6;

/** Every third answer is wrong, so that a unit that is counted twice or not at all shows in the numbers. */
export const isRight = (sample: number): boolean => sample % 3 !== 0;
export const answerOf = (sample: number): string => `The answer is ${2 * sample + (isRight(sample) ? 0 : 1)}`;

export function dataset(tag: string, samples: number): Buffer {
  const lines = Array.from({ length: samples }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `(${tag}) What is ${i} + ${i}?`, target: String(2 * i) }),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

export const specOf = (digest: string, more: Record<string, unknown> = {}): Record<string, unknown> =>
  mockSpec(digest, { models: [{ model: MODEL }], max_task_samples: TASK_SAMPLES, ...more });

/** What a prompt was made for. */
export function unitOf(prompt: string): { tag: string; unit: number } | undefined {
  const found = /^\((\w+)\) What is (\d+) \+/.exec(prompt);
  return found ? { tag: found[1]!, unit: Number(found[2]) } : undefined;
}
