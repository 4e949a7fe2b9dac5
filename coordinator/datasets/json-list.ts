/**
 * JSON to JSONL: a list of objects, or one object of which one member is such a list (`{"version": 1, "data": […]}`). Read as
 * a stream: memory holds one record. Each record becomes one line, its bytes as they are, so that long numbers keep their digits.
 */
import { isUtf8 } from 'node:buffer';
import { textTooDeep } from '../../shared/domain/json-depth.ts';
import type { FaultList } from './fault-list.ts';
import { JsonProblem, JsonScanner, type JsonPiece } from './json-scanner.ts';
import { MAX_LINE_BYTES } from './json-lines.ts';

/** As of a line of JSONL. */
const MAX_DEPTH = 1000;

export async function* jsonListToJsonl(bytes: AsyncIterable<Uint8Array>, faults: FaultList): AsyncGenerator<Buffer, void, undefined> {
  const scanner = new JsonScanner(MAX_LINE_BYTES);
  let records = 0;
  const lineOf = (piece: JsonPiece): Buffer | undefined => {
    records++;
    const problem = problemOf(piece);
    if (problem !== undefined) faults.add(problem, records);
    return problem === undefined && faults.size === 0 ? oneLine(piece.content!) : undefined;
  };
  try {
    for await (const chunk of bytes) {
      const lines: Buffer[] = [];
      for (const piece of scanner.push(chunk)) {
        const line = lineOf(piece);
        if (line) lines.push(line);
        if (faults.full) return;
      }
      if (lines.length > 0) yield Buffer.concat(lines);
    }
    scanner.end();
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    faults.addWhole(error.message);
    return;
  }
  if (records === 0) faults.addWhole('is a list without a record; give it one object for each sample');
}

function problemOf({ content }: JsonPiece): string | undefined {
  if (content === undefined) return `has more than ${MAX_LINE_BYTES} bytes; shorten it`;
  if (!isUtf8(content)) return 'is not valid UTF-8; save the dataset as UTF-8';
  const text = content.toString('utf8');
  if (textTooDeep(text, MAX_DEPTH)) return `has lists and objects more than ${MAX_DEPTH} deep within each other; flatten it`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not valid JSON';
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return `is ${kind}, must be a JSON object such as {"input": "…", "target": "…"}`;
}

/** Valid JSON has line breaks only between its parts, where a space says the same. */
function oneLine(content: Buffer): Buffer {
  const line = Buffer.allocUnsafe(content.length + 1);
  for (let i = 0; i < content.length; i++) line[i] = content[i] === 0x0a || content[i] === 0x0d ? 0x20 : content[i]!;
  line[content.length] = 0x0a;
  return line;
}
