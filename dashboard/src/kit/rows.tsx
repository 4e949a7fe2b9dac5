/**
 * Long lists: only the rows that are seen are there, and more are asked for when the end comes near. The list is one stop of the Tab key; arrows,
 * Page Up and Down, Home and End go from row to row, Enter opens one. It comes back to where it was left.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { keepValue, keptValue } from '../entries.ts';
import { LESS_ROOM, useMedia } from './media.ts';

const ROW_PX = 34;
/** With a second line, where there is less room: `style/samples.css`. */
const TALL_ROW_PX = 54;
/** Rows above and below what is seen. */
const BEYOND = 12;

/** The place of a row in the whole table: the head is the first. */
export const rowIndexOf = (index: number): number => index + 2;

export interface RowsProps<T> {
  readonly label: string;
  /** Names the list as it is filtered: another one begins at its top. */
  readonly of: string;
  readonly rows: readonly T[];
  /** These are all. */
  readonly isWhole: boolean;
  readonly head: ComponentChildren;
  /** Bears `data-row`, its index, and a link. */
  readonly row: (row: T, index: number) => ComponentChildren;
  /** Called when the end of what was loaded is near. */
  readonly onNearEnd: () => void;
}

/** Where a key leads from a row; undefined: nowhere. `page`: rows that are seen at once. Pure. */
function stepOf(key: string, from: number | undefined, { first, page, last }: { first: number; page: number; last: number }) {
  const to = {
    ArrowDown: from === undefined ? first : from + 1,
    ArrowUp: from === undefined ? first : from - 1,
    PageDown: (from ?? first) + page,
    PageUp: (from ?? first) - page,
    Home: 0,
    End: last,
  }[key];
  return to === undefined ? undefined : Math.min(last, Math.max(0, to));
}

export function Rows<T>({ label, of, rows, isWhole, head, row, onNearEnd }: RowsProps<T>) {
  const room = useRef<HTMLDivElement>(null);
  const kept = `${label}: first row`;
  const firstRow = (): number => {
    const before = keptValue<{ of: string; row: number }>(kept);
    return before?.of === of ? before.row : 0;
  };
  const rowPx = useMedia(LESS_ROOM) ? TALL_ROW_PX : ROW_PX;
  const [seen, setSeen] = useState({ top: firstRow() * rowPx, height: 600 });
  /** The row that has the focus, or had it before it went out of sight. */
  const active = useRef<number>(undefined);
  const [wanted, setWanted] = useState<number>();
  const focusOn = (index: number): boolean => {
    const link = room.current?.querySelector<HTMLElement>(`[data-row='${index}'] a`);
    link?.focus({ preventScroll: true });
    link?.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
    return Boolean(link);
  };
  const look = (): void => {
    // A last scroll may be told when the list is gone already.
    if (!room.current) return;
    const { scrollTop, clientHeight } = room.current;
    keepValue(kept, { of, row: scrollTop / rowPx });
    setSeen((before) =>
      Math.abs(before.top - scrollTop) < rowPx / 2 && before.height === clientHeight ? before : { top: scrollTop, height: clientHeight },
    );
  };
  useLayoutEffect(() => {
    room.current!.scrollTop = firstRow() * rowPx;
  }, [rowPx]);
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(room.current!);
    return () => watch.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(seen.top / rowPx) - BEYOND);
  const to = Math.min(rows.length, Math.ceil((seen.top + seen.height) / rowPx) + BEYOND);
  useEffect(() => {
    if (to >= rows.length - BEYOND) onNearEnd();
  }, [to, rows.length]);
  useEffect(() => {
    if (wanted === undefined) return;
    const step = active.current;
    if (!focusOn(wanted)) return;
    setWanted(undefined);
    // Keys may have gone on meanwhile.
    active.current = step;
  }, [wanted, from, to]);
  // A row that has scrolled away takes its focus along: the list has it then.
  useLayoutEffect(() => {
    if (active.current !== undefined && document.activeElement === document.body) room.current!.focus({ preventScroll: true });
  }, [from, to]);
  const pressed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const element = room.current!;
    const page = Math.max(1, Math.floor(element.clientHeight / rowPx) - 1);
    const step = stepOf(event.key, active.current, { first: Math.ceil(element.scrollTop / rowPx), page, last: rows.length - 1 });
    if (step === undefined) return;
    event.preventDefault();
    active.current = step;
    const top = step * rowPx;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowPx > element.scrollTop + element.clientHeight) element.scrollTop = top + rowPx - element.clientHeight;
    look();
    setWanted(focusOn(step) ? undefined : step);
  };
  const focused = (event: FocusEvent): void => {
    const own = (event.target as Element).closest<HTMLElement>('[data-row]');
    if (own) active.current = Number(own.dataset['row']);
  };
  const left = (event: FocusEvent): void => {
    // Gone elsewhere, not out of sight.
    if (event.relatedTarget instanceof Node && !room.current?.contains(event.relatedTarget)) active.current = undefined;
  };
  return (
    <div class="rows" role="table" aria-label={label} aria-rowcount={isWhole ? rows.length + 1 : -1}>
      <div class="rows-head" role="row" aria-rowindex={1}>
        {head}
      </div>
      <div
        class="rows-room"
        ref={room}
        onScroll={look}
        onKeyDown={pressed}
        onFocusIn={focused}
        onFocusOut={left}
        tabIndex={0}
        role="rowgroup"
        aria-label={`${label}: rows; arrow keys go from one to the next, Enter opens it`}
      >
        <div style={{ height: `${rows.length * rowPx}px`, position: 'relative' }} role="presentation">
          <div style={{ transform: `translateY(${from * rowPx}px)` }} role="presentation">
            {rows.slice(from, to).map((one, i) => row(one, from + i))}
          </div>
        </div>
      </div>
    </div>
  );
}
