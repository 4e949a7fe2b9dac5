/** Which files of the host an interpreter needs: its program, its standard library, and the shared libraries of both. */
import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';

export interface Interpreter {
  executable: string;
  /** Files and folders, to be seen under the same paths inside. */
  paths: string[];
}

/** Whom the host's programs run as: not as root. */
export type Owner = { uid: number; gid: number } | Record<string, never>;

const LIMIT_MS = 20_000;
const ASK = `
import json, os, sys, sysconfig
dynamic = os.path.join(sysconfig.get_path("platstdlib"), "lib-dynload")
json.dump({
  "executable": os.path.realpath(sys.executable),
  "version": sys.version_info[:2],
  "folders": sorted({os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")}),
  "extensions": [os.path.join(dynamic, name) for name in sorted(os.listdir(dynamic))] if os.path.isdir(dynamic) else [],
}, sys.stdout)
`;

interface Answer {
  executable: string;
  version: [number, number];
  folders: string[];
  extensions: string[];
}

/** Asks the interpreter. Throws AppError `failed_precondition` that says what to install. */
export async function findInterpreter(python: string, owner: Owner): Promise<Interpreter> {
  const answer = JSON.parse(await run(python, ['-I', '-S', '-c', ASK], owner)) as Answer;
  const { executable, folders, extensions, version } = answer;
  if (version[0] !== 3 || version[1] < 8)
    throw new AppError('failed_precondition', `${python} is Python ${version.join('.')}; name one of 3.8 or later by \`sandbox.python\``);
  const listed = await librariesOf(executable, extensions, owner);
  const libraries = listed.split('\n').flatMap((line) => /(?:=>\s+|^\s+)(\/\S+)\s+\(0x/.exec(line)?.[1] ?? []);
  const outside = [executable, ...libraries].filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  return { executable, paths: [...new Set([...folders, ...outside])] };
}

/** As `ldd` prints it: of glibc's own loader at once, as if the program had all of its extensions; elsewhere by ldd, which takes seconds. */
async function librariesOf(executable: string, extensions: string[], owner: Owner): Promise<string> {
  const loadable = extensions.filter((path) => path.endsWith('.so'));
  const variables = { LD_TRACE_LOADED_OBJECTS: '1', LD_PRELOAD: loadable.filter((path) => !/[\s:]/.test(path)).join(':') };
  return (await run(executable, ['-I', '-S', '-c', ''], owner, variables)) || run('ldd', [executable, ...loadable], owner);
}

function run(program: string, args: string[], owner: Owner, variables: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { ...owner, cwd: '/', env: { PATH: SYSTEM_PATH, ...variables }, timeout: LIMIT_MS, maxBuffer: 16 << 20 };
    execFile(program, args, options, (error, out, err) => {
      // ldd fails for one file and tells of the others.
      if (!error || (program === 'ldd' && out !== '')) return resolve(out);
      const why =
        (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : `failed (${(err || error.message).trim().slice(-200)})`;
      const who = owner['uid'] === undefined ? '' : ` for user ${owner.uid}, whom a sandbox of root runs as`;
      reject(
        new AppError(
          'failed_precondition',
          `${program} ${why}${who}; install Python 3 as a package of the system, or name another by \`sandbox.python\``,
        ),
      );
    });
  });
}

/** Where it is looked for: not in what the agent's user has put before it. */
export const SYSTEM_PATH = ['/usr/bin', '/bin', '/usr/local/bin'].join(delimiter);
