/** `pass_at_K`: the chance that one of K drawn epochs succeeds; no value where there are fewer than K. */
import { passAtK } from '../statistics/pass-at-k.ts';
import { countSuccesses, type ReducerKind } from './reducer.ts';

export const passAt: ReducerKind = {
  params: ['k'],
  ofSuccesses: true,
  create:
    ({ k, success }) =>
    (values) =>
      values.length < k ? null : passAtK(values.length, countSuccesses(values, success), k),
};
