/** The formats that datasets come in. To add one: a file beside this one, and a line here. */
import { delimitedToJsonl } from './delimited.ts';
import type { FaultList, PlaceWord } from './fault-list.ts';
import { jsonListToJsonl } from './json-list.ts';
import type { DatasetFormat } from './source.ts';

export interface FormatReader {
  /** What its faults count, and what line N of the JSONL made of it is. */
  word: PlaceWord;
  /** Absent: it is JSONL as it is. `columns`: their names, of what has no header. */
  toJsonl?: (bytes: AsyncIterable<Uint8Array>, faults: FaultList, columns?: readonly string[]) => AsyncIterable<Buffer>;
}

export const FORMATS: Readonly<Record<DatasetFormat, FormatReader>> = {
  jsonl: { word: 'line' },
  json: { word: 'record', toJsonl: jsonListToJsonl },
  csv: { word: 'line', toJsonl: (bytes, faults, columns) => delimitedToJsonl(bytes, ',', faults, columns) },
  tsv: { word: 'line', toJsonl: (bytes, faults, columns) => delimitedToJsonl(bytes, '\t', faults, columns) },
};
