/** Where scores to compare come from: an evaluation, a file of results (`assay results`), or a report (`assay report --json`). */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Evaluation, Report, SampleResult } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { provenanceSchema } from '../../shared/domain/provenance.ts';
import { generateConfigOf } from '../../shared/domain/spec-defaults.ts';
import type { EvaluationSpec } from '../../shared/domain/spec.ts';
import { isFinal } from '../../shared/domain/states.ts';
import { parseRef, resolveRef, type EvaluationRef } from '../evaluation-ref.ts';
import { linesOf } from '../lines.ts';
import { Answered, keyOf } from './answered.ts';
import { metadataOf, unitGroupsOf } from '../export/group.ts';
import { SampleLabels } from './labels.ts';
import { ScoreTable, type Wanted } from './score-table.ts';

/** What was typed, read. */
export type SourceRef = { typed: string; ref: EvaluationRef } | { typed: string; path: string };

export interface Source {
  /** As it was typed, or the evaluation's id. */
  name: string;
  evaluationId?: string;
  /** The evaluation is not over: its scores are those there are now. */
  partial: boolean;
  /** Digests of its datasets by benchmark, where they are known. */
  datasets: Record<string, string>;
  /** Of the calls, by benchmark and model (`keyOf`), where they are known. */
  parameters: Record<string, Record<string, unknown>>;
  answered: Answered;
  table: ScoreTable;
  /** Where groups are asked for. */
  labels?: SampleLabels;
}

/** What is read of a report that lies in a file. */
export type ReportFile = Pick<Report, 'results' | 'totals'> & { state?: Report['state'] };

/** For the help of the commands that take one. */
export const SOURCE =
  'an evaluation (its id, the beginning of it, or `last`), or a file that `assay results` or `assay report --json` wrote';

/** A report is one document. */
const MAX_REPORT_BYTES = 64 << 20;

