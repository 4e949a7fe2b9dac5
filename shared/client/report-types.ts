/** The report of a finished evaluation (docs/report.md). */
import type { Counts, EvaluationState } from '../domain/states.ts';
import type { GroupedScores, MetricKey } from '../scoring/metrics.ts';

export interface ReportRow {
  benchmark: string;
  model: string;
  scorer: string;
  metrics: Partial<Record<MetricKey, number>>;
  counts: Counts;
  /** mean, median, mode, max, at_least_K, pass_at_K, pass_k_K, g_pass_K_T. */
  reducer: string;
  /** The n of the metrics. Absent: the report is of a release that did not say. */
  samples?: number;
  /** Of each metric `grouped`; only in the report's document. */
  groups?: GroupedScores[];
}

/** What several benchmarks add up to under one model, scorer and reducer. */
export interface ReportTotal {
  model: string;
  scorer: string;
  reducer: string;
  /** Those with a score. */
  benchmarks: number;
  samples: number;
  /** The mean of the benchmarks' means: each weighs the same. */
  macro: number;
  /** Weighed by their samples. */
  weighted: number;
  /** Of the weighted mean. */
  pooledStderr: number;
}

export interface UsageTotals {
  inputTokens: number;
  outputTokens: number;
  calls: number;
  retries: number;
  /** Of the output tokens: those spent on reasoning, where the endpoint says so. */
  reasoningTokens: number;
}

/** Scores of the units that a model call had to be repeated for, and of all others: where they differ, failures were not by chance. */
export interface RetryBias {
  benchmark: string;
  model: string;
  scorer: string;
  /** Units with a score, epochs as they are. */
  retried: { units: number; mean: number };
  rest: { units: number; mean: number };
}

/** Units with a completion, and how many of them had a kept one: no call was made for those. */
export interface CacheHits {
  hits: number;
  of: number;
}

/** How the units of one benchmark and model stand at one stage: its answers, or one judge's calls about them. */
export interface ReportStage {
  benchmark: string;
  /** The evaluated one. */
  model: string;
  counts: Counts;
  /** Of calls: for which scorer, by which model, and the mean of its grades. Absent: of the answers. */
  scorer?: string;
  judge?: string;
  mean?: number;
}

/** The report's JSON document (docs/report.md). `results` are the same bytes for any number of agents. */
export interface Report {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  /** It was cancelled, failed, or lost units: the metrics are of a part of its samples, and of which is no chance. Absent: they are not. */
  partial?: true;
  results: ReportRow[];
  /** Of scorers that several benchmarks have. Absent: there are none, or the report is of a release that did not say. */
  totals?: ReportTotal[];
  units: Counts;
  /** Errored units by the class of their failure (docs/models.md). Absent: there are none, or the report is of a release that did not say. */
  errors?: Record<string, number>;
  /** Answers that are scored like others, and are no answers to the question: units whose model refused, or whose endpoint filtered it. */
  answers?: { refused: number; filtered: number };
  /** Of scorers that have scored units of both kinds. */
  retryBias?: RetryBias[];
  /** Where models judge: answers and each judge's calls apart. */
  stages?: ReportStage[];
  usage: UsageTotals;
  usageByModel: Record<string, UsageTotals>;
  /** Where the spec asks for the cache. */
  cache?: CacheHits & { byModel: Record<string, CacheHits> };
  /** Units by the agent that ran them. */
  agents: Record<string, number>;
  timing: { createdAt: string; finishedAt: string; durationMs: number; firstSampleStartedAt?: string; modelMsTotal: number };
  specDigest: string;
}
