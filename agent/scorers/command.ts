/** `command`: the verdict comes from a program that the operator allows, by its name in the agent's `commands`. */
import type { CommandArgs } from '../../shared/scoring/scorers/remote.ts';
import type { RemoteScorer, ScorerTools } from './scorer.ts';
import { verdictOf } from './verdict.ts';

export function command({ command: name, args, slots, timeout }: CommandArgs, { programs }: ScorerTools): RemoteScorer {
  const program = programs.named(name, slots);
  return async (request, signal) => verdictOf(await program.ask({ ...request, args }, timeout * 1000, signal));
}
