/** From a line of a dataset to a sample, and from a sample to its prompt. Templates are compiled once per benchmark. */
import { isUtf8 } from 'node:buffer';
import { AppError } from './errors.ts';
import { textTooDeep } from './json-depth.ts';
import type { BenchmarkSpec, DatasetSpec } from './spec-schema.ts';
import { compileTemplate, type Template } from './template.ts';

/** One dataset item, in Inspect's words. */
export interface Sample {
  id: string | number;
  input: string;
  /** Any of them is a right answer. */
  target: string[];
  choices?: string[];
  metadata: Record<string, unknown>;
}

export interface Prompt {
  system?: string;
  user: string;
}

export interface CompiledBenchmark {
  /** `ordinal`: the line's number among the dataset's samples, from 1; the id of a sample without one. Throws AppError invalid. */
  map(line: Uint8Array | string, ordinal: number): Sample;
  /** Throws AppError invalid when the template asks for what the sample lacks. */
  prompt(sample: Sample): Prompt;
}

/** Lists and objects within each other in one line; lines below so many characters cannot nest harmfully. */
const MAX_DEPTH = 1000;
const SHORT_CHARS = 4096;

type LineRecord = Record<string, unknown>;

/** A benchmark's mapping and templates, ready for any number of samples. */
export function compileBenchmark(benchmark: BenchmarkSpec): CompiledBenchmark {
  const { dataset, prompt } = benchmark;
  const inputTemplate = compileAt('input_template', dataset.input_template);
  const targetTemplate = compileAt('target_template', dataset.target_template);
  const promptTemplate = compileAt('prompt.template', prompt.template);
  return {
    map: (line, ordinal) => applyTemplates(mapFields(parseLine(line), ordinal, dataset), inputTemplate, targetTemplate),
    prompt(sample) {
      const user = renderAt('prompt.template', promptTemplate, variablesOf(sample));
      return prompt.system_message === undefined ? { user } : { system: prompt.system_message, user };
    },
  };
}

function compileAt<T extends string | undefined>(place: string, source: T): T extends string ? Template : Template | undefined;
function compileAt(place: string, source: string | undefined): Template | undefined {
  return source === undefined ? undefined : inPlace(place, () => compileTemplate(source));
}

const renderAt = (place: string, template: Template, variables: LineRecord): string => inPlace(place, () => template.render(variables));

function inPlace<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new AppError('invalid', `${place}: ${AppError.from(error).message}`, { cause: error });
  }
}

/** What templates see. A single target is text, several are a list. */
const variablesOf = (sample: Sample): LineRecord => ({
  input: sample.input,
  target: sample.target.length === 1 ? sample.target[0] : sample.target,
  choices: sample.choices ?? null,
  id: sample.id,
  metadata: sample.metadata,
});

/** The input's template sees the fields as they were mapped; the target's template is rendered for each target alone. */
function applyTemplates(sample: Sample, inputTemplate: Template | undefined, targetTemplate: Template | undefined): Sample {
  if (!inputTemplate && !targetTemplate) return sample;
  const variables = variablesOf(sample);
  const input = inputTemplate ? renderAt('input_template', inputTemplate, variables) : sample.input;
  const target = targetTemplate
    ? inPlace('target_template', () => targetTemplate.renderEach(variables, 'target', sample.target))
    : sample.target;
  return { ...sample, input, target };
}

function parseLine(line: Uint8Array | string): LineRecord {
  if (typeof line !== 'string' && !isUtf8(line)) throw new AppError('invalid', 'is not valid UTF-8; save the dataset as UTF-8');
  const text = typeof line === 'string' ? line : Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  if (text.length > SHORT_CHARS && textTooDeep(text, MAX_DEPTH))
    throw new AppError('invalid', `has lists and objects more than ${MAX_DEPTH} deep within each other; flatten it`);
  let value: unknown;
  try {
    // Whole numbers that a double would round (ids, long sums) are kept as their digits; the slow way only where one may be.
    value = /\d{16}/.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
  } catch {
    throw new AppError('invalid', 'is not valid JSON; a dataset has one JSON object on each line');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('invalid', `is ${kindOf(value)}, must be a JSON object such as {"input": "…", "target": "…"}`);
  return value as LineRecord;
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '');
  return isRounded ? context!.source : value;
}

