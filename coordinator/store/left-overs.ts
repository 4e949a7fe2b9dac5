/** What crashes have left in the folder for temporary files. */
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { ifPresent, namesIn } from './files.ts';

const LEFT_OVER_MS = 24 * 3600 * 1000;

/** Removes what crashes have left in `tmp`, once it is a day old and nobody can be at work on it. */
export async function removeLeftOvers(path: string, clock: Clock): Promise<void> {
  for (const name of await namesIn(join(path, 'tmp'))) {
    const leftOver = join(path, 'tmp', name);
    const found = await ifPresent(() => stat(leftOver));
    if (!found || clock.now() - found.ctimeMs < LEFT_OVER_MS) continue;
    await removeLeftOver(path, name, found.isDirectory());
  }
}

/** Removes one entry of `tmp` that nobody is at work on. */
export async function removeLeftOver(path: string, name: string, isFolder: boolean): Promise<void> {
  const leftOver = join(path, 'tmp', name);
  // A drop that crashed just when its evaluation was accepted elsewhere: the evaluation goes back to its place.
  const evaluationId = name.split('.')[1] ?? '';
  const accepted = isFolder && (await ifPresent(() => stat(join(leftOver, 'accepted')))) !== undefined;
  if (accepted && isEvaluationId(evaluationId)) await rename(leftOver, join(path, 'evaluations', evaluationId)).catch(() => undefined);
  else await rm(leftOver, { recursive: true, force: true });
}
