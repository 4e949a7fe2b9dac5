/** By what a table is sorted, as its address says it: `sort=counted`, the least first, or `sort=-counted`, the most first. Pure. */

/** A row's place; undefined: it has none, and comes last either way. */
export type Place = string | number | undefined;

export interface Order {
  /** The name of the column. */
  readonly by: string;
  readonly isDown: boolean;
}

/** A column's name in an address: `tasks-waiting`. */
export const columnName = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');

export function readOrder(text: string | null): Order | undefined {
  const [, sign, by] = /^(-?)([a-z0-9]+(?:-[a-z0-9]+)*)$/.exec(text ?? '') ?? [];
  return by === undefined ? undefined : { by, isDown: sign === '-' };
}

export const orderText = ({ by, isDown }: Order): string => `${isDown ? '-' : ''}${by}`;

/** What a press on a column's head makes of the order: its first direction, the other one, then as the rows came. Numbers begin with the most. */
export function pressed(before: Order | undefined, by: string, isNumber: boolean): Order | undefined {
  if (before?.by !== by) return { by, isDown: isNumber };
  return before.isDown === isNumber ? { by, isDown: !isNumber } : undefined;
}

const words = new Intl.Collator('en', { numeric: true });

/** The rows in order; those that are alike stay as they came. */
export function sorted<T>(rows: readonly T[], placeOf: (row: T) => Place, isDown: boolean): readonly T[] {
  const turn = isDown ? -1 : 1;
  return rows
    .map((row) => [row, placeOf(row)] as const)
    .toSorted(([, a], [, b]) => {
      if (isNone(a) || isNone(b)) return Number(isNone(a)) - Number(isNone(b));
      return turn * (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b)));
    })
    .map(([row]) => row);
}

/** A list of which no page comes before or after this one. */
export const isWhole = (page: { nextToken: string } | undefined, query: URLSearchParams): boolean =>
  page?.nextToken === '' && !query.has('page');

/** What counts of a page say where others come before or after it. */
export const ofPage = (page: { nextToken: string }, query: URLSearchParams): string => (isWhole(page, query) ? '' : ' on this page');

const isNone = (place: Place): place is undefined => place === undefined || place === '' || Number.isNaN(place);
