/** `mode`: the most frequent value; of several, the one that came first. */
import { mostFrequent } from './most-frequent.ts';
import type { ReducerKind } from './reducer.ts';

export const mode: ReducerKind = { params: [], create: () => (values) => mostFrequent(values) ?? null };
