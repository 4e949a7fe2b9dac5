/** `pass_k_K`: the chance that all of K drawn epochs succeed, pass^k; no value where there are fewer than K. */
import { passHatK } from '../statistics/pass-hat-k.ts';
import { countSuccesses, type ReducerKind } from './reducer.ts';

export const passK: ReducerKind = {
  params: ['k'],
  ofSuccesses: true,
  create:
    ({ k, success }) =>
    (values) =>
      passHatK(values.length, countSuccesses(values, success), k),
};
