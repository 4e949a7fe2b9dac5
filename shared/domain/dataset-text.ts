/** Whether a text is a dataset where a spec is wanted: the two are easily taken for one another on a command line. Pure. */
import { isPlainObject } from './plain-object.ts';

/** A name of a column, quoted or not; a colon is YAML's. */
const COLUMN = /^(?:"[^":]{0,200}"|[^"{}[\]:#\s-][^"{}[\]:#\t]{0,200})$/;

/** The form of the dataset that a text looks like; undefined for anything else. A JSON object that names benchmarks is a spec. */
export function datasetFormIn(text: string): string | undefined {
  const [first = '', second = ''] = firstLines(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (/^\s*\[\s*(?:\{|$)/.test(first) && isListOfObjects(text)) return 'a JSON list';
  const sample = objectIn(first);
  if (sample) return SPEC_FIELDS.some((field) => field in sample) ? undefined : jsonForm(sample, second);
  for (const [separator, form] of [
    [',', 'CSV'],
    ['\t', 'TSV'],
  ] as const) {
    const columns = first.split(separator);
    if (columns.length > 1 && second.includes(separator) && columns.every((column) => COLUMN.test(column.trim()))) return form;
  }
  return undefined;
}

/** Of a spec one of them is in the first object, which is all of it. */
const SPEC_FIELDS = ['benchmarks', 'models', 'extends'];

/** One object alone may be a spec of which everything is missing, which the schema tells better; no spec has an input. */
const jsonForm = (sample: object, second: string): string | undefined =>
  second.startsWith('{') || 'input' in sample ? 'JSONL: an object on each line' : undefined;

/** The first two lines with something in them; a longer text is not split into all of its lines. */
function firstLines(text: string): string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length && lines.length < 2;) {
    const end = text.indexOf('\n', from);
    const line = text.slice(from, end < 0 ? text.length : end).trim();
    if (line !== '') lines.push(line);
    from = end < 0 ? text.length : end + 1;
  }
  return lines;
}

function objectIn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  const value = parsed(line);
  return isPlainObject(value) ? value : undefined;
}

function isListOfObjects(text: string): boolean {
  const value = parsed(text);
  return Array.isArray(value) && value.length > 0 && value.every(isPlainObject);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
