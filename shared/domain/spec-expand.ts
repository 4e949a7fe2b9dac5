/**
 * A benchmark with a list of names stands for one benchmark each: `benchmark: [anatomy, virology]`. In its texts `{{ benchmark }}` is
 * the name, with Liquid's filters where wanted: `file:mmlu/{{ benchmark }}.csv`. Done by the client, as `extends` is; what is sent has
 * one name each. Pure.
 */
import { AppError } from './errors.ts';
import { isPlainObject } from './plain-object.ts';
import type { PlacedFault } from './spec-faults.ts';
import { compileTemplate, type Template } from './template.ts';

/** As many as a spec may have, and some: so that a fault tells how many there are, and a list of thousands makes no copies. */
const MAX_NAMES = 1000;
const NAME = /\{\{-?\s*benchmark\b[^{}]*\}\}/g;

export interface ExpandedSpec {
  value: unknown;
  faults: PlacedFault[];
  /** A path in the expanded value as it is in the one that was written. */
  written(path: readonly PropertyKey[]): readonly PropertyKey[];
}

export function expandBenchmarks(value: unknown): ExpandedSpec {
  const benchmarks: unknown = isPlainObject(value) ? value['benchmarks'] : undefined;
  if (!isPlainObject(value) || !Array.isArray(benchmarks)) return { value, faults: [], written: (path) => path };
  const faults: PlacedFault[] = [];
  /** Of each expanded one, where it was written. */
  const origins: number[] = [];
  const expanded = benchmarks.flatMap((benchmark: unknown, at) => {
    const names = namesOf(benchmark);
    const made = names && origins.length + names.length <= MAX_NAMES ? namedEach(benchmark as object, names, at, faults) : [benchmark];
    for (const _ of made) origins.push(at);
    return made;
  });
  return {
    value: { ...value, benchmarks: expanded },
    faults,
    written: ([first, index, ...rest]) =>
      first === 'benchmarks' && typeof index === 'number' && origins[index] !== undefined
        ? [first, origins[index], ...rest]
        : [first, index, ...rest].filter((key) => key !== undefined),
  };
}

/** The names of a benchmark that has a list of them; undefined for anything else, which the schema judges. */
function namesOf(benchmark: unknown): string[] | undefined {
  const names: unknown = isPlainObject(benchmark) ? benchmark['benchmark'] : undefined;
  return Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
}

function namedEach(benchmark: object, names: readonly string[], at: number, faults: PlacedFault[]): unknown[] {
  const templates = new Map<string, Template>();
  const rendered = (text: string, name: string): string =>
    text.replaceAll(NAME, (source) => {
      const template = templates.get(source) ?? compileTemplate(source);
      templates.set(source, template);
      return template.render({ benchmark: name });
    });
  const named = (value: unknown, name: string): unknown => {
    if (typeof value === 'string') return value.startsWith('inline:') ? value : rendered(value, name);
    if (Array.isArray(value)) return value.map((item) => named(item, name));
    return isPlainObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, named(item, name)])) : value;
  };
  try {
    return names.map((name) => ({ ...(named({ ...benchmark, benchmark: '' }, name) as object), benchmark: name }));
  } catch (error) {
    faults.push({ path: ['benchmarks', at], place: `benchmarks[${at}]`, problem: `{{ benchmark }}: ${AppError.from(error).message}` });
    return [{ ...benchmark, benchmark: names[0] }];
  }
}
