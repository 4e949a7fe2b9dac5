/** Lines over time, drawn by uPlot, which comes when the first chart is wanted. What they say stands beside them as text. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Line, Plot } from '../course.ts';
import { moment, two } from '../words.ts';
import { drawing, type Colours } from './drawing.ts';
import { Instead } from './instead.tsx';
import { Table } from './table.tsx';

/** The module and its style, once for all charts. */
let library: Promise<typeof uPlot> | undefined;
const loadLibrary = (): Promise<typeof uPlot> =>
  (library ??= import('uplot').then(
    (module) => module.default,
    (error: unknown) => {
      // The next chart tries again.
      library = undefined;
      throw error;
    },
  ));

export const COLOURS = 12;
const colourOf = (family: string, i: number): string => `var(--${family}-${i % COLOURS})`;

export interface ChartProps {
  readonly title: string;
  /** What the numbers are: `samples a second`. */
  readonly unit: string;
  readonly plot: Plot;
  readonly format: (value: number) => string;
  /** Bars that stand on each other; lines without it. */
  readonly isStacked?: boolean;
  /** Whether nothing is the least: not where only differences count. */
  readonly fromZero?: boolean;
  /** Of the lines' colours: `line` where they only tell one from another, `error` where all are failures. */
  readonly family?: 'series' | 'error';
  readonly empty: string;
}

export function Chart({ title, unit, plot, format, isStacked = false, fromZero = true, family = 'series', empty }: ChartProps) {
  const room = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const [at, setAt] = useState<number>();
  const [isMissing, setMissing] = useState(false);
  const latest = useRef(plot);
  latest.current = plot;
  const step = (event: KeyboardEvent): void => {
    const last = plot.at.length - 1;
    const from = at ?? last;
    const to = { ArrowLeft: from - 1, ArrowRight: at === undefined ? last : from + 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    show(Math.min(last, Math.max(0, to)));
  };
  // The library has it drawn, and told to the charts beside.
  const show = (place: number | undefined): void =>
    chart.current?.setCursor(
      place === undefined ? { left: -10, top: -10 } : { left: chart.current.valToPos(plot.at[place]!, 'x'), top: 0 },
    );
  const isEmpty = plot.at.length === 0 || plot.lines.every(({ values }) => values.every((value) => value === null));
  // Other lines are another chart; other values are the same one.
  const shape = isEmpty ? '' : JSON.stringify([family, plot.lines.map(({ name, isDashed, low }) => [name, isDashed, low !== undefined])]);
  useEffect(() => {
    const element = room.current;
    if (!element || shape === '') return;
    let isGone = false;
    const ends: (() => void)[] = [];
    const draw = (UPlot: typeof uPlot): void => {
      if (isGone) return;
      setMissing(false);
      const colours: Colours = (i) => resolved(element, colourOf(family, i));
      const ink = (name: string): string => resolved(element, `var(--${name})`);
      const bars = UPlot.paths.bars!({ size: [0.8, 24] });
      const { options, dataOf } = drawing({ plot: latest.current, format, isStacked, fromZero, colours, bars, ink });
      const made = new UPlot(
        { ...options, width: element.clientWidth, hooks: { setCursor: [(u) => setAt(u.cursor.idx ?? undefined)] } },
        dataOf(latest.current),
        element,
      );
      chart.current = made;
      const fit = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: options.height }));
      fit.observe(element);
      ends.push(
        () => fit.disconnect(),
        onTheme(() => made.redraw(false, true)),
        () => made.destroy(),
      );
    };
    // After an upgrade the coordinator has no such file any more.
    loadLibrary().then(draw, () => isGone || setMissing(true));
    return () => {
      isGone = true;
      chart.current = undefined;
      for (const end of ends) end();
    };
  }, [shape]);
  useEffect(() => {
    if (chart.current) chart.current.setData(dataFor(plot, isStacked));
  }, [plot]);
  return (
    <section class="chart" aria-label={title}>
      <h2>
        {title}
        <span class="note">{unit}</span>
      </h2>
      {isEmpty ? (
        <p class="chart-empty">{empty}</p>
      ) : (
        <>
          <ul class="chart-legend">
            {plot.lines.map((line, i) => (
              <li key={line.name}>
                <i
                  class={line.isDashed ? 'chart-key is-dashed' : isStacked ? 'chart-key is-filled' : 'chart-key'}
                  style={{ color: colourOf(family, line.colour) }}
                  aria-hidden="true"
                />
                <span class="chart-name">{line.name}</span>
                <b>{said(line, at, format)}</b>
                {i === 0 && at !== undefined && plot.at[at] !== undefined ? <time class="chart-at">{clockOf(plot.at[at])}</time> : null}
              </li>
            ))}
          </ul>
          {isMissing ? (
            <p class="problem" role="alert">
              The chart could not be loaded. Reload the page: the coordinator may have been upgraded.
            </p>
          ) : null}
          <div
            class="chart-stop"
            tabIndex={0}
            role="slider"
            aria-label={`${title}, over time`}
            aria-valuemin={0}
            aria-valuemax={plot.at.length - 1}
            aria-valuenow={at ?? plot.at.length - 1}
            aria-valuetext={saidAt(plot, at ?? plot.at.length - 1, format)}
            onKeyDown={step}
            onBlur={() => show(undefined)}
          >
            <div class="chart-room" ref={room} aria-hidden="true" />
          </div>
          <Instead of={title}>{() => <Numbers title={title} plot={plot} format={format} />}</Instead>
        </>
      )}
    </section>
  );
}

const dataFor = (plot: Plot, isStacked: boolean): uPlot.AlignedData => drawing.data(plot, isStacked);

/** All lines at one place, in words. */
const saidAt = (plot: Plot, place: number, format: (value: number) => string): string =>
  `${clockOf(plot.at[place] ?? 0)}: ${plot.lines.map((line) => `${line.name} ${said(line, place, format)}`).join(', ')}`;

/** The newest first. */
const Numbers = ({ title, plot, format }: Pick<ChartProps, 'title' | 'plot' | 'format'>) => (
  <Table
    label={`${title}, as a table`}
    rows={plot.at.map((_, place) => place).toReversed()}
    keyOf={String}
    columns={[
      { title: 'Around', cell: (place) => <time>{moment(plot.at[place]! * 1000)}</time> },
      ...plot.lines.map((line) => ({ title: line.name, right: true, cell: (place: number) => said(line, place, format) })),
    ]}
  />
);

/** What a line says at a place, or last, with what it may be. */
function said({ values, low, high }: Line, at: number | undefined, format: (value: number) => string): string {
  const place = at ?? values.findLastIndex((value) => value !== null);
  const value = values[place];
  if (value === null || value === undefined) return '–';
  const [from, to] = [low?.[place], high?.[place]];
  return typeof from === 'number' && typeof to === 'number' ? `${format(value)} ± ${format((to - from) / 2)}` : format(value);
}

function clockOf(seconds: number): string {
  const d = new Date(seconds * 1000);
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** A colour as a canvas understands it: of what it is here, light or dark. */
function resolved(element: HTMLElement, colour: string): string {
  element.style.setProperty('--asked', colour);
  return getComputedStyle(element, '::before').color;
}

/** Calls when it becomes dark or light. */
function onTheme(call: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(call);
  system.addEventListener('change', call);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', call);
    chosen.disconnect();
  };
}
