/** `assay score FILE`: scores answers that are there already; needs no coordinator. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { isRemote, scorerNames } from '../../shared/scoring/registry.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import { EXIT } from '../exit.ts';
import { linesOf } from '../lines.ts';
import { parseAnswer, scorerOf } from '../score-lines.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

interface ScoreFlags {
  scorer: string;
  args?: string;
}

export function addScore(program: Command, context: CommandContext): void {
  program
    .command('score')
    .summary('score answers from a file, without a coordinator')
    .description(
      'Scores answers: of each line {"output": text, "target": text or list of texts, "choices": list} one line {"value", "answer", "explanation"}, in the same order. A value of null is no verdict. The first bad line ends it with exit code 2.',
    )
    .argument('<file>', 'JSONL; - reads standard input')
    .requiredOption(
      '--scorer <name>',
      `one of ${scorerNames()
        .filter((name) => !isRemote(name))
        .join(', ')}`,
    )
    .option('--args <json>', "the scorer's arguments as one JSON object", '{}')
    .addHelpText(
      'after',
      `
Examples:
  echo '{"output": "The answer is 42.", "target": "42"}' | assay score - --scorer match --args '{"numeric": true}'
  assay score answers.jsonl --scorer includes | jq -s 'map(select(.value == "C")) | length'`,
    )
    .action(async (file: string, flags: ScoreFlags) => context.exitWith(await score(file, flags, context.shell)));
}

async function score(file: string, flags: ScoreFlags, shell: Shell): Promise<number> {
  const scorer = scorerOf(flags.scorer, flags.args ?? '{}');
  const name = file === '-' ? 'standard input' : file;
  const input = file === '-' ? shell.stdin : createReadStream(resolve(shell.cwd, file));
  const lines = linesOf(input, name)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value: line, done } = await raceSignal(lines.next(), shell.interrupted);
      if (done) return EXIT.ok;
      if (line.text.trim() === '') continue;
      const { output, target, choices } = parseAnswer(line.text, `${name} line ${line.number}`);
      const verdict = judged(() => scorer(output, target, choices ? { choices } : {}), `${name} line ${line.number}`);
      await shell.print(`${JSON.stringify(verdict)}\n`);
    }
  } finally {
    if (input instanceof Readable) input.destroy();
  }
}

function judged<T>(judge: () => T, place: string): T {
  try {
    return judge();
  } catch (error) {
    throw new AppError('invalid', `${place}: the scorer cannot judge it: ${AppError.from(error).message}`, { cause: error });
  }
}
