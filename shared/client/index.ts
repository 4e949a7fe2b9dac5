/**
 * `assay/client`: submit evaluations, watch them, read their results, from TypeScript or JavaScript.
 *
 * ```ts
 * import { connect, type EvaluationSpecInput } from 'assay/client';
 *
 * const client = connect({ addresses: ['coordinator-1:4510', 'coordinator-2:4510'] });
 * const digest = await client.uploadFile('sums.jsonl');
 * const spec: EvaluationSpecInput = {
 *   name: 'sums',
 *   benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', digest }, scorers: ['match'] }],
 *   models: [{ model: 'openai/gpt-x' }],
 * };
 * const { evaluation } = await client.submit({ spec, idempotencyKey: 'sums-2026-11-22' });
 * for await (const event of client.watch(evaluation.evaluationId)) console.log(event.kind);
 * client.close();
 * ```
 *
 * Every failure is an `AppError`: its `code` says what to do, its message names place, value and remedy.
 */
import type { input } from 'zod';
import type { specSchema } from '../domain/spec-schema.ts';

export { connect } from './connect.ts';
export type * from './audit-types.ts';
export { TlsFiles, type TlsFilePaths, type TlsFilesOptions } from '../rpc/tls-files.ts';
export type * from './books.ts';
export type * from './record.ts';
export type * from './client.ts';
export type * from './course.ts';
export type * from './dead-letters.ts';
export type * from './identity-types.ts';
export type * from './types.ts';
export type * from './why.ts';
export { AppError, isRetryable, type AppCode, type Fault } from '../domain/errors.ts';
export { isFinal, type Counts, type EvaluationState, type UnitState } from '../domain/states.ts';
/** The spec as a coordinator keeps it, with every default filled in. `docs/spec.md` is its manual. */
export type {
  BenchmarkSpec,
  DatasetSpec,
  EvaluationSpec,
  FewshotSpec,
  GenerateConfig,
  LimitsSpec,
  ModelSpec,
  RetrySpec,
  ScorerSpec,
  SolverSpec,
} from '../domain/spec.ts';

/** The spec as people write it and `submit` takes it: what has a default may be left out. */
export type EvaluationSpecInput = input<typeof specSchema>;
/** The same of one benchmark, and of one model. */
export type BenchmarkSpecInput = EvaluationSpecInput['benchmarks'][number];
export type ModelSpecInput = EvaluationSpecInput['models'][number];
