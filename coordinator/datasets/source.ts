/** What a dataset's `uri` and `format` say of it: where it comes from, how it is written, what people call it. Pure. */
import {
  datasetSource,
  formatOf,
  type Compression as AnyCompression,
  type DatasetFormat,
  type DatasetSource as Origin,
} from '../../shared/domain/dataset-uri.ts';

export type { DatasetFormat };
export type Compression = Exclude<AnyCompression, 'none'>;

/** The part of a dataset (or of few-shot examples) that names its content. */
export interface DatasetRef {
  uri: string;
  format?: DatasetFormat | undefined;
  digest?: string | undefined;
  /** The names of its columns, where it has no header. */
  columns?: readonly string[] | undefined;
}

export interface DatasetSource {
  origin: Origin;
  format: DatasetFormat;
  /** As the name's ending promises; the content itself decides. */
  promised: AnyCompression;
  columns?: readonly string[] | undefined;
  /** For messages: a file's name, `inline`, or the address without what may be secret in it. */
  name: string;
}

/** Throws AppError invalid. */
export function sourceOf(ref: DatasetRef): DatasetSource {
  const origin = datasetSource(ref);
  const { format, compression } = formatOf(ref);
  return { origin, format, promised: compression, columns: ref.columns, name: nameOf(origin) };
}

function nameOf(origin: Origin): string {
  if (origin.kind === 'inline') return 'inline';
  return origin.kind === 'url' ? shownAddress(origin.url) : origin.path.slice(origin.path.lastIndexOf('/') + 1);
}

/** An address for people: without user, password, query and fragment, which may be secrets. */
export function shownAddress(address: string | URL): string {
  const url = typeof address === 'string' ? URL.parse(address) : address;
  if (!url) return 'the address';
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  return shown.length <= 200 ? shown : `${shown.slice(0, 199)}…`;
}
