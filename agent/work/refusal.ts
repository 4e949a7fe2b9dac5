/** What a failure that concerns a whole model entry means: for the coordinator and for the operator. */
import type { ErrorClass } from '../../shared/domain/result.ts';
import type { HandBackReason } from '../../shared/rpc/messages.ts';
import type { ModelEntry } from '../models/provider.ts';
import { isEntryFatal } from '../models/retry.ts';
import type { BlockReason, SuspendReason } from './model-pool.ts';

/** What an operator can do. */
export const REMEDY: Record<SuspendReason, string> = {
  quota: 'Check the balance and the limits of its account.',
  auth: 'Check its key. One that lies in a variable is read once: start the agent again after a change.',
  model_not_found: 'Check `match` and `base_url`, and that the server has the model.',
  spend_cap: 'Nothing is to be done: a new day begins at midnight, UTC. Or raise `spend_per_day` and start the agent again.',
};

/** A name that an operator wrote and that is missing is the entry's fault; one that a pattern let in is the sample's. */
export const isRefusal = (entry: ModelEntry, errorClass: ErrorClass): boolean =>
  isEntryFatal(errorClass) && (errorClass !== 'model_not_found' || !entry.match.includes('*'));

/** The hand-back's word for why an entry takes no work. */
export function handBackReasonOf(reason: SuspendReason | BlockReason): HandBackReason {
  if (reason === 'model_not_found') return 'declined';
  if (reason === 'spend_cap') return 'quota';
  return reason === 'draining' ? 'drain' : reason;
}
