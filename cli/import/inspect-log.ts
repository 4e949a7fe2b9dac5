/** A log of Inspect AI, JSON or the zipped `.eval`, as lines of results: for `compare`, `gate` and `score`. */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';
import { parsePythonJson } from './python-json.ts';
import { zipEntries } from './zip-reader.ts';

/** What `compare` and `gate` read of a result, and `score` of an answer. */
export interface ImportedResult {
  benchmark: string;
  model: string;
  sampleId: string;
  epoch: number;
  state: 'scored' | 'errored';
  output: string;
  target: string | string[];
  choices?: string[];
  scores: { scorer: string; value: string; number: number | null; answer: string; error: string }[];
  errorMessage: string;
}

/** A JSON log is read as a whole. */
const MAX_JSON_BYTES = 256 << 20;

const partSchema = z.looseObject({ type: z.string().optional(), text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(z.union([z.string(), partSchema]))]);
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const sampleSchema = z.object({
  id: z.union([z.string(), z.number()]),
  epoch: z.number().default(1),
  target: z.union([z.string(), z.array(z.string())]),
  choices: z.array(z.string()).nullish(),
  output: z
    .object({
      completion: z.string().nullish(),
      choices: z.array(z.object({ message: z.object({ content: contentSchema }) })).default([]),
    })
    .nullish(),
  scores: z.record(z.string(), z.object({ value: z.unknown(), answer: z.string().nullish() })).nullish(),
  error: z.object({ message: z.string() }).nullish(),
  attachments: z.record(z.string(), z.string()).default({}),
});
type LogSample = z.infer<typeof sampleSchema>;
const evalSchema = z.object({ eval: z.object({ task: z.string(), model: z.string() }) });
const logSchema = evalSchema.extend({ samples: z.array(z.unknown()).nullish() });

/** The samples of a log, in its order. Throws AppError invalid for what is none. */
export async function* inspectResults(path: string, name: string): AsyncGenerator<ImportedResult> {
  const file = await open(path).catch((error: unknown) => {
    throw new AppError('invalid', `${name} cannot be read: ${(error as Error).message}; name a log of Inspect`);
  });
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    yield* start.toString('latin1') === 'PK' ? zippedResults(file, name) : jsonResults(path, size, name);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EISDIR' ? new AppError('invalid', `${name} is a folder; name a log in it`) : error;
  } finally {
    await file.close();
  }
}

async function* jsonResults(path: string, size: number, name: string): AsyncGenerator<ImportedResult> {
  if (size > MAX_JSON_BYTES)
    throw new AppError(
      'invalid',
      `${name} has ${size} bytes, at most ${MAX_JSON_BYTES} are read at once; convert it to the .eval form (inspect log convert)`,
    );
  const log = parsed(logSchema, await readFile(path), name);
  for (const [i, sample] of (log.samples ?? []).entries()) yield resultOf(log, checked(sampleSchema, sample, `${name} samples[${i}]`));
}

async function* zippedResults(file: FileHandle, name: string): AsyncGenerator<ImportedResult> {
  const entries = await zipEntries(file, name);
  const head = entries.find((entry) => entry.name === 'header.json') ?? entries.find((entry) => entry.name === '_journal/start.json');
  if (!head) throw new AppError('invalid', `${name}: has no header.json, so it is no log of Inspect; name one`);
  const log = parsed(evalSchema, await head.read(), `${name} ${head.name}`);
  // A sample that was written again stands in it twice; the last one counts, as for Python's zipfile.
  for (const entry of new Map(entries.map((one) => [one.name, one])).values())
    if (/^samples\/.*\.json$/s.test(entry.name)) yield resultOf(log, parsed(sampleSchema, await entry.read(), `${name} ${entry.name}`));
}

/** A score of several numbers has none of its own: each part becomes a score, `scorer.part`. */
function resultOf({ eval: { task, model } }: z.infer<typeof evalSchema>, sample: LogSample): ImportedResult {
  const { id, epoch, choices, error, attachments } = sample;
  const whole = (text: string): string =>
    text.startsWith('attachment://') ? (attachments[text.slice('attachment://'.length)] ?? text) : text;
  const scores = Object.entries(sample.scores ?? {}).flatMap(([scorer, { value, answer }]) =>
    Object.entries(typeof value === 'object' && value !== null ? value : { '': value }).map(([part, of]) => {
      const known = plain.safeParse(of);
      return {
        scorer: part === '' ? scorer : `${scorer}.${part}`,
        value: known.success && known.data !== null ? String(known.data) : '',
        number: known.success ? valueToNumber(known.data) : null,
        answer: answer ?? '',
        error: '',
      };
    }),
  );
  return {
    ...{ benchmark: task, model, sampleId: String(id), epoch, state: error ? 'errored' : 'scored' },
    output: whole(completionOf(sample)),
    target: typeof sample.target === 'string' ? whole(sample.target) : sample.target.map(whole),
    ...(choices ? { choices: choices.map(whole) } : {}),
    scores,
    errorMessage: error?.message ?? '',
  };
}

/** As Inspect takes it: the text of the first choice, the parts of a list on lines of their own. */
function completionOf({ output }: LogSample): string {
  const content = output?.choices[0]?.message.content;
  if (content === undefined) return output?.completion ?? '';
  if (typeof content === 'string') return content;
  return content.flatMap((part) => (typeof part === 'string' ? [part] : part.type === 'text' ? [part.text ?? ''] : [])).join('\n');
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, place: string): T {
  let value: unknown;
  try {
    value = parsePythonJson(bytes.toString('utf8'));
  } catch {
    throw new AppError('invalid', `${place}: is no JSON, so no log of Inspect; name one that ends in .json or .eval`);
  }
  return checked(schema, value, place);
}

function checked<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError(
    'invalid',
    `${place}: is not as in a log of Inspect (${issue!.path.join('.') || 'the whole'} is missing or of another form); name one`,
  );
}
