/** What a reducer is: from the values of a sample's epochs to one. One file per reducer; `registry.ts` has a line for each. */
import type { CorpusRow } from '../text/corpus.ts';

/** What an epoch's scorer said, of which its number was made. */
export interface Said {
  /** A letter, a number, or a team's own word; absent: the number alone is known. */
  value?: string | number | undefined;
  /** What it took for the model's answer, or what stands for it among the epochs of its sample. */
  answer?: string | undefined;
  /** What the answer adds to the value of a corpus. */
  corpus?: CorpusRow | undefined;
}

/**
 * The values are those that there are, at least one, in the order of the epochs; null: no value. `said`, at the same places, is for those that
 * look behind the numbers.
 */
export type Reducer = (values: readonly number[], said?: readonly Said[]) => number | null;

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
  /** It counts successes, so that its names may say from which value on one is (`_from_V`). */
  ofSuccesses?: true;
  /** It is a vote among answers, which a scorer must have. */
  ofAnswers?: true;
  create(params: ReducerParams): Reducer;
}

export const countSuccesses = (values: readonly number[], success: number): number =>
  values.reduce((count, value) => count + Number(value >= success), 0);
