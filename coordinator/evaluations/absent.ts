/** What is said of an evaluation, or a dead letter, that is not there; and of one that is not the caller's, which must look the same. */
import { AppError } from '../../shared/domain/errors.ts';

export const absentEvaluation = (evaluationId: string): AppError =>
  new AppError(
    'not_found',
    `there is no evaluation ${JSON.stringify(evaluationId.slice(0, 60))} here; check the id, and which coordinator was asked`,
  );

export const absentLetter = (taskId: string): AppError =>
  new AppError('not_found', `there is no dead letter ${JSON.stringify(taskId.slice(0, 60))}; its units may have been requeued`);
