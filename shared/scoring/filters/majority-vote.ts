/**
 * `majority_vote`: the most frequent response stands for all; of several, the one that came first. Semantics of lm-evaluation-harness's
 * filter of this name. Behind `take_first_k` and before a scorer this is maj@k.
 */
import { z } from 'zod';
import { mostFrequent } from '../reducers/most-frequent.ts';
import { ONE_AT_A_TIME, type FilterKind } from './filter.ts';

const args = z.strictObject({});

export const majorityVote: FilterKind<z.infer<typeof args>> = {
  args,
  notInSpecs: `is a vote among the responses of a sample, but ${ONE_AT_A_TIME}: maj_K is that vote`,
  create: () => (responses) => {
    const winner = mostFrequent(responses);
    return winner === undefined ? [] : [winner];
  },
};
