/** What a (benchmark, model) needs of an agent beside its model and labels: capabilities by which its route is named. Pure. */
import { isLikelihoodSolver } from './solvers.ts';
import { solverOf } from './spec-defaults.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from './spec-schema.ts';

/** Understood only by agents of this wire version and later ones; every such agent is taken to have it. */
export const WIRE_1_1 = 'wire:1.1';
export const WIRE_1_2 = 'wire:1.2';
/** No spec needs it: agents of it keep signed leases. */
const WIRE_1_3 = 'wire:1.3';

/** Log-probabilities of what a model is sent; as a capability, `model` is an entry's pattern. */
export const loglikelihoodOf = (model: string): string => `loglikelihood:${model}`;

/** What an agent's entries can rate: whether their servers really do, the first call shows. */
export const ratingCapabilities = (entries: readonly { match: string; provider?: string; endpoint?: string }[]): string[] =>
  entries
    .filter(
      ({ match, provider = match.split('/')[0], endpoint }) => provider === 'mock' || (provider === 'openai' && endpoint === 'completions'),
    )
    .map(({ match }) => loglikelihoodOf(match));

/** The model that such a need or capability is about, undefined if it is none. */
export const ratedModelOf = (capability: string): string | undefined => /^loglikelihood:(.+)$/s.exec(capability)?.[1];

/** What an agent understands by its wire version's minor number. */
export const wireCapabilities = (minor: number): string[] => [WIRE_1_1, WIRE_1_2, WIRE_1_3].slice(0, minor);

/** Of agents that let specs fill places in the command line of a program. */
export const slotsOf = (command: string): string => `slots:${command}`;

/** What an agent can run of the team's own: its commands, those with slots twice. */
export const commandCapabilities = (commands: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(commands).flatMap(([name, command]) => {
    const { slots } = (typeof command === 'object' && command !== null ? command : {}) as { slots?: object };
    return [`command:${name}`, ...(slots && Object.keys(slots).length > 0 ? [slotsOf(name)] : [])];
  });

/** Of agents that run programs of this language in a sandbox which has passed its own test. */
export const sandboxFor = (language: string): string => `sandbox:${language}`;

/** The wire version that a need or a capability is about, undefined if it is none of these. */
export const wireVersionOf = (capability: string): string | undefined => /^wire:(.+)$/.exec(capability)?.[1];

/** `hasMessages`: some of the benchmark's inputs are lists of messages, which only its dataset tells. */
export function needsOf(benchmark: BenchmarkSpec, model: ModelSpec, spec: EvaluationSpec, hasMessages = false): string[] {
  const needs = new Set<string>();
  const solver = solverOf(benchmark);
  if (solver.name === 'http' && typeof solver.args['url'] === 'string') needs.add(`url:${solver.args['url']}`);
  for (const { name, args } of benchmark.scorers) {
    if (name === 'command' && typeof args['command'] === 'string') {
      needs.add(`command:${args['command']}`);
      // Agents that do not know slots would refuse it.
      if (Object.keys((args['slots'] as object | undefined) ?? {}).length > 0) needs.add(slotsOf(args['command']));
    }
    if (name === 'http' && typeof args['url'] === 'string') needs.add(`url:${args['url']}`);
    if (name === 'code_execution') needs.add(sandboxFor(String(args['language'])));
  }
  if (isLikelihoodSolver(solver.name)) needs.add(loglikelihoodOf(model.model));
  // One of them: who understands the later understands the earlier as well.
  if (isNewest(benchmark)) needs.add(WIRE_1_2);
  else if (needs.size > 0 || hasMessages || isNew(benchmark, model, spec)) needs.add(WIRE_1_1);
  return [...needs];
}

/** By the release that they came with; one that is added later belongs to the wire version of its release. */
const SCORERS_1_0 = ['match', 'includes', 'exact', 'pattern'];
const SCORERS_1_1 = [...SCORERS_1_0, 'choice', 'command', 'http'];

/** Of a pattern; one that only seems to is given to newer agents as well. */
const looksAround = (pattern: unknown): boolean => typeof pattern === 'string' && /\(\?(?:=|<[=!])/.test(pattern);

/** Whether the task's context has something that agents before wire version 1.2 would refuse. */
const isNewest = ({ scorers, solver, prompt, dataset }: BenchmarkSpec): boolean =>
  dataset.columns !== undefined ||
  // All of its scorers ask models, which are units of their own.
  scorers.length === 0 ||
  scorers.some((s) => s.filters !== undefined || !SCORERS_1_1.includes(s.name) || looksAround(s.args['pattern'])) ||
  isLikelihoodSolver(solver?.name ?? '') ||
  (solver?.name === 'multiple_choice' && solver.args['shuffle'] !== undefined) ||
  // Those before let it name several letters, whatever it was asked for.
  (solver?.name === 'multiple_choice' && scorers.some((s) => s.name === 'choice')) ||
  prompt.fewshot?.sampler === 'lm_eval' ||
  (['ids', 'template', 'in_system_message'] as const).some((key) => prompt.fewshot?.[key] !== undefined);

/** Whether the task's context has something that agents before wire version 1.1 would refuse or leave out. */
function isNew(benchmark: BenchmarkSpec, model: ModelSpec, spec: EvaluationSpec): boolean {
  const { prompt, dataset, solver, scorers } = benchmark;
  const config = { ...benchmark.generate_config, ...model.generate_config };
  const { metadata, ...single } = dataset.fields;
  const templated = [...Object.values(single), ...metadata].some((field) => field && /\{\{|\[\d/.test(field));
  return (
    // A field that they do not know is refused, whatever it says.
    solver !== undefined ||
    prompt.num_fewshot !== undefined ||
    prompt.fewshot !== undefined ||
    prompt.gen_prefix !== undefined ||
    templated ||
    scorers.some((s) => !SCORERS_1_0.includes(s.name)) ||
    ['logprobs', 'top_logprobs', 'response_schema', 'reasoning_effort'].some((key) => key in config) ||
    spec.limits !== undefined ||
    (spec.retry_on_error ?? 0) > 0
  );
}
