/** `path=value` on the command line: one field of a spec, set before the spec is checked. */
import { AppError } from './errors.ts';
import { isPlainObject, put } from './plain-object.ts';
import { readDocument } from './spec-document.ts';
import { placeOfPath, showValue } from './spec-faults.ts';

export interface Setting {
  path: (string | number)[];
  value: unknown;
}

const EXAMPLE = 'models[0].generate_config.temperature=0.2';
/** A key after a point, an index or a quoted key in brackets. */
const STEP = /\.?([^.[\]="'\s]+)|\[(\d{1,9})\]|\[("(?:[^"\\]|\\.)*")\]/y;
const MAX_STEPS = 64;

/** `models[0].generate_config.temperature=0.2`, `metadata["a.b"]=x`; the value is YAML. Throws AppError invalid, without a place. */
export function parseSetting(text: string): Setting {
  const path: (string | number)[] = [];
  let at = 0;
  while (at < text.length && text[at] !== '=') {
    STEP.lastIndex = at;
    const [step, key, index, quoted] = STEP.exec(text) ?? [];
    if (!step || path.length === MAX_STEPS || (path.length === 0) !== (key !== undefined && step === key)) break;
    path.push(index === undefined ? (key ?? unquote(quoted!)) : Number(index));
    at += step.length;
  }
  if (text[at] !== '=' || path.length === 0)
    throw new AppError(
      'invalid',
      `is no PATH=VALUE${at > 0 ? ` (it cannot be read from character ${at + 1} on)` : ''}; write it as ${EXAMPLE}`,
    );
  const value = text.slice(at + 1);
  if (value.trim() === '')
    throw new AppError('invalid', 'has no value after the =; write "" for empty text, and null to take the field out');
  try {
    return { path, value: readDocument(value, 'value').value };
  } catch (error) {
    throw new AppError(
      'invalid',
      `has a value that is no YAML; put it into quotes (${AppError.from(error).message.replace(/^spec: /, '')})`,
    );
  }
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw new AppError('invalid', `has the key ${quoted.slice(0, 60)}, which is no text in quotes as JSON has it`);
  }
}

/** Sets it in a plain value of one's own, making what is missing on the way; null takes it out. Throws AppError invalid, without a place. */
export function applySetting(root: Record<string, unknown>, { path, value }: Setting): void {
  let inner: unknown = root;
  for (const [i, key] of path.entries()) {
    const here = placeOfPath(path.slice(0, i)) || 'the spec';
    if (Array.isArray(inner)) checkIndex(inner, key, here, value === null && i === path.length - 1);
    else if (!isPlainObject(inner))
      throw new AppError('invalid', `goes into ${here}, which is ${showValue(inner)} and has nothing inside; set it whole`);
    else if (typeof key === 'number') throw new AppError('invalid', `takes item ${key} of ${here}, which is no list; name a field`);
    if (i === path.length - 1) setMember(inner as object, key, value);
    else inner = innerOf(inner as object, key, path[i + 1]!);
  }
}

function checkIndex(list: readonly unknown[], key: string | number, here: string, removes: boolean): void {
  if (typeof key !== 'number')
    throw new AppError('invalid', `takes "${key}" of ${here}, which is a list; say which item, as in ${here}[0].${key}`);
  if (key >= list.length + (removes ? 0 : 1))
    throw new AppError('invalid', `takes item ${key} of ${here}, which has ${list.length}; the next one is ${here}[${list.length}]`);
}

function setMember(parent: object, key: string | number, value: unknown): void {
  if (value !== null) put(parent, key, value);
  else if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as Record<string, unknown>)[key];
}

function innerOf(parent: object, key: string | number, next: string | number): unknown {
  const known = Object.hasOwn(parent, key) ? (parent as Record<PropertyKey, unknown>)[key] : undefined;
  if (known !== undefined && known !== null) return known;
  const made = typeof next === 'number' ? [] : {};
  put(parent, key, made);
  return made;
}
