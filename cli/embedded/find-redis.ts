/** Finds a Redis or Valkey server, at least version 6.2. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AppError } from '../../shared/domain/errors.ts';
import { isInstalled } from './programs.ts';

const NAMES = ['valkey-server', 'redis-server'] as const;
const LEAST = [6, 2] as const;
const PROJECT = resolve(import.meta.dirname, '../..');

/** The first server that is new enough: in the project's `.tools/bin`, then in PATH. */
export async function findRedis(env: Readonly<Record<string, string | undefined>>, project = PROJECT): Promise<string> {
  const folders = [join(project, '.tools/bin'), ...(env['PATH'] ?? '').split(delimiter).filter((f) => f !== '')];
  const tooOld: string[] = [];
  for (const path of folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))) {
    if (!(await isExecutable(path))) continue;
    const version = await versionOf(path);
    if (version && isNewEnough(version)) return path;
    tooOld.push(`${path} (${version ? version.join('.') : 'its version cannot be read'})`);
  }
  const found = tooOld.length > 0 ? `found only ${tooOld.join(', ')}` : 'found neither valkey-server nor redis-server';
  throw new AppError(
    'failed_precondition',
    `a private Redis is needed, version ${LEAST.join('.')} or newer, and this host has none: ${found}. Type one of:\n${isInstalled ? '' : '  npm run setup\n'}  apt-get install redis-server\n  brew install valkey\nor set ASSAY_REDIS_URL to a Redis that may be used`,
  );
}

/** `Redis server v=7.0.15 …`, `Valkey server v=8.1.1 …` → [7, 0, 15]. */
export function parseVersion(output: string): number[] | undefined {
  const match = /\bv=(\d+)\.(\d+)\.(\d+)/.exec(output);
  return match ? match.slice(1, 4).map(Number) : undefined;
}

export const isNewEnough = ([major = 0, minor = 0]: readonly number[]): boolean =>
  major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);

async function versionOf(path: string): Promise<number[] | undefined> {
  const found = await promisify(execFile)(path, ['--version'], { timeout: 10_000 }).catch(() => undefined);
  return found && parseVersion(found.stdout);
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
