/** What came in, in its parts: the path, the query by its form, the body as JSON. All faults are told at once. */
import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { AppError, invalid, type Fault } from '../../shared/domain/errors.ts';
import { textTooDeep } from '../../shared/domain/json-depth.ts';
import { withDeadline } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

/** Of a body that is JSON. */
export const MAX_BODY_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 200;
const MAX_PARAMETERS = 12_000;
const MAX_ISSUES = 20;

export interface Target {
  /** As they were sent, between slashes. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** undefined: this is no path of ours. Nothing in it is put right: what is not in its one form is not found. */
export function targetOf(url: string | undefined): Target | undefined {
  if (!url?.startsWith('/') || /[\\#\0]/.test(url)) return undefined;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  return { segments: path.slice(1).split('/'), query: new URLSearchParams(at < 0 ? '' : url.slice(at + 1)) };
}

/** undefined: it is no UTF-8 in percents. */
export function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** A query as the row wants it. A list is a name that comes several times; a map's entries are `name.key`. */
export function readQuery(what: string, form: z.ZodObject, query: URLSearchParams): Record<string, unknown> {
  const faults: Fault[] = [];
  const given: Record<string, unknown> = {};
  if (query.size > MAX_PARAMETERS)
    throw invalid(what, [{ place: '', problem: `there are ${query.size} parameters; at most ${MAX_PARAMETERS} are taken` }]);
  for (const [name, value] of query) {
    const [head = '', ...rest] = name.split('.');
    const own = Object.hasOwn(form.shape, head) ? kindOf(form.shape[head] as z.ZodType) : undefined;
    const key = rest.join('.');
    if (own === undefined || (own.type === 'record') !== rest.length > 0) faults.push({ place: name, problem: unknownName(form) });
    else if (own.type === 'array') ((given[head] ??= []) as unknown[]).push(valueOf(own.element, value));
    else if (own.type === 'record') Object.defineProperty((given[head] ??= {}), key, { value, enumerable: true, configurable: true });
    else if (Object.hasOwn(given, head)) faults.push({ place: name, problem: 'is there twice' });
    else given[head] = valueOf(own.type, value);
  }
  return checked(what, form, given, faults);
}

interface Kind {
  type: string;
  element: string;
}

function kindOf(form: z.ZodType): Kind {
  const { type, innerType, element } = form.def as { type: string; innerType?: z.ZodType; element?: z.ZodType };
  if (type === 'optional' && innerType) return kindOf(innerType);
  return { type, element: element ? kindOf(element).type : '' };
}

/** What is no number, or neither true nor false, stays a text: its form says what is wrong with it. */
function valueOf(type: string, text: string): unknown {
  if (type === 'number' && /^-?\d{1,16}(\.\d{1,10})?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

const unknownName = (form: z.ZodObject): string => {
  const names = Object.keys(form.shape);
  return names.length === 0 ? 'is not known: there are no parameters' : `is not known; there are ${names.join(', ')}`;
};

export function checked(what: string, form: z.ZodObject, given: unknown, faults: readonly Fault[] = []): Record<string, unknown> {
  const read = form.safeParse(given);
  if (read.success && faults.length === 0) return read.data;
  throw invalid(what, [...faults, ...(read.error?.issues ?? []).slice(0, MAX_ISSUES).map(faultOf)]);
}

function faultOf(issue: z.core.$ZodIssue): Fault {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
  const place = path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('');
  if (issue.code === 'unrecognized_keys') return { place: place.slice(0, 200), problem: 'is not known here' };
  const { message } = issue;
  return { place: place.slice(0, 200), problem: `${message.charAt(0).toLowerCase()}${message.slice(1)}` };
}

export interface ReadOptions {
  clock: Clock;
  /** Until it must be there. */
  limitMs: number;
  maxBytes?: number;
  /** Told of what comes, before it is kept. */
  take?: (bytes: number) => void;
}

/** The body as JSON; an empty one is {}. Only JSON that says so is taken: a form of another site's page cannot. */
export async function readJson(what: string, request: IncomingMessage, options: ReadOptions): Promise<unknown> {
  const { clock, limitMs, maxBytes = MAX_BODY_BYTES, take = () => undefined } = options;
  const type = request.headers['content-type'];
  const bytes = await withDeadline({ ms: limitMs, what: 'the request', clock }, () => readBytes(what, request, maxBytes, take));
  if (bytes.length === 0) return {};
  if (!/^application\/json *(;|$)/i.test(type ?? ''))
    throw invalid(what, [{ place: 'content-type', problem: `${JSON.stringify(type ?? '')} is not taken; send application/json` }]);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (textTooDeep(text, MAX_DEPTH)) throw invalid(what, [{ place: '', problem: `is more than ${MAX_DEPTH} levels deep` }]);
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw invalid(what, [{ place: '', problem: `the body is not JSON in UTF-8: ${(error as Error).message.slice(0, 100)}` }]);
  }
}

async function readBytes(what: string, request: IncomingMessage, maxBytes: number, take: (bytes: number) => void): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  const tooLarge = (bytes: number): AppError =>
    invalid(what, [{ place: '', problem: `the body has ${bytes} bytes; at most ${maxBytes} are taken` }]);
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(announced);
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) throw tooLarge(size);
      take(part.length);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('cancelled', 'the request broke off', { cause: error });
  }
  return Buffer.concat(parts);
}

/** A method's own words for what is wrong with its request, in the names of this API. `names`: of the query, or of the body. */
export function inOurWords(error: unknown, names: readonly string[]): unknown {
  if (!(error instanceof AppError) || error.code !== 'invalid' || error.faults.length === 0) return error;
  const ours = new Map(names.map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name]));
  const camel = (text: string): string => text.replace(/_json\b/g, '').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  // What is a filter on the wire are the parameters of a query here.
  const placeOf = (place: string): string => (names.includes('filter') ? camel(place) : camel(place).replace(/^filter\.(?=.)/, ''));
  const problemOf = (problem: string): string =>
    problem.replace(/\b[a-z]+(?:_[a-z]+)+\b/g, (word) => ours.get(word.replace(/_json$/, '')) ?? word);
  const what = /^\w+/.exec(error.message)?.[0] ?? 'the request';
  return invalid(
    what,
    error.faults.map(({ place, problem }) => ({ place: placeOf(place), problem: problemOf(problem) })),
  );
}
