/** Samples and their results: the words of evaluation.proto as TypeScript. */
import type { Provenance } from '../domain/provenance.ts';
import type { UnitState } from '../domain/states.ts';
import type { UsageTotals } from './report-types.ts';
import type { SampleAttempt, SampleJudgeCall } from './sample-attempts.ts';

/** Of a judge's calls: the evaluated model whose answers are judged, and the scorer for which. */
export interface JudgeOf {
  model: string;
  scorer: string;
}

/** Fields that are set must all hold. */
export interface SampleFilter {
  /** `pending` and `generated` are both open. */
  states?: UnitState[];
  benchmark?: string;
  model?: string;
  sampleIds?: string[];
  epochs?: number[];
  errorClasses?: string[];
  units?: number[];
  scoreValues?: string[];
  scorer?: string;
  text?: string;
  /** Answers, or judges' calls. Absent: lists and results mean answers (unless `units` names others), commands both. */
  stage?: SampleStage;
  /** Its result is of one of these, by their ids. With the two below of lists and results alone; what has no result is not meant. */
  agents?: string[];
  /** When it was begun, by the agent's clock: at or after, and before. */
  startedFromMs?: number;
  startedToMs?: number;
  /** Its metadata has all of these values, as groups of scores have them. Of lists and results alone. */
  metadata?: Record<string, string>;
}

export const SAMPLE_STAGES = ['generate', 'judge'] as const;
export type SampleStage = (typeof SAMPLE_STAGES)[number];

export interface ContentPart {
  kind: 'text' | 'image' | 'audio';
  /** The text, or the URL (https or data) of the image or sound. */
  value: string;
}

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
  usage: UsageTotals;
  stopReason: string;
  modelMs: number;
  totalMs: number;
  agentId: string;
  /** What was sent, and who answered; absent: nothing was sent, or by an earlier agent. */
  provenance?: Provenance;
  /** It is a judge's call, and `completion` what the judge said. Absent: it is an answer. */
  judgeOf?: JudgeOf;
}

/** Everything about one unit. */
export interface Sample {
  result: SampleResult;
  messages: { role: string; parts: ContentPart[] }[];
  target: string[];
  choices: string[];
  metadata: Record<string, unknown>;
  failures: { startedAtMs: number; durationMs: number; errorClass: string; message: string; httpStatus: number; waitedMs: number }[];
  startedAtMs: number;
  workingMs: number;
  whereabouts: string;
  /** As the endpoint gave them; undefined: none were asked for. */
  logprobs?: unknown[];
  /** '' if none was reached. */
  limit: string;
  /** Names of texts that were cut at 1 MiB. */
  truncated: string[];
  traceId: string;
  /** As far as coordinators keep them; those that began first come first. */
  attempts: SampleAttempt[];
  /** Attempts of the evaluation that are not kept. */
  attemptsLeftOut: number;
  /** Calls of judges about its answer that have ended. */
  judgeCalls: SampleJudgeCall[];
}
