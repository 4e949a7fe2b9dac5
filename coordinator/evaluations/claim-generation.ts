/** Generations of an evaluation's ledger: whoever makes one anew, or brings one back in line, numbers its events under one that nobody had before. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Store } from '../store/store.ts';

/** A claim fails only when another coordinator was faster. */
const CLAIM_TRIES = 20;

/** Claims the next one. */
export async function claimGeneration(store: Pick<Store, 'generation' | 'claimGeneration'>, evaluationId: string): Promise<number> {
  for (let tries = 0; tries < CLAIM_TRIES; tries++) {
    const next = (await store.generation(evaluationId)) + 1;
    if (await store.claimGeneration(evaluationId, next)) return next;
  }
  throw new AppError('unavailable', `no generation of ${evaluationId} could be claimed; it is tried again, or repeat the command`);
}
