/** An argument that is a regular expression of a user: checked when the spec is read. */
import { z } from 'zod';
import { AppError } from '../../domain/errors.ts';
import { compilePythonRegex } from './regex.ts';

export const regexArg = z
  .string()
  .min(1)
  .max(4000)
  .superRefine((pattern, context) => {
    try {
      compilePythonRegex(pattern);
    } catch (error) {
      context.addIssue({ code: 'custom', message: AppError.from(error).message });
    }
  });
