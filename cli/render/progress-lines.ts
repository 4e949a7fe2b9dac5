/** The picture as lines of a given width. Pure apart from `paint`, which may colour. */
import { stderrOf } from '../../shared/scoring/metrics.ts';
import { openOf } from '../../shared/domain/states.ts';
import { modelInWords } from './judge-words.ts';
import { stateColour, type Paint } from './paint.ts';
import { closedOf, handedOut, type ProgressRow, type ProgressView } from './progress-view.ts';
import { count, cut, duration, padEnd, padStart, perSecond, plainText, plural, widthOf } from './text.ts';

export interface Frame {
  columns: number;
  rows: number;
  nowMs: number;
  paint: Paint;
}

/** A header and one bar a row. Every line fits `columns`, all lines fit `rows` (at least the header and one bar). */
export function progressLines(view: ProgressView, frame: Frame): string[] {
  const room = Math.max(1, frame.rows - 2);
  const rows = view.rows.length <= room ? view.rows : mostWanted(view.rows, room - 1);
  const hidden = view.rows.length - rows.length;
  const lines = [headerLine(view, frame), ...barLines(view, rows, frame)];
  if (hidden > 0) lines.push(frame.paint('dim', cut(`  … and ${plural(hidden, 'more bar')}`, frame.columns)));
  return lines;
}

function headerLine(view: ProgressView, { columns, nowMs, paint }: Frame): string {
  const open = openOf(view.counts);
  const eta = view.meter.etaMs(open, nowMs);
  const parts = [
    `${count(closedOf(view.counts))}/${count(view.counts.total)}`,
    open > 0 && perSecondOrNothing(view.meter.perSecond(nowMs)),
    open > 0 && eta !== undefined && `ETA ${duration(eta)}`,
    handedOut(view),
    view.reason && plainText(view.reason),
  ].filter((p): p is string => Boolean(p));
  const name = cut(plainText(view.name) || 'evaluation', Math.min(columns, Math.max(8, Math.floor(columns / 3))));
  const rest = cut(` ${view.state}  ${parts.join('  ')}`, Math.max(0, columns - widthOf(name)));
  return paint('bold', name) + rest.replace(view.state, paint(stateColour(view.state), view.state));
}

/** The columns of a bar's line after its label and bar; the last ones go first when the terminal is narrow. */
function cellsOf(row: ProgressRow, nowMs: number, columns: number): string[] {
  const open = openOf(row.counts);
  const eta = row.meter.etaMs(open, nowMs);
  const lost = row.counts.errored + row.counts.dead;
  return [
    `${count(closedOf(row.counts))}/${count(row.counts.total)}`,
    accuracyCell(row, columns),
    lost > 0 ? `errors ${count(lost)}` : '',
    open > 0 ? perSecondOrNothing(row.meter.perSecond(nowMs)) : '',
    open > 0 && eta !== undefined ? `ETA ${duration(eta)}` : '',
    row.retries > 0 ? `retries ${count(row.retries)}` : '',
    row.counts.unscored > 0 ? `unscored ${count(row.counts.unscored)}` : '',
  ];
}

/** The number goes before its name, and both before the bar, when the terminal is narrow. */
const accuracyCell = (row: ProgressRow, columns: number): string =>
  runningMetric(row) === '' ? '' : `${accuracyName(columns)}${runningMetric(row)}`;
const accuracyName = (columns: number): string => (columns >= 100 ? 'accuracy ' : columns >= 60 ? 'acc ' : '');

/** Widths that cells will have soon, kept free from the start while something is open, so that the bars stand still. */
function keptFree(row: ProgressRow, columns: number): number[] {
  if (openOf(row.counts) === 0) return [];
  const total = widthOf(count(row.counts.total));
  return [2 * total + 1, accuracyName(columns).length + '0.000 ± 0.000'.length, 0, '9.9/s'.length, 'ETA 9.9 s'.length];
}

/** `0.552 ± 0.014`, the mean of the first scorer so far with its standard error; '' before the first score. */
export function runningMetric(row: Pick<ProgressRow, 'scorers'>): string {
  const sums = row.scorers[0];
  if (!sums || sums.n === 0) return '';
  const spread = sums.n > 1 ? ` ± ${stderrOf(sums.n, sums.sum, sums.sumOfSquares).toFixed(3)}` : '';
  return `${(sums.sum / sums.n).toFixed(3)}${spread}`;
}

const perSecondOrNothing = (rate: number): string => (rate > 0 ? perSecond(rate) : '');

function barLines(view: ProgressView, rows: readonly ProgressRow[], { columns, nowMs, paint }: Frame): string[] {
  const severalBenchmarks = new Set(view.rows.map((r) => r.benchmark)).size > 1;
  const labels = rows.map((r) => plainText(severalBenchmarks ? `${r.benchmark} · ${modelInWords(r)}` : modelInWords(r)));
  const cells = rows.map((r) => cellsOf(r, nowMs, columns));
  const free = rows.map((r) => keptFree(r, columns));
  // One width for each column of the table, and 0 for a column that nobody fills.
  const widths = (cells[0] ?? []).map((_, i) => Math.max(0, ...cells.map((c) => widthOf(c[i]!)), ...free.map((f) => f[i] ?? 0)));
  const wanted = Math.max(8, ...labels.map(widthOf));
  const labelWidth = Math.min(wanted, Math.max(8, Math.floor(columns * 0.35)));

  let used = 2 + labelWidth + 1;
  const shown = widths.map((width, i) => {
    // Done and accuracy go before the bar, the bar before the rest.
    const reserved = i > 1 ? LEAST_BAR : 0;
    if (width === 0 || used + 2 + width + reserved > columns) return false;
    used += 2 + width;
    return true;
  });
  const barWidth = Math.min(40, columns - used);
  return rows.map((row, r) => {
    const bar = barWidth >= LEAST_BAR ? drawBar(row, barWidth, paint) : '';
    const tail = cells[r]!.map((cell, i) => (shown[i] ? `  ${colourCell(i, padStart(cell, widths[i]!), paint)}` : '')).join('');
    const label = padEnd(cut(labels[r]!, labelWidth), labelWidth);
    return columns < 14 ? cut(labels[r]!, columns) : `  ${label} ${bar}${tail}`;
  });
}

const colourCell = (index: number, text: string, paint: Paint): string =>
  index === 1 ? paint('cyan', text) : index === 2 ? paint('red', text) : index > 2 ? paint('dim', text) : text;

const LEAST_BAR = 10;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function drawBar(row: ProgressRow, width: number, paint: Paint): string {
  const share = row.counts.total > 0 ? closedOf(row.counts) / row.counts.total : 0;
  const eighths = Math.min(width * 8, Math.floor(share * width * 8));
  const full = Math.floor(eighths / 8);
  const filled = '█'.repeat(full) + EIGHTHS[eighths % 8]!;
  return paint(openOf(row.counts) === 0 ? 'green' : 'cyan', filled) + paint('dim', '·'.repeat(width - widthOf(filled)));
}

/** When not all bars fit: those under way first, then those to come, then the finished; the spec's order within. */
function mostWanted(rows: readonly ProgressRow[], room: number): ProgressRow[] {
  const rank = (r: ProgressRow): number => (openOf(r.counts) === 0 ? 2 : closedOf(r.counts) > 0 ? 0 : 1);
  const chosen = new Set(rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, Math.max(1, room)));
  return rows.filter((r) => chosen.has(r));
}
