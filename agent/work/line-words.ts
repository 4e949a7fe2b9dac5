/** What is said of samples, in words. */
import type { LineLevel } from '../../shared/domain/log-line.ts';
import type { ErrorClass, UnitResult } from '../../shared/domain/result.ts';
import type { Assignment } from '../../shared/rpc/messages.ts';
import type { AttemptState } from './attempt.ts';
import type { Context } from './context-cache.ts';

/** Of a scorer's explanation: it is in the result as a whole. */
const MAX_EXPLANATION_CHARS = 300;

/** Throttled is not failed. */
export function retryWords(errorClass: ErrorClass, waitMs: number, why: string): string {
  const what = errorClass === 'rate_limit' ? 'the endpoint wants fewer calls' : `it failed (${errorClass})`;
  return `${what}, and is tried again in ${(waitMs / 1000).toFixed(1)} s${why === '' ? '' : `: ${why}`}`;
}

export function errorWords({ sampleId, error, calls }: UnitResult): string {
  const after = calls > 1 ? ` after ${calls} calls` : '';
  return `sample ${JSON.stringify(sampleId)} errored${after} (${error!.class}): ${error!.message}`;
}

/** What the scorers that gave no verdict had to say. */
export function unscoredWords({ sampleId, scores }: UnitResult): string {
  const silent = scores.filter(({ number }) => number === null);
  const words = silent.map(
    ({ scorer, explanation }) => `${scorer}${explanation ? `: ${explanation.slice(0, MAX_EXPLANATION_CHARS)}` : ''}`,
  );
  return `sample ${JSON.stringify(sampleId)} has no verdict of ${words.join('; ')}`;
}

export function takenWords({ samples, suspect }: Assignment, { task }: Context): string {
  const some = samples.length === 1 ? 'one sample' : `${samples.length} samples`;
  const careful = suspect ? ', one at a time: agents have crashed while they ran it' : '';
  return `taken: ${some} of ${task.benchmark.benchmark} for ${task.model.model}${careful}`;
}

/** How an attempt has ended. */
export function endWords(state: AttemptState): [LineLevel, string] {
  switch (state.kind) {
    case 'finished':
      return ['info', 'done: all results were taken'];
    case 'returned':
      return [state.reason === 'drain' ? 'info' : 'warn', `given back (${state.reason}): ${state.detail}`];
    default:
      return ['warn', 'it is no longer this agent’s'];
  }
}
