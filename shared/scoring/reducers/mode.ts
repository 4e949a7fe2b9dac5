/**
 * `mode`: the most frequent value; of several, the one that came first. As in Inspect, what was said is counted and not its number: an answer
 * that is wrong (I) and none (N) are two values, though both are 0.
 */
import { mostFrequent } from './most-frequent.ts';
import type { ReducerKind } from './reducer.ts';

export const mode: ReducerKind = {
  params: [],
  create:
    () =>
    (values, said = []) => {
      const names = values.map((value, i) => said[i]?.value ?? value);
      const winner = mostFrequent(names);
      return winner === undefined ? null : values[names.indexOf(winner)]!;
    },
};
