/** `assay report ID`: the report of a finished evaluation. */
import type { Command } from 'commander';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { printReport } from '../evaluate.ts';
import { withEvaluation } from '../reach.ts';
import { parseThresholds } from '../thresholds.ts';
import { addThresholdOption, type CommandContext } from './context.ts';

interface ReportFlags extends EvaluationFlags {
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
    .argument('<evaluation>', EVALUATION)
    .option('--json', 'print one JSON document instead of a table');
  addThresholdOption(command);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay report last
  assay report ev_abcdef --json | jq '.results[].metrics.accuracy'
  assay report ev_abcdef --threshold accuracy=0.8`,
    )
    .action(async (id: string, flags: ReportFlags) => context.exitWith(await report(id, flags, context)));
}

async function report(id: string, flags: ReportFlags, { shell }: CommandContext): Promise<number> {
  const thresholds = parseThresholds(flags.threshold ?? []);
  return withEvaluation(id, flags, shell, 'assay report', async ({ client }, evaluationId) =>
    printReport(await client.report(evaluationId), shell, { json: flags.json ?? false, thresholds }),
  );
}
