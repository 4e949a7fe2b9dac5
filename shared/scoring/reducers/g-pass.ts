/** `g_pass_K_T`: the chance that at least T percent of K drawn epochs succeed, G-Pass@K; no value where there are fewer than K. */
import { gPassAtK } from '../statistics/g-pass.ts';
import { countSuccesses, type ReducerKind } from './reducer.ts';

export const gPass: ReducerKind = {
  params: ['k', 'threshold'],
  ofSuccesses: true,
  create:
    ({ k, threshold, success }) =>
    (values) =>
      gPassAtK(values.length, countSuccesses(values, success), k, threshold / 100),
};
