/** What the ledger's scripts use of Lua 5.1's library and of cjson, and nothing more: anything else throws. */
import { LuaTable, NULL, type LuaValue } from './lua-table.ts';

/** As printf's %.14g: how Lua and cjson write numbers. */
export function formatNumber(value: number, digits = 14): string {
  if (Number.isInteger(value) && Math.abs(value) < 10 ** digits) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  // The shortest text that means this number is its rounded one as well, where it has so few digits that there is no other.
  if (digits < 16 && Math.abs(value) >= 1e-4 && Math.abs(value) < 1e14) {
    const shortest = String(value);
    if (shortest.length <= digits) return shortest;
  }
  const exponent = Number(value.toExponential(digits - 1).split('e')[1]);
  if (exponent >= -4 && exponent < digits) {
    const fixed = value.toFixed(Math.max(0, digits - 1 - exponent));
    return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
  }
  const [mantissa = '', power = ''] = value.toExponential(digits - 1).split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}

export const isTrue = (value: LuaValue): boolean => value !== undefined && value !== false;

export function toText(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatNumber(value);
  throw new Error(`lua: ${typeof value} is neither string nor number`);
}

export function toNumber(value: LuaValue): number {
  const number = typeof value === 'number' ? value : parsed(value);
  if (number === undefined) throw new Error(`lua: ${JSON.stringify(value)} is no number`);
  return number;
}

const DECIMAL = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

function parsed(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !DECIMAL.test(value)) return undefined;
  return Number(value);
}

function tableOf(value: LuaValue): LuaTable {
  if (value instanceof LuaTable) return value;
  throw new Error('lua: no table');
}

export function lengthOf(value: LuaValue): number {
  return typeof value === 'string' ? value.length : tableOf(value).length;
}

export const indexOf = (table: LuaValue, key: LuaValue): LuaValue => tableOf(table).get(key);

export const setIndex = (table: LuaValue, key: LuaValue, value: LuaValue): void => tableOf(table).set(key, value);

export const entriesOf = (value: LuaValue): [LuaValue, LuaValue][] => tableOf(value).entries();

/** What ipairs goes through. */
export const itemsOf = (value: LuaValue): readonly LuaValue[] => tableOf(value).list;

/** From and to as string.sub takes them, as a slice. */
function bounds(length: number, from: number, to: number): [number, number] {
  const first = from < 0 ? Math.max(1, length + from + 1) : Math.max(1, from);
  const last = to < 0 ? length + to + 1 : Math.min(length, to);
  return [first - 1, Math.max(first - 1, last)];
}

function format(pattern: LuaValue, value: LuaValue): string {
  if (pattern === '%.17g') return formatNumber(toNumber(value), 17);
  if (pattern === '%.0f') return toNumber(value).toFixed(0);
  if (pattern === '%.3f') return toNumber(value).toFixed(3);
  throw new Error(`lua: string.format(${JSON.stringify(pattern)}) is not known here`);
}

function match(text: LuaValue, pattern: LuaValue): LuaValue {
  if (pattern !== '^(%d+)|') throw new Error(`lua: string.match(${JSON.stringify(pattern)}) is not known here`);
  return /^(\d+)\|/.exec(toText(text))?.[1];
}

/** Every character, translated by a table. Only the first result of Lua's. */
function gsub(text: LuaValue, pattern: LuaValue, map: LuaValue): string {
  if (pattern !== '.') throw new Error(`lua: string.gsub(${JSON.stringify(pattern)}) is not known here`);
  return toText(text)
    .split('')
    .map((character) => toText(tableOf(map).get(character) ?? character))
    .join('');
}

function insert(table: LuaValue, value: LuaValue): void {
  tableOf(table).set(tableOf(table).length + 1, value);
}

function sort(table: LuaValue, isBefore: (a: LuaValue, b: LuaValue) => LuaValue): void {
  tableOf(table).list.sort((a, b) => (isTrue(isBefore(a, b)) ? -1 : isTrue(isBefore(b, a)) ? 1 : 0));
}

