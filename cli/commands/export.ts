/** `assay export ID --format …`: a finished evaluation in the forms of other tools. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { AppError } from '../../shared/domain/errors.ts';
import { addEvaluationOptions, type EvaluationFlags } from '../connection.ts';
import { sourceRef } from '../compare/source.ts';
import { EXIT } from '../exit.ts';
import { distinctFileNames, fileName, taskFileName } from '../export/file-names.ts';
import { inspectHeader, inspectSample, inspectSummary } from '../export/inspect.ts';
import { hashesOf, lmEvalResults, lmEvalSamples } from '../export/lm-eval.ts';
import type { ExportedLog } from '../export/log.ts';
import { writeWhole } from '../export/output.ts';
import { openResults } from '../export/results-file.ts';
import { evaluationSource, fileSource, type ExportSource } from '../export/source.ts';
import { ZipWriter } from '../export/zip.ts';
import { withEvaluation } from '../reach.ts';
import { csvHeader, csvRow, scoreColumns } from '../render/csv.ts';
import { JUNIT_END, junitCase, junitHead } from '../render/junit.ts';
import { plainText } from '../render/text.ts';
import { collect, Faults } from '../flags.ts';
import { checkRules, parsePassRules, passes, type PassRule } from '../export/pass-rules.ts';
import type { Shell } from '../shell.ts';
import type { CommandContext } from './context.ts';

const SOURCE = 'an evaluation (its id, the beginning of it, or `last`), or a file that `assay import` or `assay rescore -o` wrote';
const FORMATS = ['inspect-json', 'inspect-eval', 'lm-eval', 'junit', 'csv'] as const;

interface ExportFlags extends EvaluationFlags {
  format: (typeof FORMATS)[number];
  output: string;
  benchmark?: string;
  model?: string;
  pass?: string[];
}

export function addExport(program: Command, context: CommandContext): void {
  const command = program
    .command('export')
    .summary('write a finished evaluation, or imported results, in the form of other tools')
    .description(
      "Writes a finished evaluation, or a file that `assay import` or `assay rescore -o` wrote, as a log of Inspect AI (JSON, or the zipped .eval), as lm-evaluation-harness's results_*.json and samples_*.jsonl, as JUnit XML (a test for each sample: a score that does not pass is a failure, a sample without completion an error), or as CSV. A log of Inspect has one benchmark and one model: choose them, or name a folder, which gets a log for each. What is written is streamed; a file is there when it is whole.",
    )
    .argument('<evaluation>', SOURCE)
    .addOption(new Option('--format <form>', 'in which form').choices(FORMATS).makeOptionMandatory())
    .requiredOption(
      '-o, --output <file>',
      'where to; for lm-eval, and for several logs of Inspect, a folder: one that is there, or a new one whose name ends in /',
    )
    .option('--benchmark <name>', 'only this benchmark')
    .option('--model <name>', 'only this model')
    .option('--pass <rule>', "for junit: which scores of a scorer pass, 'bleu>=30'; without it those of 1 and more; repeatable", collect);
  addEvaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  assay export last --format inspect-eval -o logs/
  assay export last --format inspect-json --benchmark gsm8k --model openai/gpt-x -o gsm8k.json
  assay export last --format lm-eval -o lm-eval-output
  assay export last --format junit -o samples.xml --pass 'bleu>=30' --pass 'ter<=0.5'
  assay import logs/old.eval > old.jsonl; assay rescore old.jsonl -o new.jsonl; assay export new.jsonl --format inspect-eval -o new.eval`,
    )
    .action(async (typed: string, flags: ExportFlags) => context.exitWith(await exportEvaluation(typed, flags, context.shell)));
}

async function exportEvaluation(typed: string, flags: ExportFlags, shell: Shell): Promise<number> {
  const path = resolve(shell.cwd, flags.output);
  const isFolder = /[\\/]$/.test(flags.output) || ((await stat(path).catch(() => undefined))?.isDirectory() ?? false);
  const faults = new Faults();
  const rules = parsePassRules(flags.pass ?? [], faults);
  if (flags.pass && flags.format !== 'junit') faults.add('--pass', 'is for --format junit; leave it out');
  faults.throwIfAny();
  if (isFolder && (flags.format === 'junit' || flags.format === 'csv'))
    throw new AppError('invalid', `-o ${flags.output} is a folder; name a file for ${flags.format}`);
  const source = await sourceRef(typed, shell.cwd);
  if ('path' in source) {
    const results = await openResults(typed, source.path);
    // The other forms have no metrics.
    if (flags.format !== 'junit' && flags.format !== 'csv') for (const note of results.notes) shell.say(plainText(note));
    return writeAll(fileSource(results), typed, flags, { path, isFolder, rules }, shell);
  }
  return withEvaluation(typed, flags, shell, 'assay export', async ({ client }, evaluationId) =>
    writeAll(await evaluationSource(client, evaluationId), evaluationId, flags, { path, isFolder, rules }, shell),
  );
}

async function writeAll(source: ExportSource, name: string, flags: ExportFlags, place: Place, shell: Shell): Promise<number> {
  const logs = source.logs.filter(
    ({ benchmark, model }) =>
      (flags.benchmark === undefined || benchmark === flags.benchmark) && (flags.model === undefined || model === flags.model),
  );
  if (logs.length === 0) {
    const names = source.logs.slice(0, 10).map(({ benchmark, model }) => `${benchmark} and ${model}`);
    throw new AppError('not_found', `${name} has no such benchmark and model; it has ${plainText(names.join(', ')) || 'none'}`);
  }
  for await (const written of write(source, logs, flags, place)) {
    shell.interrupted.throwIfAborted();
    shell.say(`wrote ${plainText(written)}`);
  }
  return EXIT.ok;
}

interface Place {
  path: string;
  isFolder: boolean;
  rules: PassRule[];
}

async function* write(source: ExportSource, logs: ExportedLog[], { format, output }: ExportFlags, place: Place): AsyncGenerator<string> {
  if (format === 'junit') {
    const { rules } = place;
    const faults = new Faults();
    checkRules(rules, [...new Set(logs.flatMap(({ scorers }) => scorers.map(({ id }) => id)))], faults);
    faults.throwIfAny();
    return yield writeJunit(source, logs, { path: place.path, rules });
  }
  if (format === 'csv') return yield writeCsv(source, logs, place.path);
  if (format === 'lm-eval') return yield* writeLmEval(source, logs, place.path);
  if (logs.length > 1 && !place.isFolder)
    throw new AppError(
      'invalid',
      `these are ${logs.length} benchmarks and models, and a log of Inspect has one: choose by --benchmark and --model, or name a folder (-o ${plainText(output)}/)`,
    );
  const ending = format === 'inspect-eval' ? 'eval' : 'json';
  const keyOf = ({ benchmark, model, id }: ExportedLog): string => JSON.stringify([benchmark, model, id]);
  const names = distinctFileNames(logs.map(keyOf), (key) => (JSON.parse(key) as string[]).map(fileName).join('_'));
  for (const log of logs) {
    const path = place.isFolder ? join(place.path, `${names.get(keyOf(log))!}.${ending}`) : place.path;
    await (format === 'inspect-eval' ? writeEval(source, log, path) : writeJson(source, log, path));
    yield path;
  }
}

async function writeJson(source: ExportSource, log: ExportedLog, path: string): Promise<void> {
  await writeWhole(path, async (output) => {
    await output.write(`${JSON.stringify(inspectHeader(log)).slice(0, -1)},"samples":[`);
    let separator = '';
    for await (const sample of source.samplesOf(log)) {
      await output.write(`${separator}\n${JSON.stringify(inspectSample(log, sample))}`);
      separator = ',';
    }
    await output.write('\n]}\n');
  });
}

/** Summaries of samples in one entry. */
const SUMMARIES = 1000;