function mapFields(record: LineRecord, ordinal: number, { fields }: DatasetSpec): Sample {
  const input = text(field(record, fields.input, 'input'), fields.input, 'input');
  const target = targets(field(record, fields.target, 'target'), fields.target);
  const choices = choicesOf(record, fields.choices);
  return {
    id: idOf(record, fields.id, ordinal),
    input,
    target,
    ...(choices ? { choices } : {}),
    metadata: metadataOf(record, fields.metadata),
  };
}

/** The value at a field's name, or at its dotted path through objects. Undefined: not there. */
function lookUp(record: LineRecord, name: string): unknown {
  if (Object.hasOwn(record, name)) return record[name];
  let value: unknown = record;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as LineRecord)[part];
  }
  return value;
}

function field(record: LineRecord, name: string, role: string): unknown {
  const value = lookUp(record, name);
  if (value !== undefined) return value;
  throw new AppError('invalid', `has no field "${name}" (dataset.fields.${role}); it has ${namesOf(record)}`);
}

function namesOf(record: LineRecord): string {
  const names = Object.keys(record);
  if (names.length === 0) return 'none at all';
  const shown = names.slice(0, 20).map((name) => (name.length > 60 ? `${name.slice(0, 57)}…` : name));
  return `${shown.join(', ')}${names.length > shown.length ? `, and ${names.length - shown.length} more` : ''}`;
}

function text(value: unknown, name: string, role: string): string {
  const scalar = scalarText(value);
  if (scalar !== undefined) return scalar;
  throw new AppError(
    'invalid',
    `has ${kindOf(value)} in the field "${name}" (dataset.fields.${role}), must be text; name the part of it, as "${name}.PART"`,
  );
}

const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

function targets(value: unknown, name: string): string[] {
  if (!Array.isArray(value)) return [text(value, name, 'target')];
  if (value.length === 0)
    throw new AppError('invalid', `has an empty list in the field "${name}" (dataset.fields.target); give it at least one target`);
  return value.map((item, i) => text(item, `${name}[${i}]`, 'target'));
}

/** The mapped field must be a list of text; without a mapping the field `choices` is taken if it is one. */
function choicesOf(record: LineRecord, mapped: string | undefined): string[] | undefined {
  const value = mapped === undefined ? record['choices'] : field(record, mapped, 'choices');
  const choices = Array.isArray(value) ? value.map(scalarText) : undefined;
  if (choices && !choices.includes(undefined)) return choices as string[];
  if (mapped === undefined) return undefined;
  throw new AppError('invalid', `has ${kindOf(value)} in the field "${mapped}" (dataset.fields.choices), must be a list of text`);
}

/** The mapped field, else the field `id` if it is usable, else the ordinal. */
function idOf(record: LineRecord, mapped: string | undefined, ordinal: number): string | number {
  const value = mapped === undefined ? record['id'] : field(record, mapped, 'id');
  if ((typeof value === 'string' && value !== '' && value.length <= 1000) || Number.isFinite(value)) return value as string | number;
  if (mapped === undefined) return ordinal;
  throw new AppError(
    'invalid',
    `has ${value === '' ? 'empty text' : kindOf(value)} in the field "${mapped}" (dataset.fields.id), must be a number or text of at most 1000 characters`,
  );
}

/** The fields asked for, under their names; without a mapping the field `metadata` if it is an object. */
function metadataOf(record: LineRecord, names: readonly string[]): Record<string, unknown> {
  if (names.length > 0) return Object.fromEntries(names.map((name) => [name, field(record, name, 'metadata')]));
  const own = record['metadata'];
  return typeof own === 'object' && own !== null && !Array.isArray(own) ? (own as LineRecord) : {};
}

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
