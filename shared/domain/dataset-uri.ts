/** Where a dataset lies, and in which form: read from its uri, its format and its ending. Nothing is opened here. */
import { AppError } from './errors.ts';
import type { DATASET_FORMATS } from './spec-schema.ts';

export type DatasetFormat = (typeof DATASET_FORMATS)[number];
export type Compression = 'none' | 'gzip' | 'zstd';

/** What of a dataset's (or of examples') spec says where it is from. A digest, where there is one, goes before its uri. */
export interface SourceSpec {
  uri: string;
  format?: DatasetFormat | undefined;
}

export type DatasetSource =
  /** As written: relative ones start at the spec's folder. The client uploads it. */
  | { kind: 'file'; path: string }
  /** The coordinator fetches it. */
  | { kind: 'url'; url: string }
  /** The content itself. */
  | { kind: 'inline'; text: string };

const COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', zst: 'zstd' };
const ENDINGS: Readonly<Record<string, DatasetFormat>> = { jsonl: 'jsonl', ndjson: 'jsonl', json: 'json', csv: 'csv', tsv: 'tsv' };
/** What is surely none of the formats. */
const OTHER_ENDINGS = /\.(parquet|arrow|feather|xlsx?|ods|bz2|xz|zip|tar|7z|ya?ml|sqlite|db)$/i;
const REMEDIES: Readonly<Record<string, string>> = {
  s3: 'let the bucket sign an https:// URL, or download it and write file:NAME',
  gs: 'let the bucket sign an https:// URL, or download it and write file:NAME',
  hf: 'write the https:// URL of the file in the repository, or download it and write file:NAME',
};

/** Throws AppError invalid with the remedy. */
export function datasetSource({ uri }: SourceSpec): DatasetSource {
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined || /^[a-zA-Z]:[\\/]/.test(uri)) throw wrong(uri, `has no scheme; write file:${uri.slice(0, 100)}`);
  switch (scheme) {
    case 'file':
      return { kind: 'file', path: pathOf(uri) };
    case 'https':
    case 'http':
      return { kind: 'url', url: urlOf(uri) };
    case 'inline':
      if (uri.slice('inline:'.length).trim() === '')
        throw wrong(uri, 'holds nothing; write the samples after inline:, a JSON object on each line');
      return { kind: 'inline', text: uri.slice('inline:'.length) };
    default:
      throw wrong(
        uri,
        `has the scheme "${scheme}:", which is not supported; ${Object.hasOwn(REMEDIES, scheme) ? REMEDIES[scheme] : 'write file:NAME, https://… or inline:'}`,
      );
  }
}

/** `format` goes before the ending; without either it is JSONL. Throws AppError invalid for an ending of another format. */
export function formatOf(dataset: SourceSpec): { format: DatasetFormat; compression: Compression } {
  const source = datasetSource(dataset);
  if (source.kind === 'inline') return { format: dataset.format ?? 'jsonl', compression: 'none' };
  const name = source.kind === 'file' ? source.path : new URL(source.url).pathname;
  const other = OTHER_ENDINGS.exec(name)?.[1];
  if (other) throw wrong(dataset.uri, `is a .${other} file; datasets are JSONL, JSON, CSV or TSV (also with .gz or .zst), so convert it`);
  const [, packed] = /\.(gz|zst)$/i.exec(name) ?? [];
  const bare = packed ? name.slice(0, -packed.length - 1) : name;
  const ending = /\.([a-z]+)$/i.exec(bare)?.[1]?.toLowerCase() ?? '';
  return {
    format: dataset.format ?? (Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending]! : 'jsonl'),
    compression: packed ? COMPRESSIONS[packed.toLowerCase()]! : 'none',
  };
}

function pathOf(uri: string): string {
  const path = uri.startsWith('file://') ? pathOfUrl(uri) : uri.slice('file:'.length);
  if (path === '' || path.endsWith('/')) throw wrong(uri, 'names no file; write file:NAME.jsonl');
  if (path.includes('\0')) throw wrong(uri, 'has a character that no path has; write file:NAME.jsonl');
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

function urlOf(uri: string): string {
  // A signed URL is a key: of a wrong one only its beginning is told.
  const shown = uri.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
  if (!URL.canParse(uri) || /\s/.test(uri)) throw wrong(shown, 'is no URL; write https://HOST/PATH');
  const url = new URL(uri);
  if (url.username || url.password) throw wrong(shown, 'has a user or password in it; keys are no part of a spec');
  if (url.hash) throw wrong(shown, 'has a fragment (#…), which is never sent; leave it out');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw wrong(shown, 'is not encrypted, and anyone on the way could change it; write https:// (http:// is for this host alone)');
  return uri;
}

const isLoopback = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

const wrong = (uri: string, problem: string): AppError => new AppError('invalid', `"${uri.slice(0, 100)}" ${problem}`);
