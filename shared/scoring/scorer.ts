/** What a scorer is. One file per scorer; `registry.ts` has a line for each. */
import type { z } from 'zod';
import type { Likelihood } from './likelihoods.ts';
import type { CorpusRow } from './text/corpus.ts';

/** Correct, incorrect, partial, no answer: the field's letters. */
export type Letter = 'C' | 'I' | 'P' | 'N';

export interface Verdict {
  /** null: no verdict, the unit is unscored. */
  value: Letter | number | null;
  /** What the scorer took for the model's answer, at most MAX_ANSWER_CHARS. */
  answer?: string;
  explanation?: string;
  /** Of a log-likelihood: by what perplexities divide. */
  counts?: LikelihoodCounts;
  /** Of bleu, chrf and ter: what it adds to that of the corpus. */
  corpus?: CorpusRow;
}

/** Of the text that a log-likelihood is of. */
export interface LikelihoodCounts {
  words: number;
  bytes: number;
}

/** What a scorer may see of a sample beside the completion and the targets. */
export interface ScoredSample {
  choices?: readonly string[] | undefined;
  /** Where a solver rated texts instead of asking for one. */
  likelihoods?: readonly Likelihood[] | undefined;
  /** The input as text, beside likelihoods. */
  inputText?: string | undefined;
}

/** Pure and synchronous; throws when it cannot judge (the unit is then errored). Any of the targets may match. */
export type Scorer = (output: string, target: readonly string[], sample?: ScoredSample) => Verdict;

/** A scorer's arguments, checked, and how to make it from them. */
export interface ScorerKind<Args> {
  args: z.ZodType<Args>;
  /** Of what counts mistakes or distance. Absent: more is better. */
  lessIsBetter?: true;
  /** Its verdicts have no answer, so that no vote can be held among them. */
  hasNoAnswer?: true;
  create(args: Args): Scorer;
}

/** An answer is kept beside the completion: a long one is cut, for otherwise a result would hold the completion twice. */
export const MAX_ANSWER_CHARS = 1000;

export const shortAnswer = (text: string): string => (text.length <= MAX_ANSWER_CHARS ? text : `${text.slice(0, MAX_ANSWER_CHARS - 1)}…`);

/** Tries the targets in turn with a test that says what the answer was; the first match decides, else the last answer. */
export function anyTarget(targets: readonly string[], test: (target: string) => { answer: string; matched: boolean }): Verdict {
  let answer: string | undefined;
  for (const target of targets) {
    const tried = test(target);
    answer = shortAnswer(tried.answer);
    if (tried.matched) return { value: 'C', answer };
  }
  return answer === undefined ? { value: 'I' } : { value: 'I', answer };
}
