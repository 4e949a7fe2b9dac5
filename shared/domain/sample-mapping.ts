/** From a line of a dataset to a sample. */
import { isUtf8 } from 'node:buffer';
import { lastUser, looksLikeMessages, readMessages, textOf, withLastUserText, type ChatMessage } from './chat.ts';
import { AppError } from './errors.ts';
import { textTooDeep } from './json-depth.ts';
import { compileField, inPlace, isTemplate, type FieldReader, type LineRecord } from './record-fields.ts';
import type { DatasetSpec } from './spec-schema.ts';
import { compileTemplate } from './template.ts';

/** One dataset item, in Inspect's words. */
export interface Sample {
  id: string | number;
  input: string | ChatMessage[];
  /** Any of them is a right answer. */
  target: string[];
  choices?: string[];
  metadata: Record<string, unknown>;
}

/** The input as text: of messages, that of the last one of the user. */
export const inputText = ({ input }: Sample): string => (typeof input === 'string' ? input : textOf(input[lastUser(input)]!));

/** What templates see. A single target is text, several are a list. */
export const variablesOf = (sample: Sample): LineRecord => ({
  input: inputText(sample),
  target: sample.target.length === 1 ? sample.target[0] : sample.target,
  choices: sample.choices ?? null,
  id: sample.id,
  metadata: sample.metadata,
});

/** The longest id, characters. */
const MAX_ID_CHARS = 1000;
/** Lists and objects within each other in one line; lines below so many characters cannot nest harmfully. */
const MAX_DEPTH = 1000;
const SHORT_CHARS = 4096;

/** `ordinal`: the line's number among the dataset's samples, from 1; the id of a sample without one. Throws AppError invalid. */
export type MapLine = (line: Uint8Array | string, ordinal: number) => Sample;

/** A dataset's mapping and templates, ready for any number of lines. Throws AppError invalid for a template that is none. */
export function compileMapping(dataset: DatasetSpec): MapLine {
  const fields = readersOf(dataset);
  const inputTemplate = compileAt('input_template', dataset.input_template);
  const targetTemplate = compileAt('target_template', dataset.target_template);
  return (line, ordinal) => {
    const record = parseLine(line);
    const choices = choicesOf(record, fields.choices);
    const sample: Sample = {
      id: idOf(record, fields.id, ordinal),
      input: inputOf(required(record, fields.input), fields.input),
      target: targetsOf(required(record, fields.target), fields.target),
      ...(choices ? { choices } : {}),
      metadata: metadataOf(record, fields.metadata),
    };
    if (!inputTemplate && !targetTemplate) return sample;
    // The input's template sees the fields as they were mapped; the target's template is rendered for each target alone.
    const variables = variablesOf(sample);
    const { input, target } = sample;
    if (inputTemplate) {
      const text = inPlace('input_template', () => inputTemplate.render(variables));
      sample.input = typeof input === 'string' ? text : withLastUserText(input, text);
    }
    if (targetTemplate) sample.target = inPlace('target_template', () => targetTemplate.renderEach(variables, 'target', target));
    return sample;
  };
}

const compileAt = (place: string, source: string | undefined) =>
  source === undefined ? undefined : inPlace(place, () => compileTemplate(source));

/** A mapped field: how it is read, and how faults name it. */
interface Field {
  read: FieldReader;
  /** As the spec has it. */
  name: string;
  role: string;
  isTemplate: boolean;
}

function fieldOf(name: string, role: string): Field {
  return { read: compileField(name, `dataset.fields.${role}`), name, role, isTemplate: isTemplate(name) };
}

