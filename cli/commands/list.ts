/** `assay list`: evaluations, the newest first. */
import { Option, type Command } from 'commander';
import type { EvaluationSummary } from '../../shared/client/types.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { addEvaluationFilter, evaluationFilterOf, type EvaluationFilterFlags } from '../filters.ts';
import { Faults, wholeOf } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withEvaluations } from '../reach.ts';
import { evaluationColumns } from '../render/evaluation-columns.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import type { CommandContext } from './context.ts';

interface ListFlags extends EvaluationFlags, EvaluationFilterFlags {
  output: OutputName;
  json?: boolean;
  limit: string;
  utc?: boolean;
}

export function addList(program: Command, context: CommandContext): void {
  const command = program
    .command('list')
    .summary('list evaluations, the newest first')
    .description('Lists evaluations, the newest first, also those of long ago.');
  addEvaluationFilter(command)
    .option('--limit <number>', 'at most so many', '50')
    .addOption(new Option('-o, --output <form>', 'how they are printed').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay list
  assay list --state running,paused --owner ada
  assay list --since 2d --meta ci.branch=main -o jsonl | jq -r .evaluationId
  assay list --tag nightly -o name | xargs assay cancel --yes`,
    )
    .action(async (flags: ListFlags) => context.exitWith(await list(flags, context)));
}

async function list(flags: ListFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = evaluationFilterOf(flags, shell.now(), faults);
  const limit = wholeOf('--limit', flags.limit, { least: 1, most: 1_000_000 }, faults) ?? 0;
  faults.throwIfAny();
  const output = flags.json ? 'json' : flags.output;
  return withEvaluations(connectionOf(flags, shell.env), shell, 'assay list', async ({ client }) => {
    await printList<EvaluationSummary>(
      shell,
      pagesOf((page) => client.list(filter, page), limit),
      {
        output,
        look: lookOf(shell, { utc: flags.utc ?? false }),
        columns: (look) => evaluationColumns(look, output === 'wide'),
        nameOf: (evaluation) => evaluation.evaluationId,
        none: 'no evaluations',
      },
    );
    return EXIT.ok;
  });
}
