/**
 * A file of results (`assay import`, `assay rescore -o`) as logs to write: read once for what its samples add up to, then once more for the samples
 * of each log. In memory: a number for each score, and the scores of samples that have several lines, as lm-eval's have one for each filter.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { MetricFold } from '../../shared/scoring/metrics.ts';
import { CORPUS_METRICS, countsFor, isOfCorpus } from '../../shared/scoring/metrics/corpus-scores.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { findReducer, reducerOf, type Said } from '../../shared/scoring/reducers.ts';
import type { LikelihoodCounts } from '../../shared/scoring/scorer.ts';
import { addStatistics, type CorpusRow } from '../../shared/scoring/text/corpus.ts';
import { MAX_SCORES } from '../compare/score-table.ts';
import { scorerHere, type LogHead } from '../import/log-head.ts';
import { sampleFactsSchema } from '../import/sample-facts.ts';
import { linesOf } from '../lines.ts';
import type { ExportedLog, ExportedSample, LogRow, LogUsage } from './log.ts';
import { readResultLine } from '../import/result-line.ts';

const nameable = z.string().max(10_000);
const corpusSchema = z.object({
  metric: z.enum(CORPUS_METRICS),
  statistics: z.array(z.number().nonnegative()).max(64),
  beta: z.number().positive().optional(),
});
const scoreSchema = z.object({
  scorer: nameable,
  value: z.string().default(''),
  number: z.number().nullable(),
  ...{ answer: z.string().default(''), explanation: z.string().default(''), error: z.string().default('') },
  counts: z.object({ words: z.number().nonnegative(), bytes: z.number().nonnegative() }).optional(),
  corpus: corpusSchema.optional(),
});
const lineSchema = sampleFactsSchema.extend({
  ...{ benchmark: nameable, model: nameable, sampleId: z.coerce.string().pipe(nameable) },
  epoch: z.int().min(1).max(10_000).default(1),
  state: z.enum(['scored', 'unscored', 'errored', 'cancelled', 'dead']).default('scored'),
  output: z.string(),
  target: z.union([z.string(), z.array(z.string())]),
  choices: z.array(z.string()).nullish(),
  scores: z.array(scoreSchema).default([]),
  ...{ errorClass: z.string().default(''), errorMessage: z.string().default('') },
});
type Line = z.infer<typeof lineSchema>;
type Score = z.infer<typeof scoreSchema>;

/** One benchmark and model of the file. */
interface Part {
  benchmark: string;
  model: string;
  head: LogHead | undefined;
  firstLine: number;
  lastLine: number;
  /** Numbers by scorer and sample, each at its epoch; null: no verdict. */
  numbers: Map<string, Map<number, (number | null | undefined)[]>>;
  /** What the numbers are of, at the same places, where a reducer of the log looks at it. */
  said: Map<string, Map<number, Said[]>>;
  /** What perplexities divide by, by scorer and sample. */
  counts: Map<string, Map<number, LikelihoodCounts>>;
  /** What the answers of all its epochs add to the value of a corpus, by scorer. */
  corpus: Map<string, CorpusRow>;
  /** How many scored lines each scorer has, and how many of them have a row of a corpus, or counts: a value of a part is none of all. */
  whole: Map<string, { scored: number; corpus: number; counts: number }>;
  /** Places of samples by their ids, in the order in which they came. */
  places: Map<string, number>;
  epochs: number;
  /** Lines without an error. */
  completed: number;
  /** The first line of each sample and epoch, and the scores of later ones. */
  lines: Map<string, number>;
  later: Map<string, Score[]>;
  usage: LogUsage;
}

export interface ResultsFile {
  logs: ExportedLog[];
  /** Metrics of the logs that cannot be computed anew, and why; for people. */
  notes: string[];
  samplesOf(log: ExportedLog): AsyncGenerator<ExportedSample>;
}

