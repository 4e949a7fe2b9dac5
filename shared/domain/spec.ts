/** The evaluation spec: parsing with every fault at once, and its digest. `docs/spec.md` is its manual. */
import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';
import { formatOf, type SourceSpec } from './dataset-uri.ts';
import { AppError, invalid, type Fault } from './errors.ts';
import { digestOf } from './ids.ts';
import { tooDeep } from './json-depth.ts';
import { checkSpec, type PartialSpec } from './spec-checks.ts';
import { faultsOf, inText, placeOfPath, type PlacedFault } from './spec-faults.ts';
import { benchmarkSchema, DEFAULT_MAX_RETRIES, modelSchema, specSchema, type EvaluationSpec } from './spec-schema.ts';

export * from './spec-schema.ts';

/** Bytes of a spec, as text or as JSON on the wire. */
export const MAX_SPEC_BYTES = 1024 * 1024;
/** Lists and objects within each other. */
const MAX_DEPTH = 64;

/** The spec with all defaults filled in, or every fault that it has. Never throws. */
export function readSpec(value: unknown): { spec: EvaluationSpec } | { faults: PlacedFault[] } {
  if (tooDeep(value, MAX_DEPTH))
    return {
      faults: [{ path: [], place: '', problem: `lists and objects lie more than ${MAX_DEPTH} deep within each other; flatten it` }],
    };
  const parsed = specSchema.safeParse(value);
  const halves = halfCharacters(value);
  if (parsed.success) {
    const faults = withHalves(
      checkSpec(parsed.data).map((fault) => inText(fault, value)),
      halves,
    );
    return faults.length === 0 ? { spec: parsed.data } : { faults };
  }
  const faults = faultsOf(parsed.error.issues, value, specSchema);
  // What is whole of the rest is checked as well, so that nobody mends a spec fault by fault.
  const further = checkSpec(wholeParts(value)).filter(({ lacks }) => !lacks || !faults.some((known) => startsWith(known.path, lacks)));
  return { faults: withHalves([...faults, ...further.map((fault) => inText(fault, value))], halves) };
}

const withHalves = (faults: PlacedFault[], halves: readonly PlacedFault[]): PlacedFault[] => [
  ...faults,
  ...halves.filter(({ place }) => !faults.some((known) => known.place === place)),
];

/** Halves of characters (lone surrogates): an escape can write one, UTF-8 cannot hold it, so that it would be another text after its first way over a wire. */
function halfCharacters(value: unknown, path: readonly PropertyKey[] = []): PlacedFault[] {
  if (typeof value === 'string')
    return value.isWellFormed()
      ? []
      : [{ path, place: placeOfPath(path), problem: 'holds half a character (a lone \\ud800 … \\udfff), which no text has; take it out' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const inside = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(key.isWellFormed() ? [] : halfCharacters(key, path)), ...halfCharacters(member, inside)];
  });
}

const startsWith = (path: readonly PropertyKey[], start: readonly PropertyKey[]): boolean => start.every((key, i) => path[i] === key);

/** The schema of a spec where anything may be missing but is right if it is there. */
const partialSchema = specSchema.partial().extend({
  benchmarks: z.array(benchmarkSchema.partial()).optional(),
  models: z.array(modelSchema.partial()).optional(),
});

/** A spec without its wrong parts; a part in which something is missing is wrong as well, so that it takes some rounds. */
function wholeParts(value: unknown): PartialSpec {
  let rest = value;
  for (let climb = 0; climb <= MAX_CLIMB; climb++) {
    const parsed = partialSchema.safeParse(rest);
    if (parsed.success) return parsed.data;
    const paths = faultsOf(parsed.error.issues, rest, partialSchema).map((fault) => fault.path);
    rest = without(
      rest,
      paths.map((path) => path.slice(0, Math.max(1, path.length - climb))),
    );
  }
  return {};
}

