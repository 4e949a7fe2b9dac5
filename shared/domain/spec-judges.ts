/** Who judges what: the scorers of a spec for which models are asked, and which models. Pure. */
import { isJudged } from '../scoring/registry.ts';
import type { ModelGradedArgs } from '../scoring/scorers/model-graded.ts';
import { judgeTextsOf } from './judge-texts.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from './spec-schema.ts';
import { scorersOf, type NamedScorer } from './spec-scorers.ts';

/** The role that judges unless a scorer names another one. */
export const GRADER = 'grader';

/** A benchmark as its own calls are scored, without the scorers for which models are asked. */
export const withoutJudged = (benchmark: BenchmarkSpec): BenchmarkSpec =>
  benchmark.scorers.some(({ name }) => isJudged(name))
    ? { ...benchmark, scorers: benchmark.scorers.filter(({ name }) => !isJudged(name)) }
    : benchmark;

/** The scorers of a benchmark for which models are asked. */
export const judgedScorersOf = (benchmark: Pick<BenchmarkSpec, 'scorers'>): NamedScorer[] =>
  scorersOf(benchmark).filter(({ name }) => isJudged(name));

/** The judges of a scorer for an evaluated model: those that it names (with the settings of the role that has them), else its role, else the model itself. */
export function judgesOf(
  { models, model_roles: roles = {} }: Pick<EvaluationSpec, 'models' | 'model_roles'>,
  scorer: Pick<NamedScorer, 'args'>,
  evaluated: ModelSpec,
): ModelSpec[] {
  const { model, model_role: role = GRADER } = scorer.args as Partial<ModelGradedArgs>;
  if (model === undefined) return [Object.hasOwn(roles, role) ? roles[role]! : evaluated];
  return [model].flat().map((name) => {
    const own = Object.values(roles).find((known) => known.model === name);
    if (own) return own;
    // A name alone says nothing of labels: those of a model of the spec hold for it as well, its settings are for its answers.
    const route = models.find((evaluatedOne) => evaluatedOne.model === name)?.route;
    return { model: name, generate_config: {}, ...(route ? { route } : {}) };
  });
}

/** What a judge's words are read by. A P is a grade where it was offered; instructions of one's own may offer it, as in Inspect. */
export const gradeOf = ({ args }: Pick<NamedScorer, 'args'>): { name: 'grade'; args: { partial_credit: boolean } } => {
  const { partial_credit: offered = false, instructions } = args as Partial<ModelGradedArgs>;
  return { name: 'grade', args: { partial_credit: offered || instructions !== undefined } };
};

/** The benchmark that the calls of a judge are run as: `judgedLine` makes its lines. */
export function judgeBenchmarkOf(benchmark: Pick<BenchmarkSpec, 'benchmark' | 'metrics'>, scorer: NamedScorer): BenchmarkSpec {
  return {
    benchmark: benchmark.benchmark,
    dataset: {
      uri: 'file:dataset.jsonl',
      fields: { input: judgeTextsOf(scorer).template, target: 'criterion', id: 'id', metadata: [] },
    },
    prompt: { template: '{{ input }}' },
    scorers: [gradeOf(scorer)],
    metrics: benchmark.metrics,
  };
}
