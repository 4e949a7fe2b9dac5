/** `assay score FILE`: scores answers that are there already; needs no coordinator. */
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { isByLikelihoods } from '../../shared/domain/likelihood-checks.ts';
import { specFilterNames } from '../../shared/scoring/filters/registry.ts';
import { metricNames } from '../../shared/scoring/metrics/registry.ts';
import { reducerForms } from '../../shared/scoring/reducers.ts';
import { isComputed, scorerNames } from '../../shared/scoring/registry.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import { EXIT } from '../exit.ts';
import { linesOf } from '../lines.ts';
import { parseAnswer } from '../score-answer.ts';
import { checkEpochs, reducedLine, reducingOf } from '../score-epochs.ts';
import { judgingOf, metricsOf } from '../score-lines.ts';
import { ScoreSummary } from '../score-summary.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

interface ScoreFlags {
  scorer: string;
  args?: string;
  filters?: string;
  metrics?: string;
  reducer?: string;
}

export function addScore(program: Command, context: CommandContext): void {
  program
    .command('score')
    .summary('score answers from a file, without a coordinator')
    .description(
      'Scores answers: of each line {"output": text, "target": text or list of texts, "choices": list} one line {"value", "answer", "explanation"}, in the same order; with --filters also "filtered", what was scored. A value of null is no verdict. An output may be a list of texts, generations of one sample: its line then has {"value", "reducer", "epochs"}, the value that --reducer makes of the epochs, and each of them. In place of an output a line may have recorded log-likelihoods, {"loglikelihoods": a number for each choice, "choices": list, "target": the place of the right one}, for acc and its kin and the perplexities. With --metrics one line of all together is printed instead. The first bad line ends it with exit code 2.',
    )
    .argument('<file>', 'JSONL; - reads standard input')
    .requiredOption('--scorer <name>', `one of ${scorerNames().filter(isComputed).join(', ')}`)
    .option('--args <json>', "the scorer's arguments as one JSON object", '{}')
    .option('--filters <json>', `filters before the scorer, as one JSON list of names and {name, args}: ${specFilterNames().join(', ')}`)
    .option(
      '--metrics <list>',
      `prints these metrics of all lines instead, as a spec has them; names with commas between them, or JSON: ${metricNames().join(', ')}`,
    )
    .option('--reducer <name>', `how several answers of a line become one value: ${reducerForms().join(', ')}`)
    .addHelpText(
      'after',
      `
Examples:
  echo '{"output": "The answer is 42.", "target": "42"}' | assay score - --scorer match --args '{"numeric": true}'
  assay score answers.jsonl --scorer exact_match --filters '[{"name": "regex", "args": {"regex_pattern": "#### (.+)"}}]'
  assay score answers.jsonl --scorer exact --metrics accuracy,stderr
  echo '{"output": ["5", "7", "5"], "target": "5"}' | assay score - --scorer exact_match --reducer maj_3
  echo '{"loglikelihoods": [-4.5, -1.5], "choices": ["yes", "no"], "target": 1}' | assay score - --scorer acc_norm
  echo '{"loglikelihoods": -12.5, "target": "The sea is blue."}' | assay score - --scorer loglikelihood --metrics word_perplexity,bits_per_byte
  assay score answers.jsonl --scorer includes | jq -s 'map(select(.value == "C")) | length'`,
    )
    .action(async (file: string, flags: ScoreFlags) => context.exitWith(await score(file, flags, context.shell)));
}

async function score(file: string, flags: ScoreFlags, shell: Shell): Promise<number> {
  const { scorer, chain } = judgingOf(flags);
  const reducing = reducingOf(flags.reducer ?? 'mean', flags.scorer);
  const metrics = flags.metrics === undefined ? undefined : metricsOf(flags.metrics, flags.scorer, flags.args);
  const summary = metrics && new ScoreSummary(metrics, reducing.reduce);
  const name = file === '-' ? 'standard input' : file;
  const input = file === '-' ? shell.stdin : createReadStream(resolve(shell.cwd, file));
  const lines = linesOf(input, name)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { value: line, done } = await raceSignal(lines.next(), shell.interrupted);
      if (done) break;
      if (line.text.trim() === '') continue;
      const place = `${name} line ${line.number}`;
      const { output, target, metadata, ...sample } = parseAnswer(line.text, place);
      if (sample.likelihoods && output === '' && !isByLikelihoods(flags.scorer))
        throw new AppError(
          'invalid',
          `${place}: has log-likelihoods and no output, which the scorer ${flags.scorer} reads; score by acc or its kin`,
        );
      const outputs = typeof output === 'string' ? [output] : output;
      checkEpochs(reducing, outputs.length, place);
      const verdicts = outputs.map((text) => {
        const filtered = chain && judged(() => chain([text], sample)[0]!, place, 'the filters cannot read');
        const verdict = judged(() => scorer(filtered ?? text, target, sample), place, 'the scorer cannot judge');
        return filtered === undefined ? verdict : { ...verdict, filtered };
      });
      const isReduced = typeof output !== 'string' || flags.reducer !== undefined;
      if (summary) summary.add(verdicts, metadata, place);
      else await shell.print(`${JSON.stringify(isReduced ? reducedLine(reducing, verdicts) : verdicts[0])}\n`);
    }
    if (summary) await shell.print(`${JSON.stringify(summary.result())}\n`);
    return EXIT.ok;
  } finally {
    if (input instanceof Readable) input.destroy();
  }
}

function judged<T>(judge: () => T, place: string, who: string): T {
  try {
    return judge();
  } catch (error) {
    throw new AppError('invalid', `${place}: ${who} it: ${AppError.from(error).message}`, { cause: error });
  }
}
