/** What the client library gives: the words of evaluation.proto as TypeScript. */
import type { Counts, EvaluationState } from '../domain/states.ts';
import type { UnitState } from '../domain/states.ts';

export interface ScorerSums {
  scorer: string;
  n: number;
  sum: number;
  sumOfSquares: number;
}

export interface GroupProgress {
  benchmark: string;
  model: string;
  counts: Counts;
  scorers: ScorerSums[];
  retries: number;
}

export interface Evaluation {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  createdAtMs: number;
  counts: Counts;
  groups: GroupProgress[];
  specDigest: string;
  reason: string;
  inFlight: number;
  agents: number;
  routes: { route: string; requirement: string; open: number }[];
  cursor: string;
}

export type WatchEvent = { cursor: string; timeMs: number } & (
  | { kind: 'snapshot'; evaluation: Evaluation; resync: boolean }
  | { kind: 'progress'; groups: GroupProgress[]; counts: Counts; inFlight: number; agents: number }
  | { kind: 'state'; state: EvaluationState; reason: string }
);

export interface SampleResult {
  unit: number;
  benchmark: string;
  model: string;
  sampleId: string;
  epoch: number;
  state: UnitState;
  completion: string;
  /** '' if the endpoint gave none. */
  reasoning: string;
  scores: { scorer: string; value: string; number: number | null; answer: string; explanation: string; error: string }[];
  errorClass: string;
  errorMessage: string;
  usage: { inputTokens: number; outputTokens: number; calls: number; retries: number };
  stopReason: string;
  modelMs: number;
  totalMs: number;
  agentId: string;
}

export interface ReportRow {
  benchmark: string;
  model: string;
  scorer: string;
  metrics: Partial<Record<'accuracy' | 'mean' | 'stderr', number>>;
  counts: Counts;
}

/** The report's JSON document (docs/report.md). `results` are the same bytes for any number of agents. */
export interface Report {
  evaluationId: string;
  name: string;
  state: EvaluationState;
  results: ReportRow[];
  units: Counts;
  usage: { inputTokens: number; outputTokens: number; calls: number; retries: number };
  usageByModel: Record<string, { inputTokens: number; outputTokens: number; calls: number; retries: number }>;
  /** Units by the agent that ran them. */
  agents: Record<string, number>;
  timing: { createdAt: string; finishedAt: string; durationMs: number; firstSampleStartedAt?: string; modelMsTotal: number };
  specDigest: string;
}
