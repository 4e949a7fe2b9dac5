/** `max`: the best value. */
import type { ReducerKind } from './reducer.ts';

export const max: ReducerKind = { params: [], create: () => (values) => values.reduce((most, value) => Math.max(most, value), -Infinity) };
