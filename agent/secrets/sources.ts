/**
 * Where a key may lie: a variable, a file, a credential of systemd, or what a program prints. Each is read at the start, and all but the variable
 * again when the endpoint refuses it or it is too old. No error shows a value.
 */
import { execFile, spawnSync } from 'node:child_process';
import { constants, openSync, closeSync, fstatSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/domain/errors.ts';
import { modeProblem } from '../../shared/runtime/private-file.ts';
import { passedOn } from './passed-on.ts';

/** Of a key; more than any provider's. */
export const MAX_KEY_BYTES = 16 * 1024;
/** What a header may bear. */
const KEY = /^[\x21-\x7e]+$/;

const refuse = (problem: string): never => {
  throw new AppError('invalid', problem);
};

/** The key within what was read. `shown`: its place, for people. */
function keyOf(text: string, shown: string): string {
  const key = text.trim();
  if (key === '') refuse(`${shown} is empty; write the key into it, and nothing else`);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) refuse(`${shown} is too large for a key; write the key into it, and nothing else`);
  return key;
}

/** A key that came later is checked as those of the start are, by the entry's driver. */
export function usableKey(key: string, shown: string): string {
  if (!KEY.test(key)) refuse(`${shown} has characters that no HTTP header may bear (spaces, line ends, non-ASCII)`);
  return key;
}

/** The key in a file that only its owner may read. The file that was looked at is the one that is read. */
export function readKeyFile(path: string, shown: string, ownUid = process.getuid?.() ?? -1): string {
  let file: number;
  try {
    // A pipe without a writer must not hold the agent up.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return refuse(`${shown} cannot be read (${codeOf(error)}); name a readable file that holds the key`);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile())
      refuse(`${shown} cannot be read (${stat.isDirectory() ? 'EISDIR' : 'no file'}); name a readable file that holds the key`);
    const problem = modeProblem(stat, ownUid);
    if (problem) refuse(`${shown} ${problem}`);
    const bytes = Buffer.alloc(MAX_KEY_BYTES + 4096);
    return keyOf(bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0)), shown);
  } catch (error) {
    if (error instanceof AppError) throw error;
    return refuse(`${shown} cannot be read (${codeOf(error)}); name a readable file that holds the key`);
  } finally {
    closeSync(file);
  }
}

const CREDENTIAL = /^[\w.-]{1,200}$/;

/** The path of a credential that systemd has given to this service. */
export function credentialPath(name: string, environment: Readonly<Record<string, string | undefined>>): string {
  if (!CREDENTIAL.test(name) || /^\.+$/.test(name)) refuse('is no name of a credential; write that of LoadCredential= in the unit');
  const folder = environment['CREDENTIALS_DIRECTORY'];
  if (!folder) refuse('there is no $CREDENTIALS_DIRECTORY; write LoadCredential= into the unit of this service, or use api_key_file');
  return join(folder!, name);
}

export interface KeyCommand {
  /** The program's absolute path, and its arguments. */
  argv: readonly string[];
  timeoutMs: number;
}

/** How a program ended, in the words of `execFile` and `spawnSync`. */
interface Ending {
  stdout: string;
  code: string | number | undefined;
  signal: string | undefined;
}

const settingsOf = (timeoutMs: number, environment: Readonly<Record<string, string | undefined>>) =>
  ({
    env: passedOn(environment),
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: MAX_KEY_BYTES,
    shell: false,
    encoding: 'utf8',
  }) as const;

/** What a program prints on stdout. It sees of the environment what all programs of the agent see, and no shell reads its arguments. */
export function runKeyCommand(command: KeyCommand, environment: Readonly<Record<string, string | undefined>>): Promise<string> {
  const [program, ...args] = command.argv;
  return new Promise((resolve, reject) => {
    const child = execFile(program!, args, settingsOf(command.timeoutMs, environment), (error, stdout) => {
      const { code, signal } = (error ?? {}) as { code?: string | number; signal?: string };
      const ending = { stdout, code, signal: signal ?? undefined };
      void Promise.resolve(ending)
        .then((ended) => printed(command, ended))
        .then(resolve, reject);
    });
    child.stdin?.destroy();
  });
}

/** The same while the agent's settings are read. */
export function runKeyCommandNow(command: KeyCommand, environment: Readonly<Record<string, string | undefined>>): string {
  const [program, ...args] = command.argv;
  const { error, status, signal, stdout } = spawnSync(program!, args, {
    ...settingsOf(command.timeoutMs, environment),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const code = error ? codeOf(error) : status === 0 ? undefined : (status ?? undefined);
  return printed(command, { stdout: stdout ?? '', code, signal: signal ?? undefined });
}

/** The arguments, and what it says on stderr, are in no fault. */
function printed({ argv: [program], timeoutMs }: KeyCommand, { stdout, code, signal }: Ending): string {
  const shown = `the program ${program}`;
  if (code === undefined && signal === undefined) return keyOf(stdout, `what ${program} prints`);
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' || code === 'ENOBUFS')
    return refuse(`${shown} prints more than ${MAX_KEY_BYTES} bytes; let it print the key alone`);
  if (code === 'ETIMEDOUT' || signal === 'SIGKILL')
    return refuse(`${shown} gave no key within ${timeoutMs / 1000} s; see why, or give it more time`);
  const how = typeof code === 'number' ? `ended with exit code ${code}` : signal ? `was ended by ${signal}` : `cannot be started (${code})`;
  return refuse(`${shown} ${how}; run it by hand to see why`);
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';
