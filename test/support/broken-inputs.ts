/** Broken specs, datasets, settings and flags, as users write them, and the one message that each must get. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readAgentConfig } from '../../agent/config.ts';
import { createProvider } from '../../agent/models/registry.ts';
import { parseCoordinatorConfig } from '../../coordinator/config.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';
import type { Ending } from './run-command.ts';
import { programOf } from './programs.ts';

export { runCommandIn, type Ending } from './run-command.ts';

/** Runs one of our programs as its users do, in a folder, to its end. */
export function runProgramIn(
  folder: string,
  program: 'cli' | 'coordinator' | 'agent',
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [programOf(program), ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: 40_000,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal, stdout, stderr }));
  });
}

/** What reading the settings of a process ends with, in the words and with the exit code of its main.ts. */
async function endingOf(name: string, read: () => Promise<unknown>): Promise<Ending> {
  try {
    await read();
    return { code: 0, stdout: '', stderr: '' };
  } catch (error) {
    const { code, message } = AppError.from(error);
    return { code: code === 'invalid' ? 2 : 1, stdout: '', stderr: `${name}: ${message}\n` };
  }
}

/** An agent's settings from a file of this text, read and its models opened. It never starts. */
export const readAgentIn = (file: string, environment: Record<string, string> = {}): Promise<Ending> =>
  endingOf('assay agent', async () => {
    const config = readAgentConfig({ file: await readConfigFile(file), environment });
    for (const entry of config.models) await (await createProvider(entry)).close();
  });

/** A coordinator's settings from flags, of which those that name files of `folder` become their paths, and from variables. It never starts. */
export const readCoordinatorIn = (folder: string, flags: readonly string[], environment: Record<string, string> = {}): Promise<Ending> =>
  endingOf('assay coordinator', () => {
    const paths = flags.map((flag) => (Object.hasOwn(FILES, flag) || flag === '.' ? join(folder, flag) : flag));
    return parseCoordinatorConfig(paths, environment);
  });

/** One message of a program, with all pieces, and nothing else. A text is looked for as it is. */
export function expectMessage(ending: Ending, name: string, pieces: readonly (string | RegExp)[], code = 2): void {
  expect({ code: ending.code, stdout: ending.stdout, stderr: ending.stderr }).toMatchObject({ code, stdout: '' });
  expect(pieces.length, 'pieces of the message').toBeGreaterThan(0);
  for (const piece of pieces) expect(ending.stderr).toMatch(piece);
  expect(ending.stderr).not.toMatch(UNFIT);
  expect(ending.stderr.split(`${name}: `).length, `one message, not several:\n${ending.stderr}`).toBe(2);
}

/** What no message may show: a stack, a secret, a value that nobody has put into words, control characters. */
// eslint-disable-next-line no-control-regex
export const UNFIT = /\n\s+at .*[:/]\d+|SECRET|\[object |undefined(?! (?:variable|filter):)|TypeError|[\u0000-\u0008\u000b-\u001f]/;

const sample = (i: number): string => JSON.stringify({ id: `s${i}`, input: `What is ${i} + ${i}?`, target: String(2 * i) });
const lines = (change: (i: number) => string | undefined): string =>
  Array.from({ length: 20 }, (_, i) => `${change(i + 1) ?? sample(i + 1)}\n`).join('');

/** Files that lie in the folder of every case. */
export const FILES: Readonly<Record<string, string | Buffer>> = {
  'sums.jsonl': lines(() => undefined),
  'empty.jsonl': '',
  'blank.jsonl': '\n\n',
  'line17.jsonl': lines((i) => (i === 17 ? '{"input": "1 + 1", "target": }' : undefined)),
  'line3.jsonl': lines((i) => (i === 3 ? '{"id": "s3", "input": "1 + 1"}' : undefined)),
  'twice.jsonl': lines((i) => (i === 10 ? sample(5) : undefined)),
  'table.csv': 'input,target\n1 + 1,2\n',
  'table.jsonl': 'input,target\n1 + 1,2\n',
  'good.yaml': specOf({}),
  'a-file': '',
  'empty-token': '',
  'open-token': 'SECRET-of-a-token-0123',
  'no-agent.yaml': 'models: [{match: other/*, provider: mock}]\n',
  'cycle.yaml': 'extends: back.yaml\n',
  'back.yaml': 'extends: cycle.yaml\n',
  'zero.yaml': 'epochs: 0\n',
  'bad.yaml': 'epochs: [\n',
  'words.txt': 'root:x:0:0:SECRET\n',
  'latin1.yaml': Buffer.from('name: caf\xe9\n', 'latin1'),
  'latin2.yaml': Buffer.from('name: x\n# caf\xe9\n', 'latin1'),
  'answers.jsonl': '{"output": "a", "target": "b"}\n{"output": 1}\n',
  'results.jsonl': '{"unit": 0, "benchmark": "b", "model": "m", "sampleId": "s", "epoch": 1, "completion": "4", "scores": []}\n',
  'prices.json': '{"version": 1}',
  'cert.pem': 'no certificate',
  'no.key': 'no key',
};

/** Of a file above: those that hold what only their owner may read. */
export const modeOf = (name: string): number => (['empty-token', 'no.key'].includes(name) ? 0o600 : 0o644);

export interface SpecChanges {
  dataset?: object;
  scorers?: unknown;
  template?: string;
  models?: unknown;
  top?: object;
}

/** A right spec, JSON (which is YAML), with changes. */
export function specOf({ dataset, scorers = [{ name: 'match' }], template = '{{ input }}', models, top }: SpecChanges): string {
  return JSON.stringify({
    name: 'broken',
    benchmarks: [{ benchmark: 'sums', dataset: { uri: 'file:sums.jsonl', ...dataset }, prompt: { template }, scorers }],
    models: models ?? [{ model: 'mock/one' }],
    ...top,
  });
}

/** [what, the input, every piece of its message]. */
export type Row<Input> = readonly [what: string, input: Input, ...pieces: (string | RegExp)[]];
