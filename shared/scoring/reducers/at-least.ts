/** `at_least_K`: 1 if at least K epochs succeed, else 0. */
import { countSuccesses, type ReducerKind } from './reducer.ts';

export const atLeast: ReducerKind = {
  params: ['k'],
  ofSuccesses: true,
  create:
    ({ k, success }) =>
    (values) =>
      Number(countSuccesses(values, success) >= k),
};
