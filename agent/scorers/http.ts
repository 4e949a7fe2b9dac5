/** `http`: the verdict comes from a URL that the operator allows. docs/plugins.md has the protocol. */
import type { HttpArgs } from '../../shared/scoring/scorers/remote.ts';
import { ModelError } from '../models/provider.ts';
import { isRetried, retryWaitMs } from '../models/retry.ts';
import type { RemoteScorer, ScorerTools } from './scorer.ts';
import { verdictOf } from './verdict.ts';

const RETRIES = 3;
/** The sample holds its place meanwhile. */
const MAX_WAIT_MS = 60_000;

export function http({ url, args, timeout }: HttpArgs, { posts, clock, random }: ScorerTools): RemoteScorer {
  const post = posts.to(url);
  return async (request, signal) => {
    for (let calls = 1; ; calls++) {
      try {
        return verdictOf(await post({ ...request, args }, { timeoutMs: timeout * 1000, signal }));
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ModelError) || !mayPass(error) || calls > RETRIES) throw error;
        await clock.sleep(retryWaitMs(calls, Math.min(error.retryAfterMs ?? 0, MAX_WAIT_MS), random), signal);
      }
    }
  };
}

/** A body of the wrong form will not be another one the next time. */
const mayPass = ({ errorClass, httpStatus, retryable }: ModelError): boolean =>
  httpStatus === 429 || (retryable ?? (isRetried(errorClass) && errorClass !== 'bad_response'));
