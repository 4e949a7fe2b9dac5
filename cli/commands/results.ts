/** `assay results ID`: the results of closed units, one JSON object or one row a line. */
import { Option, type Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import type { SampleFilter } from '../../shared/client/types.ts';
import { scorersOf } from '../../shared/domain/spec-scorers.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { addSampleFilter, sampleFilterOf, type SampleFilterFlags } from '../filters.ts';
import { Faults } from '../flags.ts';
import { withEvaluation } from '../reach.ts';
import { csvHeader, csvRow, scoreColumns } from '../render/csv.ts';
import type { CommandContext } from './context.ts';

interface ResultsFlags extends EvaluationFlags, SampleFilterFlags {
  format: 'jsonl' | 'csv';
}

/** Results are of closed units. */
const STATES = ['scored', 'unscored', 'errored', 'cancelled', 'dead'] as const;

export function addResults(program: Command, context: CommandContext): void {
  const command = program
    .command('results')
    .summary('print the results of an evaluation')
    .description(
      'Prints the result of every closed unit in unit order: completion, scores, errors, usage; one JSON object a line, or CSV with a column for each scorer. Of a running evaluation: those there are now.',
    )
    .argument('<evaluation>', EVALUATION)
    .addOption(new Option('--format <form>', 'how they are printed').choices(['jsonl', 'csv']).default('jsonl'));
  addSampleFilter(command, { results: true, states: STATES });
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay results last > results.jsonl
  assay results last --format csv > results.csv
  assay results last --state errored | jq -r .errorMessage | sort | uniq -c`,
    )
    .action(async (typed: string, flags: ResultsFlags) => context.exitWith(await results(typed, flags, context)));
}

async function results(typed: string, flags: ResultsFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = sampleFilterOf(flags, faults, STATES, shell.now());
  faults.throwIfAny();
  return withEvaluation(typed, flags, shell, 'assay results', async ({ client }, evaluationId) => {
    const scorers = flags.format === 'csv' ? await columnsOf(client, evaluationId, filter) : undefined;
    if (scorers) await shell.print(csvHeader(scorers));
    for await (const result of client.results(evaluationId, { filter }))
      await shell.print(scorers ? csvRow(result, scorers) : `${JSON.stringify(result)}\n`);
    return EXIT.ok;
  });
}

/** All scorers of an evaluation: the columns must be known before the first row. */
async function columnsOf(client: AssayClient, evaluationId: string, { stage, units }: SampleFilter): Promise<string[]> {
  const { spec, groups: all } = await client.get(evaluationId);
  const groups = stage === 'judge' || units ? all : all.filter(({ judgeOf }) => !judgeOf);
  return scoreColumns([
    ...(spec?.benchmarks ?? []).map((b) => scorersOf(b).map(({ id }) => id)),
    ...groups.map((g) => g.scorers.map((s) => s.scorer)),
  ]);
}