async function writeEval(source: ExportSource, log: ExportedLog, path: string): Promise<void> {
  await writeWhole(path, async (output) => {
    const zip = new ZipWriter(output);
    const add = (name: string, content: unknown): Promise<void> => zip.add(name, Buffer.from(JSON.stringify(content)));
    const header = inspectHeader(log);
    await add('_journal/start.json', { version: header.version, eval: header.eval, plan: header.plan });
    let summaries: object[] = [];
    let parts = 0;
    const flush = async (): Promise<void> => {
      if (summaries.length > 0) await add(`_journal/summaries/${++parts}.json`, summaries);
      summaries = [];
    };
    for await (const found of source.samplesOf(log)) {
      const sample = inspectSample(log, found);
      await add(entryName(found.result), sample);
      if (summaries.push(inspectSummary(sample)) === SUMMARIES) await flush();
    }
    await flush();
    await add('header.json', header);
    await zip.end();
  });
}

/** As Inspect names it, but never a way out of the folder where it is unpacked. */
const entryName = ({ sampleId, epoch }: { sampleId: string; epoch: number }): string =>
  `samples/${sampleId.replaceAll('..', '__').replaceAll('\\', '_')}_epoch_${epoch}.json`;

/** A folder for each model, as lm-eval makes it. */
async function* writeLmEval(source: ExportSource, logs: readonly ExportedLog[], folder: string): AsyncGenerator<string> {
  const date = (/^\d{4}-\d\d-\d\dT[\d:.]+/.exec(logs[0]!.created)?.[0] ?? '1970-01-01T00:00:00').replaceAll(':', '-');
  const folders = distinctFileNames(
    logs.map(({ model }) => model),
    (model) => model.replaceAll(/[^\w.-]+/g, '__'),
  );
  for (const [name, own] of Map.groupBy(logs, ({ model }) => model)) {
    const hashes: Record<string, string> = {};
    const at = join(folder, folders.get(name)!);
    const files = distinctFileNames(
      own.map(({ benchmark }) => benchmark),
      taskFileName,
    );
    for (const log of own) {
      const path = join(at, `samples_${files.get(log.benchmark)!}_${date}.jsonl`);
      const hash = createHash('sha256');
      await writeWhole(path, async (output) => {
        for await (const sample of source.samplesOf(log))
          for (const line of lmEvalSamples(log, sample)) {
            hash.update(hashesOf(line));
            await output.write(`${JSON.stringify(line)}\n`);
          }
      });
      hashes[log.benchmark] = hash.digest('hex');
      yield path;
    }
    const path = join(at, `results_${date}.json`);
    await writeWhole(path, (output) => output.write(`${JSON.stringify(lmEvalResults(own, hashes), null, 2)}\n`));
    yield path;
  }
}

