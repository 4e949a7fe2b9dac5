/** From a spec's file to what is submitted: read, checked completely, its datasets found and uploaded. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AssayClient } from '../shared/client/client.ts';
import { datasetPath } from '../shared/domain/dataset-uri.ts';
import { AppError, invalid, type Fault } from '../shared/domain/errors.ts';
import { parseSpecText } from '../shared/domain/spec-text.ts';
import type { EvaluationSpec } from '../shared/domain/spec.ts';
import { raceSignal } from '../shared/runtime/abort.ts';
import { readStdin, type Shell } from './shell.ts';

export interface SpecFile {
  /** As it was typed; `-` is standard input. */
  name: string;
  spec: EvaluationSpec;
  /** The file of each benchmark's dataset, undefined where the spec names content that was uploaded before. */
  datasets: (string | undefined)[];
}

/** Reads and checks a spec (YAML or JSON; `-` for standard input) and finds its datasets. Throws `invalid` with all faults. */
export async function readSpecFile(path: string, shell: Shell): Promise<SpecFile> {
  const fromStdin = path === '-';
  const text = fromStdin ? await raceSignal(readStdin(shell.stdin), shell.interrupted) : await readText(resolve(shell.cwd, path));
  const name = fromStdin ? 'standard input' : path;
  const spec = parseSpecText(text, name);
  const folder = fromStdin ? shell.cwd : dirname(resolve(shell.cwd, path));

  const faults: Fault[] = [];
  const datasets = await Promise.all(
    spec.benchmarks.map(async ({ dataset }, i) => {
      const place = `benchmarks[${i}].dataset.uri`;
      const file = resolve(folder, datasetPath(dataset.uri));
      const problem = await fileProblem(file);
      if (!problem) return file;
      if (dataset.digest) return undefined;
      faults.push({ place, problem });
      return undefined;
    }),
  );
  if (faults.length > 0)
    throw invalid(
      name,
      faults.toSorted((a, b) => a.place.localeCompare(b.place, 'en', { numeric: true })),
    );
  return { name, spec, datasets };
}

/** Uploads the datasets (what is there already is not sent again) and returns the spec with their digests. */
export async function uploadDatasets(client: AssayClient, file: SpecFile, onUpload: (path: string) => void): Promise<EvaluationSpec> {
  const digests = new Map<string, string>();
  for (const path of file.datasets) {
    if (path === undefined || digests.has(path)) continue;
    onUpload(path);
    digests.set(path, await client.uploadFile(path));
  }
  const faults: Fault[] = [];
  const benchmarks = file.spec.benchmarks.map((b, i) => {
    const path = file.datasets[i];
    const digest = path === undefined ? b.dataset.digest : digests.get(path);
    if (b.dataset.digest && digest !== b.dataset.digest) {
      faults.push({
        place: `benchmarks[${i}].dataset.digest`,
        problem: `${path} has the digest ${digest}; correct the spec, or leave \`digest\` out`,
      });
    }
    return { ...b, dataset: { ...b.dataset, ...(digest ? { digest } : {}) } };
  });
  if (faults.length > 0) throw invalid(file.name, faults);
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

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new AppError('invalid', `there is no spec ${path}; correct the path`);
    if (code === 'EISDIR') throw new AppError('invalid', `${path} is a folder; name the spec's file in it`);
    throw new AppError('invalid', `the spec ${path} cannot be read: ${(error as Error).message}`);
  }
}
