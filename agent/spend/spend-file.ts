/**
 * `spend.json` beside the spool: what each key has spent today, over restarts of the agent. Written aside, flushed, then moved, so that a crash
 * leaves the old file or the new one.
 */
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
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

export async function writeSpendFile(dir: string, keys: SpentByKey): Promise<void> {
  const path = join(dir, NAME);
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ version: 1, keys })}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