/** Throws AppError invalid for what is no such file. */
export async function openResults(typed: string, path: string): Promise<ResultsFile> {
  const parts = new Map<string, Part>();
  let scores = 0;
  for await (const { number, line } of parsedLines(typed, path)) {
    const part = partOf(parts, line, number);
    part.lastLine = number;
    part.head ??= line.log;
    scores += add(part, line, number, typed);
    if (scores > MAX_SCORES)
      throw new AppError('invalid', `${typed} has more than ${MAX_SCORES} scores; cut it into a file for each benchmark`);
  }
  const { mtime } = await stat(path);
  const byLog = new Map(Array.from(parts.values(), (part) => [logOfPart(part, mtime.toISOString()), part]));
  return {
    logs: [...byLog.keys()],
    notes: Array.from(byLog, ([log, part]) => notesOf(log, part, typed)).flat(),
    samplesOf: (log) => samplesOfPart(byLog.get(log)!, typed, path),
  };
}

function partOf(parts: Map<string, Part>, { benchmark, model }: Line, number: number): Part {
  const key = JSON.stringify([benchmark, model]);
  let part = parts.get(key);
  if (!part)
    parts.set(
      key,
      (part = {
        ...{ benchmark, model, head: undefined, firstLine: number, lastLine: number, epochs: 1, completed: 0 },
        ...{
          numbers: new Map(),
          said: new Map(),
          counts: new Map(),
          corpus: new Map(),
          whole: new Map(),
          places: new Map(),
          lines: new Map(),
          later: new Map(),
        },
        usage: { inputTokens: 0, outputTokens: 0, reasoningTokens: 0 },
      }),
    );
  return part;
}

/** Returns how much it takes: its scores, and one for itself. */
function add(part: Part, line: Line, number: number, typed: string): number {
  const { sampleId, epoch, scores } = line;
  const key = JSON.stringify([sampleId, epoch]);
  if (part.lines.has(key)) {
    const later = part.later.get(key) ?? [];
    part.later.set(key, [...later, ...scores]);
  } else {
    part.lines.set(key, number);
    if (line.state !== 'errored') part.completed++;
    for (const name of ['inputTokens', 'outputTokens', 'reasoningTokens'] as const) part.usage[name] += line.usage?.[name] ?? 0;
  }
  if (!part.places.has(sampleId)) part.places.set(sampleId, part.places.size);
  part.epochs = Math.max(part.epochs, epoch);
  const place = part.places.get(sampleId)!;
  const looksBehind = part.head?.eval?.config?.epochs_reducer?.some(isBehindNumbers) ?? false;
  for (const { scorer, number: score, value, answer, error, counts, corpus } of scores) {
    let samples = part.numbers.get(scorer);
    if (!samples) part.numbers.set(scorer, (samples = new Map()));
    const epochs = samples.get(place) ?? [];
    samples.set(place, epochs);
    if (epochs[epoch - 1] !== undefined)
      throw new AppError(
        'invalid',
        `${typed} line ${number}: has a score by ${scorer} that sample ${sampleId} of ${part.benchmark} and ${part.model} has already; write each log into a file of its own`,
      );
    epochs[epoch - 1] = error === '' ? score : null;
    if (looksBehind) saidOf(part, scorer, place)[epoch - 1] = { value: value === '' ? undefined : value, answer: inShort(answer) };
    if (score !== null && error === '') {
      const whole = part.whole.get(scorer) ?? { scored: 0, corpus: 0, counts: 0 };
      part.whole.set(scorer, whole);
      whole.scored++;
      if (corpus) whole.corpus++;
      if (counts) whole.counts++;
    }
    if (corpus && score !== null && error === '') addRow(part.corpus, scorer, corpus, `${typed} line ${number}`);
    if (counts) part.counts.set(scorer, (part.counts.get(scorer) ?? new Map<number, LikelihoodCounts>()).set(place, counts));
  }
  return scores.length + 1;
}

/** Rows add up as they come: what is kept is one for each scorer. */
function addRow(sums: Map<string, CorpusRow>, scorer: string, row: CorpusRow, place: string): void {
  const sum = sums.get(scorer);
  if (sum && (sum.metric !== row.metric || sum.beta !== row.beta || sum.statistics.length !== row.statistics.length))
    throw new AppError('invalid', `${place}: counts of ${scorer} another thing than lines before it; rescore the answers by one scorer`);
  sums.set(scorer, sum ? { ...sum, statistics: addStatistics(sum.statistics, row.statistics) } : row);
}

/** Whether a reducer looks at what was said, and not at its number alone. */
const isBehindNumbers = (reducer: string): boolean => reducer === 'mode' || findReducer(reducer)?.ofAnswers === true;

