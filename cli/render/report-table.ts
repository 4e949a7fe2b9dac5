/** The report for people: a table of results, and what it took. Pure. */
import type { Report, ReportRow } from '../../shared/client/types.ts';
import type { Look } from './look.ts';
import { stateColour } from './paint.ts';
import { tableLines, type Column } from './table.ts';
import { count, cut, duration, plainText, plural } from './text.ts';

/** The report as text, ended by a line feed. Columns that would hold only zeros are left out. */
export function reportTable(report: Report, look: Pick<Look, 'columns' | 'paint'>): string {
  const { state, evaluationId } = report;
  const name = cut(plainText(report.name), Math.max(4, look.columns - state.length - evaluationId.length - 4));
  const lines = [`${name}  ${look.paint(stateColour(state), state)}  ${evaluationId}`, '', ...reportLines(report, look)];
  return `${lines.join('\n')}\n`;
}

/** Its table, and what it took. */
export function reportLines(report: Report, look: Pick<Look, 'columns' | 'paint'>): string[] {
  const { usage, timing, units } = report;
  return [
    ...tableLines(columnsOf(report.results), report.results, look, { rule: true }),
    '',
    `${plural(units.total, 'unit')} = ${unitsInWords(report)}`,
    `${plural(usage.calls, 'model call')} (${count(usage.retries)} retried); ${count(usage.inputTokens)} tokens in, ${count(usage.outputTokens)} out; ${duration(timing.durationMs)}`,
  ];
}

function columnsOf(rows: readonly ReportRow[]): Column<ReportRow>[] {
  const metrics = (['accuracy', 'mean'] as const).filter((m) => rows.some((r) => typeof r.metrics[m] === 'number'));
  const spreads = (['std', 'var'] as const).filter((m) => rows.some((r) => typeof r.metrics[m] === 'number'));
  const lost = (['unscored', 'errored', 'cancelled', 'dead'] as const).filter((k) => rows.some((r) => r.counts[k] > 0));
  // Without epochs there is nothing to reduce.
  const reduced = rows.some((r) => r.reducer && r.reducer !== 'mean');
  return [
    { title: 'benchmark', cell: (r) => r.benchmark, least: 8 },
    { title: 'model', cell: (r) => r.model, least: 8 },
    { title: 'scorer', cell: (r) => r.scorer, drop: 1 },
    ...(reduced ? [{ title: 'reducer', cell: (r: ReportRow) => r.reducer }] : []),
    ...metrics.map((m): Column<ReportRow> => ({ title: m, right: true, cell: (r) => number(r.metrics[m]) })),
    { title: '± stderr', right: true, cell: (r) => number(r.metrics.stderr), drop: 2 },
    ...spreads.map((m): Column<ReportRow> => ({ title: m, right: true, cell: (r) => number(r.metrics[m]), drop: 2 })),
    { title: 'scored', right: true, cell: (r) => `${count(r.counts.scored)}/${count(r.counts.total)}`, drop: 4 },
    ...lost.map((k): Column<ReportRow> => ({ title: k, right: true, cell: (r) => count(r.counts[k]), drop: 3 })),
  ];
}

const number = (value: number | undefined): string => (typeof value !== 'number' ? '–' : value.toFixed(4));

function unitsInWords({ units }: Report): string {
  return (['scored', 'unscored', 'errored', 'cancelled', 'dead'] as const).map((k) => `${count(units[k])} ${k}`).join(' + ');
}
