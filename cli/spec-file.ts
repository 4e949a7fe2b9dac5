/** From a spec's file to what is submitted: read, checked completely, its datasets found and uploaded. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import type { AssayClient } from '../shared/client/client.ts';
import { datasetSource } from '../shared/domain/dataset-uri.ts';
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import { datasetFormIn } from '../shared/domain/dataset-text.ts';
import { composeSpec, type ComposeOptions, type SpecSource } from '../shared/domain/spec-compose.ts';
import { placeOfPath, type PlacedFault } from '../shared/domain/spec-faults.ts';
import type { EvaluationSpec } from '../shared/domain/spec.ts';
import { raceSignal } from '../shared/runtime/abort.ts';
import { readText, type Shell } from './shell.ts';

export interface SpecFile {
  /** As it was typed; `-` is standard input. */
  name: string;
  spec: EvaluationSpec;
  /** The file of each dataset and of each prompt's examples, undefined where it is no file or was uploaded before. */
  datasets: (string | undefined)[];
}

/** Reads and checks a spec (YAML or JSON; `-` for standard input) and finds its datasets. Throws `invalid` with all faults. */
export async function readSpecFile(path: string, shell: Shell, settings: readonly string[] = []): Promise<SpecFile> {
  const fromStdin = path === '-';
  const name = fromStdin ? 'standard input' : path;
  const reading = fromStdin ? readText(shell.stdin, name) : readFileText(resolve(shell.cwd, path), name);
  const text = await raceSignal(reading, shell.interrupted);
  const folder = fromStdin ? shell.cwd : dirname(resolve(shell.cwd, path));
  refuseDataset(text, name, fromStdin ? 'NAME' : path);
  const datasets: (string | undefined)[] = [];
  const check = async (composed: EvaluationSpec): Promise<PlacedFault[]> => {
    const faults: PlacedFault[] = [];
    for (const source of sourcesOf(composed)) {
      const file = fileOf(source, folder);
      const problem = file === undefined ? undefined : await fileProblem(file);
      datasets.push(problem ? undefined : file);
      const at = [...source.path, 'uri'];
      if (problem && !source.digest) faults.push({ path: at, place: placeOfPath(at), problem });
    }
    return faults;
  };
  const load: ComposeOptions['load'] = (reference, from) => loadBase(reference, from, folder, shell.cwd);
  const spec = await composeSpec({ name, text }, { settings, load, check });
  return { name, spec, datasets };
}

/** A dataset in the spec's place is one mistake, however many faults it has as YAML. */
function refuseDataset(text: string, name: string, file: string): void {
  const form = datasetFormIn(text);
  if (form !== undefined)
    throw new AppError(
      'invalid',
      `${name} looks like a dataset (${form}), not like a spec; name the spec here, and the dataset in it: dataset: {uri: "file:${file}"}. What a spec looks like: docs/spec.md`,
    );
}

/** A file that a spec extends: beside the file that names it. Datasets in it are found from its own folder. */
async function loadBase(reference: string, from: SpecSource, folder: string, cwd: string): Promise<SpecSource> {
  const beside = from.name === 'standard input' ? folder : dirname(resolve(cwd, from.name));
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(reference))
    throw new AppError('invalid', 'is a URL; bases are files: download it, and name the file');
  const path = resolve(beside, reference);
  const name = relative(cwd, path);
  return { name, text: await readFileText(path, name), relocate: (dataset) => resolve(dirname(path), dataset) };
}

/** A dataset, or the examples of a prompt: what may be a file beside the spec. */
interface Source {
  path: readonly PropertyKey[];
  uri: string;
  digest: string | undefined;
}

/** Of every benchmark its dataset and, where they have one of their own, its examples; always in this order. */
const sourcesOf = (spec: EvaluationSpec): Source[] =>
  spec.benchmarks.flatMap(({ dataset, prompt }, i): Source[] => {
    const own = { path: ['benchmarks', i, 'dataset'], uri: dataset.uri, digest: dataset.digest };
    const examples = prompt.fewshot;
    return examples?.uri === undefined
      ? [own]
      : [own, { path: ['benchmarks', i, 'prompt', 'fewshot'], uri: examples.uri, digest: examples.digest }];
  });

function fileOf({ uri }: Source, folder: string): string | undefined {
  const source = datasetSource({ uri });
  return source.kind === 'file' ? resolve(folder, source.path) : undefined;
}

/**
 * Uploads the datasets and returns the spec with their digests. What the namespace has already is not sent again; `onUpload` is told what is.
 */
export async function uploadDatasets(
  client: AssayClient,
  file: SpecFile,
  { namespace, onUpload }: { namespace: string; onUpload: (path: string) => void },
): Promise<EvaluationSpec> {
  const digests = new Map<string, string>();
  for (const path of file.datasets) {
    if (path === undefined || digests.has(path)) continue;
    digests.set(path, await client.uploadFile(path, { namespace, onSent: () => onUpload(path) }));
  }
  const faults: Fault[] = [];
  const found = sourcesOf(file.spec).map(({ path: at, digest: wanted }, i) => {
    const path = file.datasets[i];
    const digest = path === undefined ? wanted : digests.get(path);
    if (wanted && digest !== wanted)
      faults.push({
        place: `${placeOfPath(at)}.digest`,
        problem: `${path} has the digest ${digest}; correct the spec, or leave \`digest\` out`,
      });
    return digest ? { digest } : {};
  });
  if (faults.length > 0) throw invalid(file.name, faults);
  const next = found.values();
  const benchmarks = file.spec.benchmarks.map((benchmark) => {
    const { dataset, prompt } = benchmark;
    const withDataset = { ...benchmark, dataset: { ...dataset, ...next.next().value } };
    if (prompt.fewshot?.uri === undefined) return withDataset;
    return { ...withDataset, prompt: { ...prompt, fewshot: { ...prompt.fewshot, ...next.next().value } } };
  });
  return { ...file.spec, benchmarks };
}

async function fileProblem(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path);
    if (!found.isFile()) return `${path} is no file; name the JSONL file of the dataset`;
    return found.size === 0 ? `${path} is empty; a dataset has one JSON object on each line` : undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? `there is no file ${path}; correct the path, which starts from the spec's folder`
      : `${path} cannot be read: ${(error as Error).message}`;
  }
}

async function readFileText(path: string, name: string): Promise<string> {
  const stream = createReadStream(path);
  try {
    return await readText(stream, name);
  } catch (error) {
    if (error instanceof AppError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('invalid', `there is no spec ${path}; correct the path`);
    if (code === 'EISDIR') throw new AppError('invalid', `${path} is a folder; name the spec's file in it`);
    throw new AppError('invalid', `the spec ${path} cannot be read: ${(error as Error).message}`);
  } finally {
    stream.destroy();
  }
}
