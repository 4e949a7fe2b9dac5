/** Vectors of the scorers that compare mathematics, overlapping words, and JSON. */
import {
  createScorer,
  bleuCorpus,
  chrfCorpus,
  corpusValue,
  type CorpusMetric,
  terCorpus,
  valueToNumber,
} from '../../../../../shared/scoring/index.ts';
import { lastBoxed } from '../../../../../shared/scoring/text/hendrycks.ts';
import type { Adapters, Vector } from './vector.ts';

/** JSON values that are no text were given as they are; a completion is their text. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The scorer's value as a number. A list is several targets, unless it is itself the JSON that is compared. */
function score(name: string, { output, target }: Vector, args: Record<string, unknown> = {}): number | null {
  const targets = Array.isArray(target) && target.every((one) => typeof one === 'string') ? target : [textOf(target)];
  return valueToNumber(createScorer({ name, args })(textOf(output), targets).value);
}

function corpus(metric: CorpusMetric, { output, target }: Vector): number | null {
  const targets = target as string[];
  return corpusValue(
    metric,
    (output as string[]).map((text, i) => ({ output: text, targets: [targets[i]!] })),
  );
}

export const ADAPTERS: Adapters = {
  'hendrycks_math:is_equiv': (vector) => score('math_equiv', vector) === 1,
  'hendrycks_math:last_boxed': ({ output }) => lastBoxed(String(output)) ?? null,
  bleu_1_nltk: (vector) => score('bleu', vector, { weights: vector.params!['weights'] }),
  bleu_corpus: (vector) => corpus(bleuCorpus(), vector),
  chrf_corpus: (vector) => corpus(chrfCorpus(), vector),
  ter_corpus: (vector) => corpus(terCorpus(), vector),
  rouge1: (vector) => score('rouge', vector, { type: 'rouge1', ...vector.params }),
  rouge2: (vector) => score('rouge', vector, { type: 'rouge2', ...vector.params }),
  rougeL: (vector) => score('rouge', vector, { type: 'rougeL', ...vector.params }),
  json_match: (vector) => score('json_match', vector),
  json_schema: (vector) => score('json_schema', vector, vector.params),
  json_diff: (vector) => score('json_diff', vector),
};
