/** `mean`: Σ v / n, in the order of the epochs. */
import { mean as meanOf } from '../statistics/moments.ts';
import type { ReducerKind } from './reducer.ts';

export const mean: ReducerKind = { params: [], create: () => meanOf };