/** Only asked whether it is equal to others, so that a long one need not be kept. */
const inShort = (answer: string): string => (answer.length <= 40 ? answer : createHash('sha256').update(answer).digest('base64'));

function saidOf({ said }: Part, scorer: string, place: number): Said[] {
  const samples = said.get(scorer) ?? new Map<number, Said[]>();
  const epochs = samples.get(place) ?? [];
  said.set(scorer, samples.set(place, epochs));
  return epochs;
}

function logOfPart(part: Part, writtenAt: string): ExportedLog {
  const { benchmark, model, head, epochs, places, usage } = part;
  const { eval: own, plan, stats } = head ?? {};
  const { model_generate_config: config, config: limits, dataset, created = writtenAt, run_id: id = 'imported', ...origin } = own ?? {};
  const reducers = (limits?.epochs_reducer ?? []).filter((name) => reducerOf(name) !== undefined);
  const used = Object.entries(stats?.model_usage ?? {}).map(([name, u]): [string, LogUsage] => [
    name,
    { inputTokens: u.input_tokens, outputTokens: u.output_tokens, reasoningTokens: u.reasoning_tokens ?? 0 },
  ]);
  const log = {
    ...{ id, name: benchmark, benchmark, model, created, epochs },
    ...{ status: head?.status ?? 'success', error: head?.error?.message ?? '' },
    ...{ started: stats?.started_at ?? created, finished: stats?.completed_at ?? created },
    solver: { name: own?.solver ?? plan?.steps.at(-1)?.solver ?? 'generate', args: own?.solver_args ?? plan?.steps.at(-1)?.params ?? {} },
    steps: plan?.steps ?? [],
    config: { ...config, ...plan?.config },
    dataset: { name: benchmark, ...dataset, samples: dataset?.samples ?? places.size },
    ...(limits?.limit === undefined ? {} : { limit: limits.limit }),
    ...{ numFewshot: head?.numFewshot ?? 0, delimiter: head?.delimiter ?? '' },
    ...{ samples: places.size, completed: part.completed, reducers: reducers.length > 0 ? reducers : ['mean'] },
    usage: used.length > 0 ? Object.fromEntries(used) : { [model]: usage },
    ...{ tags: own?.tags ?? [], metadata: own?.metadata ?? {} },
    origin,
  };
  const scorers = Array.from(part.numbers.keys(), (scorer) => {
    const known = head?.scorers.find((one) => one.id === scorer) ?? scorerHere(scorer, scorer, {}, []);
    return 'why' in known ? { id: scorer, name: scorer, args: {}, filters: [] } : known;
  });
  return { ...log, scorers, rows: rowsOf(part, log.reducers) };
}

const hasAll = (part: Part, scorer: string, what: 'corpus' | 'counts'): boolean => {
  const whole = part.whole.get(scorer);
  return whole !== undefined && whole[what] > 0 && whole[what] === whole.scored;
};

/** What a log asked for is computed anew, as far as it is known here: scores may be others now. */
const KNOWN = ['accuracy', 'mean', 'stderr', 'std', 'var', ...LIKELIHOOD_METRICS];

/** Of a log that says nothing. */
const askedOf = (part: Part, scorer: string): string[] => {
  const isRated = hasAll(part, scorer, 'counts');
  const asked = KNOWN.filter(
    (name) => part.head?.metrics[scorer]?.includes(name) && (isRated || !(LIKELIHOOD_METRICS as readonly string[]).includes(name)),
  );
  if (asked.length > 0) return asked;
  return isRated ? ['mean', 'stderr', ...LIKELIHOOD_METRICS] : ['accuracy', 'stderr'];
};

function rowsOf(part: Part, reducers: readonly string[]): LogRow[] {
  const { numbers, said, counts, corpus } = part;
  return [...numbers].flatMap(([scorer, samples]) => {
    const row = hasAll(part, scorer, 'corpus') ? corpus.get(scorer) : undefined;
    // The corpus has one value, whatever the reducer; that of its scorer is what others call by this name.
    const ofCorpus = row && new MetricFold([row.metric]);
    ofCorpus?.add(0, 0, undefined, undefined, { corpus: row });
    return reducers.map((reducer) => {
      const fold = new MetricFold(askedOf(part, scorer), reducerOf(reducer));
      for (const place of [...samples.keys()].toSorted((a, b) => a - b))
        for (const [epoch, value] of samples.get(place)!.entries())
          fold.add(place, value ?? null, undefined, counts.get(scorer)?.get(place), said.get(scorer)?.get(place)?.[epoch]);
      const found = Object.entries({ ...fold.result(), ...ofCorpus?.result() });
      const metrics = Object.fromEntries(found.filter(([, value]) => typeof value === 'number'));
      return { scorer, reducer, metrics, samples: fold.samples, counts: { scored: fold.samples } };
    });
  });
}

