/** Long lists: only the rows that are seen are there, and more are asked for when the end comes near. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

const ROW_PX = 34;
/** Rows above and below what is seen. */
const BEYOND = 12;

export interface RowsProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly head: ComponentChildren;
  readonly row: (row: T, index: number) => ComponentChildren;
  /** Called when the end of what was loaded is near. */
  readonly onNearEnd: () => void;
}

export function Rows<T>({ label, rows, head, row, onNearEnd }: RowsProps<T>) {
  const room = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  const look = (): void => {
    // A last scroll may be told when the list is gone already.
    if (!room.current) return;
    const { scrollTop, clientHeight } = room.current;
    setSeen((before) =>
      Math.abs(before.top - scrollTop) < ROW_PX / 2 && before.height === clientHeight ? before : { top: scrollTop, height: clientHeight },
    );
  };
  useEffect(() => {
    const watch = new ResizeObserver(look);
    watch.observe(room.current!);
    return () => watch.disconnect();
  }, []);
  const from = Math.max(0, Math.floor(seen.top / ROW_PX) - BEYOND);
  const to = Math.min(rows.length, Math.ceil((seen.top + seen.height) / ROW_PX) + BEYOND);
  useEffect(() => {
    if (to >= rows.length - BEYOND) onNearEnd();
  }, [to, rows.length]);
  return (
    <div class="rows" role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div class="rows-head" role="row">
        {head}
      </div>
      <div class="rows-room" ref={room} onScroll={look} tabIndex={0} role="rowgroup" aria-label={`${label}: rows`}>
        <div style={{ height: `${rows.length * ROW_PX}px`, position: 'relative' }} role="presentation">
          <div style={{ transform: `translateY(${from * ROW_PX}px)` }} role="presentation">
            {rows.slice(from, to).map((one, i) => row(one, from + i))}
          </div>
        </div>
      </div>
    </div>
  );
}
