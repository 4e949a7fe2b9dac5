/** `lowercase`: every letter in lower case. Semantics of lm-evaluation-harness's filter of this name. */
import { z } from 'zod';
import type { FilterKind } from './filter.ts';

const args = z.strictObject({});

export const lowercase: FilterKind<z.infer<typeof args>> = {
  args,
  create: () => (responses) => responses.map((response) => response.toLowerCase()),
};
