/** `median`: the middle value; of an even number the mean of the middle two. */
import { median as medianOf } from '../statistics/median.ts';
import type { ReducerKind } from './reducer.ts';

export const median: ReducerKind = { params: [], create: () => medianOf };
