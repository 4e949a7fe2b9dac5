/** What a spec must keep beyond its shape: known plug-ins, templates and patterns that compile, names that are unique. */
import { findReducer } from '../scoring/reducers.ts';
import { hasAnswer } from '../scoring/registry.ts';
import { checkDataset, checkPrompt } from './benchmark-checks.ts';
import { FaultList, type Path } from './fault-list.ts';
import { checkJudges } from './judge-checks.ts';
import { checkCorpusMetrics } from './corpus-checks.ts';
import { checkLikelihoods } from './likelihood-checks.ts';
import { responseSchemaFault } from './json-schema-check.ts';
import { checkMetrics, checkPlugin, checkScorer } from './plugin-checks.ts';
import { epochsOf, generateConfigOf } from './spec-defaults.ts';
import { showValue, type PlacedFault } from './spec-faults.ts';
import type { BenchmarkSpec, EvaluationSpec, GenerateConfig, ModelSpec } from './spec-schema.ts';

/** A spec of which parts are missing: those are no business of the checks. */
export type PartialSpec = Partial<Omit<EvaluationSpec, 'benchmarks' | 'models'>> & {
  benchmarks?: Partial<BenchmarkSpec>[] | undefined;
  models?: Partial<ModelSpec>[] | undefined;
};

/** provider/name. */
const MODEL_NAME = /^[a-zA-Z0-9][\w.-]*\/[^\s\p{Cc}\p{Cs}]+$/u;

/** Every fault of a well-shaped spec, or of those of its parts that are. Fills in the defaults of the plug-ins' arguments. */
export function checkSpec(spec: PartialSpec): PlacedFault[] {
  const faults = new FaultList();
  const { benchmarks = [], models = [] } = spec;
  faults.checkName(spec.name, ['name']);
  benchmarks.forEach((benchmark, i) => checkBenchmark(benchmark, ['benchmarks', i], faults));
  models.forEach((model, i) => checkModel(model, ['models', i], faults));
  faults.checkUnique(
    benchmarks.map((b) => b.benchmark),
    (i) => ['benchmarks', i, 'benchmark'],
    'give each benchmark a name of its own',
  );
  faults.checkUnique(
    models.map((m) => m.model),
    (i) => ['models', i, 'model'],
    'list a model once (epochs repeat its samples)',
  );
  Object.entries(spec.model_roles ?? {}).forEach(([role, model]) => checkModel(model, ['model_roles', role], faults));
  checkJudges({ benchmarks, models, roles: spec.model_roles }, (model) => MODEL_NAME.test(model), faults);
  checkLogprobs(benchmarks, models, faults);
  checkEpochs(spec, faults);
  const { fail_on_error: rule } = spec;
  if (typeof rule === 'number' && rule > 1 && !Number.isInteger(rule))
    faults.add(['fail_on_error'], `is ${rule}, must be a share below 1, or a whole number of samples`);
  faults.checkName(spec.concurrency?.key, ['concurrency', 'key']);
  faults.checkJson(spec.metadata, ['metadata']);
  return faults.list;
}

function checkBenchmark(benchmark: Partial<BenchmarkSpec>, path: Path, faults: FaultList): void {
  const { solver, scorers = [], metrics = [], generate_config: config } = benchmark;
  faults.checkName(benchmark.benchmark, [...path, 'benchmark']);
  if (benchmark.dataset) checkDataset(benchmark.dataset, [...path, 'dataset'], faults);
  if (benchmark.prompt) checkPrompt(benchmark.prompt, [...path, 'prompt'], faults);
  checkMetrics(metrics, [...path, 'metrics'], faults);
  if (config) checkConfig(config, [...path, 'generate_config'], faults);
  scorers.forEach((scorer, i) => checkScorer(scorer, [...path, 'scorers', i], faults));
  checkLikelihoods(benchmark, path, faults);
  checkCorpusMetrics(benchmark, path, faults);
  if (!solver) return;
  checkPlugin(solver, 'solver', [...path, 'solver'], faults);
  const { template } = solver.args;
  if (solver.name === 'multiple_choice' && typeof template === 'string')
    faults.checkTemplate(template, [...path, 'solver', 'args', 'template']);
  if (solver.name === 'http' && benchmark.prompt?.gen_prefix !== undefined)
    faults.add(
      [...path, 'prompt', 'gen_prefix'],
      'stands beside the solver http, whose own code makes the whole answer; take one of the two out',
    );
}

function checkModel({ model, generate_config: config }: Partial<ModelSpec>, path: Path, faults: FaultList): void {
  if (model !== undefined && !MODEL_NAME.test(model))
    faults.add([...path, 'model'], `is ${showValue(model)}, must be provider/name without spaces, such as openai/gpt-4o-mini`);
  if (config) checkConfig(config, [...path, 'generate_config'], faults);
}

function checkConfig(config: GenerateConfig, path: Path, faults: FaultList): void {
  const { extra_body: extra = {}, response_schema: response } = config;
  faults.checkJson(extra, [...path, 'extra_body']);
  faults.checkKeys(extra, [...path, 'extra_body']);
  if (!response) return;
  const at = [...path, 'response_schema', 'json_schema'];
  faults.checkJson(response.json_schema, at);
  const wrong = responseSchemaFault(response.json_schema);
  if (wrong) faults.add([...at, ...wrong.path], wrong.problem);
}

/** Alternatives are given only beside the log-probabilities; the two may stand in different places. */
function checkLogprobs(benchmarks: readonly Partial<BenchmarkSpec>[], models: readonly Partial<ModelSpec>[], faults: FaultList): void {
  const said = new Set<string>();
  benchmarks.forEach((benchmark, b) =>
    models.forEach((model, m) => {
      const merged = generateConfigOf(benchmark as BenchmarkSpec, { ...model, generate_config: model.generate_config ?? {} } as ModelSpec);
      if (merged.top_logprobs === undefined || merged.logprobs === true) return;
      const place = model.generate_config?.top_logprobs === undefined ? ['benchmarks', b] : ['models', m];
      if (said.has(place.join())) return;
      said.add(place.join());
      const path = [...place, 'generate_config'];
      faults.add([...path, 'top_logprobs'], 'needs logprobs: true beside it', [...path, 'logprobs']);
    }),
  );
}

function checkEpochs(spec: PartialSpec, faults: FaultList): void {
  if (spec.epochs === undefined) return;
  const { count, reducers } = epochsOf({ epochs: spec.epochs });
  const at = (i: number): Path => ['epochs', 'reducers', i];
  faults.checkUnique(reducers, at, 'name a reducer once');
  reducers.forEach((reducer, i) => {
    const { epochs: least = 1, ofAnswers = false } = findReducer(reducer) ?? {};
    if (least > count)
      faults.add(at(i), `is ${showValue(reducer)}, but there are only ${count} epochs; lower ${least}, or raise epochs.count`);
    const without = spec.benchmarks?.flatMap(({ scorers = [] }) => scorers).find(({ name }) => ofAnswers && !hasAnswer(name));
    if (without) faults.add(at(i), `is ${showValue(reducer)}, ${voteFault(without.name)}`);
  });
}

/** Why a vote among answers cannot be held; behind the reducer's name. */
export const voteFault = (scorer: string): string =>
  `a vote among answers, and ${showValue(scorer)} takes nothing of a completion for its answer; take one of the two out`;
