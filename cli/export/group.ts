/** One benchmark and model of an evaluation, and its samples in order. */
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation, Report, ReportRow, Sample } from '../../shared/client/types.ts';
import type { Counts } from '../../shared/domain/states.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { scorersOf, type NamedScorer } from '../../shared/domain/spec-scorers.ts';
import type { BenchmarkSpec, EvaluationSpec, ModelSpec } from '../../shared/domain/spec.ts';

export interface UnitGroup {
  evaluation: Evaluation;
  spec: EvaluationSpec;
  benchmark: BenchmarkSpec;
  model: ModelSpec;
  scorers: NamedScorer[];
  firstUnit: number;
  units: number;
  epochs: number;
  counts: Counts;
}

export interface ExportedGroup extends UnitGroup {
  report: Report;
  /** Its rows of the report. */
  rows: ReportRow[];
}

export const groupsOf = (evaluation: Evaluation, report: Report): ExportedGroup[] =>
  unitGroupsOf(evaluation).map((group) => {
    const isOwn = (row: ReportRow): boolean => row.benchmark === group.benchmark.benchmark && row.model === group.model.model;
    return { ...group, report, rows: report.results.filter(isOwn) };
  });

/** In the evaluation's order. Throws AppError where a coordinator is too old to give the spec. */
export function unitGroupsOf(evaluation: Evaluation): UnitGroup[] {
  const { spec } = evaluation;
  if (!spec) throw new AppError('unimplemented', 'this coordinator does not give specs; it is older than this command');
  const epochs = typeof spec.epochs === 'number' ? spec.epochs : spec.epochs.count;
  let firstUnit = 0;
  // Judges' calls come behind the answers, and their scores are among those of the answers.
  const groups = evaluation.groups.filter(({ judgeOf }) => !judgeOf);
  return groups.map(({ benchmark: benchmarkName, model: modelName, counts }) => {
    const benchmark = spec.benchmarks.find((b) => b.benchmark === benchmarkName)!;
    const group: UnitGroup = {
      ...{ evaluation, spec, benchmark, epochs, firstUnit, counts },
      model: spec.models.find((m) => m.model === modelName)!,
      scorers: scorersOf(benchmark),
      units: counts.total,
    };
    firstUnit += counts.total;
    return group;
  });
}

/** Asked for at the same time. */
const AHEAD = 16;

/** Everything about each unit that was run, in order. Holds as many as are asked for ahead. */
export async function* samplesOf(client: AssayClient, { evaluation, firstUnit, units }: UnitGroup): AsyncGenerator<Sample> {
  const { evaluationId } = evaluation;
  const all = asked(firstUnit, units, 1, (unit) => wholeSample(client, evaluationId, unit));
  for await (const found of all) if (['scored', 'unscored', 'errored'].includes(found.result.state)) yield found;
}

/** What the dataset says of each sample, run or not: by its first epoch. */
export async function* metadataOf(
  client: AssayClient,
  { evaluation, firstUnit, units, epochs }: UnitGroup,
): AsyncGenerator<{ sampleId: string; metadata: Record<string, unknown> }> {
  const { evaluationId } = evaluation;
  for await (const { result, metadata } of asked(firstUnit, units, epochs, (unit) => client.sample(evaluationId, { unit })))
    yield { sampleId: result.sampleId, metadata };
}

/** Of every `step`th unit what `ask` gives, in order, some of it asked for ahead. */
async function* asked(firstUnit: number, units: number, step: number, ask: (unit: number) => Promise<Sample>): AsyncGenerator<Sample> {
  const ahead: Promise<Sample>[] = [];
  let next = firstUnit;
  const more = (): void => {
    if (next >= firstUnit + units) return;
    const sample = ask(next);
    next += step;
    sample.catch(() => undefined);
    ahead.push(sample);
  };
  for (let i = 0; i < AHEAD; i++) more();
  for (let sample = ahead.shift(); sample; sample = ahead.shift()) {
    const found = await sample;
    more();
    yield found;
  }
}

/** A completion that a single answer has no room for comes from the stream of results. */
async function wholeSample(client: AssayClient, evaluationId: string, unit: number): Promise<Sample> {
  const sample = await client.sample(evaluationId, { unit });
  if (sample.truncated.length === 0) return sample;
  for await (const { completion, reasoning } of client.results(evaluationId, { filter: { units: [unit] } }))
    return { ...sample, result: { ...sample.result, completion, reasoning } };
  return sample;
}
