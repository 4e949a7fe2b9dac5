/** Tables that fit: cells are cut, then columns left out, before a row would be wrapped. Wide characters stay in line. Pure. */
import type { Colour } from './paint.ts';
import type { Look } from './look.ts';
import { cut, padEnd, padStart, plainText, widthOf } from './text.ts';

export interface Column<Row> {
  title: string;
  /** Text from outside may be in it: it is made harmless here. */
  cell: (row: Row) => string;
  right?: boolean;
  /** May be cut to this many columns where there is no room; absent: never. */
  least?: number;
  /** Where cutting is not enough the column with the highest number is left out, then the next; 0 (default): never. */
  drop?: number;
  /** Left out where all cells are empty. */
  optional?: boolean;
  colour?: (row: Row) => Colour | undefined;
}

const GAP = 2;

export interface TableOptions {
  /** A line below the titles. */
  rule?: boolean;
}

/** A whole table, a line each without line feeds. */
export const tableLines = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  look: Pick<Look, 'columns' | 'paint'>,
  options: TableOptions = {},
): string[] => new Table(columns, look, options).lines(rows);

/** A table whose rows come in parts; the first part decides the layout, so that any number of rows takes no memory. */
export class Table<Row> {
  readonly #columns: readonly Column<Row>[];
  readonly #look: Pick<Look, 'columns' | 'paint'>;
  readonly #options: TableOptions;
  #layout: Placed<Row>[] | undefined;

  constructor(columns: readonly Column<Row>[], look: Pick<Look, 'columns' | 'paint'>, options: TableOptions = {}) {
    this.#columns = columns;
    this.#look = look;
    this.#options = options;
  }

  /** The lines of these rows; in front of the first ones stand the titles. */
  lines(rows: readonly Row[]): string[] {
    const { paint, columns: width } = this.#look;
    const layout = this.#layout ?? layOut(this.#columns, rows, width);
    const head: string[] = [];
    if (!this.#layout) {
      head.push(joined(layout.map((p) => paint('bold', padded(p, p.column.title)))));
      if (this.#options.rule) head.push(joined(layout.map((p) => paint('dim', '─'.repeat(p.width)))));
    }
    this.#layout = layout;
    const line = (row: Row): string =>
      joined(
        layout.map((p) => {
          const text = padded(p, plainText(p.column.cell(row)));
          const colour = p.column.colour?.(row);
          return colour ? paint(colour, text) : text;
        }),
      );
    return [...head, ...rows.map(line)];
  }
}

interface Placed<Row> {
  column: Column<Row>;
  width: number;
  /** Cells that are longer are cut to the width. */
  cuts: boolean;
}

function padded<Row>({ column, width, cuts }: Placed<Row>, text: string): string {
  const cell = cuts ? cut(text, width) : text;
  return column.right ? padStart(cell, width) : padEnd(cell, width);
}

const joined = (cells: readonly string[]): string => cells.join(' '.repeat(GAP)).trimEnd();

function layOut<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): Placed<Row>[] {
  let wanted = columns
    .map((column) => ({ column, widths: rows.map((row) => widthOf(plainText(column.cell(row)))) }))
    .filter(({ column, widths }) => !column.optional || widths.some((w) => w > 0))
    .map(({ column, widths }) => ({ column, width: widths.reduce((a, b) => Math.max(a, b), widthOf(column.title)) }));
  for (;;) {
    const shrunk = shrink(wanted, width, (p) => p.column.least ?? Infinity);
    const last = wanted.reduce((a, { column }) => Math.max(a, column.drop ?? 0), 0);
    const cuts = width !== Infinity;
    if (sum(shrunk) <= width) return shrunk.map((p) => ({ ...p, cuts }));
    if (last === 0) return squeezed(shrunk, width).map((p) => ({ ...p, cuts }));
    const dropped = wanted.findLast(({ column }) => (column.drop ?? 0) === last);
    wanted = wanted.filter((p) => p !== dropped);
  }
}

const sum = (placed: readonly { width: number }[]): number => placed.reduce((total, p) => total + p.width + GAP, -GAP);

/** Takes what is too much from the widest columns that may be cut, so that they become equally wide. */
function shrink<T extends { width: number }>(placed: readonly T[], width: number, leastOf: (p: T) => number): T[] {
  const result = placed.map((p) => ({ ...p }));
  for (let over = sum(result) - width; over > 0; over--) {
    const widest = result.filter((p) => p.width > leastOf(p)).reduce<T | undefined>((a, b) => (a && a.width >= b.width ? a : b), undefined);
    if (!widest) break;
    widest.width--;
  }
  return result;
}

/** For terminals that are too narrow for anything: everything is cut, and the last columns fall off. */
function squeezed<T extends { width: number }>(placed: readonly T[], width: number): T[] {
  let kept = shrink(placed, width, () => 1);
  while (kept.length > 1 && sum(kept) > width) kept = shrink(placed.slice(0, kept.length - 1), width, () => 1);
  return kept;
}
