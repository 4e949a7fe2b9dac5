/**
 * `assay/scoring`: scorers, filters, reducers, metrics and statistics, without a coordinator. All of it is pure. `docs/spec.md` says what each does;
 * names and arguments are those of a spec.
 *
 * ```ts
 * import { createChain, createScorer, MetricFold, reducerOf, valueToNumber } from 'assay/scoring';
 *
 * const chain = createChain([{ name: 'regex', args: { regex_pattern: '#### (\\d+)' } }]);
 * const scorer = createScorer({ name: 'exact_match', args: {} });
 * const fold = new MetricFold(['accuracy', 'stderr'], reducerOf('maj_3'));
 * for (const [i, { outputs, target }] of samples.entries())
 *   for (const output of outputs) {
 *     const { value, answer } = scorer(chain([output])[0]!, [target]);
 *     fold.add(i, valueToNumber(value), {}, undefined, { answer });
 *   }
 * console.log(fold.result());
 * ```
 *
 * Every failure is an `AppError`: its message names place, value and remedy.
 */
export { AppError, type AppCode, type Fault } from '../domain/errors.ts';

export { createScorer, isComputed, scorerNames, type ScoredSample, type Scorer, type Verdict } from './registry.ts';
export type { Letter, LikelihoodCounts } from './scorer.ts';
export type { Likelihood } from './likelihoods.ts';
export { valueToNumber } from './values.ts';
export { gradeOf, type Grade, type GradeOptions } from './judges/grade.ts';
export { majorityOf, type Vote } from './judges/majority.ts';

export { createChain, createFilter, filterNames, type Filter, type FilteredSample, type FilterSpec } from './filters/registry.ts';
export { findReducer, reducerForms, reducerOf, type FoundReducer, type Reducer, type Said } from './reducers.ts';
export { reducePlaces, type StructuredValue } from './reducers/structured.ts';

export { MetricFold, type GroupedScores, type MetricKey, type MetricSpec } from './metrics.ts';
export { metricNames } from './metrics/registry.ts';
export type { Labels } from './metrics/metric.ts';

export { bootstrapStderr, type BootstrapOptions } from './statistics/bootstrap.ts';
export { brierScore } from './statistics/brier.ts';
export { clusteredStderr } from './statistics/clustered-stderr.ts';
export { confidenceInterval, type Interval, type IntervalOptions } from './statistics/confidence-interval.ts';
export { gPassAtK } from './statistics/g-pass.ts';
export { groupMean } from './statistics/group-mean.ts';
export { grouped, type Grouped } from './statistics/grouped.ts';
export { choiceAccuracy, type ChoiceAccuracy, type ChoiceLikelihoods } from './statistics/loglikelihood.ts';
export { mcnemar } from './statistics/mcnemar.ts';
export { median, upperMedian } from './statistics/median.ts';
export { mean, std, variance } from './statistics/moments.ts';
export { PythonRandom } from './statistics/mt19937.ts';
export { pairedDifference, type Difference } from './statistics/paired.ts';
export { meanPassAtK, passAtK } from './statistics/pass-at-k.ts';
export { passHatK } from './statistics/pass-hat-k.ts';
export { permutationTest, type PermutationOptions } from './statistics/permutation.ts';
export { bitsPerByte, documentPerplexity, sequencePerplexity, unitPerplexity, type CountedLikelihood } from './statistics/perplexity.ts';
export { pooledStderr } from './statistics/pooled-stderr.ts';
export { stderr } from './statistics/stderr.ts';
export { tQuantile } from './statistics/t-quantile.ts';
export { unpairedDifference } from './statistics/unpaired.ts';
export { withinSampleStderr, type Tries } from './statistics/within-sample.ts';

export { bleuCorpus, type BleuOptions } from './text/bleu.ts';
export { chrfCorpus, type ChrfOptions } from './text/chrf.ts';
export { corpusValue, type CorpusMetric } from './text/corpus.ts';
export { isEquivalent } from './text/hendrycks.ts';
export { squadNormalize } from './text/squad.ts';
export { terCorpus } from './text/ter.ts';