const nameable = z.string().max(10_000);
const resultSchema = z.object({
  benchmark: nameable,
  model: nameable,
  sampleId: z.coerce.string(),
  scores: z.array(z.object({ scorer: nameable, number: z.number().nullable(), error: z.string().default('') })),
  provenance: provenanceSchema.optional(),
  // Of logs that were imported; lm-eval's have the whole document instead.
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
  doc: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
const finite = z.number();
const reportSchema = z.object({
  state: z.enum(['succeeded', 'failed', 'cancelled']).optional(),
  results: z.array(
    z.object({
      benchmark: nameable,
      model: nameable,
      scorer: nameable,
      metrics: z.record(z.string(), finite),
      counts: z.object({ scored: finite, total: finite }),
      reducer: z.string().default('mean'),
      samples: finite.optional(),
    }),
  ),
  totals: z
    .array(
      z.object({
        ...{ model: nameable, scorer: nameable, reducer: nameable },
        ...{ benchmarks: finite, samples: finite, macro: finite, weighted: finite, pooledStderr: finite },
      }),
    )
    .optional(),
});

/** `invalid` for what is neither an evaluation nor a file that there is; known before any coordinator is asked. */
export async function sourceRef(typed: string, cwd: string): Promise<SourceRef> {
  if (/^(?:last|ev_[^./\\]*)$/.test(typed)) return { typed, ref: parseRef(typed) };
  const path = resolve(cwd, typed);
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new AppError('invalid', `'${typed.slice(0, 200)}' is no evaluation id, and there is no such file; name ${SOURCE}`);
  if (!found.isFile()) throw new AppError('invalid', `${typed} is no file; name ${SOURCE}`);
  return { typed, path };
}

/** by: a field of the samples' metadata, which is read as well. */
export async function readSource(
  source: SourceRef,
  client: AssayClient | undefined,
  wanted: Wanted,
  namespace?: string,
  by?: string,
): Promise<Source> {
  if ('path' in source) return readFileSource(source.typed, source.path, wanted, by);
  const evaluationId = await resolveRef(client!, source.ref, namespace);
  const evaluation = await client!.get(evaluationId);
  const { state, spec } = evaluation;
  const table = new ScoreTable(evaluationId, wanted);
  const { benchmark, model } = wanted;
  const filter = { ...(benchmark === undefined ? {} : { benchmark }), ...(model === undefined ? {} : { model }) };
  const answered = new Answered();
  for await (const result of client!.results(evaluationId, { filter })) {
    table.add(result);
    answered.add(result);
  }
  const datasets = Object.fromEntries((spec?.benchmarks ?? []).flatMap((b) => (b.dataset.digest ? [[b.benchmark, b.dataset.digest]] : [])));
  const labels = by === undefined ? undefined : await labelsOf(client!, evaluation, by, wanted);
  return {
    ...{ name: evaluationId, evaluationId, partial: !isFinal(state), datasets, parameters: parametersOf(spec), answered, table },
    ...(labels ? { labels } : {}),
  };
}

/** Of each benchmark by its first model: its samples are the same for all. */
async function labelsOf(client: AssayClient, evaluation: Evaluation, by: string, wanted: Wanted): Promise<SampleLabels> {
  const labels = new SampleLabels(by, evaluation.evaluationId);
  const groups = unitGroupsOf(evaluation).filter((group, i, all) => all.findIndex((one) => one.benchmark === group.benchmark) === i);
  for (const group of groups) {
    const { benchmark } = group.benchmark;
    if (wanted.benchmark !== undefined && wanted.benchmark !== benchmark) continue;
    for await (const { sampleId, metadata } of metadataOf(client, group)) labels.add(benchmark, sampleId, metadata);
  }
  return labels;
}

function parametersOf(spec: EvaluationSpec | undefined): Source['parameters'] {
  const { benchmarks = [], models = [] } = spec ?? {};
  return Object.fromEntries(benchmarks.flatMap((b) => models.map((m) => [keyOf(b.benchmark, m.model), generateConfigOf(b, m)])));
}

/** Results are read line by line; a report as a whole. */
async function readFileSource(name: string, path: string, wanted: Wanted, by?: string): Promise<Source> {
  const source: Source = {
    name,
    partial: false,
    datasets: {},
    parameters: {},
    answered: new Answered(),
    table: new ScoreTable(name, wanted),
    ...(by === undefined ? {} : { labels: new SampleLabels(by, name) }),
  };
  const input = createReadStream(path);
  try {
    for await (const { number, text } of linesOf(input, name)) {
      if (text.trim() === '') continue;
      const line = jsonOf(text);
      if (number === 1 && !isResult(line)) {
        source.table.addReport(await readReport(name, path));
        break;
      }
      const parsed = resultSchema.safeParse(line);
      if (!parsed.success) throw noResults(`${name} line ${number}`, parsed.error);
      const result = parsed.data as Pick<SampleResult, 'benchmark' | 'model' | 'sampleId' | 'scores' | 'provenance'>;
      source.table.add(result);
      source.answered.add(result);
      const { benchmark, sampleId, metadata, doc } = parsed.data;
      source.labels?.add(benchmark, sampleId, { ...doc, ...metadata });
    }
  } finally {
    input.destroy();
  }
  return source;
}

/** A report's document. `invalid` where it is none. */
export async function readReport(name: string, path: string): Promise<ReportFile> {
  const { size } = await stat(path);
  if (size > MAX_REPORT_BYTES) throw new AppError('invalid', `${name} has ${size} bytes, which no report has; name ${SOURCE}`);
  const parsed = reportSchema.safeParse(jsonOf(await readFile(path, 'utf8')));
  if (!parsed.success) throw noResults(name, parsed.error);
  return parsed.data as unknown as ReportFile;
}

const isResult = (line: unknown): boolean => typeof line === 'object' && line !== null && 'sampleId' in line;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function noResults(place: string, error: z.ZodError): AppError {
  const [issue] = error.issues;
  const where = issue && issue.path.length > 0 ? ` (${issue.path.join('.')} is missing or of another form)` : '';
  return new AppError(
    'invalid',
    `${place}: is neither a result nor a report${where}; name a file that assay results or assay report --json wrote`,
  );
}
