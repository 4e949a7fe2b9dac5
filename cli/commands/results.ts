/** `assay results ID`: the results of closed units, one JSON object a line. */
import type { Command } from 'commander';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { checkedId } from '../evaluate.ts';
import { EXIT } from '../exit.ts';
import { withEvaluations } from '../reach.ts';
import type { CommandContext } from './context.ts';

export function addResults(program: Command, context: CommandContext): void {
  const command = program
    .command('results')
    .summary('print the results of an evaluation')
    .description(
      'Prints the result of every closed unit in unit order, one JSON object a line: completion, scores, errors, usage. Of a running evaluation: those there are now.',
    )
    .argument('<evaluation>', 'the evaluation id');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay results ev_abcdefghijklmnopqrstuvwxyz > results.jsonl
  assay results ev_abcdefghijklmnopqrstuvwxyz | jq -r 'select(.state == "errored") | .errorMessage' | sort | uniq -c`,
    )
    .action(async (id: string, flags: ConnectionFlags) => context.exitWith(await results(id, flags, context)));
}

async function results(id: string, flags: ConnectionFlags, { shell }: CommandContext): Promise<number> {
  const evaluationId = checkedId(id, isEvaluationId);
  return withEvaluations(connectionOf(flags, shell.env), shell, 'assay results', async ({ client }) => {
    for await (const result of client.results(evaluationId)) await shell.print(`${JSON.stringify(result)}\n`);
    return EXIT.ok;
  });
}
