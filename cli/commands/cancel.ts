/** `assay cancel ID`: ends an evaluation; what was counted stays. */
import type { Command } from 'commander';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { checkedId } from '../evaluate.ts';
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
    let state = await client.cancel(evaluationId, flags.reason);
    if (stack && !isFinal(state)) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(END_LIMIT_MS)]);
      for await (const event of client.watch(evaluationId, { signal: limit })) if (event.kind === 'state') state = event.state;
    }
    await shell.print(`${state}\n`);
    return EXIT.ok;
  });
}
