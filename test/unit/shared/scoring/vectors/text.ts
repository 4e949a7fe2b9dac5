/** Vectors of the scorers that compare texts, and of the judge's grade. */
import { gradeOf, createScorer, squadNormalize } from '../../../../../shared/scoring/index.ts';
import type { Adapters, Vector } from './vector.ts';

type Value = string | number | null;

/** The scorer's value for the vector. Some peers score numbers and not texts. */
function valueOf(name: string, { output, target }: Vector, args: Record<string, unknown> = {}): Value {
  const targets = (Array.isArray(target) ? target : [target]).map(String);
  return createScorer({ name, args })(String(output), targets).value;
}

const value =
  (name: string) =>
  (vector: Vector): Value =>
    valueOf(name, vector, vector.params);

/** For peers that say true or false. */
const isCorrect =
  (name: string) =>
  (vector: Vector): boolean =>
    valueOf(name, vector, vector.params) === 'C';

export const ADAPTERS: Adapters = {
  answer: value('answer'),
  f1: value('f1'),
  f1_bow_set: (vector) => valueOf('f1_set', vector, { normalization: vector.params?.['normalize'] ?? 'none' }),
  f1_squad_multiset: value('f1_multiset'),
  fuzzy_match: isCorrect('fuzzy_match'),
  normalize_squad: ({ output }) => squadNormalize(String(output)),
  'helm:exact_match': value('helm_exact_match'),
  'helm:quasi_exact_match': value('quasi_exact_match'),
  'helm:prefix_exact_match': value('prefix_exact_match'),
  'helm:quasi_prefix_exact_match': value('quasi_prefix_exact_match'),
  'helm:final_number_exact_match': value('final_number_exact_match'),
  levenshtein_ratio: value('levenshtein'),
  numeric_diff: value('numeric_diff'),
  openai_includes: isCorrect('openai_includes'),
  openai_match: isCorrect('openai_match'),
  drop_single_span: (vector) => ({ em: valueOf('drop', vector, { metric: 'em' }), f1: valueOf('drop', vector, { metric: 'f1' }) }),
  model_graded_parse: ({ output, params }) => gradeOf(String(output), { partialCredit: params?.['partial_credit'] === true }) ?? 'unscored',
  'simple_evals:mgsm': isCorrect('mgsm'),
  'simple_evals:gpqa_letter': value('gpqa_letter'),
};
