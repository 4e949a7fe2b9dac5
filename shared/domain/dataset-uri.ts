/** Where a spec's dataset lies. Only files beside the spec for now: the client uploads them by digest. */
import { AppError } from './errors.ts';

const OTHER_FORMATS = /\.(csv|tsv|parquet|arrow|xlsx?|gz|zst|bz2|zip|ya?ml)$/i;

/** The path in a `file:` uri, as written (relative ones start at the spec's folder). Throws AppError invalid with the remedy. */
export function datasetPath(uri: string): string {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined || /^[a-zA-Z]:[\\/]/.test(uri)) throw wrong(uri, `has no scheme; write file:${uri.slice(0, 100)}`);
  if (scheme !== 'file')
    throw wrong(
      uri,
      `has the scheme "${scheme}:", which is not supported; download the dataset as JSONL beside the spec and write file:NAME.jsonl`,
    );
  const path = uri.startsWith('file://') ? pathOfUrl(uri) : uri.slice('file:'.length);
  if (path === '' || path.endsWith('/')) throw wrong(uri, 'names no file; write file:NAME.jsonl');
  const format = OTHER_FORMATS.exec(path)?.[1];
  if (format) throw wrong(uri, `is a .${format} file; datasets are JSONL (one JSON object on each line), so convert it`);
  return path;
}

function pathOfUrl(uri: string): string {
  const host = /^file:\/\/([^/]*)/.exec(uri)![1]!;
  if (host !== '' && host !== 'localhost')
    throw wrong(uri, 'names another host; write file:NAME.jsonl for a file beside the spec, or file:///… for an absolute path');
  try {
    return decodeURIComponent(uri.slice('file://'.length + host.length));
  } catch {
    throw wrong(uri, 'has a % that is no escape; write file:PATH, where nothing is escaped');
  }
}

const wrong = (uri: string, problem: string): AppError => new AppError('invalid', `"${uri.slice(0, 100)}" ${problem}`);
