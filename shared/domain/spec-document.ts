/** Specs as text: YAML, of which JSON is a part, with the places of all that is in it. */
import { isAlias, isCollection, isMap, isPair, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import { AppError, invalid } from './errors.ts';
import { firstFaults, MAX_SPEC_BYTES } from './spec.ts';

/** Aliases (`*name`) of a document; each one may repeat what others repeat, so that few make terabytes. */
const MAX_ALIASES = 100;

/** The text of a spec, parsed but not checked: its value, and where each part of it stands. */
export interface SpecDocument {
  name: string;
  value: unknown;
  /** Where a path's key begins, in characters; for what is not there, where its nearest parent does. */
  offset(path: readonly PropertyKey[]): number;
  /** The same as `gsm8k.yaml:12:5`. */
  place(path: readonly PropertyKey[]): string;
}

/** Throws AppError invalid when it is no YAML. */
export function readDocument(text: string, fileName: string): SpecDocument {
  const fail = (place: string, problem: string): AppError =>
    invalid('spec', [{ place: place ? `${fileName}:${place}` : fileName, problem }]);
  if (Buffer.byteLength(text) > MAX_SPEC_BYTES) throw fail('', `has more than ${MAX_SPEC_BYTES} bytes; put long content into the dataset`);
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (body.trim() === '') throw fail('', 'is empty; see docs/spec.md for what a spec looks like');
  const lines = new LineCounter();
  let document: Document.Parsed;
  let value: unknown;
  try {
    document = parseDocument(body, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2', logLevel: 'error' });
    const faults = [...document.errors, ...document.warnings].map((e) => ({
      place: at(fileName, lines, e.pos[0]),
      problem: syntaxProblem(e.code, e.message),
    }));
    if (faults.some((f) => /stack/i.test(f.problem))) throw new RangeError('the parser ran out of stack');
    if (faults.length > 0) throw invalid('spec', firstFaults(faults));
    if (countAliases(document) > MAX_ALIASES) throw fail('', `has more than ${MAX_ALIASES} aliases (*name); write their content out`);
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The parser recurses: what nests too deep for its stack is a RangeError, and no spec.
    throw fail(
      '',
      error instanceof ReferenceError
        ? 'its aliases (*name) repeat too much or name nothing; write their content out'
        : 'lists and objects lie too deep within each other; flatten it',
    );
  }
  return {
    name: fileName,
    value,
    offset: (path) => offsetOf(document.contents, path),
    place: (path) => at(fileName, lines, offsetOf(document.contents, path)),
  };
}

function at(fileName: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${fileName}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

/** Where a path's key stands in the text; for what is not there, where its nearest parent begins. */
function offsetOf(contents: Node | null, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node) || !isCollection(node)) return offset;
    const item: unknown = isMap(node)
      ? node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(key))
      : node.items[Number(key)];
    if (item === undefined) return offset;
    const place = isPair(item) ? item.key : item;
    offset = (place as Node | null)?.range?.[0] ?? offset;
    node = isPair(item) ? item.value : item;
  }
  return offset;
}

/** The parser's word for common slips, in ours; it quotes nothing of the text. */
function syntaxProblem(code: string, message: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'the same field stands here a second time; keep one';
    case 'TAB_AS_INDENT':
      return 'a tab indents this line; YAML wants spaces';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---); a file holds one spec';
    case 'TAG_RESOLVE_FAILED':
      return 'a tag (!…) that specs do not know; write the plain value';
    default:
      return `is no valid YAML: ${message.split('\n')[0]}`;
  }
}

function countAliases(document: Document.Parsed): number {
  let count = 0;
  visit(document, { Alias: () => void count++ });
  return count;
}
