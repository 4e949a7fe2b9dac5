/** `take_first`: only the first response goes on. Semantics of lm-evaluation-harness's filter of this name. */
import { z } from 'zod';
import type { FilterKind } from './filter.ts';

const args = z.strictObject({});

export const takeFirst: FilterKind<z.infer<typeof args>> = {
  args,
  notInSpecs: 'changes nothing here: a scorer gets one completion at a time, which is the first; leave it out',
  create: () => (responses) => responses.slice(0, 1),
};