function readersOf({ fields }: DatasetSpec) {
  return {
    input: fieldOf(fields.input, 'input'),
    target: fieldOf(fields.target, 'target'),
    id: fields.id === undefined ? undefined : fieldOf(fields.id, 'id'),
    choices: fields.choices === undefined ? undefined : fieldOf(fields.choices, 'choices'),
    metadata: fields.metadata.map((name) => fieldOf(name, 'metadata')),
  };
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
    const notJson = /\b(?:NaN|Infinity)\b/.exec(text)?.[0];
    throw new AppError(
      'invalid',
      `is not valid JSON; a dataset has one JSON object on each line${notJson ? ` (JSON knows no ${notJson}; write null)` : ''}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AppError('invalid', `is ${kindOf(value)}, must be a JSON object such as {"input": "…", "target": "…"}`);
  return value as LineRecord;
}

function keepLongIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '');
  return isRounded ? context!.source : value;
}

function required(record: LineRecord, field: Field): unknown {
  const value = field.read(record);
  if (value !== undefined) return value;
  throw new AppError('invalid', `has no field "${field.name}" (dataset.fields.${field.role}); it has ${namesOf(record)}`);
}

function namesOf(record: LineRecord): string {
  const names = Object.keys(record);
  if (names.length === 0) return 'none at all';
  const shown = names.slice(0, 20).map((name) => (name.length > 60 ? `${name.slice(0, 57)}…` : name));
  return `${shown.join(', ')}${names.length > shown.length ? `, and ${names.length - shown.length} more` : ''}`;
}

const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'boolean' || Number.isFinite(value) ? String(value) : undefined;

function textAt(value: unknown, name: string, role: string): string {
  const scalar = scalarText(value);
  if (scalar !== undefined) return scalar;
  const wanted = role === 'input' ? 'text or a list of chat messages' : 'text';
  throw new AppError(
    'invalid',
    `has ${kindOf(value)} in the field "${name}" (dataset.fields.${role}), must be ${wanted}; name the part of it, as "${name}.PART"`,
  );
}

const inputOf = (value: unknown, { name, role }: Field): string | ChatMessage[] =>
  looksLikeMessages(value) ? readMessages(value, name) : textAt(value, name, role);

function targetsOf(value: unknown, { name, role }: Field): string[] {
  if (!Array.isArray(value)) return [textAt(value, name, role)];
  if (value.length === 0)
    throw new AppError('invalid', `has an empty list in the field "${name}" (dataset.fields.target); give it at least one target`);
  return value.map((item, i) => textAt(item, `${name}[${i}]`, role));
}

/** The mapped field must be a list of text; without a mapping the field `choices` is taken if it is one. */
function choicesOf(record: LineRecord, field: Field | undefined): string[] | undefined {
  const found = field === undefined ? record['choices'] : required(record, field);
  const value = field?.isTemplate ? listOf(found as string) : found;
  const choices = Array.isArray(value) ? value.map(scalarText) : undefined;
  if (choices && !choices.includes(undefined)) return choices as string[];
  if (field === undefined) return undefined;
  throw new AppError(
    'invalid',
    field.isTemplate
      ? 'makes no list of text (dataset.fields.choices); the template must write one as JSON, as {{ options | json }} does'
      : `has ${kindOf(value)} in the field "${field.name}" (dataset.fields.choices), must be a list of text`,
  );
}

/** What a template made, as the JSON that it must be. */
function listOf(text: string): unknown {
  if (textTooDeep(text, 2)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The mapped field, else the field `id` if it is usable, else the ordinal. */
function idOf(record: LineRecord, field: Field | undefined, ordinal: number): string | number {
  const value = field === undefined ? record['id'] : required(record, field);
  if (isId(value)) return value;
  if (field === undefined) return ordinal;
  const found = value === '' ? 'empty text' : typeof value === 'string' && !value.isWellFormed() ? 'half a character' : kindOf(value);
  throw new AppError(
    'invalid',
    `has ${found} in the field "${field.name}" (dataset.fields.id), must be a number or text of at most ${MAX_ID_CHARS} characters`,
  );
}

// Half a surrogate pair would be another character after its first way over a wire.
const isId = (value: unknown): value is string | number =>
  typeof value === 'string' ? value !== '' && value.length <= MAX_ID_CHARS && value.isWellFormed() : Number.isFinite(value);

/** The fields asked for, under their names; without a mapping the field `metadata` if it is an object. */
function metadataOf(record: LineRecord, fields: readonly Field[]): Record<string, unknown> {
  if (fields.length > 0) return Object.fromEntries(fields.map((field) => [field.name, required(record, field)]));
  const own = record['metadata'];
  return typeof own === 'object' && own !== null && !Array.isArray(own) ? (own as LineRecord) : {};
}

const kindOf = (value: unknown): string =>
  value === Infinity || value === -Infinity
    ? 'a number beyond 1.8e308, which JSON readers take for infinity'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;
