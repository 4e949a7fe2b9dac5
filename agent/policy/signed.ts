/**
 * Whether a task is one of an evaluation that a signer has signed: not only is the spec that comes with it signed, the task is what follows from that spec. What samples
 * and examples say is not in it; of their datasets the spec has digests, of which an agent sees no more than lines.
 */
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../../shared/domain/canonical-json.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { groupsOf, taskContextOf, type TaskContext } from '../../shared/domain/manifest.ts';
import { isSignedBy, SIGNATURE_FIELD } from '../../shared/domain/spec-signature.ts';
import { parseSpec, specDigestOf, type EvaluationSpec } from '../../shared/domain/spec.ts';
import { contextSchema } from './context-schema.ts';

/** Throws AppError `invalid` for a task of which no signer has said so. */
export function checkSigned(task: TaskContext, signers: readonly KeyObject[]): void {
  const refuse = (why: string): never => {
    throw new AppError('invalid', `the policy of this agent wants signed specs, and ${why}`);
  };
  if (task.signed === undefined) return refuse('this one is not signed; submit it with --sign-key');
  let spec: EvaluationSpec;
  try {
    spec = parseSpec(task.signed);
  } catch {
    return refuse('what came as the spec is none');
  }
  const { evaluationId: evaluation, namespace = '' } = task;
  if (!isSignedBy(signers, { digest: specDigestOf(spec), evaluation, namespace }, spec.metadata[SIGNATURE_FIELD]))
    return refuse('none of its signers has signed this one');
  const wanted = workOf(task);
  const isOfIt = groupsOf(
    spec,
    spec.benchmarks.map(() => 1),
  ).some((group) => {
    const own = contextSchema.safeParse(JSON.parse(JSON.stringify(taskContextOf({ spec, evaluationId: evaluation, namespace }, group))));
    return own.success && workOf(own.data) === wanted;
  });
  if (!isOfIt) refuse('this task does not follow from its spec');
}

/** What a task does to each of its samples. Limits may be changed while it runs. */
const workOf = ({
  benchmark,
  model,
  retry,
  retryOnError,
  cache,
}: Omit<TaskContext, 'benchmark' | 'cache'> & { benchmark: object; cache?: object | undefined }): string =>
  canonicalJson({ benchmark, model, retry, retryOnError, cache });
