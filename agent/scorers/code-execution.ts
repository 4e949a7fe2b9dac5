/** `code_execution`: the completion is part of a program, which this agent's sandbox runs against the sample's tests. */
import { lastUser, textOf, type ChatMessage } from '../../shared/domain/chat.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { shortAnswer } from '../../shared/scoring/scorer.ts';
import { codeTextOf, type CodeExecutionArgs } from '../../shared/scoring/scorers/code-execution.ts';
import type { RemoteScorer, ScoreRequest, ScorerTools } from './scorer.ts';

export function codeExecution(args: CodeExecutionArgs, { sandbox }: ScorerTools): RemoteScorer {
  if (!sandbox) throw new AppError('invalid', 'this agent has no sandbox: set one up by `sandbox` of its configuration');
  const limits = { timeoutMs: args.timeout * 1000, memoryBytes: args.memory_mb * 2 ** 20 };
  return async ({ output, input, metadata }, signal) => {
    const text = codeTextOf(args, { output, input: promptOf(input), metadata });
    const { passed, why } = await sandbox.run({ ...text, ...limits }, signal);
    return { value: passed ? 'C' : 'I', answer: shortAnswer(output), explanation: passed ? 'passed' : `failed: ${why}` };
  };
}

/** Of messages, the last of the user. */
function promptOf(input: ScoreRequest['input']): string {
  if (typeof input === 'string') return input;
  const messages = input as ChatMessage[];
  return textOf(messages[lastUser(messages)]!);
}
