/** Tables: columns as data, numbers to the right, and on narrow screens only what matters. */
import type { ComponentChildren } from 'preact';

export interface Column<T> {
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
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
}

export const Table = <T,>({ label, columns, rows, keyOf, className = '' }: TableProps<T>) => (
  <div class="table-room" tabIndex={0} role="region" aria-label={label}>
    <table class={className}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.title} class={classOf(column)} scope="col">
              {column.silentTitle ? <span class="silent">{column.title}</span> : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
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
