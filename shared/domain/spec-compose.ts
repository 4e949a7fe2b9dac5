/**
 * A spec made of several files: `extends: base.yaml` (or a list) and `--set path=value`. Done by the client; what is sent is whole.
 *
 * The layers are the bases, each after its own bases, then the spec, then the settings. Objects merge, lists and anything else
 * replace, null takes out what came before. Then benchmarks with several names become several. Faults keep the file, line and column that they come from.
 */
import { datasetSource } from './dataset-uri.ts';
import { AppError, invalid, type Fault } from './errors.ts';
import { isPlainObject, mergePlain } from './plain-object.ts';
import { readDocument, type SpecDocument } from './spec-document.ts';
import { expandBenchmarks, type ExpandedSpec } from './spec-expand.ts';
import { placeOfPath, showValue, type PlacedFault } from './spec-faults.ts';
import { applySetting, parseSetting, type Setting } from './spec-set.ts';
import { firstFaults, readSpec, type EvaluationSpec } from './spec.ts';

export interface SpecSource {
  /** As faults name it; the same file has the same name. */
  name: string;
  text: string;
  /** A dataset's path in this file, as it is seen from the spec's folder; by default as it is. */
  relocate?(path: string): string;
}

export interface ComposeOptions {
  /** Finds a base: its name as it is written, and the file that says so. Throws AppError invalid. */
  load(reference: string, from: SpecSource): Promise<SpecSource>;
  /** Each `path=value`, later ones win. */
  settings?: readonly string[];
  /** What else is wrong with the composed spec, such as files that are not there; told with the places that it comes from. */
  check?(spec: EvaluationSpec): Promise<readonly PlacedFault[]>;
}

const MAX_DEPTH = 10;
const MAX_FILES = 100;

/** The spec, composed and checked. Throws AppError invalid with every fault. */
export async function composeSpec(source: SpecSource, options: ComposeOptions): Promise<EvaluationSpec> {
  const layers = await new Layers(options.load).of(source, []);
  const settings = readSettings(options.settings ?? []);
  const values = layers.map((layer) => layer.value);
  const value = structuredClone(values.length === 1 ? values[0] : values.reduce(mergePlain, {}));
  apply(settings, value);
  const expanded = expandBenchmarks(value);
  const read = readSpec(expanded.value);
  const found = 'spec' in read ? ((await options.check?.(read.spec)) ?? []) : read.faults;
  const faults = [...expanded.faults, ...found.map((fault) => asWritten(fault, expanded.written))];
  if ('spec' in read && faults.length === 0) return read.spec;
  throw invalid('spec', firstFaults(inPlace(onceEach(faults), layers, settings)));
}

/** A fault of a benchmark that stands for several lies where that one was written; the same of all of them is one fault. */
function asWritten(fault: PlacedFault, written: ExpandedSpec['written']): PlacedFault {
  const path = written(fault.path);
  return { ...fault, path, place: placeOfPath(path) };
}

const onceEach = (faults: readonly PlacedFault[]): PlacedFault[] => [
  ...new Map(faults.map((fault) => [JSON.stringify([fault.place, fault.problem]), fault])).values(),
];

interface Layer {
  document: SpecDocument;
  /** Without `extends`, datasets relocated. */
  value: unknown;
}

/** Reads files, bases first. */
class Layers {
  readonly #load: ComposeOptions['load'];
  #files = 0;

  constructor(load: ComposeOptions['load']) {
    this.#load = load;
  }

  /** `above`: the names of the files that lead here. */
  async of(source: SpecSource, above: readonly string[]): Promise<Layer[]> {
    const document = readDocument(source.text, source.name);
    const names = [...above, source.name];
    const fail = (problem: string): AppError => invalid('spec', [{ place: `${document.place(['extends'])} extends`, problem }]);
    const layers: Layer[] = [];
    for (const reference of basesOf(document.value, fail)) {
      if (names.length > MAX_DEPTH) throw fail(`is more than ${MAX_DEPTH} files deep; flatten it`);
      if (++this.#files > MAX_FILES) throw fail(`is one of more than ${MAX_FILES} files; flatten them`);
      const base = await this.#load(reference, source).catch((error: unknown) => {
        throw fail(AppError.from(error).message);
      });
      if (names.includes(base.name)) throw fail(`comes back to ${base.name} (${[...names, base.name].join(' → ')}); take one of them out`);
      const found = await this.of(base, names);
      const { value } = found.at(-1)!;
      if (!isPlainObject(value)) throw fail(`names ${base.name}, which holds no fields of a spec; name a YAML or JSON file that does`);
      layers.push(...found);
    }
    return [
      ...layers,
      { document, value: relocated(withoutExtends(document.value), above.length > 0 ? source.relocate?.bind(source) : undefined) },
    ];
  }
}

