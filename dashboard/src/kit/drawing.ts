/** How a chart is drawn: from lines to what uPlot wants. */
import type uPlot from 'uplot';
import type { Plot } from '../course.ts';
import { two } from '../words.ts';

const HEIGHT = 176;
const FONT = '11px ui-sans-serif, system-ui, sans-serif';

/** The colour of a line, as it is now. */
export type Colours = (i: number) => string;

export interface DrawingProps {
  plot: Plot;
  format: (value: number) => string;
  isStacked: boolean;
  fromZero: boolean;
  colours: Colours;
  /** How bars are drawn. */
  bars: uPlot.Series.PathBuilder;
  /** A colour of the page by its name. */
  ink: (name: string) => string;
}

export interface Drawing {
  options: Omit<uPlot.Options, 'width'>;
  dataOf: (plot: Plot) => uPlot.AlignedData;
}

/** In the order of the series: bands first, so that lines lie upon them; of what is stacked the highest first. */
function data({ at, lines }: Plot, isStacked: boolean): uPlot.AlignedData {
  if (isStacked) {
    const sums = at.map(() => 0);
    const stacked = lines.map(({ values }) => values.map((value, i) => (value === null ? null : (sums[i]! += value))));
    return [at, ...stacked.toReversed()];
  }
  const bands = lines.flatMap(({ low, high }) => (low && high ? [high, low] : []));
  return [at, ...bands, ...lines.map(({ values }) => values)];
}

export function drawing({ plot, format, isStacked, fromZero, colours, bars, ink }: DrawingProps): Drawing {
  const { lines } = plot;
  const banded = lines.filter(({ low, high }) => low && high);
  const bandSeries = banded.flatMap((): uPlot.Series[] => [
    { width: 0, points: { show: false } },
    { width: 0, points: { show: false } },
  ]);
  const lineSeries = lines.map(({ colour, isDashed }): uPlot.Series => ({
    stroke: () => colours(colour),
    width: isDashed ? 1.25 : 1.75,
    ...(isDashed && { dash: [4, 3] }),
    // A value between two that are missing would not be seen.
    points: { size: 5, width: 0, fill: () => colours(colour), filter: lonely },
  }));
  const barSeries = lines.map(({ colour }): uPlot.Series => ({
    fill: () => colours(colour),
    width: 0,
    points: { show: false },
    paths: bars,
  }));
  const axis = (more: uPlot.Axis): uPlot.Axis => ({
    stroke: () => ink('ink-3'),
    font: FONT,
    grid: { stroke: () => ink('line'), width: 1 },
    ticks: { show: false },
    ...more,
  });
  return {
    dataOf: (now) => data(now, isStacked),
    options: {
      height: HEIGHT,
      padding: [8, 24, 0, 0],
      legend: { show: false },
      cursor: { y: false, sync: { key: 'course' }, points: { size: 7, width: 0 }, drag: { x: false, y: false } },
      series: [{}, ...(isStacked ? barSeries.toReversed() : [...bandSeries, ...lineSeries])],
      bands: banded.map(({ colour }, i) => ({ series: [2 * i + 1, 2 * i + 2], fill: () => translucent(colours(colour)) })),
      scales: { x: { time: true, range: wholeSpans }, y: { range: (_, least, most) => rangeOf(fromZero, least, most) } },
      axes: [
        axis({ size: 28, space: 72, incrs: STEPS, grid: { show: false }, values: (_, splits, __, ___, step) => timesOf(splits, step) }),
        axis({ size: 52, space: 32, gap: 6, values: (_, splits) => splits.map((value) => format(value)) }),
      ],
    },
  };
}
drawing.data = data;

/** Seconds between two times that are written: whole ones, as times are written no finer. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000];

/** By the reader's clock: the date where steps are days, seconds where they are shorter than a minute. */
function timesOf(splits: readonly number[], stepSeconds: number): string[] {
  return splits.map((at) => {
    const d = new Date(at * 1000);
    if (stepSeconds >= 86_400) return `${two(d.getMonth() + 1)}-${two(d.getDate())}`;
    return `${two(d.getHours())}:${two(d.getMinutes())}${stepSeconds < 60 ? `:${two(d.getSeconds())}` : ''}`;
  });
}

/** From the beginning of the first span to the end of the last. By the data itself: of a single span the library would show years. */
export function wholeSpans({ data: [at] }: Pick<uPlot, 'data'>): [number, number] {
  const [first = 0, second = first + 1] = at;
  const half = (second - first) / 2;
  return [first - half, (at.at(-1) ?? first) + half];
}

/** A little room above, and below where it does not stand on nothing. */
function rangeOf(fromZero: boolean, least: number | null, most: number | null): [number, number] {
  if (least === null || most === null) return [0, 1];
  if (fromZero) return [0, most > 0 ? most * 1.08 : 1];
  const room = (most - least || Math.abs(most) || 1) * 0.08;
  // What lies between nothing and all is not drawn beyond them.
  const isShare = least >= -1 && most <= 2;
  return isShare ? [Math.max(least - room, -0.02), Math.min(most + room, 1.02)] : [least - room, most + room];
}

/** Places whose neighbours have no value. */
function lonely(u: uPlot, seriesIndex: number): number[] {
  const values = u.data[seriesIndex] as (number | null)[];
  return values.flatMap((value, i) => (value !== null && (values[i - 1] ?? null) === null && (values[i + 1] ?? null) === null ? [i] : []));
}

const translucent = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.16)');
