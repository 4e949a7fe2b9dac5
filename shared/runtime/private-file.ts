/** Files with keys and tokens: only their owner may read them. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { AppError } from '../domain/errors.ts';

/** Who can read a file of a key beside its owner: a word for people, or undefined. */
export function readers({ mode, uid }: { mode: number; uid: number }, ownUid: number): string | undefined {
  if ((mode & 0o007) !== 0) return 'everybody';
  // Orchestrators hand a file to a process that is not root as root's, with the process in its group.
  const isHandedOut = uid === 0 && ownUid !== 0 && (mode & 0o020) === 0;
  return (mode & 0o070) !== 0 && !isHandedOut ? 'its group' : undefined;
}

/** What is wrong with the mode of a file that holds a secret, to be said behind its name; undefined where nothing is. */
export function modeProblem(stat: { mode: number; uid: number }, ownUid = process.getuid?.() ?? -1): string | undefined {
  // Windows has no such modes.
  const who = process.platform === 'win32' ? undefined : readers(stat, ownUid);
  return who && `can be read or written by ${who} (mode ${(stat.mode & 0o777).toString(8).padStart(4, '0')}); chmod 600 it`;
}

/**
 * What is in a file that holds a secret; throws AppError `invalid` where others may read it, to be said behind its name, and what the system throws.
 * The file that was looked at is the one that is read.
 */
export function readPrivateFile(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const stat = fstatSync(file);
    // A pipe is between those who have it.
    const problem = stat.isFile() ? modeProblem(stat) : undefined;
    if (problem) throw new AppError('invalid', problem);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
