/** `spend.json` beside the spool: what each key has spent today, over restarts and crashes of the agent. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { replaceFile } from '../../shared/runtime/durable-file.ts';
import type { Amount } from './spend-book.ts';

const NAME = 'spend.json';
const amount = z.number().nonnegative().max(1e16);
const schema = z.object({
  version: z.literal(1),
  keys: z.record(z.string().regex(/^[0-9a-f]{16}$/), z.object({ day: z.int().min(0).max(1e6), microUsd: amount, tokens: amount })),
});

/** By the key's name: never the key, nor anything made of it. */
export type SpentByKey = Record<string, Amount & { day: number }>;

/** Throws AppError `failed_precondition` for a file that is there and says nothing: nobody knows what was spent then. */
export async function readSpendFile(dir: string): Promise<SpentByKey> {
  const path = join(dir, NAME);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new AppError('failed_precondition', `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); see to its mode`);
  }
  try {
    return schema.parse(JSON.parse(text)).keys;
  } catch {
    throw new AppError(
      'failed_precondition',
      `${path} does not say what was spent today. Remove it once that is known: then the day begins anew`,
    );
  }
}

export const writeSpendFile = (dir: string, keys: SpentByKey): Promise<void> =>
  replaceFile(join(dir, NAME), `${JSON.stringify({ version: 1, keys })}\n`);
