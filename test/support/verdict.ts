/** What a scorer says of one completion. */
import { createScorer } from '../../shared/scoring/registry.ts';

export const verdict = (name: string, args: Record<string, unknown>, output: string, ...targets: string[]): unknown =>
  createScorer({ name, args })(output, targets).value;
