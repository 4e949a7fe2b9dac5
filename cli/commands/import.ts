/** `assay import LOG…`: logs of Inspect AI and of lm-eval as lines of results. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { inspectResults } from '../import/inspect-log.ts';
import { isLmEvalLog, lmEvalResults } from '../import/lm-eval-log.ts';
import type { Shell } from '../shell.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

export function addImport(program: Command, context: CommandContext): void {
  program
    .command('import')
    .summary('read logs of Inspect AI and lm-eval, to compare and score them')
    .description(
      'Prints the samples of logs of Inspect AI (JSON, or the zipped .eval) and of lm-evaluation-harness (samples_*.jsonl) as lines of results: with their scores for `assay compare` and `assay gate`, with output, target and choices for `assay score`. Nothing is sent to a coordinator.',
    )
    .argument('<file...>', 'logs')
    .addHelpText(
      'after',
      `
Examples:
  assay import logs/gsm8k.eval > inspect.jsonl; assay compare inspect.jsonl last
  assay import output/openai__gpt-x/samples_*.jsonl > lm-eval.jsonl; assay compare lm-eval.jsonl last
  assay import logs/gsm8k.eval | assay score - --scorer match --args '{"numeric": true}'`,
    )
    .action(async (files: string[]) => context.exitWith(await importLogs(files, context.shell)));
}

async function importLogs(files: readonly string[], shell: Shell): Promise<number> {
  for (const file of files)
    for await (const result of (isLmEvalLog(file) ? lmEvalResults : inspectResults)(resolve(shell.cwd, file), file)) {
      shell.interrupted.throwIfAborted();
      for (const { id, why } of result.log?.leftOut ?? []) shell.say(plainText(`${file}: rescore leaves out ${id}: ${why}`));
      await shell.print(`${JSON.stringify(result)}\n`);
    }
  return EXIT.ok;
}
