/**
 * `take_first_k`: the first k responses go on, or all where there are fewer. lm-evaluation-harness's filter of this name ends the run where
 * there are fewer; here an epoch may have failed, and the others still have their say.
 */
import { z } from 'zod';
import { ONE_AT_A_TIME, type FilterKind } from './filter.ts';

const args = z.strictObject({ k: z.int().min(1).max(1000).describe('How many responses go on') });

export const takeFirstK: FilterKind<z.infer<typeof args>> = {
  args,
  notInSpecs: `chooses among the responses of a sample, but ${ONE_AT_A_TIME}: maj_K looks at the first K`,
  create:
    ({ k }) =>
    (responses) =>
      responses.slice(0, k),
};
