/** `strip`: takes white space off both ends, as Python's `str.strip` does. */
import { z } from 'zod';
import { strip as stripText } from '../python/text.ts';
import type { FilterKind } from './filter.ts';

const args = z.strictObject({});

export const strip: FilterKind<z.infer<typeof args>> = { args, create: () => (responses) => responses.map(stripText) };