function basesOf(value: unknown, fail: (problem: string) => AppError): string[] {
  if (!isPlainObject(value) || !Object.hasOwn(value, 'extends')) return [];
  const own = value['extends'];
  const references = Array.isArray(own) ? (own as unknown[]) : [own];
  if (references.length > 0 && references.every((one) => typeof one === 'string' && one.trim() !== '')) return references as string[];
  throw fail(`is ${showValue(own)}, must be the name of a file, such as base.yaml, or a list of names`);
}

function withoutExtends(value: unknown): unknown {
  if (!isPlainObject(value)) return value;
  const { extends: _bases, ...rest } = value;
  return rest;
}

/** Dataset paths start at the file that says them; the composed spec's start at its own folder. */
function relocated(value: unknown, relocate: ((path: string) => string) | undefined): unknown {
  if (!relocate || !isPlainObject(value) || !Array.isArray(value['benchmarks'])) return value;
  const move = (owner: unknown): void => {
    if (!isPlainObject(owner) || typeof owner['uri'] !== 'string' || !/^file:/i.test(owner['uri'])) return;
    try {
      const source = datasetSource({ uri: owner['uri'] });
      if (source.kind === 'file') owner['uri'] = `file:${relocate(source.path)}`;
    } catch {
      // A uri that is none is a fault of the composed spec.
    }
  };
  const copy = structuredClone(value);
  for (const benchmark of copy['benchmarks'] as unknown[]) {
    if (!isPlainObject(benchmark)) continue;
    move(benchmark['dataset']);
    if (isPlainObject(benchmark['prompt'])) move(benchmark['prompt']['fewshot']);
  }
  return copy;
}

function readSettings(texts: readonly string[]): Setting[] {
  const faults: Fault[] = [];
  const settings = texts.flatMap((text) => {
    try {
      return [parseSetting(text)];
    } catch (error) {
      // A value may be anything; what is told is what stands before it.
      faults.push({ place: `--set ${text.split('=')[0]!.slice(0, 100)}`.trimEnd(), problem: AppError.from(error).message });
      return [];
    }
  });
  if (faults.length > 0) throw invalid('spec', faults);
  return settings;
}

function apply(settings: readonly Setting[], value: unknown): void {
  const faults: Fault[] = [];
  for (const setting of settings) {
    try {
      if (isPlainObject(value)) applySetting(value, setting);
    } catch (error) {
      faults.push({ place: settingPlace(setting), problem: AppError.from(error).message });
    }
  }
  if (faults.length > 0) throw invalid('spec', faults);
}

const settingPlace = ({ path }: Setting): string => `--set ${placeOfPath(path)}`;

/** Each fault with the place that its value comes from, in the order of files and lines, settings last. */
function inPlace(faults: readonly PlacedFault[], layers: readonly Layer[], settings: readonly Setting[]): Fault[] {
  return faults
    .map((fault) => {
      const setting = settings.findLastIndex(({ path }) => path.every((key, i) => fault.path[i] === key));
      if (setting >= 0) {
        const inside = fault.path.length > settings[setting]!.path.length ? ` ${fault.place}` : '';
        return { fault, at: [layers.length + setting, 0] as const, place: `${settingPlace(settings[setting]!)}${inside}` };
      }
      const layer = originOf(fault.path, layers);
      const { document } = layers[layer]!;
      return { fault, at: [layer, document.offset(fault.path)] as const, place: `${document.place(fault.path)} ${fault.place}`.trimEnd() };
    })
    .toSorted((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    .map(({ fault, place }) => ({ place, problem: fault.problem }));
}

/** The layer that a path's value, or that of its nearest parent, comes from: the last one that has it and was not replaced. */
function originOf(path: readonly PropertyKey[], layers: readonly Layer[]): number {
  let live = layers.map((layer, index) => ({ index, value: layer.value }));
  for (const key of path) {
    const having = live.flatMap(({ index, value }) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? [{ index, value: (value as Record<PropertyKey, unknown>)[key] }]
        : [],
    );
    if (having.length === 0) break;
    // What is no object replaced all before it, and is replaced by whatever comes after.
    const opaque = having.findLastIndex(({ value }) => !isPlainObject(value));
    live = opaque === having.length - 1 ? [having[opaque]!] : having.slice(opaque + 1);
  }
  return live.at(-1)!.index;
}
