/** `samples_*.jsonl` of lm-evaluation-harness as lines of results: one for each sample and filter, as there. Reads line by line. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Likelihood } from '../../shared/scoring/likelihoods.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { distinctFileNames, taskFileName } from '../export/file-names.ts';
import { linesOf } from '../lines.ts';
import type { ImportedResult } from './inspect-log.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { wordsOf } from '../../shared/scoring/scorers/loglikelihood.ts';
import { lmEvalHead, LOGLIKELIHOOD } from './lm-eval-head.ts';
import type { LogHead } from './log-head.ts';
import { parsePythonJson } from './python-json.ts';

/** `samples_TASK_DATE.jsonl`; the results of the same run lie beside it under the same date. */
const FILE_NAME = /^samples_(.+)_(\d{4}-\d\d-\d\dT[\d.-]+)\.jsonl$/s;
const MAX_RESULTS_BYTES = 64 << 20;

const scalar = z.union([z.string(), z.number()]);
const lineSchema = z.looseObject({
  doc_id: z.int().nonnegative(),
  doc: z.record(z.string(), z.unknown()),
  target: z.unknown(),
  arguments: z.record(z.string(), z.record(z.string(), z.unknown())).catch({}),
  resps: z.array(z.unknown()).default([]),
  filtered_resps: z.array(z.unknown()).default([]),
  filter: z.string().default('none'),
  metrics: z.array(z.string()).default([]),
  /** Of logs that were exported from here. */
  epoch: z.int().positive().default(1),
});
type Line = z.infer<typeof lineSchema>;
const resultsSchema = z.object({
  model_name: z.string().nullish(),
  results: z.record(z.string(), z.unknown()).default({}),
  configs: z.record(z.string(), z.unknown()).catch({}),
});

export const isLmEvalLog = (path: string): boolean => path.endsWith('.jsonl');

/** Throws AppError invalid for what is no such file. */
export async function* lmEvalResults(path: string, name: string): AsyncGenerator<ImportedResult> {
  const { log, ...names } = await namesOf(path);
  let isFirst = true;
  const input = createReadStream(path);
  try {
    for await (const { number, text } of linesOf(input, name)) {
      if (text.trim() === '') continue;
      const parsed = lineSchema.safeParse(jsonOf(text));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new AppError(
          'invalid',
          `${name} line ${number}: is not as in a log of lm-eval (${issue!.path.join('.') || 'the whole'} is missing or of another form); name one that --log_samples wrote`,
        );
      }
      yield { ...names, ...resultOf(parsed.data), ...(isFirst ? { log } : {}) };
      isFirst = false;
    }
  } finally {
    input.destroy();
  }
}

function resultOf(line: Line): Omit<ImportedResult, 'benchmark' | 'model'> {
  const { doc, doc_id: place, epoch, filter, target } = line;
  const likelihoods = ratedIn(line);
  // Beside log-probabilities there is no text.
  const output = likelihoods ? undefined : textIn(line.resps);
  const prompt = line.arguments['gen_args_0']?.['arg_0'];
  return {
    // As a dataset's samples are named here: by their field `id`, else counted from 1.
    ...{ sampleId: String(scalar.safeParse(doc['id']).data ?? place + 1), epoch, state: 'scored' },
    output: output ?? '',
    target: Array.isArray(target) ? target.map(String) : typeof target === 'string' ? target : JSON.stringify(target ?? ''),
    scores: scoresOf(line, output),
    errorMessage: '',
    ...{ doc, docId: place, filter },
    ...(typeof prompt === 'string' ? { input: prompt } : {}),
    ...(likelihoods ? { likelihoods } : {}),
  };
}

function scoresOf(line: Line, output: string | undefined): ImportedResult['scores'] {
  const { filter } = line;
  const isPerplexity = (metric: string): boolean => (LIKELIHOOD_METRICS as readonly string[]).includes(metric);
  const rated = loglikelihoodOf(line, line.metrics.filter(isPerplexity));
  return [
    ...line.metrics
      .filter((metric) => !rated || !isPerplexity(metric))
      .map((metric) => {
        const answer = output === undefined ? '' : (textIn(line.filtered_resps) ?? '');
        const value = line[metric];
        const number = typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : null;
        return {
          scorer: filter === 'none' ? metric : `${metric},${filter}`,
          value: number === null ? '' : String(number),
          number,
          answer,
          error: '',
        };
      }),
    ...(rated ? [rated] : []),
  ];
}

const weighed = z.union([z.number(), z.tuple([z.number(), z.number().nonnegative()])]);

