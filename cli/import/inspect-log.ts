/** A log of Inspect AI, JSON or the zipped `.eval`, as lines of results: for `compare`, `gate`, `score`, `rescore` and `export`. */
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { ContentPart } from '../../shared/client/types.ts';
import { AppError } from '../../shared/domain/errors.ts';
import type { LikelihoodCounts } from '../../shared/scoring/scorer.ts';
import { valueToNumber } from '../../shared/scoring/values.ts';
import { headOf } from './log-head.ts';
import type { SampleFacts } from './sample-facts.ts';
import { parsePythonJson } from './python-json.ts';
import { zipEntries } from './zip-reader.ts';

/** What `compare` and `gate` read of a result, `score` and `rescore` of an answer, and `export` of a sample. */
export interface ImportedResult extends SampleFacts {
  benchmark: string;
  model: string;
  sampleId: string;
  epoch: number;
  state: 'scored' | 'errored';
  output: string;
  target: string | string[];
  choices?: string[];
  scores: {
    scorer: string;
    value: string;
    number: number | null;
    answer: string;
    explanation?: string;
    error: string;
    counts?: LikelihoodCounts;
  }[];
  errorMessage: string;
}

/** A JSON log is read as a whole. */
const MAX_JSON_BYTES = 256 << 20;

const partSchema = z.looseObject({ type: z.string().optional(), text: z.string().optional() });
const contentSchema = z.union([z.string(), z.array(z.union([z.string(), partSchema]))]);
const messageSchema = z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']).catch('user'), content: contentSchema });
const plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const seconds = z.number().nonnegative().nullish().catch(undefined);
const tokens = z.int().nonnegative().catch(0);
const sampleSchema = z.object({
  id: z.union([z.string(), z.number()]),
  epoch: z.number().default(1),
  target: z.union([z.string(), z.array(z.string())]),
  choices: z.array(z.string()).nullish(),
  input: z
    .union([z.string(), z.array(messageSchema)])
    .optional()
    .catch(undefined),
  messages: z.array(messageSchema).catch([]),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  output: z
    .object({
      completion: z.string().nullish(),
      model: z.string().optional().catch(undefined),
      choices: z
        .array(z.object({ message: z.object({ content: contentSchema }), stop_reason: z.string().optional().catch(undefined) }))
        .default([]),
      usage: z.object({ input_tokens: tokens, output_tokens: tokens, reasoning_tokens: tokens.nullish() }).nullish().catch(undefined),
      time: seconds,
    })
    .nullish(),
  scores: z
    .record(z.string(), z.object({ value: z.unknown(), answer: z.string().nullish(), explanation: z.string().nullish().catch(undefined) }))
    .nullish(),
  error: z.object({ message: z.string() }).nullish(),
  attachments: z.record(z.string(), z.string()).default({}),
  started_at: z.string().nullish().catch(undefined),
  ...{ total_time: seconds, working_time: seconds },
});
type LogSample = z.infer<typeof sampleSchema>;
const evalSchema = z.looseObject({ eval: z.looseObject({ task: z.string(), model: z.string() }) });
const logSchema = evalSchema.extend({ samples: z.array(z.unknown()).nullish() });

/** The samples of a log, in its order; the first one has the log's head. Throws AppError invalid for what is none. */
export async function* inspectResults(path: string, name: string): AsyncGenerator<ImportedResult> {
  const file = await open(path).catch((error: unknown) => {
    throw new AppError('invalid', `${name} cannot be read: ${(error as Error).message}; name a log of Inspect`);
  });
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    yield* withHead(start.toString('latin1') === 'PK' ? zippedResults(file, name) : jsonResults(path, size, name));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EISDIR' ? new AppError('invalid', `${name} is a folder; name a log in it`) : error;
  } finally {
    await file.close();
  }
}

interface LoggedSample {
  log: z.infer<typeof evalSchema>;
  sample: LogSample;
}

async function* withHead(samples: AsyncIterable<LoggedSample>): AsyncGenerator<ImportedResult> {
  let isFirst = true;
  for await (const { log, sample } of samples) {
    yield { ...resultOf(log, sample), ...(isFirst ? { log: headOf(log) } : {}) };
    isFirst = false;
  }
}

async function* jsonResults(path: string, size: number, name: string): AsyncGenerator<LoggedSample> {
  if (size > MAX_JSON_BYTES)
    throw new AppError(
      'invalid',
      `${name} has ${size} bytes, at most ${MAX_JSON_BYTES} are read at once; convert it to the .eval form (inspect log convert)`,
    );
  const log = parsed(logSchema, await readFile(path), name);
  for (const [i, sample] of (log.samples ?? []).entries()) yield { log, sample: checked(sampleSchema, sample, `${name} samples[${i}]`) };
}

