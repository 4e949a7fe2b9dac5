/** What lm-eval's `results_*.json` says of a task, as the head of a log: by what it was scored, with which settings. What is missing is left out. Pure. */
import { z } from 'zod';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { headSchema, scorerHere, scorersAmong, type LeftOut, type LogHead } from './log-head.ts';

const config = z.looseObject({
  output_type: z.string().optional().catch(undefined),
  num_fewshot: z.unknown().optional(),
  repeats: z.int().optional().catch(undefined),
  target_delimiter: z.string().optional().catch(undefined),
  generation_kwargs: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  metric_list: z.array(z.looseObject({ metric: z.string() })).catch([]),
  filter_list: z
    .array(z.object({ name: z.string(), filter: z.array(z.looseObject({ function: z.string() })) }))
    .nullish()
    .catch(undefined),
});

/** Of which perplexities are made. */
export const LOGLIKELIHOOD: NamedScorer = { id: 'loglikelihood', name: 'loglikelihood', args: {}, filters: [] };
const PERPLEXITIES = Object.fromEntries(LIKELIHOOD_METRICS.map((name) => [name, LOGLIKELIHOOD.name]));

/** By `output_type`: the solver that does the same, and the scorers of its metrics where they have other names here. */
const FORMS: Readonly<Record<string, { solver: string; scorers?: Record<string, string> }>> = {
  generate_until: { solver: 'generate' },
  multiple_choice: { solver: 'loglikelihood_choice', scorers: { exact_match: 'greedy' } },
  loglikelihood: { solver: 'loglikelihood', scorers: PERPLEXITIES },
  loglikelihood_rolling: { solver: 'loglikelihood_rolling', scorers: PERPLEXITIES },
};

/** Among several responses: where there is one, they change nothing. */
const CHOOSING = ['take_first', 'take_first_k', 'majority_vote'];

/** `results`: the task's, whose keys are `metric,filter`. */
export function lmEvalHead(configs: unknown, results: unknown, created: string | undefined): LogHead {
  const { data } = config.safeParse(configs);
  const {
    output_type = 'generate_until',
    num_fewshot,
    repeats = 1,
    target_delimiter = ' ',
    generation_kwargs,
    metric_list,
    filter_list,
  } = data ?? {
    metric_list: [],
  };
  const form = Object.hasOwn(FORMS, output_type) ? FORMS[output_type]! : FORMS['generate_until']!;
  const { until, max_gen_toks, ...kwargs } = generation_kwargs ?? {};
  const named = new Set(Object.keys(typeof results === 'object' && results !== null ? results : {}));
  const chains = filter_list?.length ? filter_list : [{ name: 'none', filter: [] }];
  const taken = repeats > 1 ? ['take_first'] : CHOOSING;
  const found = chains.flatMap(({ name, filter }) => {
    const filters = filter.filter((one) => !taken.includes(one.function));
    return metric_list.flatMap((metric) => (named.has(`${metric.metric},${name}`) ? [scorerOf(metric, name, filters, form.scorers)] : []));
  });
  const { scorers, ...left } = scorersAmong(found);
  const isPerplexity = ({ id }: NamedScorer): boolean => (LIKELIHOOD_METRICS as readonly string[]).includes(id.split(',')[0]!);
  const perplexities = scorers.filter(isPerplexity).map(({ id }) => id.split(',')[0]!);
  // Several perplexities are metrics of one score.
  const all = perplexities.length === 0 ? scorers : [...scorers.filter((one) => !isPerplexity(one)), LOGLIKELIHOOD];
  return headSchema.parse({
    ...(perplexities.length > 0 ? { metrics: { [LOGLIKELIHOOD.id]: perplexities } } : {}),
    eval: { created, solver: form.solver },
    plan: { steps: [{ solver: form.solver, params: {} }], config: { stop_seqs: until, max_tokens: max_gen_toks, ...kwargs } },
    ...left,
    ...{ scorers: all, numFewshot: num_fewshot, delimiter: form.solver === 'loglikelihood_choice' ? target_delimiter : '' },
  });
}

function scorerOf(
  { metric, aggregation: _a, higher_is_better: _h, hf_evaluate: _e, ...args }: Record<string, unknown> & { metric: string },
  chain: string,
  filter: readonly (Record<string, unknown> & { function: string })[],
  names: Record<string, string> = {},
): NamedScorer | LeftOut {
  const filters = filter.map(({ function: name, ...own }) => ({ name, args: own }));
  const plain = metric.replace(/#\d+$/, '');
  return scorerHere(chain === 'none' ? metric : `${metric},${chain}`, names[plain] ?? plain, args, filters);
}
