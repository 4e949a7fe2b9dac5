/** `assay compare A B …`: how evaluations differ, sample by sample. */
import type { Command } from 'commander';
import type { AssayClient } from '../../shared/client/client.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { compareTables, type CompareOptions } from '../compare/compare.ts';
import type { SampleLabels } from '../compare/labels.ts';
import { notesOf } from '../compare/notes.ts';
import { readSource, SOURCE, sourceRef, type Source, type SourceRef } from '../compare/source.ts';
import { addEvaluationOptions, connectionOf, type EvaluationFlags } from '../connection.ts';
import { EXIT } from '../exit.ts';
import { Faults, shareOf, wholeOf } from '../flags.ts';
import { withEvaluations } from '../reach.ts';
import { compareView } from '../render/compare-view.ts';
import { lookOf } from '../render/look.ts';
import { plainText } from '../render/text.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

interface CompareFlags extends EvaluationFlags {
  benchmark?: string;
  model?: string;
  scorer?: string;
  level: string;
  permutations: string;
  seed: string;
  limit: string;
  by?: string;
  json?: boolean;
}

export function addCompare(program: Command, context: CommandContext): void {
  const command = program
    .command('compare')
    .summary('compare evaluations, sample by sample')
    .description(
      "Compares evaluations with the first one: for each benchmark, model and scorer the difference of the means over the samples that both have, its standard error and confidence interval, McNemar's exact test for scores of 0 and 1, a permutation test, and the samples whose score is another one. Says where datasets, prompts, parameters or who answered differ. Where each side has one model, models are compared with each other. Without common samples, or of a report alone, means are compared as they are.",
    )
    .argument('<baseline>', SOURCE)
    .argument('<candidates...>', 'as the baseline, each')
    .option('--benchmark <name>', 'only this benchmark')
    .option('--model <name>', 'only this model')
    .option('--scorer <name>', 'only this scorer')
    .option('--level <share>', 'of the confidence interval', '0.95')
    .option('--permutations <number>', 'of the permutation test; fewer where samples are very many', '10000')
    .option('--seed <number>', 'of the permutation test', '0')
    .option('--limit <number>', 'samples with another score that are listed for each row', '10')
    .option('--by <field>', "also by groups: what the samples' metadata has in this field")
    .option('--json', 'print one JSON document');
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay compare ev_abcdef last
  assay compare ev_abcdef last --benchmark gsm8k --limit 100 --json | jq -r '.candidates[].rows[].flipped[].sampleId'
  assay compare ev_abcdef last --by subject
  assay results last > candidate.jsonl; assay compare main.jsonl candidate.jsonl`,
    )
    .action(async (baseline: string, candidates: string[], flags: CompareFlags) =>
      context.exitWith(await compare([baseline, ...candidates], flags, context.shell)),
    );
}

async function compare(typed: readonly string[], flags: CompareFlags, shell: Shell): Promise<number> {
  const faults = new Faults();
  const options: CompareOptions = {
    level: shareOf('--level', flags.level, faults) ?? 0,
    permutations: wholeOf('--permutations', flags.permutations, { least: 100, most: 1_000_000 }, faults) ?? 0,
    seed: wholeOf('--seed', flags.seed, { least: 0, most: Number.MAX_SAFE_INTEGER }, faults) ?? 0,
    limit: wholeOf('--limit', flags.limit, { least: 0, most: 1_000_000 }, faults) ?? 0,
  };
  faults.throwIfAny();
  const refs: SourceRef[] = [];
  for (const text of typed) refs.push(await sourceRef(text, shell.cwd));
  return withSources(refs, flags, shell, 'assay compare', async (client) => {
    // One candidate after the other, so that two of them are in memory at most.
    const read = (ref: SourceRef, by?: string): Promise<Source> => readSource(ref, client, flags, flags.namespace, by);
    const baseline = await read(refs[0]!, flags.by);
    say(baseline, shell);
    const candidates = [];
    for (const ref of refs.slice(1)) {
      // Samples are the same on both sides, and so is what is said of them: it is read where it is known first.
      const candidate = await read(ref, baseline.labels?.size === 0 ? flags.by : undefined);
      say(candidate, shell);
      const labels = labelsOf(baseline, candidate);
      const groupOf = labels && ((benchmark: string, sampleId: string) => labels.of(benchmark, sampleId));
      const compared = compareTables(baseline.table, candidate.table, { ...options, ...(groupOf ? { groupOf } : {}) });
      if (compared.rows.length === 0) throw nothingInCommon(baseline, candidate);
      for (const note of notesOf(baseline, candidate, compared)) shell.say(note);
      if (!flags.json) {
        const names = { baseline: baseline.name, candidate: candidate.name };
        await shell.print(`${candidates.length > 0 ? '\n' : ''}${compareView({ ...compared, ...names }, options.level, lookOf(shell))}`);
      }
      candidates.push({ ...headOf(candidate), ...compared });
    }
    if (flags.json) {
      const { level, seed } = options;
      const by = flags.by === undefined ? {} : { by: flags.by };
      await shell.print(`${JSON.stringify({ baseline: headOf(baseline), level, seed, ...by, candidates })}\n`);
    }
    return EXIT.ok;
  });
}

/** Runs `work` with a client where one of the sources is an evaluation. */
export async function withSources<T>(
  refs: readonly SourceRef[],
  flags: EvaluationFlags,
  shell: Shell,
  command: string,
  work: (client: AssayClient | undefined) => Promise<T>,
): Promise<T> {
  if (refs.every((ref) => 'path' in ref)) return work(undefined);
  return withEvaluations(connectionOf(flags, shell.env), shell, command, ({ client }) => work(client));
}

/** Undefined where no groups are asked for. Throws AppError invalid where no sample has one. */
function labelsOf({ labels, name }: Source, candidate: Source): SampleLabels | undefined {
  if (!labels || labels.size > 0) return labels;
  if (candidate.labels && candidate.labels.size > 0) return candidate.labels;
  const fields = [...new Set([...labels.fields, ...(candidate.labels?.fields ?? [])])].join(', ');
  throw new AppError(
    'invalid',
    `--by ${plainText(labels.field)}: no sample of ${plainText(name)} and ${plainText(candidate.name)} has such metadata as text, number or truth value; ${fields ? `they have ${plainText(fields)}` : 'they have none: name it in dataset.fields.metadata of the spec, or compare the evaluation itself'}`,
  );
}

const headOf = ({ name, evaluationId, partial }: Source) => ({ name, ...(evaluationId ? { evaluationId } : {}), partial });

function say({ name, partial }: Source, shell: Shell): void {
  if (partial) shell.say(`${plainText(name)} is not over: it is compared by the results that there are now`);
}

const nothingInCommon = (a: Source, b: Source): AppError =>
  new AppError(
    'invalid',
    `${plainText(a.name)} and ${plainText(b.name)} have no scored benchmark, model and scorer in common; assay report shows what each has`,
  );
