/** `assay rescore EVALUATION`: scores answers that were given already, by other scorers, filters or arguments. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Score } from '../../shared/domain/result.ts';
import { isComputed, scorerNames } from '../../shared/scoring/registry.ts';
import { specFilterNames } from '../../shared/scoring/filters/registry.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { sourceRef } from '../compare/source.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { writeWhole, type Output } from '../export/output.ts';
import { lookOf } from '../render/look.ts';
import { rescoreView } from '../render/rescore-view.ts';
import { answersOf, type StoredAnswer } from '../rescore/answers.ts';
import { Rescoring } from '../rescore/rescore.ts';
import { judgingOf } from '../score-lines.ts';
import type { Shell } from '../shell.ts';
import { withSources } from './compare.ts';
import { plainText } from '../render/text.ts';
import type { CommandContext } from './context.ts';

interface RescoreFlags extends EvaluationFlags {
  scorer?: string;
  args?: string;
  filters?: string;
  benchmark?: string;
  model?: string;
  output?: string;
  json?: boolean;
}

export function addRescore(program: Command, context: CommandContext): void {
  const command = program
    .command('rescore')
    .summary('score the answers of an evaluation again, without a model call')
    .description(
      'Scores answers that models have given already: by --scorer, or without it by the scorers of the evaluation or of the log that was imported, of this release. Prints the mean of each benchmark, model and scorer, and what a scorer of the same name had said before; -o writes lines of results for `assay compare` and `assay gate`. The evaluation itself stays as it is.',
    )
    .argument(
      '<evaluation>',
      'an evaluation (its id, the beginning of it, or `last`), or a file that `assay import` or `assay rescore -o` wrote',
    )
    .option('--scorer <name>', `one of ${scorerNames().filter(isComputed).join(', ')}`)
    .option('--args <json>', "the scorer's arguments as one JSON object")
    .option('--filters <json>', `filters before the scorer, as one JSON list of names and {name, args}: ${specFilterNames().join(', ')}`)
    .option('--benchmark <name>', 'only this benchmark')
    .option('--model <name>', 'only this model')
    .option('-o, --output <file>', 'writes each answer with its new scores there, one JSON object a line')
    .option('--json', 'print one JSON document');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay rescore last
  assay rescore last --scorer match --args '{"numeric": true}' -o numeric.jsonl; assay compare last numeric.jsonl
  assay rescore last --scorer exact_match --filters '[{"name": "regex", "args": {"regex_pattern": "#### (.+)"}}]'
  assay import logs/gsm8k.eval > inspect.jsonl; assay rescore inspect.jsonl --scorer match --args '{"numeric": true}'`,
    )
    .action(async (typed: string, flags: RescoreFlags) => context.exitWith(await rescore(typed, flags, context.shell)));
}

async function rescore(typed: string, flags: RescoreFlags, shell: Shell): Promise<number> {
  const { scorer, args, filters } = flags;
  if (scorer === undefined && (args !== undefined || filters !== undefined))
    throw new AppError('invalid', `--${args === undefined ? 'filters' : 'args'} belongs to --scorer; name that too, or leave both out`);
  const fixed = scorer === undefined ? undefined : { id: scorer, ...judgingOf({ ...flags, scorer }) };
  const source = await sourceRef(typed, shell.cwd);
  return withSources([source], flags, shell, 'assay rescore', async (client) => {
    const rescoring = new Rescoring(typed, fixed);
    const scoreAll = async (output?: Output): Promise<void> => {
      // What a log says of itself travels with the first of its lines that is written.
      const logs = new Map<string, StoredAnswer['facts']['log']>();
      for await (const answer of answersOf(source, client, flags, flags.namespace)) {
        shell.interrupted.throwIfAborted();
        const scores = rescoring.add(answer);
        const key = JSON.stringify([answer.benchmark, answer.model]);
        const log = answer.facts.log ?? logs.get(key);
        if (scores.length === 0 && log) logs.set(key, log);
        if (scores.length === 0) continue;
        logs.delete(key);
        await output?.write(lineOf(log ? { ...answer, facts: { ...answer.facts, log } } : answer, scores));
      }
      if (rescoring.rows().length > 0) return;
      const left = rescoring.leftOut.map(({ id, why }) => plainText(`${id}: ${why}`));
      if (left.length > 0)
        throw new AppError('invalid', `${typed}: none of its scorers scores again here (${left.join('; ')}); name one with --scorer`);
      const chosen = flags.benchmark !== undefined || flags.model !== undefined;
      throw chosen
        ? new AppError('invalid', `${typed} has no answer of that benchmark and model`)
        : new AppError('failed_precondition', `${typed} has no answer yet`);
    };
    const path = flags.output === undefined ? undefined : resolve(shell.cwd, flags.output);
    await (path === undefined ? scoreAll() : writeWhole(path, scoreAll));
    const rows = rescoring.rows();
    await shell.print(flags.json ? `${JSON.stringify({ source: typed, rows })}\n` : rescoreView(rows, lookOf(shell)));
    for (const { id, why } of rescoring.leftOut) shell.say(plainText(`left out ${id}: ${why}; name a scorer with --scorer to score by it`));
    if (path !== undefined) shell.say(`wrote ${path}`);
    return EXIT.ok;
  });
}

function lineOf(answer: StoredAnswer, scores: readonly Score[]): string {
  const { benchmark, model, sampleId, epoch, output, target, choices, failure, facts } = answer;
  const state =
    failure || scores.some(({ error }) => error !== undefined) ? 'errored' : scores.every((s) => s.number === null) ? 'unscored' : 'scored';
  const written = scores.map(({ scorer, value, number, answer = '', explanation = '', error = '', counts, corpus }) => ({
    ...{ scorer, value: value === null ? '' : String(value), number, answer, explanation, error },
    ...(counts ? { counts } : {}),
    ...(corpus ? { corpus } : {}),
  }));
  return `${JSON.stringify({ benchmark, model, sampleId, epoch, state, output: output ?? '', target, ...(choices ? { choices } : {}), scores: written, ...failure, ...facts })}\n`;
}
