/**
 * ASSAY_HOME: the folder of everything that the embedded mode keeps.
 *
 *   lock          who uses it now            store/      specs, datasets, results, reports
 *   stack.json    the processes of now       redis/      the private Redis's append-only file
 *   agent.json    the local agent's config   spool/      results that the agent has not handed over yet
 *   logs/         one file a process         run/        sockets (in a short folder elsewhere if the path is too long)
 */
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rename, rm, stat, writeFile, chmod } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { asIdentity, type ProcessIdentity } from '../../shared/runtime/process-identity.ts';
import { makeFolders } from '../../shared/runtime/folders.ts';
import { takeLock, type ProcessLock } from '../../shared/runtime/process-lock.ts';

export interface Home {
  dir: string;
  lock: string;
  stackFile: string;
  agentConfig: string;
  store: string;
  redis: string;
  spool: string;
  logs: string;
  /** Private (0700) and short enough for the paths of unix sockets. */
  sockets: string;
}

/** The processes of a running stack, in `stack.json`: whoever comes after a crash finds and ends them. */
export interface StackRecord {
  /** The coordinator's address, '' as long as it does not listen. */
  address: string;
  processes: { name: string; identity: ProcessIdentity }[];
}

/** The kernel's limit is 104 (macOS) or 108 bytes; our socket names take up to 28. */
const LONGEST_SOCKET_FOLDER = 72;

export const homeDirOf = (env: Readonly<Record<string, string | undefined>>): string =>
  resolve(env['ASSAY_HOME'] || join(homedir(), '.assay'));

/** The paths of a home; touches nothing. */
export function homeAt(dir: string): Home {
  const inside = join(dir, 'run');
  const outside = join(
    shortTempFolder(),
    `assay-${process.getuid?.() ?? 0}-${createHash('sha256').update(dir).digest('hex').slice(0, 12)}`,
  );
  return {
    dir,
    lock: join(dir, 'lock'),
    stackFile: join(dir, 'stack.json'),
    agentConfig: join(dir, 'agent.json'),
    store: join(dir, 'store'),
    redis: join(dir, 'redis'),
    spool: join(dir, 'spool'),
    logs: join(dir, 'logs'),
    sockets: Buffer.byteLength(inside) <= LONGEST_SOCKET_FOLDER ? inside : outside,
  };
}

/** What a wrongly named folder meets; anything else (a full disk) has broken on the way. */
const WRONG_FOLDER: ReadonlySet<string> = new Set(['ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENAMETOOLONG', 'ELOOP']);

/** Makes the folders, for this user alone. */
export async function prepareHome(home: Home): Promise<void> {
  try {
    for (const folder of [home.dir, home.store, home.redis, home.spool, home.logs]) await makeFolders(folder, 0o700);
    await mkdir(home.sockets, { mode: 0o700 }).catch(ignoreExisting);
    if (home.sockets.startsWith(home.dir)) await chmod(home.sockets, 0o700);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' || code === 'ENOTDIR' ? 'a file stands where a folder is needed' : message;
    throw new AppError(
      WRONG_FOLDER.has(code) ? 'invalid' : 'failed_precondition',
      `ASSAY_HOME ${home.dir} cannot be used: ${why}. Set ASSAY_HOME to a folder that you can write to`,
    );
  }
  // A folder under /tmp may have been laid there by somebody else to read what passes.
  const found = await lstat(home.sockets);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid()) || (found.mode & 0o077) !== 0) {
    throw new AppError(
      'failed_precondition',
      `${home.sockets} is not a folder of yours alone. Remove it, or set ASSAY_HOME to a shorter path`,
    );
  }
}

const ignoreExisting = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error;
};

const shortTempFolder = (): string => (Buffer.byteLength(tmpdir()) <= 40 ? tmpdir() : '/tmp');

/** Takes the home for this process; `command` names it to others. Throws `failed_precondition` if a living process has it. */
export async function lockHome(home: Home, command: string): Promise<ProcessLock> {
  const address = (await readStackRecord(home))?.address;
  return takeLock({
    path: home.lock,
    command,
    taken: (owner) => {
      const instead =
        owner.command === 'assay dev' && address ? `Name its coordinator with --address ${address}` : 'Wait until it has ended';
      return `${home.dir} is in use by process ${owner.pid} (${owner.command}). ${instead}, or set ASSAY_HOME to another folder`;
    },
  });
}

/** Removes a socket folder that lies outside the home. */
export async function removeOutsideSockets(home: Home): Promise<void> {
  if (!home.sockets.startsWith(home.dir)) await rm(home.sockets, { recursive: true, force: true });
}

export async function readStackRecord(home: Home): Promise<StackRecord | undefined> {
  try {
    const value = JSON.parse(await readFile(home.stackFile, 'utf8')) as Partial<StackRecord>;
    const processes = (value.processes ?? []).flatMap((p) => {
      const identity = asIdentity(p.identity);
      return identity ? [{ name: p.name, identity }] : [];
    });
    return { address: typeof value.address === 'string' ? value.address : '', processes };
  } catch {
    return undefined;
  }
}

export async function writeStackRecord(home: Home, record: StackRecord): Promise<void> {
  await writeFile(`${home.stackFile}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  await rename(`${home.stackFile}.new`, home.stackFile);
}

/** Whether something has been run in this home before. */
export const homeExists = async (home: Home): Promise<boolean> => (await stat(home.store).catch(() => undefined)) !== undefined;
