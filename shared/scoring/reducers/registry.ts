/**
 * Reducers: from the values of a sample's epochs to one. Names and semantics are Inspect's (epochs without a value are left out):
 *
 *   mean, median, max, mode (of what was said, not of its number)
 *   maj_K          maj@k: the value of the answer that most of the first K epochs gave
 *   at_least_K     1 if at least K epochs succeed, else 0
 *   pass_at_K      pass@k: the chance that one of K drawn epochs succeeds
 *   pass_k_K       pass^k: the chance that all of K drawn epochs succeed
 *   g_pass_K_T     G-Pass@k: the chance that at least T percent of K drawn epochs succeed
 *
 * A value of at least 1 is a success. `_from_V` behind one of the last four says otherwise: `pass_at_3_from_0.5` counts values from 0.5
 * upwards. maj_K is not Inspect's but lm-evaluation-harness's, a vote among answers.
 */
import { atLeast } from './at-least.ts';
import { gPass } from './g-pass.ts';
import { maj } from './maj.ts';
import { max } from './max.ts';
import { mean } from './mean.ts';
import { median } from './median.ts';
import { mode } from './mode.ts';
import { passAt } from './pass-at.ts';
import { passK } from './pass-k.ts';
import { SUCCESS, type Reducer, type ReducerKind, type ReducerParams } from './reducer.ts';

const KINDS = new Map<string, ReducerKind>(
  Object.entries({ mean, median, mode, max, maj, at_least: atLeast, pass_at: passAt, pass_k: passK, g_pass: gPass }),
);

const LETTERS = { k: 'K', threshold: 'T' };
/** Leading zeros would give one reducer two names, and its rows would stand twice in a report. */
const PARAM = { k: '([1-9]\\d{0,3})', threshold: '(0|[1-9]\\d?|100)' };
const FROM = '(?:_from_(-?(?:0|[1-9]\\d{0,8})(?:\\.\\d{0,8}[1-9])?))?';
const NAMES = [...KINDS].map(([name, kind]) => ({
  kind,
  pattern: new RegExp(`^${[name, ...kind.params.map((param) => PARAM[param])].join('_')}${kind.ofSuccesses ? FROM : ''}$`),
}));

/** What the name of a reducer is like. */
export const REDUCER_PATTERN = new RegExp(NAMES.map(({ pattern }) => pattern.source).join('|'));

/** For messages: `mean`, …, `pass_at_K`, `g_pass_K_T`. */
export const reducerForms = (): string[] =>
  [...KINDS].map(([name, { params }]) => [name, ...params.map((param) => LETTERS[param])].join('_'));

/** How a name says that a sample's epochs become one value. */
export interface FoundReducer {
  reduce: Reducer;
  /** How many it needs at least for a value. */
  epochs: number;
  ofAnswers: boolean;
}

/** The reducer of a name; undefined if there is none. */
export function findReducer(name: string): FoundReducer | undefined {
  for (const { kind, pattern } of NAMES) {
    const found = pattern.exec(name);
    if (!found) continue;
    const [k = 1, threshold = 0] = kind.params.map((_, i) => Number(found[i + 1]));
    const from = kind.ofSuccesses ? found[kind.params.length + 1] : undefined;
    const params: ReducerParams = { k, threshold, success: from === undefined ? SUCCESS : Number(from) };
    return { reduce: kind.create(params), epochs: k, ofAnswers: kind.ofAnswers === true };
  }
  return undefined;
}

/** The reducer of a name, or undefined if there is none. */
export const reducerOf = (name: string): Reducer | undefined => findReducer(name)?.reduce;
