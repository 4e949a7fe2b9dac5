/** A line of `assay results`, given where answers with their targets are wanted. */
import { AppError } from '../shared/domain/errors.ts';
import { isPlainObject } from '../shared/domain/plain-object.ts';

/** Throws AppError invalid that says what the line is, and what to use instead. */
export function refuseServedResult(value: unknown, place: string): void {
  if (!isPlainObject(value) || value['output'] !== undefined || value['target'] !== undefined) return;
  if (['unit', 'sampleId', 'completion', 'scores'].every((field) => field in value))
    throw new AppError(
      'invalid',
      `${place}: is a line of \`assay results\`, which has no targets to score by; name the evaluation itself (assay rescore EVALUATION), or write its answers with their targets (assay rescore EVALUATION -o FILE) and name that file`,
    );
}
