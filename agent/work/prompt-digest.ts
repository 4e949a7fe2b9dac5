/** The digest of what a sample's call sends. */
import { promptDigestOf } from '../../shared/domain/provenance.ts';
import type { Asked, Solver } from '../solvers/solver.ts';

/** Never throws: what a solver cannot send fails when it sends it. */
export function sentDigest({ sends }: Solver, request: Asked): string {
  const { messages, prefill } = request;
  let rated: unknown;
  try {
    rated = sends?.(request);
  } catch {
    // the call says why
  }
  return promptDigestOf({ messages, prefill, rated });
}
