/** Fields of a dataset's line: by name, by path, or made by a template. Compiled once, read for each line. */
import { AppError } from './errors.ts';
import { compileTemplate } from './template.ts';

export type LineRecord = Record<string, unknown>;
/** Undefined: not there. Throws AppError invalid when a template fails. */
export type FieldReader = (record: LineRecord) => unknown;

/** Whether a mapping is a template over the line's fields and no name. */
export const isTemplate = (field: string): boolean => field.includes('{{');

/** `question`, `answers.text[0]`, `answers.text.0`, or `{{ a }} {{ b }}`. A field that is named like a path goes first. */
export function compileField(field: string, place: string): FieldReader {
  if (isTemplate(field)) {
    const template = inPlace(place, () => compileTemplate(field));
    return (record) => inPlace(place, () => template.render(record));
  }
  const parts = partsOf(field);
  return (record) => {
    if (Object.hasOwn(record, field)) return record[field];
    let value: unknown = record;
    for (const part of parts) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part) || (Array.isArray(value) && part === 'length'))
        return undefined;
      value = (value as LineRecord)[part];
    }
    return value;
  };
}

/** Keys and indexes of a path; `[0]` is `.0`. */
const partsOf = (path: string): string[] => path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');

/** Runs an action; its fault begins with the place. */
export function inPlace<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new AppError('invalid', `${place}: ${AppError.from(error).message}`, { cause: error });
  }
}
