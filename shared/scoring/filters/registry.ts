/** All filters by name. `{name, args}` travels; whoever scores a sample makes the filters again from it. */
import { AppError } from '../../domain/errors.ts';
import type { Filter, FilterKind } from './filter.ts';
import { lowercase } from './lowercase.ts';
import { majorityVote } from './majority-vote.ts';
import { multiChoiceRegex } from './multi-choice-regex.ts';
import { regex } from './regex.ts';
import { removeWhitespace } from './remove-whitespace.ts';
import { stripReasoning } from './strip-reasoning.ts';
import { strip } from './strip.ts';
import { takeFirstK } from './take-first-k.ts';
import { takeFirst } from './take-first.ts';

export type { Filter, FilteredSample } from './filter.ts';

export interface FilterSpec {
  name: string;
  args: Record<string, unknown>;
}

// Each kind is created with what its own schema made of the arguments, so that the type parameter may be forgotten here.
const KINDS = new Map<string, FilterKind<never>>(
  Object.entries({
    regex,
    multi_choice_regex: multiChoiceRegex,
    strip_reasoning: stripReasoning,
    strip,
    remove_whitespace: removeWhitespace,
    lowercase,
    take_first: takeFirst,
    take_first_k: takeFirstK,
    majority_vote: majorityVote,
  }) as [string, FilterKind<never>][],
);

export const filterNames = (): string[] => [...KINDS.keys()];

/** The zod schema of a filter's arguments, or undefined for a name that is no filter. */
export const filterArgs = (name: string): FilterKind<never>['args'] | undefined => KINDS.get(name)?.args;

/** Those that a spec may name. */
export const specFilterNames = (): string[] => filterNames().filter((name) => notInSpecs(name) === undefined);

/** Why a filter may not stand in a spec; undefined for one that may, and for a name that is no filter. */
export const notInSpecs = (name: string): string | undefined => KINDS.get(name)?.notInSpecs;

/** Makes a filter. Throws AppError invalid for an unknown name or wrong arguments (a parsed spec has neither). */
export function createFilter(spec: FilterSpec): Filter {
  const kind = KINDS.get(spec.name);
  if (!kind) throw new AppError('invalid', `no filter is named "${spec.name}"; there are ${filterNames().join(', ')}`);
  const parsed = kind.args.safeParse(spec.args);
  if (!parsed.success)
    throw new AppError('invalid', `filter ${spec.name}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  return kind.create(parsed.data);
}

/** Filters one after the other: each gets what the one before it gave. An empty list changes nothing. */
export function createChain(specs: readonly FilterSpec[]): Filter {
  const filters = specs.map(createFilter);
  return (responses, sample) => filters.reduce((rest, filter) => filter(rest, sample), [...responses]);
}
