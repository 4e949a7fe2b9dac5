/** Reducers by name; `reducers/registry.ts` lists them. */
export { findReducer, REDUCER_PATTERN, reducerForms, reducerOf, type FoundReducer } from './reducers/registry.ts';
export type { Reducer, Said } from './reducers/reducer.ts';
export { passAtK } from './statistics/pass-at-k.ts';
