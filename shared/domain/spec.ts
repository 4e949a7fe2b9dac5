/** The evaluation spec: parsing with every fault at once, and its digest. `docs/spec.md` is its manual. */
import { canonicalJson } from './canonical-json.ts';
import { AppError, invalid, type Fault } from './errors.ts';
import { digestOf } from './ids.ts';
import { tooDeep } from './json-depth.ts';
import { checkSpec } from './spec-checks.ts';
import { faultsOf, type PlacedFault } from './spec-faults.ts';
import { specSchema, type EvaluationSpec } from './spec-schema.ts';

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
  if (parsed.success) {
    const faults = checkSpec(parsed.data);
    return faults.length === 0 ? { spec: parsed.data } : { faults };
  }
  const faults = faultsOf(parsed.error.issues, value, specSchema);
  // Wrong values aside, the rest may be whole enough to be checked as well, so that nobody mends a spec fault by fault.
  const rest = specSchema.safeParse(
    without(
      value,
      faults.map((fault) => fault.path),
    ),
  );
  return { faults: rest.success ? [...faults, ...checkSpec(rest.data)] : faults };
}

/** A copy of a plain value without what lies at the paths; of a list with a wrong item the whole list goes. */
function without(value: unknown, paths: readonly (readonly PropertyKey[])[]): unknown {
  const copy = structuredClone(value);
  for (const path of paths) {
    const member = path.findLastIndex((key) => typeof key !== 'number');
    if (member < 0) continue;
    const parent = path
      .slice(0, member)
      .reduce<unknown>((v, key) => (typeof v === 'object' && v !== null ? (v as Record<PropertyKey, unknown>)[key] : undefined), copy);
    if (typeof parent === 'object' && parent !== null) delete (parent as Record<PropertyKey, unknown>)[path[member]!];
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
 * the same (without a digest by its uri); name, tags, metadata and priority do not count.
 */
export function specDigestOf(spec: EvaluationSpec): string {
  const { name: _name, tags: _tags, metadata: _metadata, priority: _priority, ...work } = spec;
  const benchmarks = work.benchmarks.map((benchmark) => {
    const { uri, digest, ...dataset } = benchmark.dataset;
    return { ...benchmark, dataset: { ...dataset, content: digest ?? uri } };
  });
  return digestOf(canonicalJson({ ...work, benchmarks }));
}