/** Levels that a fault lies deep at most, but for free-form values. */
const MAX_CLIMB = 8;

/** A copy of a plain value without what lies at the paths; of a list with a wrong item the whole list goes, but a benchmark or model alone. */
function without(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  if (typeof value !== 'object' || value === null) return {};
  const copy = structuredClone(value);
  for (const path of paths) {
    const isPart = path.length === 2 && typeof path[1] === 'number';
    const member = isPart ? 1 : path.findLastIndex((key) => typeof key !== 'number');
    if (member < 0) continue;
    const parent = path
      .slice(0, member)
      .reduce<unknown>((v, key) => (typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined), copy);
    if (typeof parent !== 'object' || parent === null) continue;
    if (isPart) (parent as Record<PropertyKey, unknown>)[path[1]!] = {};
    else delete (parent as Record<PropertyKey, unknown>)[path[member]!];
  }
  return copy;
}

/** Parses a spec from a plain value. Throws AppError invalid with every fault: place, value found, remedy. */
export function parseSpec(value: unknown): EvaluationSpec {
  const read = readSpec(value);
  if ('faults' in read) throw invalid('spec', firstFaults(read.faults));
  return read.spec;
}

/** The first faults, and how many more there are: a list with a thousand wrong items is one mistake. */
export function firstFaults<T extends Fault>(faults: readonly T[], most = 50): Fault[] {
  return faults.length <= most ? [...faults] : [...faults.slice(0, most), { place: '', problem: `and ${faults.length - most} more` }];
}

/** The value, not checked yet, that the JSON bytes of a submit hold. Throws AppError invalid, without a place. */
export function specValueOf(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MAX_SPEC_BYTES)
    throw new AppError('invalid', `has ${bytes.byteLength} bytes, at most ${MAX_SPEC_BYTES} are taken; put long content into the dataset`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    // V8's message quotes the text around the fault; a spec may hold prompts, so that only its place is passed on.
    const at = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw new AppError('invalid', `is not valid JSON in UTF-8${at ? ` (at character ${at})` : ''}; send the spec as one JSON object`);
  }
}

/**
 * Names what changes the scores or the work. A dataset counts by its digest, so that the same file under another path is
 * the same (without a digest by its uri), and by the form that it is read in; name, tags, metadata, what only says when it runs, and
 * whether an earlier answer to the same call will do, do not count.
 */
export function specDigestOf(spec: EvaluationSpec): string {
  const { name: _name, tags: _tags, metadata: _metadata, priority: _priority, concurrency: _turns, max_samples: _most, ...rest } = spec;
  const { cache: _cache, ...work } = rest;
  const benchmarks = work.benchmarks.map((benchmark) => {
    const { fewshot } = benchmark.prompt;
    const prompt = fewshot ? { ...benchmark.prompt, fewshot: byContent(fewshot) } : benchmark.prompt;
    return { ...benchmark, prompt, dataset: byContent(benchmark.dataset) };
  });
  return digestOf(canonicalJson({ ...work, benchmarks, retry: { ...work.retry, max_retries: retriesOf(work) } }));
}

/** The default was another one once: who says nothing of it has the digest of then, by which the evaluation is found again. */
const retriesOf = ({ retry }: Pick<EvaluationSpec, 'retry'>): number =>
  retry.max_retries === DEFAULT_MAX_RETRIES ? FIRST_DEFAULT_RETRIES : retry.max_retries;
const FIRST_DEFAULT_RETRIES = 6;

/** The same bytes read as CSV and as TSV are other samples: a form other than JSONL counts, however the spec says it. */
function byContent<T extends Partial<SourceSpec> & { digest?: string | undefined }>({ uri, digest, format: _format, ...rest }: T) {
  const format = uri === undefined ? 'jsonl' : formatOf({ uri, format: _format }).format;
  return { ...rest, ...(format === 'jsonl' ? {} : { format }), content: digest ?? uri };
}
