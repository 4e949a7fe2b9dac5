/**
 * What several judges say together: the most frequent of their grades, of equals the first in the judges' order; as Inspect's `mode`, by which
 * its `model_graded_qa` joins several models. Who has given no grade does not vote; without any vote there is no verdict.
 */
import { mostFrequent } from '../reducers/most-frequent.ts';

/** How a judge's call has ended. */
export interface Vote {
  state: 'scored' | 'unscored' | 'errored' | 'cancelled' | 'dead';
  /** Of a scored one. */
  value?: string | number | undefined;
}

/** Where nobody voted: a judge that answered without a grade says more of the sample than one that failed, or was never asked. */
const WITHOUT_VOTE = ['unscored', 'errored', 'dead', 'cancelled'] as const;

/** In the judges' order. */
export function majorityOf(votes: readonly Vote[]): Vote {
  const value = mostFrequent(votes.flatMap((vote) => (vote.state === 'scored' && vote.value !== undefined ? [vote.value] : [])));
  if (value !== undefined) return { state: 'scored', value };
  return { state: WITHOUT_VOTE.find((state) => votes.some((vote) => vote.state === state)) ?? 'errored' };
}
