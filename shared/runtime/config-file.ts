/** YAML configuration files of processes. */
import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { invalid } from '../domain/errors.ts';

export interface ConfigFile {
  /** As it was given, for messages. */
  path: string;
  values: Readonly<Record<string, unknown>>;
}

const MAX_BYTES = 1 << 20;

/** Reads a file that must be one mapping (an empty file is an empty one). AppError `invalid` with place and remedy otherwise. */
export async function readConfigFile(path: string): Promise<ConfigFile> {
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, the limit is ${MAX_BYTES}`);
    const bytes = await readFile(path);
    if (!isUtf8(bytes)) throw new Error('it is not valid UTF-8');
    text = bytes.toString('utf8');
  } catch (error) {
    throw invalid('configuration file', [
      { place: path, problem: `cannot be read (${(error as Error).message}); name a readable YAML file` },
    ]);
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    // Only the message's first line: the rest quotes the file, which may hold secrets.
    const faults = document.errors.map((error) => ({
      place: `${path}:${error.linePos?.[0].line ?? 1}`,
      problem: `${error.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '')}; mend the YAML`,
    }));
    throw invalid('configuration file', faults);
  }
  const values = valuesOf(document, path);
  if (values === null || values === undefined) return { path, values: {} };
  if (typeof values !== 'object' || Array.isArray(values)) {
    throw invalid('configuration file', [{ place: path, problem: 'is no mapping; write lines of the form `key: value`' }]);
  }
  return { path, values: values as Record<string, unknown> };
}

function valuesOf(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw invalid('configuration file', [{ place: path, problem: `${(error as Error).message}; mend the YAML` }]);
  }
}
