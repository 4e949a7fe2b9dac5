/** The package as its users get it: packed by npm, installed into a folder of its own. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, realpath, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { redisBinary } from './redis.ts';

export const ROOT = join(import.meta.dirname, '../..');
/** Of a command, and of npm. */
const [LIMIT_MS, NPM_LIMIT_MS] = [50_000, 240_000];

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, which comes by force after a while; a failure is an answer too. */
export function runTo(
  command: string,
  args: readonly string[],
  options: { cwd: string; env?: Record<string, string | undefined>; input?: string; timeoutMs?: number; onLine?: (line: string) => void },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      command,
      args,
      {
        cwd: options.cwd,
        env: { ...process.env, ...options.env },
        timeout: options.timeoutMs ?? LIMIT_MS,
        killSignal: 'SIGKILL',
        maxBuffer: 64 << 20,
      },
      (error, stdout, stderr) =>
        resolve({
          code: error ? (typeof error.code === 'number' ? error.code : -1) : 0,
          stdout,
          stderr: `${stderr}${error && !stderr ? error.message : ''}`,
        }),
    );
    if (options.onLine) createInterface({ input: child.stdout! }).on('line', options.onLine);
    child.stdin?.end(options.input ?? '');
  });
}

/** npm under the Node that the tests run with; throws with its output when it fails. */
export async function npm(args: readonly string[], cwd: string): Promise<string> {
  const program = await npmCli();
  const { code, stdout, stderr } = await runTo(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: pathWith(dirname(process.execPath)) },
    timeoutMs: NPM_LIMIT_MS,
  });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** The JavaScript file behind npm: the one that set-up has installed where the distribution's does not run, or that on PATH. */
export async function npmCli(): Promise<string> {
  const own = join(ROOT, '.tools/npm/node_modules/npm/bin/npm-cli.js');
  if (existsSync(own)) return own;
  const folder = (process.env['PATH'] ?? '').split(delimiter).find((entry) => entry !== '' && existsSync(join(entry, 'npm')));
  if (!folder) throw new Error('there is no npm on PATH');
  return realpath(join(folder, 'npm'));
}

/** PATH with folders in front. */
export const pathWith = (...folders: string[]): string => [...folders, process.env['PATH']].join(delimiter);

/** PATH of a host that has Node and a Redis, and nothing of the repository. */
export const userPath = (): string => [dirname(process.execPath), dirname(redisBinary()), '/usr/bin', '/bin'].join(delimiter);

/** Builds and packs `source` into `folder`; returns the tarball's path. */
export async function pack(source: string, folder: string): Promise<string> {
  await npm(['pack', '--pack-destination', folder], source);
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack left no tarball in ${folder}`);
  return join(folder, tarball);
}

/** Installs a tarball into an empty folder, without what is only for development. */
export async function install(tarball: string, folder: string): Promise<void> {
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  await npm(['install', '--prefer-offline', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', tarball], folder);
}