/** The results of these logs, in order. */
async function* resultsOf(source: ExportSource, logs: readonly ExportedLog[]) {
  for (const log of logs) yield* source.resultsOf(log);
}

async function writeJunit(
  source: ExportSource,
  logs: readonly ExportedLog[],
  { path, rules }: { path: string; rules: readonly PassRule[] },
): Promise<string> {
  await writeWhole(path, async (output) => {
    await output.write(junitHead(logs[0]!.name));
    for await (const { benchmark, model, sampleId, epoch, state, scores, errorClass, errorMessage, totalMs } of resultsOf(source, logs)) {
      const missed = scores.filter((score) => !passes(score, rules));
      const failure = missed
        .map(({ scorer, value, answer }) => `${scorer}: ${value || 'no verdict'}${answer ? ` (${answer})` : ''}`)
        .join('; ');
      const error = ['errored', 'cancelled', 'dead'].includes(state) ? `${errorClass || state}: ${errorMessage || state}` : undefined;
      await output.write(
        junitCase({
          classname: `${benchmark} · ${model}`,
          name: logs[0]!.epochs > 1 ? `${sampleId} epoch ${epoch}` : sampleId,
          seconds: totalMs / 1000,
          ...(error !== undefined ? { error } : failure === '' ? {} : { failure }),
        }),
      );
    }
    await output.write(JUNIT_END);
  });
  return path;
}

async function writeCsv(source: ExportSource, logs: readonly ExportedLog[], path: string): Promise<string> {
  await writeWhole(path, async (output) => {
    const scorers = scoreColumns(logs.map((log) => log.scorers.map(({ id }) => id)));
    await output.write(csvHeader(scorers));
    for await (const result of resultsOf(source, logs)) await output.write(csvRow(result, scorers));
  });
  return path;
}
