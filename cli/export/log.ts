/** What is written as a log of another tool: one benchmark and model with its samples, of an evaluation or of a file of results. */
import type { ReportRow, Sample, UsageTotals } from '../../shared/client/types.ts';
import { epochsOf, generateConfigOf, solverOf } from '../../shared/domain/spec-defaults.ts';
import { judgedScorersOf, judgesOf } from '../../shared/domain/spec-judges.ts';
import type { NamedScorer } from '../../shared/domain/spec-scorers.ts';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import type { ExportedGroup } from './group.ts';

export type LogStatus = 'started' | 'success' | 'cancelled' | 'error';
export type LogRow = Pick<ReportRow, 'scorer' | 'reducer' | 'metrics' | 'groups' | 'samples'> & { counts: { scored: number } };
export type LogUsage = Pick<UsageTotals, 'inputTokens' | 'outputTokens' | 'reasoningTokens'>;

export interface ExportedLog {
  /** Of the evaluation, or of the run that the file is of. */
  id: string;
  /** Of the whole evaluation. */
  name: string;
  benchmark: string;
  model: string;
  status: LogStatus;
  /** Why it failed. */
  error?: string;
  /** Times as text; '' where nobody knows. */
  created: string;
  started: string;
  finished: string;
  solver: { name: string; args: Record<string, unknown> };
  steps: { solver: string; params: Record<string, unknown> }[];
  /** The settings of generation; the names are Inspect's. */
  config: Record<string, unknown>;
  /** Models that judge, by their role. */
  roles?: Record<string, { model: string; config: Record<string, unknown> }>;
  dataset: { name?: string; location?: string; samples: number; shuffled?: boolean };
  limit?: unknown;
  numFewshot: number;
  /** Between a prompt and a choice that is rated. */
  delimiter: string;
  samples: number;
  epochs: number;
  /** Units that came to an answer, so without an error. */
  completed: number;
  reducers: string[];
  scorers: NamedScorer[];
  rows: LogRow[];
  usage: Record<string, LogUsage>;
  tags: string[];
  metadata: Record<string, unknown>;
  /** Absent: it is no evaluation of a coordinator. */
  specDigest?: string;
  datasetDigest?: string;
  /** What an imported log of Inspect said of itself, in its words. */
  origin?: Record<string, unknown>;
}

/** A sample of it, with its place in the dataset. */
export type ExportedSample = Pick<
  Sample,
  'result' | 'messages' | 'target' | 'choices' | 'metadata' | 'startedAtMs' | 'workingMs' | 'truncated'
> & {
  docId: number;
  /** Where it is text and the prompt is more than it. */
  input?: string;
  /** Where texts were rated and none was generated. */
  likelihoods?: readonly Likelihood[];
  /** As the dataset has it, where that is known. */
  doc?: Record<string, unknown>;
};

const STATUS: Readonly<Record<string, LogStatus>> = { succeeded: 'success', failed: 'error', cancelled: 'cancelled' };

export function logOf({ evaluation, spec, report, benchmark, model, units, epochs, counts, scorers, rows }: ExportedGroup): ExportedLog {
  const { dataset, prompt } = benchmark;
  const { timing } = report;
  const solver = solverOf(benchmark);
  const judges = judgedScorersOf(benchmark).flatMap((scorer) => judgesOf(spec, scorer, model));
  const callers = [...new Set([model, ...judges].map((caller) => caller.model))];
  const usage = callers.flatMap((caller) => (report.usageByModel[caller] ? [[caller, report.usageByModel[caller]] as const] : []));
  const roles = Object.entries(spec.model_roles ?? {}).filter(([, role]) => judges.includes(role));
  return {
    ...{ id: report.evaluationId, name: evaluation.name, specDigest: report.specDigest },
    ...{ benchmark: benchmark.benchmark, model: model.model, epochs, scorers, rows, solver },
    ...{ status: STATUS[report.state] ?? 'error', error: evaluation.reason },
    ...{ created: timing.createdAt, started: timing.firstSampleStartedAt ?? timing.createdAt, finished: timing.finishedAt },
    steps: [
      ...(prompt.system_message === undefined ? [] : [{ solver: 'system_message', params: { template: prompt.system_message } }]),
      { solver: solver.name, params: solver.args },
    ],
    config: generateConfigOf(benchmark, model),
    ...(roles.length > 0
      ? { roles: Object.fromEntries(roles.map(([name, role]) => [name, { model: role.model, config: role.generate_config }])) }
      : {}),
    dataset: {
      name: benchmark.benchmark,
      // A dataset that stands in the spec would stand here once more.
      location: dataset.uri.startsWith('inline:') ? 'inline' : dataset.uri,
      samples: units / epochs,
      shuffled: dataset.shuffle !== undefined,
    },
    ...(dataset.limit === undefined ? {} : { limit: dataset.limit }),
    numFewshot: prompt.num_fewshot ?? 0,
    delimiter: solver.name === 'loglikelihood_choice' ? (prompt.fewshot?.target_delimiter ?? ' ') : '',
    samples: units / epochs,
    completed: counts.scored + counts.unscored,
    reducers: epochsOf(spec).reducers,
    usage: Object.fromEntries(usage),
    ...{ tags: spec.tags, metadata: spec.metadata },
    ...(dataset.digest === undefined ? {} : { datasetDigest: dataset.digest }),
  };
}