async function* zippedResults(file: FileHandle, name: string): AsyncGenerator<LoggedSample> {
  const entries = await zipEntries(file, name);
  const head = entries.find((entry) => entry.name === 'header.json') ?? entries.find((entry) => entry.name === '_journal/start.json');
  if (!head) throw new AppError('invalid', `${name}: has no header.json, so it is no log of Inspect; name one`);
  const log = parsed(evalSchema, await head.read(), `${name} ${head.name}`);
  // A sample that was written again stands in it twice; the last one counts, as for Python's zipfile.
  for (const entry of new Map(entries.map((one) => [one.name, one])).values())
    if (/^samples\/.*\.json$/s.test(entry.name)) yield { log, sample: parsed(sampleSchema, await entry.read(), `${name} ${entry.name}`) };
}

/** A score of several numbers has none of its own: each part becomes a score, `scorer.part`. */
function resultOf({ eval: { task, model } }: z.infer<typeof evalSchema>, sample: LogSample): ImportedResult {
  const { id, epoch, choices, error, attachments } = sample;
  const whole = (text: string): string =>
    text.startsWith('attachment://') ? (attachments[text.slice('attachment://'.length)] ?? text) : text;
  const scores = Object.entries(sample.scores ?? {}).flatMap(([scorer, { value, answer, explanation }]) =>
    Object.entries(typeof value === 'object' && value !== null ? value : { '': value }).map(([part, of]) => {
      const known = plain.safeParse(of);
      return {
        scorer: part === '' ? scorer : `${scorer}.${part}`,
        value: known.success && known.data !== null ? String(known.data) : '',
        number: known.success ? valueToNumber(known.data) : null,
        answer: whole(answer ?? ''),
        ...(explanation ? { explanation: whole(explanation) } : {}),
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
    ...factsOf(sample, whole),
  };
}

/** What is no matter of scores. */
function factsOf({ input, messages, metadata, output, started_at, total_time, working_time }: LogSample, whole: Whole): SampleFacts {
  const asked = (messages.length > 0 ? messages : typeof input === 'string' ? [] : (input ?? [])).map(({ role, content }) => ({
    role,
    parts: partsOf(content, whole),
  }));
  // The answer stands beside them.
  if (asked.at(-1)?.role === 'assistant' && output?.choices.length) asked.pop();
  const [only] = asked;
  const isInput = typeof input === 'string' && asked.length === 1 && only!.role === 'user' && textOf(only!.parts) === whole(input);
  const [choice] = output?.choices ?? [];
  const reasoning = typeof choice?.message.content === 'object' ? reasoningOf(choice.message.content) : '';
  const { usage } = output ?? {};
  const startedAtMs = Date.parse(started_at ?? '');
  return {
    ...(typeof input === 'string' ? { input: whole(input) } : {}),
    ...(asked.length > 0 && !isInput ? { messages: asked } : {}),
    ...(metadata && Object.keys(metadata).length > 0 ? { metadata } : {}),
    ...(reasoning ? { reasoning } : {}),
    ...(choice?.stop_reason ? { stopReason: choice.stop_reason } : {}),
    ...(output?.model ? { returnedModel: output.model } : {}),
    ...(usage
      ? { usage: { inputTokens: usage.input_tokens, outputTokens: usage.output_tokens, reasoningTokens: usage.reasoning_tokens ?? 0 } }
      : {}),
    ...(output?.time ? { modelMs: output.time * 1000 } : {}),
    ...(Number.isNaN(startedAtMs) ? {} : { startedAtMs }),
    ...(total_time ? { totalMs: total_time * 1000 } : {}),
    ...(working_time ? { workingMs: working_time * 1000 } : {}),
  };
}

type Whole = (text: string) => string;
type Content = z.infer<typeof contentSchema>;

/** Text, images and sound; in place of what has no place here stands its kind. */
function partsOf(content: Content, whole: Whole): ContentPart[] {
  if (typeof content === 'string') return [{ kind: 'text', value: whole(content) }];
  return content.map((part): ContentPart => {
    if (typeof part === 'string') return { kind: 'text', value: whole(part) };
    const { type = 'text', text } = part;
    for (const kind of ['image', 'audio'] as const)
      if (type === kind && typeof part[kind] === 'string') return { kind, value: whole(part[kind]) };
    return { kind: 'text', value: type === 'text' ? whole(text ?? '') : `(${type})` };
  });
}

const textOf = (parts: readonly ContentPart[]): string | undefined =>
  parts.length === 1 && parts[0]!.kind === 'text' ? parts[0]!.value : undefined;

const reasoningOf = (content: Exclude<Content, string>): string =>
  content
    .flatMap((part) =>
      typeof part === 'object' && part.type === 'reasoning' && typeof part['reasoning'] === 'string' ? [part['reasoning']] : [],
    )
    .join('\n');

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
    const why = bytes.length === 0 ? 'is empty' : 'is no JSON, or was cut off';
    throw new AppError('invalid', `${place}: ${why}, so no log of Inspect; name one that is whole`);
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
