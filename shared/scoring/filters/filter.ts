/** What a filter is: a step between a completion and its scorer, as lm-evaluation-harness has them. One file per filter; `registry.ts` has a line for each. */
import type { z } from 'zod';

/** What a filter may see of a sample beside its responses. */
export interface FilteredSample {
  choices?: readonly string[] | undefined;
}

/**
 * Gets the responses of one sample, in the order of its epochs, and gives those that go on: as many, fewer (`take_first`), or one that stands
 * for all (`majority_vote`). Pure and synchronous.
 */
export type Filter = (responses: readonly string[], sample?: FilteredSample) => string[];

/** A filter's arguments, checked, and how to make it from them. */
export interface FilterKind<Args> {
  args: z.ZodType<Args>;
  /** Why it has no place before a scorer, which gets one response at a time: half a sentence. Absent: it has. */
  notInSpecs?: string;
  create(args: Args): Filter;
}

/** Of filters that choose among several responses. */
export const ONE_AT_A_TIME =
  'a scorer gets one completion at a time; leave it out, and say by epochs.reducers what becomes of several epochs';
