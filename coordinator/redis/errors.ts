/** What goes wrong with a command of Redis, in the words of this house. */
import { AppError } from '../../shared/domain/errors.ts';

/** By the first word of its answer: what it means, and what helps. All of them pass without a change of the command. */
const MEANINGS: Readonly<Record<string, string>> = {
  OOM: 'it is full (maxmemory): wait until evaluations are finished, delete some, or raise maxmemory',
  MISCONF: 'it cannot write its file: free some of its disk',
  BUSY: 'it is busy with a script: wait, or end the script (redis-cli SCRIPT KILL)',
  LOADING: 'it is reading its file: wait',
  READONLY: 'it is a replica: name the primary, or wait for the failover',
  NOREPLICAS: 'too few replicas keep up with it (min-replicas-to-write): wait, or start one',
  MASTERDOWN: 'it is a replica without its primary: wait for the failover',
  CLUSTERDOWN: 'its cluster does not serve all slots: wait, or start what is missing',
};

/** Of whatever else it answers, or its connection meets. */
const UNKNOWN = 'it does not do for the moment what it is asked: try again';

/** What ioredis says of a command that it did not send. */
const NO_CONNECTION = /^(Stream isn't writeable|Connection is closed)/;

/** Any error of a Redis command as AppError: what is not ours means that nothing is known of the command's effect. */
export function asUnavailable(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (NO_CONNECTION.test(text)) return new AppError('unavailable', 'Redis: there is no connection to it for the moment', { cause: error });
  const meaning = MEANINGS[/^[A-Z]+/.exec(text)?.[0] ?? ''];
  // Behind the sentence Redis names the script and its line, which is of no use to who called.
  const said = meaning ? `${text.replace(/\.? script: .*$/s, '').slice(0, 200)}; ${meaning}` : text.slice(0, 300);
  // What Redis says may name hosts, keys and commands: it is for the log.
  return new AppError('unavailable', `Redis: ${said}`, { cause: error, outward: `Redis: ${meaning ?? UNKNOWN}` });
}

const WORD = /\b[A-Z]{4,}\b/g;

/**
 * Whether a key is not what the command, or the script, takes it for: it will not be by itself. What Redis says of its own state, of a script
 * that was ended, or of one that it does not know, is no such thing.
 */
export function isDamage(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  const text = cause instanceof Error ? cause.message : '';
  if (/Script killed|^NOSCRIPT/.test(text) || text.match(WORD)?.some((word) => word in MEANINGS)) return false;
  return /\bWRONGTYPE\b|user_script/.test(text);
}

/** For `.catch()`. */
export function throwUnavailable(error: unknown): never {
  throw asUnavailable(error);
}
