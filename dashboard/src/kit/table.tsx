/** Tables: columns as data, numbers to the right, on narrow screens only what matters; those that are complete are sorted by their heads. */
import type { ComponentChildren } from 'preact';
import { setQuery } from '../router.ts';
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
}

const classOf = <T,>({ right, from, grows }: Column<T>): string =>
  [right && 'right', from && `from-${from}`, grows && 'grows'].filter(Boolean).join(' ');

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
}

export function Table<T>({ label, columns, rows, keyOf, className = '', sorting, order: told }: TableProps<T>) {
  const name = sorting?.name ?? 'sort';
  const asked = sorting && readOrder(sorting.query.get(name));
  const by = asked && columns.find(({ title, by: own }) => own && columnName(title) === asked.by)?.by;
  const order = by ? asked : undefined;
  const shown = by && asked ? sorted(rows, by, asked.isDown) : rows;
  return (
    <div class="table-room" tabIndex={0} role="region" aria-label={label}>
      <table class={className}>
        {told === undefined ? null : <caption>{told}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHead key={column.title} column={column} order={order} name={sorting && name} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
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
    <th class={classOf(column)} scope="col" aria-sort={isHere ? (order.isDown ? 'descending' : 'ascending') : undefined}>
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
