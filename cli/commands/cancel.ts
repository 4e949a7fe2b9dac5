/** `assay cancel ID`: ends an evaluation; what was counted stays. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { isFinal, type EvaluationState } from '../../shared/domain/states.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { checkedId, withHint } from '../evaluate.ts';
import { EXIT } from '../exit.ts';
import { withEvaluations } from '../reach.ts';
import type { CommandContext } from './context.ts';

/** How long a stack that we have started only for this is kept until the evaluation is final. */
const END_LIMIT_MS = 60_000;

interface CancelFlags extends ConnectionFlags {
  reason?: string;
}

export function addCancel(program: Command, context: CommandContext): void {
  const command = program
    .command('cancel')
    .summary('cancel an evaluation')
    .description(
      'Cancels an evaluation: nothing more is handed out, running samples are aborted, what was counted stays. A finished evaluation is left as it is. Prints the state.',
    )
    .argument('<evaluation>', 'the evaluation id')
    .option('--reason <text>', 'why; kept with the evaluation');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Example:
  assay cancel ev_abcdefghijklmnopqrstuvwxyz --reason "wrong prompt"`,
    )
    .action(async (id: string, flags: CancelFlags) => context.exitWith(await cancel(id, flags, context)));
}

async function cancel(id: string, flags: CancelFlags, { shell }: CommandContext): Promise<number> {
  const evaluationId = checkedId(id, isEvaluationId);
  return withEvaluations(connectionOf(flags, shell.env), shell, 'assay cancel', async ({ client, signal, stack }) => {
    let state = await withHint(
      client.cancel(evaluationId, flags.reason),
      'Stopped before the coordinator had answered; repeat it to be sure.',
    );
    if (stack && !isFinal(state)) state = await endOf(client, evaluationId, signal);
    await shell.print(`${state}\n`);
    return EXIT.ok;
  });
}

/** The final state of an evaluation that is being cancelled. */
export async function endOf(
  client: AssayClient,
  evaluationId: string,
  signal: AbortSignal,
  limitMs = END_LIMIT_MS,
): Promise<EvaluationState> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    for await (const event of client.watch(evaluationId, { signal: limit })) {
      if (event.kind === 'state' && isFinal(event.state)) return event.state;
      if (event.kind === 'snapshot' && isFinal(event.evaluation.state)) return event.evaluation.state;
    }
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error;
    const kept = 'the cancel is kept, and the next command on this ASSAY_HOME goes on with it';
    throw new AppError('deadline', `${evaluationId} was not final within ${limitMs / 1000} s; ${kept}`);
  }
  return (await client.get(evaluationId)).state;
}
