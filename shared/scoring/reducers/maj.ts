/**
 * `maj_K`: maj@k, self-consistency. The first K epochs vote by their answers; the value of the most frequent answer counts, of several the one
 * that came first. Epochs without an answer vote together, as if that were one. No value where there are fewer than K. So votes
 * lm-evaluation-harness's chain of filters `take_first_k`, `majority_vote` before its metric.
 */
import { mostFrequent } from './most-frequent.ts';
import type { ReducerKind } from './reducer.ts';

export const maj: ReducerKind = {
  params: ['k'],
  ofAnswers: true,
  create:
    ({ k }) =>
    (values, said = []) => {
      if (values.length < k) return null;
      const answers = values.slice(0, k).map((_, i) => said[i]?.answer);
      return values[answers.indexOf(mostFrequent(answers))]!;
    },
};
