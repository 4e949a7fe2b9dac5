/** Tables: columns as data, numbers to the right, on narrow screens only what matters; those that are complete are sorted by their heads. */
import type { ComponentChildren } from 'preact';
import { setQuery } from '../router.ts';
import { MIDDLE, useMedia } from './media.ts';
import { columnName, orderText, pressed, readOrder, sorted, type Order, type Place } from '../sorted.ts';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** What rows are sorted by; without it they are not by this column. */
  readonly by?: (row: T) => Place;
  readonly right?: boolean;
  /** From which width on it is shown; without it always. */
  readonly from?: 'middle' | 'wide';
  /** It takes what the others leave, and is cut where that is too little. */
  readonly grows?: boolean;
  /** It is for programs that read aloud only. */
  readonly silentTitle?: boolean;
  /** What a card is called by, where rows are cards; without it what grows is. */
  readonly leads?: boolean;
}

const classOf = <T,>({ right, from, grows, leads, silentTitle }: Column<T>): string =>
  [right && 'right', from && `from-${from}`, grows && 'grows', leads && 'leads', silentTitle && 'silent-title'].filter(Boolean).join(' ');

export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly className?: string;
  /** All rows are here: the heads of columns sort them, as the address says under `name`. */
  readonly sorting?: { readonly query: URLSearchParams; readonly name?: string } | undefined;
  /** The order in which the rows come, where it is not one of this page's: it is told below. */
  readonly order?: string | undefined;
  /** On narrow screens a row is a card with all of its columns. */
  readonly isList?: boolean;
}

/** The roles are those of the elements: laid out as cards they would lose them. */
export function Table<T>({ label, columns, rows, keyOf, className = '', sorting, order: told, isList = false }: TableProps<T>) {
  const isMiddle = useMedia(MIDDLE);
  const rest = isList && isMiddle ? columns.filter(({ from }) => from === 'wide') : [];
  const classes = [className, isList && 'is-list', isList && columns[0]!.silentTitle && 'is-chosen'].filter(Boolean);
  const name = sorting?.name ?? 'sort';
  const asked = sorting && readOrder(sorting.query.get(name));
  const by = asked && columns.find(({ title, by: own }) => own && columnName(title) === asked.by)?.by;
  const order = by ? asked : undefined;
  const shown = by && asked ? sorted(rows, by, asked.isDown) : rows;
  return (
    <div class="table-room" tabIndex={0} role="region" aria-label={label}>
      <table class={classes.join(' ')} role="table">
        {told === undefined ? null : <caption>{told}</caption>}
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <ColumnHead key={column.title} column={column} order={order} name={sorting && name} />
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {shown.map((row) => (
            <tr key={keyOf(row)} role="row">
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)} data-title={column.title} role="cell">
                  <Cell column={column} row={row} />
                  {column.grows && rest.length > 0 ? <Rest columns={rest} row={row} /> : null}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Words in it break where they are long; numbers stand to the right, and do not. */
function Cell<T>({ column: { cell, right }, row }: { column: Column<T>; row: T }) {
  const content = cell(row);
  return typeof content === 'string' && content !== '' && !right ? <span class="name">{content}</span> : content;
}

/** `name`: of the order, where rows can be sorted. */
function ColumnHead<T>({ column, order, name }: { column: Column<T>; order: Order | undefined; name: string | undefined }) {
  const { title, silentTitle, by, right = false } = column;
  const own = columnName(title);
  const isHere = order?.by === own;
  const press = (): void => {
    const next = pressed(order, own, right);
    setQuery({ [name!]: next && orderText(next) });
  };
  const words = silentTitle ? <span class="silent">{title}</span> : title;
  return (
    <th
      class={classOf(column)}
      scope="col"
      role="columnheader"
      aria-sort={isHere ? (order.isDown ? 'descending' : 'ascending') : undefined}
    >
      {by && name !== undefined ? (
        <button type="button" class="sorter" onClick={press}>
          {words}
        </button>
      ) : (
        words
      )}
    </th>
  );
}

/** What has no column of its own on this screen. */
const Rest = <T,>({ columns, row }: { columns: readonly Column<T>[]; row: T }) => (
  <span class="rest">
    {columns
      .map(({ title, cell }) => ({ title, value: cell(row) }))
      .filter(({ value }) => value !== '')
      .map(({ title, value }) => (
        <span key={title}>
          <span class="rest-title">{title}</span> {value}
        </span>
      ))}
  </span>
);
