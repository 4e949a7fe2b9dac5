/** A line of a file that `assay import` or `assay rescore` wrote, for the commands that read such files. */
import type { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { faultsOf } from '../../shared/domain/spec-faults.ts';
import { refuseServedResult } from '../served-result.ts';

const REMEDY = 'name an evaluation, or a file that assay import or assay rescore wrote';

/** place: of the line, for people. Throws AppError invalid with every fault. */
export function readResultLine<T extends z.ZodType>(schema: T, text: string, place: string): z.infer<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError('invalid', `${place}: is no JSON; ${REMEDY}`);
  }
  refuseServedResult(value, place);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = faultsOf(result.error.issues, value, schema).map(({ place: at, problem }) => `${at || 'it'} ${problem}`);
  throw new AppError('invalid', `${place}: ${faults.join('; ')}; ${REMEDY}`);
}
