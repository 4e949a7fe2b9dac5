/** The `api_key_…` fields of an entry of models: where its key lies. It is read here for the first time. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../shared/domain/errors.ts';
import { credentialPath, readKeyFile, runKeyCommand, runKeyCommandNow, usableKey } from './secrets/sources.ts';
import { Secret, type SecretOptions } from './secrets/secret.ts';

const argument = z.string().min(1).max(4096);

export const keyFields = {
  api_key_env: z.string().min(1).optional(),
  api_key_file: z.string().min(1).optional(),
  api_key_credential: z.string().min(1).optional(),
  api_key_command: z.array(argument).min(1).max(64).optional(),
  /** Seconds. */
  api_key_max_age: z.number().min(10).max(31_536_000).optional(),
};

export type KeyEntry = z.infer<z.ZodObject<typeof keyFields>>;

export interface KeySources {
  /** Where a field stands. */
  at: (key: string) => string;
  /** What relative paths start from. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
  fault: (place: string, problem: string) => void;
}

const SOURCES = ['api_key_env', 'api_key_file', 'api_key_credential', 'api_key_command'] as const;
const COMMAND_TIMEOUT_MS = 10_000;
const VARIABLE = /^[A-Z_][A-Z0-9_]{0,63}$/i;
/** Names that may be repeated in a fault; anything else may be a key that was written into the wrong field. */
const PLAIN_VARIABLE = /^(?:[A-Z_][A-Z0-9_]*|\w{1,24})$/;
const PLAIN_FILE = /^(?!sk-)(?:.{1,24}|(?:\.{0,2}|~)\/.{1,1000}|.{1,200}\.\w{1,10})$/;

/** The entry's key, or undefined: it has none, or it is wrong, and its faults went to `fault`. */
export function readKey(entry: KeyEntry, sources: KeySources): Secret | undefined {
  const { at, fault } = sources;
  const named = SOURCES.filter((name) => entry[name] !== undefined);
  const [source] = named;
  if (named.length > 1) fault(at(source!), `stands beside ${named.slice(1).join(' and ')}; keep one of them`);
  const { api_key_max_age: maxAge } = entry;
  if (maxAge !== undefined && (source === undefined || source === 'api_key_env'))
    fault(at('api_key_max_age'), 'needs a key that can be read again: api_key_file, api_key_credential or api_key_command');
  if (source === undefined) return undefined;
  if (source === 'api_key_env') return fromVariable(entry.api_key_env!, sources);
  try {
    const { options, now } =
      source === 'api_key_command' ? fromCommand(entry.api_key_command!, sources) : fromFile(source, entry[source]!, sources);
    return new Secret(now(), { ...options, ...(maxAge === undefined ? {} : { maxAgeMs: maxAge * 1000 }) });
  } catch (error) {
    fault(at(source), AppError.from(error).message);
    return undefined;
  }
}

function fromVariable(variable: string, { at, environment, fault }: KeySources): Secret | undefined {
  const key = VARIABLE.test(variable) ? environment[variable]?.trim() : undefined;
  if (key) return new Secret(key, { source: variable });
  fault(
    at('api_key_env'),
    VARIABLE.test(variable)
      ? `the environment variable ${PLAIN_VARIABLE.test(variable) ? variable : 'of this name'} is not set; set it, or name another one`
      : 'is no name of a variable (a key does not belong here); write one such as OPENAI_API_KEY',
  );
  return undefined;
}

interface Source {
  options: SecretOptions;
  now: () => string;
}

function fromFile(source: 'api_key_file' | 'api_key_credential', name: string, { folder, environment }: KeySources): Source {
  const path = source === 'api_key_file' ? resolve(folder, name) : credentialPath(name, environment);
  const shown = PLAIN_FILE.test(name) ? name : 'the file of this name';
  return {
    options: { source: path, read: async () => usableKey(readKeyFile(path, shown), shown) },
    now: () => readKeyFile(path, shown),
  };
}

function fromCommand(argv: readonly string[], { environment }: KeySources): Source {
  const [program] = argv;
  if (!program!.startsWith('/') || argv.some((part) => part.includes('\0')))
    throw new AppError('invalid', 'must begin with the absolute path of a program, without NUL: [/usr/bin/pass, show, openai]');
  const command = { argv, timeoutMs: COMMAND_TIMEOUT_MS };
  return {
    options: {
      source: argv.join(' '),
      read: async () => usableKey(await runKeyCommand(command, environment), `what ${program} prints`),
    },
    now: () => runKeyCommandNow(command, environment),
  };
}
