/** The report for people: a table of results, and what it took. Pure. */
import type { Report, ReportRow } from '../../shared/client/types.ts';
import { count, duration, padEnd, padStart, plainText, plural, widthOf } from './text.ts';

interface Column {
  title: string;
  right: boolean;
  cell: (row: ReportRow) => string;
}

/** The report as text, ended by a line feed. Columns that would hold only zeros are left out. */
export function reportTable(report: Report): string {
  const columns = columnsOf(report.results);
  const cells = report.results.map((row) => columns.map((c) => plainText(c.cell(row))));
  const widths = columns.map((c, i) => Math.max(widthOf(c.title), ...cells.map((line) => widthOf(line[i]!))));
  const layOut = (line: readonly string[]): string =>
    line
      .map((text, i) => (columns[i]!.right ? padStart(text, widths[i]!) : padEnd(text, widths[i]!)))
      .join('  ')
      .trimEnd();
  const { usage, timing, units } = report;
  const lines = [
    `${plainText(report.name)}  ${report.state}  ${report.evaluationId}`,
    '',
    layOut(columns.map((c) => c.title)),
    widths.map((w) => '─'.repeat(w)).join('  '),
    ...cells.map(layOut),
    '',
    `${plural(units.total, 'unit')} = ${unitsInWords(report)}`,
    `${plural(usage.calls, 'model call')} (${count(usage.retries)} retried); ${count(usage.inputTokens)} tokens in, ${count(usage.outputTokens)} out; ${duration(timing.durationMs)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function columnsOf(rows: readonly ReportRow[]): Column[] {
  const metrics = (['accuracy', 'mean'] as const).filter((m) => rows.some((r) => typeof r.metrics[m] === 'number'));
  const lost = (['unscored', 'errored', 'cancelled', 'dead'] as const).filter((k) => rows.some((r) => r.counts[k] > 0));
  return [
    { title: 'benchmark', right: false, cell: (r) => r.benchmark },
    { title: 'model', right: false, cell: (r) => r.model },
    { title: 'scorer', right: false, cell: (r) => r.scorer },
    ...metrics.map((m): Column => ({ title: m, right: true, cell: (r) => number(r.metrics[m]) })),
    { title: '± stderr', right: true, cell: (r) => number(r.metrics.stderr) },
    { title: 'scored', right: true, cell: (r) => `${count(r.counts.scored)}/${count(r.counts.total)}` },
    ...lost.map((k): Column => ({ title: k, right: true, cell: (r) => count(r.counts[k]) })),
  ];
}

const number = (value: number | undefined): string => (typeof value !== 'number' ? '–' : value.toFixed(4));

function unitsInWords({ units }: Report): string {
  return (['scored', 'unscored', 'errored', 'cancelled', 'dead'] as const).map((k) => `${count(units[k])} ${k}`).join(' + ');
}
