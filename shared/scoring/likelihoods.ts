/** How likely texts are as continuations of a prompt: what a likelihood solver finds out, and what the scorers of this kind judge by. */

export interface Likelihood {
  /** The text as the dataset has it, without the delimiter in front of it. */
  text: string;
  /** Σ ln p of its tokens, given the prompt. */
  logLikelihood: number;
  /** Whether each of its tokens is the likeliest one. */
  isGreedy: boolean;
  /** Whether it is a right answer. */
  isTarget: boolean;
  tokens: number;
  /** Σ ln p of its tokens behind nothing, where a scorer needs it. */
  unconditional?: number;
}

/** Needed beside a completion; a scorer that finds none cannot judge. */
export function likelihoodsOf(sample: { likelihoods?: readonly Likelihood[] | undefined } | undefined): readonly Likelihood[] {
  const likelihoods = sample?.likelihoods ?? [];
  if (likelihoods.length === 0) throw new Error('there are no log-likelihoods; a solver such as loglikelihood_choice makes them');
  return likelihoods;
}

/** The place of the largest, the first of equals, as numpy's argmax; what is no number (0 / 0 of an empty choice) never is. */
export function argmax(values: readonly number[]): number | undefined {
  let best: number | undefined;
  values.forEach((value, i) => {
    if (!Number.isNaN(value) && (best === undefined || value > values[best]!)) best = i;
  });
  return best;
}

/** The likeliest by what `weigh` makes of each. */
export function likeliest(likelihoods: readonly Likelihood[], weigh: (one: Likelihood) => number): Likelihood | undefined {
  const best = argmax(likelihoods.map(weigh));
  return best === undefined ? undefined : likelihoods[best];
}

/** `len(text)` of Python: code points. */
export const charactersOf = (text: string): number => Array.from(text).length;
