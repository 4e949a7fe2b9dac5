/** `samples_*.jsonl` of lm-evaluation-harness as lines of results: one for each sample and filter, as there. Reads line by line. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { fileName } from '../export/group.ts';
import { linesOf } from '../lines.ts';
import type { ImportedResult } from './inspect-log.ts';
import { parsePythonJson } from './python-json.ts';

/** `samples_TASK_DATE.jsonl`; the results of the same run lie beside it under the same date. */
const FILE_NAME = /^samples_(.+)_(\d{4}-\d\d-\d\dT[\d.-]+)\.jsonl$/s;
const MAX_RESULTS_BYTES = 64 << 20;

const scalar = z.union([z.string(), z.number()]);
const lineSchema = z.looseObject({
  doc_id: z.int().nonnegative(),
  doc: z.record(z.string(), z.unknown()),
  target: z.unknown(),
  resps: z.array(z.unknown()).default([]),
  filtered_resps: z.array(z.unknown()).default([]),
  filter: z.string().default('none'),
  metrics: z.array(z.string()).default([]),
  /** Of logs that were exported from here. */
  epoch: z.int().positive().default(1),
});
const resultsSchema = z.object({ model_name: z.string().nullish(), results: z.record(z.string(), z.unknown()).default({}) });

export const isLmEvalLog = (path: string): boolean => path.endsWith('.jsonl');

/** Throws AppError invalid for what is no such file. */
export async function* lmEvalResults(path: string, name: string): AsyncGenerator<ImportedResult> {
  const names = await namesOf(path);
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
      yield { ...names, ...resultOf(parsed.data) };
    }
  } finally {
    input.destroy();
  }
}

function resultOf(line: z.infer<typeof lineSchema>): Omit<ImportedResult, 'benchmark' | 'model'> {
  const { doc, doc_id: place, epoch, filter, target } = line;
  const output = textIn(line.resps);
  return {
    // As a dataset's samples are named here: by their field `id`, else counted from 1.
    ...{ sampleId: String(scalar.safeParse(doc['id']).data ?? place + 1), epoch, state: 'scored' },
    output: output ?? '',
    target: Array.isArray(target) ? target.map(String) : typeof target === 'string' ? target : JSON.stringify(target ?? ''),
    scores: line.metrics.map((metric) => {
      // Beside log-probabilities there is no text.
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
    errorMessage: '',
  };
}

/** The first text: of one answer, or of the first of several. Undefined for log-probabilities. */
function textIn([first]: readonly unknown[]): string | undefined {
  const [one] = Array.isArray(first) ? (first as unknown[]) : [first];
  return typeof one === 'string' ? one : undefined;
}

/** Of task and model: by the results beside it, else by the names of the file and its folder. */
async function namesOf(path: string): Promise<{ benchmark: string; model: string }> {
  const [, task = basename(path, '.jsonl'), date] = FILE_NAME.exec(basename(path)) ?? [];
  const folder = basename(dirname(path)).replaceAll('__', '/');
  const beside = date === undefined ? undefined : await resultsAt(join(dirname(path), `results_${date}.json`));
  return {
    benchmark: Object.keys(beside?.results ?? {}).find((key) => fileName(key) === task) ?? task,
    model: beside?.model_name || folder || 'unknown',
  };
}

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
