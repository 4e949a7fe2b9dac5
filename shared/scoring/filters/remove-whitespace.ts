/**
 * `remove_whitespace`: takes leading white space off, as a model often begins with it. Semantics of lm-evaluation-harness's filter of
 * this name.
 */
import { z } from 'zod';
import { strip } from '../python/text.ts';
import type { FilterKind } from './filter.ts';

const args = z.strictObject({});

export const removeWhitespace: FilterKind<z.infer<typeof args>> = {
  args,
  // The point keeps what stands at the end.
  create: () => (responses) => responses.map((response) => strip(`${response}.`).slice(0, -1)),
};
