/** What a reducer is: from the values of a sample's epochs to one. One file per reducer; `registry.ts` has a line for each. */

/** The values are those that there are, at least one, in the order of the epochs; null: no value. */
export type Reducer = (values: readonly number[]) => number | null;

/** What a value must reach to be a success, where the name does not say it (`_from_V`). */
export const SUCCESS = 1;

/** The numbers in a name such as `g_pass_4_50_from_0.5`. */
export interface ReducerParams {
  k: number;
  /** Percent. */
  threshold: number;
  /** A value of at least this is a success. */
  success: number;
}

export interface ReducerKind {
  /** Which of the numbers its names have, in this order. */
  params: readonly ('k' | 'threshold')[];
  create(params: ReducerParams): Reducer;
}

export const countSuccesses = (values: readonly number[], success: number): number =>
  values.reduce((count, value) => count + Number(value >= success), 0);