/** What a log has and a row here has not. */
function notesOf({ benchmark, model, scorers }: ExportedLog, part: Part, typed: string): string[] {
  const { head } = part;
  return scorers.flatMap(({ id, name, args }) => {
    const asked = head?.metrics[id] ?? [];
    const ofCorpus = CORPUS_METRICS.filter((metric) => asked.includes(metric) || (isOfCorpus(name) && countsFor(metric, { name, args })));
    const perplexities = LIKELIHOOD_METRICS.filter((metric) => asked.includes(metric));
    return [
      ...(hasAll(part, id, 'corpus') ? [] : ofCorpus.map((metric) => [metric, 'the scorer counts in each answer'])),
      ...(hasAll(part, id, 'counts') ? [] : perplexities.map((metric) => [metric, 'log-likelihoods are divided by, words and bytes'])),
    ].map(([metric, what]) => {
      const left = head?.leftOut?.find((one) => one.id === id);
      const remedy = left ? `and it cannot be scored again: ${left.why}` : `assay rescore ${typed} -o NEW, then export that`;
      return `${benchmark} · ${model} · ${id}: ${metric} is left out; it is made of what ${what}, which ${typed} does not have for all of them: ${remedy}`;
    });
  });
}

async function* samplesOfPart(part: Part, typed: string, path: string): AsyncGenerator<ExportedSample> {
  const { firstLine, lastLine, lines, later, places, epochs } = part;
  for await (const { number, line } of parsedLines(typed, path, { firstLine, lastLine })) {
    const key = JSON.stringify([line.sampleId, line.epoch]);
    if (line.benchmark !== part.benchmark || line.model !== part.model || lines.get(key) !== number) continue;
    const place = places.get(line.sampleId)!;
    yield sampleOf({ ...line, scores: [...line.scores, ...(later.get(key) ?? [])] }, place, place * epochs + line.epoch - 1);
  }
}

function sampleOf(line: Line, place: number, unit: number): ExportedSample {
  const { benchmark, model, sampleId, epoch, state, scores, errorClass, errorMessage, input, target, doc, likelihoods } = line;
  return {
    result: {
      ...{ unit, benchmark, model, sampleId, epoch, state, scores, errorClass, errorMessage },
      ...{ completion: line.output, reasoning: line.reasoning ?? '', stopReason: line.stopReason ?? '' },
      usage: { inputTokens: 0, outputTokens: 0, reasoningTokens: 0, ...line.usage, calls: 0, retries: 0 },
      ...(line.returnedModel === undefined ? {} : { provenance: { model: line.returnedModel } }),
      ...{ modelMs: line.modelMs ?? 0, totalMs: line.totalMs ?? 0, agentId: '' },
    },
    ...(input === undefined ? {} : { input }),
    messages: line.messages ?? (input === undefined ? [] : [{ role: 'user', parts: [{ kind: 'text', value: input }] }]),
    target: typeof target === 'string' ? [target] : target,
    choices: line.choices ?? [],
    metadata: line.metadata ?? doc ?? {},
    ...(doc ? { doc } : {}),
    ...(likelihoods ? { likelihoods } : {}),
    ...{ startedAtMs: line.startedAtMs ?? 0, workingMs: line.workingMs ?? 0, truncated: [], docId: line.docId ?? place },
  };
}

async function* parsedLines(
  typed: string,
  path: string,
  { firstLine, lastLine } = { firstLine: 1, lastLine: Infinity },
): AsyncGenerator<{ number: number; line: Line }> {
  const input = createReadStream(path);
  try {
    for await (const { number, text } of linesOf(input, typed)) {
      if (number > lastLine) return;
      if (number >= firstLine && text.trim() !== '') yield { number, line: readResultLine(lineSchema, text, `${typed} line ${number}`) };
    }
  } finally {
    input.destroy();
  }
}