export function decodeJson(text: LuaValue): LuaValue {
  return fromJson(JSON.parse(toText(text)));
}

function fromJson(value: unknown): LuaValue {
  if (value === null) return NULL;
  if (Array.isArray(value)) return new LuaTable(value.map(fromJson));
  if (typeof value !== 'object') return value as string | number | boolean;
  const table = new LuaTable();
  for (const [key, own] of Object.entries(value)) table.set(key, fromJson(own));
  return table;
}

/** As lua-cjson: an empty table is an object. */
export function encodeJson(value: LuaValue): string {
  if (value === NULL || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'boolean') return String(value);
  const table = tableOf(value);
  if (table.isList && table.length > 0) return `[${table.list.map(encodeJson).join(',')}]`;
  return `{${entriesOf(table)
    .map(([key, own]) => `${JSON.stringify(toText(key))}:${encodeJson(own)}`)
    .join(',')}}`;
}

/** The globals of a script, but for `redis`, KEYS and ARGV. */
export const LIBRARY = {
  tonumber: (value: LuaValue): LuaValue => parsed(value),
  tostring: (value: LuaValue): string =>
    typeof value === 'number' || typeof value === 'string' ? toText(value) : value === undefined ? 'nil' : JSON.stringify(value),
  type: (value: LuaValue): string => {
    if (value instanceof LuaTable) return 'table';
    return value === undefined ? 'nil' : value === NULL ? 'userdata' : typeof value;
  },
  unpack: (table: LuaValue): readonly LuaValue[] => itemsOf(table),
  string: {
    sub: (text: LuaValue, from: LuaValue, to: LuaValue = -1): string =>
      toText(text).slice(...bounds(toText(text).length, toNumber(from), toNumber(to))),
    /** All of them: the translator spreads it where several values may stand, and takes the first elsewhere. */
    byte: (text: LuaValue, from: LuaValue = 1, to: LuaValue = from): number[] => {
      if (from === to && typeof from === 'number' && from > 0 && typeof text === 'string')
        return from <= text.length ? [text.charCodeAt(from - 1)] : [];
      return Array.from(toText(text).slice(...bounds(toText(text).length, toNumber(from), toNumber(to))), (c) => c.charCodeAt(0));
    },
    char: (...codes: LuaValue[]): string => String.fromCharCode(...codes.map(toNumber)),
    rep: (text: LuaValue, count: LuaValue): string => toText(text).repeat(Math.max(0, toNumber(count))),
    format,
    match,
    gsub,
  },
  table: {
    insert,
    /** Moves what comes after it. */
    remove: (table: LuaValue, at: LuaValue): LuaValue => tableOf(table).list.splice(toNumber(at) - 1, 1)[0],
    sort,
    concat: (table: LuaValue, separator: LuaValue = ''): string => itemsOf(table).map(toText).join(toText(separator)),
  },
  math: {
    floor: (value: LuaValue): number => Math.floor(toNumber(value)),
    ceil: (value: LuaValue): number => Math.ceil(toNumber(value)),
    min: (...values: LuaValue[]): number => Math.min(...values.map(toNumber)),
    max: (...values: LuaValue[]): number => Math.max(...values.map(toNumber)),
  },
  cjson: { encode: encodeJson, decode: decodeJson, null: NULL },
};

/** A table as it is written down: its list as far as it goes, and its keys. */
export function newTable(list: LuaValue[], others: readonly (readonly [LuaValue, LuaValue])[] = []): LuaTable {
  const gap = list.indexOf(undefined);
  const table = new LuaTable(gap < 0 ? list : list.slice(0, gap));
  if (gap >= 0) for (let i = gap + 1; i < list.length; i++) table.set(i + 1, list[i]);
  for (const [key, value] of others) table.set(key, value);
  return table;
}
