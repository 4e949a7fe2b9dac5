/** The scorers that only an agent can run, by name. A new one is a file of its own, a line here, and its arguments in shared/scoring. */
import { AppError } from '../../shared/domain/errors.ts';
import { scorerArgs } from '../../shared/scoring/registry.ts';
import type { CodeExecutionArgs } from '../../shared/scoring/scorers/code-execution.ts';
import type { CommandArgs, HttpArgs } from '../../shared/scoring/scorers/remote.ts';
import { codeExecution } from './code-execution.ts';
import { command } from './command.ts';
import { http } from './http.ts';
import type { RemoteScorer, ScorerTools } from './scorer.ts';

const REMOTE = new Map<string, (args: never, tools: ScorerTools) => RemoteScorer>([
  ['code_execution', (args: CodeExecutionArgs, tools) => codeExecution(args, tools)],
  ['command', (args: CommandArgs, tools) => command(args, tools)],
  ['http', (args: HttpArgs, tools) => http(args, tools)],
] as [string, (args: never, tools: ScorerTools) => RemoteScorer][]);

/** Throws AppError `invalid` for arguments that are wrong, or that this agent's operator does not allow. */
export function createRemoteScorer({ name, args }: { name: string; args: Record<string, unknown> }, tools: ScorerTools): RemoteScorer {
  const create = REMOTE.get(name);
  const schema = scorerArgs(name);
  if (!create || !schema) throw new AppError('invalid', `no scorer is named ${JSON.stringify(name)} here`);
  const parsed = schema.safeParse(args);
  if (!parsed.success)
    throw new AppError('invalid', `scorer ${name}: ${parsed.error.issues.map((i) => `${i.path.join('.')}: ${i.message}`).join('; ')}`);
  return create(parsed.data, tools);
}
