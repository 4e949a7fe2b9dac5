/** `assay sample ID SAMPLE`: everything about one sample. */
import type { Command } from 'commander';
import type { SampleChoice } from '../../shared/client/client.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { Faults, wholeOf } from '../flags.ts';
import { withEvaluation } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { lookOf } from '../render/look.ts';
import { sampleDocument } from '../render/sample-columns.ts';
import { sampleView } from '../render/sample-view.ts';
import type { CommandContext } from './context.ts';

interface SampleFlags extends EvaluationFlags {
  id?: boolean;
  benchmark?: string;
  model?: string;
  epoch?: string;
  json?: boolean;
  utc?: boolean;
}

export function addSample(program: Command, context: CommandContext): void {
  const command = program
    .command('sample')
    .summary('show everything about one sample')
    .description(
      'Shows one sample: what the model was sent, what it answered, scores, failed attempts, usage and timing. A number is the unit, as `assay samples` lists it, unless --id, --benchmark, --model or --epoch says that it is a sample id.',
    )
    .argument('<evaluation>', EVALUATION)
    .argument('<sample>', 'unit number, or sample id')
    .option('--id', 'it is a sample id, though it is a number')
    .option('--benchmark <name>', 'of this benchmark, where there are several')
    .option('--model <name>', 'of this model, where there are several')
    .option('--epoch <number>', 'of this epoch, where there are several')
    .option('--json', 'print one JSON document')
    .option('--utc', 'times in UTC instead of how long ago');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay sample last 17
  assay sample last q-17 --model openai/gpt-x --epoch 2
  assay sample last 17 --json | jq -r .result.completion`,
    )
    .action(async (typed: string, which: string, flags: SampleFlags) => context.exitWith(await sample(typed, which, flags, context)));
}

async function sample(typed: string, which: string, flags: SampleFlags, { shell }: CommandContext): Promise<number> {
  const choice = choiceOf(which, flags);
  return withEvaluation(typed, flags, shell, 'assay sample', async ({ client }, evaluationId) => {
    const found = await client.sample(evaluationId, choice);
    await shell.print(
      flags.json
        ? prettyDocument({ ...found, result: sampleDocument(found.result) })
        : sampleView(found, lookOf(shell, { utc: flags.utc ?? false })),
    );
    return EXIT.ok;
  });
}

export function choiceOf(
  which: string,
  { id = false, benchmark, model, epoch }: Pick<SampleFlags, 'id' | 'benchmark' | 'model' | 'epoch'>,
): SampleChoice {
  const faults = new Faults();
  const number = epoch === undefined ? undefined : wholeOf('--epoch', epoch, { least: 1, most: 1000 }, faults);
  const isUnit = /^\d{1,10}$/.test(which) && !id && benchmark === undefined && model === undefined && number === undefined;
  const unit = isUnit ? wholeOf('the unit', which, { least: 0, most: 2 ** 32 - 1 }, faults) : undefined;
  faults.throwIfAny();
  if (unit !== undefined) return { unit };
  return {
    sampleId: which,
    ...(benchmark === undefined ? {} : { benchmark }),
    ...(model === undefined ? {} : { model }),
    ...(number === undefined ? {} : { epoch: number }),
  };
}
