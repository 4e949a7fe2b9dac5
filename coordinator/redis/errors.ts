/** What goes wrong with a command of Redis, in the words of this house. */
import { AppError } from '../../shared/domain/errors.ts';

/** Any error of a Redis command as AppError: what is not ours means that nothing is known of the command's effect. */
export function asUnavailable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new AppError('unavailable', `Redis: ${text.slice(0, 300)}`, { cause: error });
}
