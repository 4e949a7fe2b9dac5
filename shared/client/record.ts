/** The record of an evaluation, as the client library gives it (docs/report.md has its fields). */
import type { EvaluationState } from '../domain/states.ts';
import type { EvaluationSpec, GenerateConfig } from '../domain/spec.ts';
import type { JudgeOf } from './types.ts';

/** How far a record is. */
export interface RecordProgress {
  /** Units looked at. */
  done: number;
  total: number;
}

/** A digest over the digests of units, in their order, and how many units had one. */
export interface UnitDigest {
  digest: string;
  units: number;
}

/** Who has answered, as the endpoint calls itself. */
export interface Returned {
  /** Absent: it gave no name. */
  model?: string;
  fingerprint?: string;
  units: number;
}

/** One benchmark and model. */
export interface RecordGroup {
  benchmark: string;
  model: string;
  /** Of a judge's calls. */
  judgeOf?: JudgeOf;
  samples: number;
  epochs: number;
  dataset: { uri: string; digest: string };
  /** Its few-shot examples, or those that are drawn from for each sample; absent: it has none. */
  fewshot?: { digest: string; shots: number };
  /** What decides where chance is involved; only those that the spec has. */
  seeds: { shuffle?: number; fewshot?: number; generate?: number };
  /** Of the calls, as they were merged. */
  parameters: GenerateConfig;
  prompts: UnitDigest;
  completions: UnitDigest;
  /** The most frequent first. */
  returned: Returned[];
  /** Units whose answers came from further ones. */
  otherReturned?: number;
  /** Completions from the cache; absent: none. */
  cached?: number;
  /** Not all answers are of the same model and fingerprint. */
  drift: boolean;
}

/** What is needed to tell whether two evaluations were the same, and to repeat one. */
export interface EvaluationRecord {
  /** Of this document. */
  form: 1;
  evaluationId: string;
  name: string;
  state: EvaluationState;
  createdAt: string;
  /** Of what was asked: datasets, prompts, parameters, solvers, scorers. The same digest: the same was asked. */
  digest: string;
  specDigest: string;
  /** As it was accepted, defaults filled in. */
  spec: EvaluationSpec;
  assay: {
    /** The coordinator that accepted it; absent: one of an earlier release. */
    accepted?: string;
    /** The coordinator that made this record. */
    recorded: string;
    /** By agent and the version of its software. */
    agents: { agentId: string; version?: string; units: number }[];
    /** Units of further ones. */
    otherAgents?: number;
  };
  units: { total: number; run: number };
  prompts: UnitDigest;
  completions: UnitDigest;
  groups: RecordGroup[];
}

/** The digests of one unit. */
export interface RecordSample {
  unit: number;
  benchmark: string;
  model: string;
  sampleId: string;
  epoch: number;
  /** '' where there is none. */
  promptDigest: string;
  completionDigest: string;
}

/** In the order in which they come; the record is the last. */
export type RecordStep =
  | { kind: 'progress'; progress: RecordProgress }
  | { kind: 'samples'; samples: RecordSample[] }
  | { kind: 'record'; record: EvaluationRecord };