/** Several perplexities are of one log-likelihood: alone, or with the words or bytes that it is divided by. */
function loglikelihoodOf(line: Line, perplexities: readonly string[]): ImportedResult['scores'][number] | undefined {
  const read = perplexities.map((name) => ({ name, ...weighed.safeParse(line[name]) }));
  const [first] = read;
  if (!first || read.some(({ success }) => !success)) return undefined;
  const number = typeof first.data === 'number' ? first.data : first.data![0];
  const text = typeof line.target === 'string' ? line.target : '';
  const countOf = (isWords: boolean): number | undefined =>
    read
      .map(({ name, data }) => (Array.isArray(data) && (name === 'word_perplexity') === isWords ? data[1] : undefined))
      .find((n) => n !== undefined);
  const counts = { words: countOf(true) ?? wordsOf(text), bytes: countOf(false) ?? Buffer.byteLength(text) };
  return { scorer: LOGLIKELIHOOD.id, value: String(number), number, answer: '', error: '', counts };
}

const pairSchema = z.tuple([
  z.tuple([z.coerce.number(), z.union([z.boolean(), z.enum(['True', 'False']).transform((word) => word === 'True')])]),
]);

/**
 * Of texts that were rated: each with what it got, and whether it is right. The same texts behind nothing may follow (`acc_mutual_info`). Undefined
 * for generated ones, and where the texts are not told.
 */
function ratedIn({ resps, arguments: requests, doc, target }: Line): Likelihood[] | undefined {
  const pairs = z
    .array(pairSchema)
    .min(1)
    .safeParse(resps)
    .data?.map(([pair]) => pair);
  const asked = resps.map((_, i) => requests[`gen_args_${i}`] ?? {});
  if (!pairs) return rollingIn(resps, asked);
  const isAlone = pairs.length > 1 && pairs.length % 2 === 0 && asked.slice(pairs.length / 2).every((args) => args['arg_0'] === '');
  const count = isAlone ? pairs.length / 2 : pairs.length;
  const { data: choices } = z.array(z.string()).length(count).safeParse(doc['choices']);
  const continuations = z.array(z.string()).safeParse(asked.slice(0, count).map((args) => args['arg_1'])).data;
  // A text is what stands behind the delimiter, a space as a rule.
  const texts =
    choices && continuations?.every((one, i) => one.endsWith(choices[i]!)) ? choices : continuations?.map((one) => one.replace(/^ /, ''));
  if (!texts) return undefined;
  const places =
    typeof target === 'number'
      ? [target]
      : (String(target).match(/^\[?(\d+(?:, \d+)*)\]?$/)?.[1] ?? '').split(', ').filter(Boolean).map(Number);
  const isTarget = (text: string, i: number): boolean => count === 1 || (places.length > 0 ? places.includes(i) : text === target);
  return texts.map((text, i) => ({
    ...{ text, logLikelihood: pairs[i]![0], isGreedy: pairs[i]![1], isTarget: isTarget(text, i), tokens: 0 },
    ...(isAlone ? { unconditional: pairs[count + i]![0] } : {}),
  }));
}

/** A rolling text is asked for alone, while a prompt that is answered comes with settings, and is answered by its log-likelihood alone. */
function rollingIn(resps: readonly unknown[], [args = {}]: readonly Record<string, unknown>[]): Likelihood[] | undefined {
  const { data } = z.tuple([z.tuple([z.coerce.number()])]).safeParse(resps);
  const { arg_0: text } = args;
  if (!data || typeof text !== 'string' || Object.keys(args).length !== 1) return undefined;
  return [{ text, logLikelihood: data[0][0], isGreedy: false, isTarget: true, tokens: 0 }];
}

/** The first text: of one answer, or of the first of several. Undefined for log-probabilities. */
function textIn([first]: readonly unknown[]): string | undefined {
  const [one] = Array.isArray(first) ? (first as unknown[]) : [first];
  return typeof one === 'string' ? one : undefined;
}

/** Task, model and what is said of both: by the results beside it, else by the names of the file and its folder. */
async function namesOf(path: string): Promise<{ benchmark: string; model: string; log: LogHead }> {
  const [, task = basename(path, '.jsonl'), date] = FILE_NAME.exec(basename(path)) ?? [];
  const folder = basename(dirname(path)).replaceAll('__', '/');
  const beside = date === undefined ? undefined : await resultsAt(join(dirname(path), `results_${date}.json`));
  const names = Object.keys(beside?.results ?? {});
  const [benchmark] = [...distinctFileNames(names, taskFileName)].find(([name, file]) => task === file || task === ownFileName(name)) ?? [
    task,
  ];
  // 2026-01-02T03-04-05.123456, a time of the host it ran on.
  const created = date?.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:');
  return {
    benchmark,
    model: beside?.model_name || folder || 'unknown',
    log: lmEvalHead(beside?.configs[benchmark], beside?.results[benchmark], created),
  };
}

/** lm-eval's: Python's \W, of any length. */
const ownFileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N}_]/gu, '_');

async function resultsAt(path: string): Promise<z.infer<typeof resultsSchema> | undefined> {
  const size = await stat(path).then(
    (found) => found.size,
    () => Infinity,
  );
  return size > MAX_RESULTS_BYTES ? undefined : resultsSchema.safeParse(jsonOf(await readFile(path, 'utf8'))).data;
}

/** undefined for what is none. */
function jsonOf(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return undefined;
  }
}
