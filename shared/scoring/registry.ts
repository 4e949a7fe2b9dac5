/** All scorers by name. `{name, args}` travels; whoever runs a sample makes the scorer again from it. */
import { AppError } from '../domain/errors.ts';
import { choice } from './choice.ts';
import { exact } from './exact.ts';
import { includes } from './includes.ts';
import { match } from './match.ts';
import { pattern } from './pattern.ts';
import { command, http } from './remote.ts';
import type { Scorer, ScorerKind } from './scorer.ts';

export type { ScoredSample, Scorer, Verdict } from './scorer.ts';

// Each kind is created with what its own schema made of the arguments, so that the type parameter may be forgotten here.
const KINDS = new Map<string, ScorerKind<never>>(
  Object.entries({ match, includes, exact, pattern, choice, command, http }) as [string, ScorerKind<never>][],
);

/** Whether only an agent can run it, with its operator's leave. */
export const isRemote = (name: string): boolean => name === 'command' || name === 'http';

export const scorerNames = (): string[] => [...KINDS.keys()];

/** The zod schema of a scorer's arguments, or undefined for a name that is no scorer. */
export const scorerArgs = (name: string): ScorerKind<never>['args'] | undefined => KINDS.get(name)?.args;

/** Makes a scorer. Throws AppError invalid for an unknown name or wrong arguments (a parsed spec has neither). */
export function createScorer(spec: { name: string; args: Record<string, unknown> }): Scorer {
  const kind = KINDS.get(spec.name);
  if (!kind) throw new AppError('invalid', `no scorer is named "${spec.name}"; there are ${scorerNames().join(', ')}`);
  const parsed = kind.args.safeParse(spec.args);
  if (!parsed.success)
    throw new AppError('invalid', `scorer ${spec.name}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  return kind.create(parsed.data);
}
