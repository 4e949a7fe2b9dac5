/** Which scorers and metrics go with which solver where texts are rated instead of generated; anything else is a fault of the spec. */
import { LIKELIHOOD_METRICS } from '../scoring/metrics/perplexities.ts';
import type { FaultList, Path } from './fault-list.ts';
import { isLikelihoodSolver } from './solvers.ts';
import { showValue } from './spec-faults.ts';
import type { BenchmarkSpec } from './spec-schema.ts';

const SOLVERS_OF: Readonly<Record<string, readonly string[]>> = {
  acc: ['loglikelihood_choice', 'loglikelihood'],
  acc_norm: ['loglikelihood_choice'],
  acc_bytes: ['loglikelihood_choice'],
  acc_mutual_info: ['loglikelihood_choice'],
  brier_score: ['loglikelihood_choice'],
  greedy: ['loglikelihood_choice', 'loglikelihood'],
  loglikelihood: ['loglikelihood', 'loglikelihood_rolling'],
};

export function checkLikelihoods(
  { solver, scorers = [], metrics = [], prompt }: Partial<BenchmarkSpec>,
  path: Path,
  faults: FaultList,
): void {
  const name = solver?.name ?? 'generate';
  const rates = isLikelihoodSolver(name);
  scorers.forEach((scorer, i) => {
    const solvers = Object.hasOwn(SOLVERS_OF, scorer.name) ? SOLVERS_OF[scorer.name]! : undefined;
    const at = [...path, 'scorers', i];
    if (solvers && !solvers.includes(name))
      faults.add(
        at,
        `is ${showValue(scorer.name)}, which judges log-likelihoods of the solver ${solvers.join(' or ')}, but the solver is ${name}`,
      );
    if (!solvers && rates)
      faults.add(
        at,
        `is ${showValue(scorer.name)}, but the solver ${name} generates no text; there are ${scorersFor(name).join(', ')} for it`,
      );
  });
  const rated = scorers.some((scorer) => scorer.name === 'loglikelihood');
  metrics.forEach((metric, i) => {
    const metricName = typeof metric === 'string' ? metric : metric.name;
    if ((LIKELIHOOD_METRICS as readonly string[]).includes(metricName) && !rated)
      faults.add([...path, 'metrics', i], `is ${showValue(metricName)}, which is made of log-likelihoods; add the scorer loglikelihood`);
  });
  if (!rates) return;
  if (prompt?.gen_prefix !== undefined)
    faults.add(
      [...path, 'prompt', 'gen_prefix'],
      `stands beside the solver ${name}, which generates nothing; write it at the end of the template`,
    );
  if (prompt?.fewshot?.as_multiturn === true)
    faults.add(
      [...path, 'prompt', 'fewshot', 'as_multiturn'],
      `is true, but the solver ${name} continues text, which has no turns; take it out`,
    );
}

const scorersFor = (solver: string): string[] => Object.keys(SOLVERS_OF).filter((scorer) => SOLVERS_OF[scorer]!.includes(solver));

/** Whether a scorer judges by log-likelihoods and reads no text. */
export const isByLikelihoods = (scorer: string): boolean => Object.hasOwn(SOLVERS_OF, scorer);
