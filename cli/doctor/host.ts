/** This host: Node, limits of the process, memory, and the folder of the embedded mode. */
import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { dirname } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { VERSION } from '../../shared/domain/version.ts';
import { findRedis } from '../embedded/find-redis.ts';
import { homeAt, homeDirOf } from '../embedded/home.ts';
import { fault, note, ok, type Check, type Finding } from './check.ts';

const LEAST_NODE = [24, 14, 1] as const;
const ENOUGH_FILES = 4_096;
const LITTLE_DISK = 1 << 30;
const LITTLE_MEMORY = 1 << 30;

type Env = Readonly<Record<string, string | undefined>>;

export const nodeCheck = (version: string): Check => ({ subject: 'Node', run: () => Promise.resolve([nodeFinding(version)]) });

export function nodeFinding(version: string): Finding {
  const parts = version.replace(/^v/, '').split('.').map(Number);
  const difference = LEAST_NODE.map((least, i) => (parts[i] ?? 0) - least).find((d) => d !== 0) ?? 0;
  const least = LEAST_NODE.join('.');
  return difference >= 0
    ? ok('Node', `${version}, Assay ${VERSION}`)
    : fault(
        'Node',
        `${version} is too old; at least ${least} is needed`,
        `install Node 24 (https://nodejs.org), or in the project's folder: npm run setup`,
      );
}

export const limitsCheck = (readLimits = (): Promise<string> => readFile('/proc/self/limits', 'utf8')): Check => ({
  subject: 'limits',
  run: async () => {
    const text = await readLimits().catch(() => '');
    const soft = /^Max open files\s+(\S+)/m.exec(text)?.[1];
    const files = soft === undefined || soft === 'unlimited' ? Infinity : Number(soft);
    const findings =
      files < ENOUGH_FILES
        ? [
            fault(
              'limits',
              `a process may open ${files} files; agents and coordinators need ${ENOUGH_FILES}`,
              `ulimit -n 65536   (systemd: LimitNOFILE=65536)`,
            ),
          ]
        : [ok('limits', files === Infinity ? 'open files are not limited' : `${files} open files`)];
    const memory = totalmem();
    if (memory < LITTLE_MEMORY) findings.push(note('limits', `this host has ${mebibytes(memory)} of memory`, 'give it 1 GiB or more'));
    return findings;
  },
});

/** ASSAY_HOME and the private Redis of `assay run`. */
export const homeCheck = (env: Env): Check => ({
  subject: 'ASSAY_HOME',
  run: async () => {
    const { dir } = homeAt(homeDirOf(env));
    const findings: Finding[] = [];
    const there = await nearest(dir);
    const writable = await access(there, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    const isFolder = (await stat(there)).isDirectory();
    if (!isFolder) findings.push(fault('ASSAY_HOME', `${there} is a file, so ${dir} cannot be a folder`, 'export ASSAY_HOME=$HOME/.assay'));
    else if (!writable)
      findings.push(fault('ASSAY_HOME', `${dir} cannot be written`, `chown -R $(id -un) ${there}   or: export ASSAY_HOME=FOLDER`));
    else findings.push(ok('ASSAY_HOME', there === dir ? dir : `${dir}, not yet there`), ...(await diskFindings('ASSAY_HOME', there)));
    if (!env['ASSAY_REDIS_URL']) findings.push(await privateRedis(env));
    return findings;
  },
});

async function privateRedis(env: Env): Promise<Finding> {
  try {
    return ok('redis-server', await findRedis(env));
  } catch (error) {
    const [problem] = AppError.from(error).message.split('. Type one of:');
    return note('redis-server', problem!, 'apt-get install redis-server   (only `assay run`, `dev` and `demo` need one here)');
  }
}

/** The folder itself, or the nearest one above it that exists. */
async function nearest(dir: string): Promise<string> {
  for (let at = dir; ; at = dirname(at)) if (at === dirname(at) || (await stat(at).catch(() => undefined))) return at;
}

/** Room on the disk below a folder. */
export async function diskFindings(subject: string, folder: string, readRoom = statfs): Promise<Finding[]> {
  const { bavail, bsize } = await readRoom(folder);
  const free = bavail * bsize;
  return free < LITTLE_DISK
    ? [
        fault(
          subject,
          `only ${mebibytes(free)} are free below ${folder}`,
          `df -h ${folder}   and make room: results wait on the agents until there is some`,
        ),
      ]
    : [];
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / (1 << 20))} MiB`;
