/**
 * CSV and TSV (RFC 4180, with quoted delimiters and line breaks) to JSONL: one object of texts for each row, under the names
 * of the header, or those that are given where there is none. A first column without a name, as pandas writes its index, is left out.
 * A row that begins on line N of the file is written to line N, so that later faults name the line that people see.
 */
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { AppError } from '../../shared/domain/errors.ts';
import { checkedText, LineProblem } from './checked-text.ts';
import type { FaultList } from './fault-list.ts';
import { MAX_LINE_BYTES } from './json-lines.ts';

const BATCH_BYTES = 64 * 1024;
/** What the parser takes at once: nothing else runs meanwhile. */
const SLICE_BYTES = 4 * 1024;
/** Delimiters from one row's begin to its end: each costs the parser some sixty bytes. Those inside quotes count as well. */
const MAX_DELIMITERS = 1_000_000;

/** `bytes` of CSV as lines of JSONL. Faults go into the list; reading ends when it is full. `columns`: there is no header. */
export async function* delimitedToJsonl(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: ',' | '\t',
  faults: FaultList,
  columns?: readonly string[],
): AsyncGenerator<Buffer, void, undefined> {
  const table = new Table(delimiter, faults, columns);
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    raw: true,
    max_record_size: MAX_LINE_BYTES,
    // Called as the parser goes: rows that wait for their reader would be lost with the first row that cannot be parsed.
    on_record: (row: unknown) => table.take(row as Row) as unknown as string[],
  });
  // A failure of the source destroys the parser with its reason, which the loop below throws.
  pipeline(table.bounded(checkedText(inSlices(bytes))), parser, () => undefined);
  try {
    yield* inBatches(parser as AsyncIterable<Buffer>);
    table.end();
  } catch (error) {
    table.noteProblem(error);
  }
}

/** Small slices, with turns for all else between them. */
async function* inSlices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
      yield chunk.subarray(from, from + SLICE_BYTES);
      await setImmediate();
    }
  }
}

/** Lines together: a write for each of them would take most of the time. */
async function* inBatches(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let batch: Buffer[] = [];
  let bytes = 0;
  for await (const line of lines) {
    batch.push(line);
    bytes += line.length;
    if (bytes < BATCH_BYTES) continue;
    yield Buffer.concat(batch, bytes);
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(batch, bytes);
}

interface Row {
  record: string[];
  /** As it stands in the file. */
  raw: string;
}

/** Nothing more needs to be read. */
class Enough extends Error {}

class Table {
  readonly #delimiter: ',' | '\t';
  readonly #faults: FaultList;
  readonly #hasHeader: boolean;
  #names: readonly string[] | undefined;
  #rows = 0;
  /** Lines of the file before the row at hand, and lines written. */
  #before = 0;
  #written = 0;
  /** In what was given to the parser since its last row. */
  #delimiters = 0;

  constructor(delimiter: ',' | '\t', faults: FaultList, columns: readonly string[] | undefined) {
    this.#delimiter = delimiter;
    this.#hasHeader = columns === undefined;
    this.#names = columns;
    this.#faults = faults;
  }

  /** Passes the text on; ends when a row has too many delimiters. */
  async *bounded(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
    const mark = this.#delimiter.charCodeAt(0);
    for await (const chunk of chunks) {
      for (let at = chunk.indexOf(mark); at >= 0; at = chunk.indexOf(mark, at + 1)) this.#delimiters++;
      if (this.#delimiters > MAX_DELIMITERS)
        throw new LineProblem(
          this.#before + 1,
          `begins a row of more than ${MAX_DELIMITERS} ${this.#delimiter === ',' ? 'commas' : 'tabs'}; shorten it, or close its quote`,
        );
      yield chunk;
    }
  }

  /** The row as a line of JSONL, after blank ones up to its place; null for none. */
  take({ record, raw }: Row): Buffer | null {
    const line = this.#before + 1;
    this.#delimiters = 0;
    this.#before += breaksOf(raw);
    if (record.length === 1 && record[0] === '') return null; // a blank line
    if (!this.#names) {
      this.#names = record;
      this.#checkHeader(record, line);
      return null;
    }
    this.#rows++;
    const names = this.#names;
    if (record.length !== names.length)
      this.#faults.add(
        `has ${record.length} values, but ${this.#hasHeader ? `the header has ${names.length} names` : `dataset.columns names ${names.length}`}; give each row a value for each name, and quote values with ${this.#delimiter === ',' ? 'commas' : 'tabs'}`,
        line,
      );
    if (this.#faults.full) throw new Enough();
    if (this.#faults.size > 0) return null;
    const values = names.map((name, i) => [name, record[i]] as const);
    const content = JSON.stringify(Object.fromEntries(isUnnamed(names[0]!) ? values.slice(1) : values));
    const blank = '\n'.repeat(line - 1 - this.#written);
    this.#written = line;
    return Buffer.from(`${blank}${content}\n`);
  }

  /** The file is over. */
  end(): void {
    if (!this.#names) this.#faults.addWhole('is empty; it has a header with the names of its columns, and one row for each sample');
    else if (this.#rows === 0 && !this.#hasHeader) this.#faults.addWhole('has no rows; it has one for each sample');
    else if (this.#rows === 0) this.#faults.addWhole('has a header and no rows; give it one row for each sample');
  }

  /** The row behind the last one cannot be read. What is no fault of the file is thrown. */
  noteProblem(error: unknown): void {
    if (error instanceof Enough) return;
    if (error instanceof LineProblem) return this.#faults.add(error.message, error.line);
    if (!(error instanceof CsvError)) throw AppError.from(error);
    this.#faults.add(PROBLEMS[error.code] ?? `begins a row that cannot be read (${error.code})`, this.#before + 1);
  }

  #checkHeader(names: readonly string[], line: number): void {
    const first = new Map<string, number>();
    for (const [i, name] of names.entries()) {
      // A line of nothing but commas is one mistake, not millions.
      if (this.#faults.full) break;
      const earlier = first.get(name);
      if (isUnnamed(name) && i === 0 && names.length > 1) continue;
      if (isUnnamed(name)) this.#faults.add(`names column ${i + 1} of the header with nothing; give each column a name`, line);
      else if (earlier !== undefined)
        this.#faults.add(
          `names column ${i + 1} of the header ${JSON.stringify(name.slice(0, 60))}, as column ${earlier + 1}; give each column a name of its own`,
          line,
        );
      else first.set(name, i);
    }
    if (this.#faults.size > 0) throw new Enough();
  }
}

const isUnnamed = (name: string): boolean => name.trim() === '';

const TWICE = 'write a quote within a quoted value twice ("")';
const PROBLEMS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: `begins a row with a quote (") that is never closed; close it, and ${TWICE}`,
  INVALID_OPENING_QUOTE: `begins a row with a quote (") inside a value; put the whole value into quotes, and ${TWICE}`,
  CSV_INVALID_CLOSING_QUOTE: `begins a row with text behind a closing quote ("); ${TWICE}`,
  CSV_MAX_RECORD_SIZE: `begins a row of more than ${MAX_LINE_BYTES} bytes; shorten it, or close its quote`,
};

/** Line breaks of a row as the parser took it; of a CRLF at its end it keeps the first half. */
function breaksOf(raw: string): number {
  let count = 0;
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === 10 || (code === 13 && raw.charCodeAt(i + 1) !== 10)) count++;
  }
  return count;
}
