/** `assay samples ID`: the samples of an evaluation, open ones too, without their texts. */
import { Option, type Command } from 'commander';
import type { SampleResult } from '../../shared/client/types.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { addSampleFilter, SAMPLE_STATES, sampleFilterOf, type SampleFilterFlags } from '../filters.ts';
import { Faults, wholeOf } from '../flags.ts';
import { pagesOf } from '../pages.ts';
import { withEvaluation } from '../reach.ts';
import { OUTPUTS, printList, type OutputName } from '../render/list.ts';
import { lookOf } from '../render/look.ts';
import { sampleColumns, sampleDocument } from '../render/sample-columns.ts';
import type { CommandContext } from './context.ts';

interface SamplesFlags extends EvaluationFlags, SampleFilterFlags {
  output: OutputName;
  json?: boolean;
  limit: string;
}

export function addSamples(program: Command, context: CommandContext): void {
  const command = program
    .command('samples')
    .summary('list the samples of an evaluation')
    .description(
      'Lists the samples of an evaluation in unit order, open ones too: state, scores, answer, error. Their texts: `assay sample` and `assay results`.',
    )
    .argument('<evaluation>', EVALUATION);
  addSampleFilter(command, { results: true })
    .option('--limit <number>', 'at most so many', '50')
    .addOption(new Option('-o, --output <form>', 'how they are printed; name: the unit numbers').choices(OUTPUTS).default('table'))
    .option('--json', 'the same as -o json');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay samples last --state errored
  assay samples last --score I --benchmark gsm8k --limit 10
  assay samples last --class rate_limit --limit 1000000 -o jsonl | jq -r .errorMessage | sort | uniq -c`,
    )
    .action(async (typed: string, flags: SamplesFlags) => context.exitWith(await samples(typed, flags, context)));
}

async function samples(typed: string, flags: SamplesFlags, { shell }: CommandContext): Promise<number> {
  const faults = new Faults();
  const filter = sampleFilterOf(flags, faults, SAMPLE_STATES, shell.now());
  const limit = wholeOf('--limit', flags.limit, { least: 1, most: 2 ** 32 - 1 }, faults) ?? 0;
  faults.throwIfAny();
  const output = flags.json ? 'json' : flags.output;
  return withEvaluation(typed, flags, shell, 'assay samples', async ({ client }, evaluationId) => {
    await printList<SampleResult>(
      shell,
      pagesOf((page) => client.samples(evaluationId, filter, page), limit),
      {
        output,
        look: lookOf(shell),
        columns: () => sampleColumns(output === 'wide'),
        documentOf: sampleDocument,
        nameOf: (sample) => String(sample.unit),
        none: 'no samples',
      },
    );
    return EXIT.ok;
  });
}
