/** `assay report ID`: the report of a finished evaluation. */
import type { Command } from 'commander';
import { isEvaluationId } from '../../shared/domain/ids.ts';
import { addConnectionOptions, connectionOf, type ConnectionFlags } from '../connection.ts';
import { checkedId, printReport } from '../evaluate.ts';
import { withEvaluations } from '../reach.ts';
import { parseThresholds } from '../thresholds.ts';
import { addThresholdOption, type CommandContext } from './context.ts';

interface ReportFlags extends ConnectionFlags {
  json?: boolean;
  threshold?: string[];
}

export function addReport(program: Command, context: CommandContext): void {
  const command = program
    .command('report')
    .summary('print the report of a finished evaluation')
    .description(
      'Prints the report of a finished evaluation. Its exit code is that of the evaluation: 0 succeeded, 1 failed, 3 below a threshold, 4 cancelled.',
    )
    .argument('<evaluation>', 'the evaluation id')
    .option('--json', 'print one JSON document instead of a table');
  addThresholdOption(command);
  addConnectionOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay report ev_abcdefghijklmnopqrstuvwxyz
  assay report ev_abcdefghijklmnopqrstuvwxyz --json | jq '.results[].metrics.accuracy'
  assay report ev_abcdefghijklmnopqrstuvwxyz --threshold accuracy=0.8`,
    )
    .action(async (id: string, flags: ReportFlags) => context.exitWith(await report(id, flags, context)));
}

async function report(id: string, flags: ReportFlags, { shell }: CommandContext): Promise<number> {
  const evaluationId = checkedId(id, isEvaluationId);
  const thresholds = parseThresholds(flags.threshold ?? []);
  return withEvaluations(connectionOf(flags, shell.env), shell, 'assay report', async ({ client }) =>
    printReport(await client.report(evaluationId), shell, { json: flags.json ?? false, thresholds }),
  );
}
