/** What a spec must keep beyond its shape: known scorers, templates and patterns that compile, names that are unique. */
import { scorerArgs, scorerNames } from '../scoring/registry.ts';
import { datasetPath } from './dataset-uri.ts';
import { AppError } from './errors.ts';
import { nearestName } from './nearest-name.ts';
import { faultsOf, placeOfPath, showValue, type PlacedFault } from './spec-faults.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from './spec-schema.ts';
import { compileTemplate } from './template.ts';

type Path = readonly PropertyKey[];
type Report = (path: Path, problem: string) => void;

/** Every fault of a well-shaped spec. Fills in the defaults of the scorers' arguments. */
export function checkSpec(spec: EvaluationSpec): PlacedFault[] {
  const faults: PlacedFault[] = [];
  const report: Report = (path, problem) => void faults.push({ path, place: placeOfPath(path), problem });
  checkName(spec.name, ['name'], report);
  spec.benchmarks.forEach((benchmark, i) => checkBenchmark(benchmark, ['benchmarks', i], report, faults));
  spec.models.forEach((model, i) => checkModel(model, ['models', i], report));
  checkUnique(
    spec.benchmarks.map((b) => b.benchmark),
    (i) => ['benchmarks', i, 'benchmark'],
    report,
    'give each benchmark a name of its own',
  );
  checkUnique(
    spec.models.map((m) => m.model),
    (i) => ['models', i, 'model'],
    report,
    'list a model once (epochs repeat its samples)',
  );
  checkJson(spec.metadata, ['metadata'], report);
  return faults;
}

function checkBenchmark(benchmark: BenchmarkSpec, path: Path, report: Report, faults: PlacedFault[]): void {
  checkName(benchmark.benchmark, [...path, 'benchmark'], report);
  checkDataset(benchmark, [...path, 'dataset'], report);
  checkTemplate(benchmark.prompt.template, [...path, 'prompt', 'template'], report);
  checkUnique(benchmark.metrics, (i) => [...path, 'metrics', i], report, 'name a metric once');
  benchmark.scorers.forEach((scorer, i) => {
    const at = [...path, 'scorers', i];
    const schema = scorerArgs(scorer.name);
    if (!schema) {
      const near = nearestName(scorer.name, scorerNames());
      report(
        [...at, 'name'],
        `is ${showValue(scorer.name)}, but there is no such scorer; ${near ? `did you mean "${near}"?` : `there are ${scorerNames().join(', ')}`}`,
      );
      return;
    }
    const parsed = schema.safeParse(scorer.args);
    if (parsed.success) scorer.args = parsed.data;
    else faults.push(...faultsOf(parsed.error.issues, scorer.args, schema, [...at, 'args']));
  });
}

function checkDataset({ dataset }: BenchmarkSpec, path: Path, report: Report): void {
  attempt([...path, 'uri'], report, () => datasetPath(dataset.uri));
  if (dataset.input_template !== undefined) checkTemplate(dataset.input_template, [...path, 'input_template'], report);
  if (dataset.target_template !== undefined) checkTemplate(dataset.target_template, [...path, 'target_template'], report);
  if (dataset.ids && dataset.limit !== undefined)
    report([...path, 'limit'], `is ${dataset.limit} beside ids, and both choose samples; keep one of the two`);
  checkUnique((dataset.ids ?? []).map(String), (i) => [...path, 'ids', i], report, 'name an id once');
  const { metadata, ...single } = dataset.fields;
  for (const [name, field] of Object.entries(single))
    if (field === '') report([...path, 'fields', name], 'is empty; name the field of the dataset, or leave it out');
  checkUnique(metadata, (i) => [...path, 'fields', 'metadata', i], report, 'name a field once');
}

function checkModel({ model, generate_config: config }: ModelSpec, path: Path, report: Report): void {
  if (!/^[a-zA-Z0-9][\w.-]*\/[^\s\p{Cc}]+$/u.test(model))
    report([...path, 'model'], `is ${showValue(model)}, must be provider/name without spaces, such as openai/gpt-4o-mini`);
  const extra = config.extra_body ?? {};
  checkJson(extra, [...path, 'generate_config', 'extra_body'], report);
  for (const key of Object.keys(extra)) {
    if (/^(api[-_]?key|authorization|x-api-key|token|secret)$/i.test(key))
      report(
        [...path, 'generate_config', 'extra_body', key],
        "looks like a key; keys belong into the agent's configuration (api_key_env or api_key_file) and are never part of a spec",
      );
  }
}

/** Names stand in tables and logs: printable, on one line. */
function checkName(name: string, path: Path, report: Report): void {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name) || name.trim() !== name || name === '')
    report(path, `is ${showValue(name)}, must be printable text without spaces at its ends`);
}

function checkTemplate(template: string, path: Path, report: Report): void {
  attempt(path, report, () => compileTemplate(template));
}

function attempt(path: Path, report: Report, action: () => unknown): void {
  try {
    action();
  } catch (error) {
    report(path, AppError.from(error).message);
  }
}

function checkUnique(names: readonly string[], pathOf: (index: number) => Path, report: Report, remedy: string): void {
  const first = new Map<string, number>();
  names.forEach((name, i) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, i);
    else report(pathOf(i), `is ${showValue(name)} again, as ${placeOfPath(pathOf(earlier))}; ${remedy}`);
  });
}

/** Free-form values travel as JSON, which has no NaN and no infinity (YAML has). */
function checkJson(value: unknown, path: Path, report: Report): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    report(path, `is ${String(value)}, which JSON cannot hold; write a number or text`);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) checkJson(member, [...path, Array.isArray(value) ? Number(key) : key], report);
  }
}
