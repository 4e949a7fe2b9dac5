/** `assay record ID`: what is needed to tell whether two evaluations were the same, and to repeat one. */
import type { Command } from 'commander';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EVALUATION } from '../evaluation-ref.ts';
import { EXIT } from '../exit.ts';
import { withEvaluation } from '../reach.ts';
import { prettyDocument } from '../render/json.ts';
import { count, plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface RecordFlags extends EvaluationFlags {
  samples?: boolean;
  quiet?: boolean;
}

export function addRecord(program: Command, context: CommandContext): void {
  const command = program
    .command('record')
    .summary('print what an evaluation was made of, and who answered')
    .description(
      'Prints the record of an evaluation as one JSON document: its spec as it was accepted, datasets, examples, seeds, parameters, versions of Assay, digests over all prompts and completions, and models and fingerprints as the endpoints gave them. Two evaluations with the same `digest` asked the same: the same datasets, prompts, parameters, solvers and scorers. Says where a model changed while it ran. Of a running evaluation: what there is now.',
    )
    .argument('<evaluation>', EVALUATION)
    .option('--samples', 'print the digests of every sample instead, one JSON object a line')
    .option('--quiet', 'no progress');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay record last > record.json
  assay record last | jq -r .digest
  assay record last --samples | jq -r '[.sampleId, .promptDigest] | @tsv'`,
    )
    .action(async (typed: string, flags: RecordFlags) => context.exitWith(await record(typed, flags, context)));
}

async function record(typed: string, flags: RecordFlags, { shell }: CommandContext): Promise<number> {
  return withEvaluation(typed, flags, shell, 'assay record', async ({ client }, evaluationId) => {
    if (flags.samples) {
      for await (const sample of client.recordSamples(evaluationId)) await shell.print(`${JSON.stringify(sample)}\n`);
      return EXIT.ok;
    }
    const found = await client.record(evaluationId, {
      onProgress: ({ done, total }) => {
        if (!flags.quiet) shell.say(`${count(done)} of ${count(total)} units`);
      },
    });
    await shell.print(prettyDocument(found));
    for (const { benchmark, model, returned } of found.groups.filter(({ drift }) => drift)) {
      const names = returned.map(
        (r) => `${r.model ?? 'no name'}${r.fingerprint === undefined ? '' : ` (${r.fingerprint})`}: ${count(r.units)}`,
      );
      shell.say(plainText(`${benchmark}: ${model} changed while it ran: ${names.join(', ')}`));
    }
    return EXIT.ok;
  });
}
