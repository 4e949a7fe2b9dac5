/**
 * Levenshtein distance: how many characters must be inserted, deleted or replaced to make one text of the other. Characters are
 * code points, as in Python. Myers' bit-parallel method (J. ACM 46:3, 1999), which works on 32 rows of the table at once.
 */

/** Cells of the table, a second or two of work. A longer pair would hold up the process with all its samples. */
const MAX_CELLS = 1e10;
const ROWS = 32;

/** Throws for texts that are too long to compare. */
export function levenshtein(a: string, b: string): number {
  if (a === b) return 0;
  let [short, long] = [codePoints(a), codePoints(b)];
  if (short.length > long.length) [short, long] = [long, short];
  let start = 0;
  while (start < short.length && short[start] === long[start]) start++;
  let same = 0;
  while (same < short.length - start && short[short.length - 1 - same] === long[long.length - 1 - same]) same++;
  short = short.subarray(start, short.length - same);
  long = long.subarray(start, long.length - same);
  if (short.length * long.length > MAX_CELLS)
    throw new Error(`texts that differ in ${short.length} and ${long.length} characters are too long for an edit distance`);
  return distance(short, long);
}

/** How many code points a text has: `len(s)`. */
export const length = (text: string): number => codePoints(text).length;

function codePoints(text: string): Uint32Array {
  const codes = new Uint32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; count++) {
    const code = text.codePointAt(at)!;
    codes[count] = code;
    at += code > 0xffff ? 2 : 1;
  }
  return codes.subarray(0, count);
}

/**
 * The table's rows belong to `short`, its columns to `long`. A block of 32 rows runs over all columns before the next one does;
 * between them only the steps along their common edge are kept.
 */
function distance(short: Uint32Array, long: Uint32Array): number {
  const numbers = new Map<number, number>();
  const numbered = (code: number): number => {
    const known = numbers.get(code);
    if (known !== undefined) return known;
    numbers.set(code, numbers.size);
    return numbers.size - 1;
  };
  const rows = short.map(numbered);
  const columns = long.map(numbered);
  /** By character: in which rows of the block it stands. */
  const places = new Int32Array(numbers.size);
  /** From one column to the next, along the lower edge of the block above: 1, 0 or −1. Above the first row each column costs one more. */
  const steps = new Int8Array(columns.length).fill(1);

  for (let from = 0; from < rows.length; from += ROWS) {
    const block = rows.subarray(from, from + ROWS);
    block.forEach((char, row) => (places[char]! |= 1 << row));
    const last = 1 << (block.length - 1);
    // Bit i: whether row i of the column costs one more than the row above it, or one less.
    let more = -1;
    let less = 0;
    for (let column = 0; column < columns.length; column++) {
      const stepAbove = steps[column]!;
      const equal = places[columns[column]!]!;
      const vertical = equal | less;
      const start = stepAbove < 0 ? equal | 1 : equal;
      const horizontal = (((start & more) + more) ^ more) | start;
      let stepMore = less | ~(horizontal | more);
      let stepLess = more & horizontal;
      steps[column] = (stepMore & last) !== 0 ? 1 : (stepLess & last) !== 0 ? -1 : 0;
      stepMore = (stepMore << 1) | (stepAbove > 0 ? 1 : 0);
      stepLess = (stepLess << 1) | (stepAbove < 0 ? 1 : 0);
      more = stepLess | ~(vertical | stepMore);
      less = stepMore & vertical;
    }
    for (const char of block) places[char] = 0;
  }
  return steps.reduce((sum, step) => sum + step, rows.length);
}
