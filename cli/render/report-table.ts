/** The report for people: a table of results, and what it took. Pure. */
import type { CacheHits, Report, ReportRow, ReportStage, ReportTotal, RetryBias } from '../../shared/client/types.ts';
import { CORPUS_METRICS } from '../../shared/scoring/metrics/corpus-scores.ts';
import { LIKELIHOOD_METRICS } from '../../shared/scoring/metrics/perplexities.ts';
import { judgingStages } from './judge-words.ts';
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
    ...tableLines(columnsOf(report.results, report.partial ? '*' : ''), report.results, look, { rule: true }),
    ...groupLines(report.results, look),
    ...totalLines(report.totals ?? [], look),
    ...judgeLines(report, look),
    '',
    ...(report.partial ? ['* partial: the metrics are of what was scored, which is not all, and not by chance'] : []),
    `${plural(units.total, 'unit')} = ${unitsInWords(report)}`,
    ...failureLines(report, look),
    ...cacheLines(report),
    `${plural(usage.calls, 'model call')} (${count(usage.retries)} retried); ${count(usage.inputTokens)} tokens in, ${count(usage.outputTokens)} out; ${duration(timing.durationMs)}`,
  ];
}

/** `mark`: behind the names of metrics. */
function columnsOf(rows: readonly ReportRow[], mark: string): Column<ReportRow>[] {
  const metrics = (['accuracy', 'mean', ...LIKELIHOOD_METRICS, ...CORPUS_METRICS] as const).filter((m) =>
    rows.some((r) => typeof r.metrics[m] === 'number'),
  );
  const spreads = (['std', 'var'] as const).filter((m) => rows.some((r) => typeof r.metrics[m] === 'number'));
  const lost = (['unscored', 'errored', 'cancelled', 'dead'] as const).filter((k) => rows.some((r) => r.counts[k] > 0));
  // Where nothing was scored there are no metrics at all; one without the other would be a riddle.
  const hasMetrics = rows.some((r) => Object.values(r.metrics).some((value) => typeof value === 'number'));
  // Without epochs there is nothing to reduce.
  const reduced = rows.some((r) => r.reducer && r.reducer !== 'mean');
  return [
    { title: 'benchmark', cell: (r) => r.benchmark, least: 8 },
    { title: 'model', cell: (r) => r.model, least: 8 },
    { title: 'scorer', cell: (r) => r.scorer, drop: 1 },
    ...(reduced ? [{ title: 'reducer', cell: (r: ReportRow) => r.reducer }] : []),
    ...metrics.map((m): Column<ReportRow> => ({ title: `${m}${mark}`, right: true, cell: (r) => number(r.metrics[m]) })),
    ...(hasMetrics ? [{ title: '± stderr', right: true, cell: (r: ReportRow) => number(r.metrics.stderr), drop: 2 }] : []),
    { title: 'interval', right: true, cell: ({ metrics: m }) => interval(m.ci_lower, m.ci_upper), optional: true, drop: 3 },
    { title: '± bootstrap', right: true, cell: (r) => numberOrNothing(r.metrics.bootstrap_stderr), optional: true, drop: 3 },
    ...spreads.map((m): Column<ReportRow> => ({ title: m, right: true, cell: (r) => number(r.metrics[m]), drop: 2 })),
    { title: 'scored', right: true, cell: (r) => `${count(r.counts.scored)}/${count(r.counts.total)}`, drop: 4 },
    ...lost.map((k): Column<ReportRow> => ({ title: k, right: true, cell: (r) => count(r.counts[k]), drop: 3 })),
  ];
}

/** Groups of a report that are shown; its document has all. */
const SHOWN_GROUPS = 20;

type GroupLine = { row: ReportRow; key: string; group: string; samples: number; value: number | undefined; stderr: number | undefined };

/** A line for each group by metadata, below it what they add up to. */
function groupLines(rows: readonly ReportRow[], look: Pick<Look, 'columns' | 'paint'>): string[] {
  return rows.flatMap((row) =>
    (row.groups ?? []).flatMap(({ key, groups, macro, weighted, pooledStderr }) => {
      const shown = groups.slice(0, SHOWN_GROUPS).map(({ group, samples, metrics }): GroupLine => ({
        row,
        key,
        group,
        samples,
        value: metrics['mean'] ?? metrics['accuracy'],
        stderr: metrics['stderr'],
      }));
      const samples = groups.reduce((sum, g) => sum + g.samples, 0);
      const sums: GroupLine[] = [
        { row, key, group: 'macro', samples, value: macro, stderr: undefined },
        { row, key, group: 'weighted', samples, value: weighted, stderr: pooledStderr },
      ];
      const more = groups.length > shown.length ? [`… and ${plural(groups.length - shown.length, 'group')} more; --json has all`] : [];
      const title = cut(plainText(`${row.benchmark} · ${row.model} · ${row.scorer} by ${key}`), look.columns);
      return ['', title, ...tableLines(GROUP_COLUMNS, [...shown, ...sums], look), ...more];
    }),
  );
}

const GROUP_COLUMNS: Column<GroupLine>[] = [
  { title: 'group', cell: (g) => g.group, least: 8 },
  { title: 'mean', right: true, cell: (g) => number(g.value) },
  { title: '± stderr', right: true, cell: (g) => numberOrNothing(g.stderr) },
  { title: 'samples', right: true, cell: (g) => count(g.samples) },
];

/** What benchmarks add up to. */
const totalLines = (totals: readonly ReportTotal[], look: Pick<Look, 'columns' | 'paint'>): string[] =>
  totals.length === 0 ? [] : ['', ...tableLines(TOTAL_COLUMNS, totals, look, { rule: true })];

const TOTAL_COLUMNS: Column<ReportTotal>[] = [
  { title: 'all benchmarks', cell: (t) => plural(t.benchmarks, 'benchmark'), least: 8 },
  { title: 'model', cell: (t) => t.model, least: 8 },
  { title: 'scorer', cell: (t) => t.scorer, drop: 1 },
  { title: 'macro', right: true, cell: (t) => number(t.macro) },
  { title: 'weighted', right: true, cell: (t) => number(t.weighted) },
  { title: '± pooled', right: true, cell: (t) => number(t.pooledStderr), drop: 2 },
  { title: 'samples', right: true, cell: (t) => count(t.samples), drop: 3 },
];

/** What each judge said alone. */
function judgeLines({ stages }: Report, look: Pick<Look, 'columns' | 'paint'>): string[] {
  const judges = judgingStages(stages);
  return judges.length === 0 ? [] : ['', ...tableLines(JUDGE_COLUMNS, judges, look, { rule: true })];
}

const JUDGE_COLUMNS: Column<ReportStage>[] = [
  { title: 'judged by', cell: (s) => s.judge!, least: 8 },
  { title: 'benchmark', cell: (s) => s.benchmark, least: 8, drop: 2 },
  { title: 'model', cell: (s) => s.model, least: 8 },
  { title: 'scorer', cell: (s) => s.scorer!, drop: 3 },
  { title: 'mean', right: true, cell: (s) => number(s.mean) },
  { title: 'graded', right: true, cell: (s) => `${count(s.counts.scored)}/${count(s.counts.total)}` },
  { title: 'no grade', right: true, cell: (s) => countOrNothing(s.counts.unscored), optional: true },
  { title: 'errored', right: true, cell: (s) => countOrNothing(s.counts.errored), optional: true, drop: 1 },
];

const countOrNothing = (n: number): string => (n > 0 ? count(n) : '');
const numberOrNothing = (value: number | undefined): string => (typeof value === 'number' ? value.toFixed(4) : '');
const interval = (lower: number | undefined, upper: number | undefined): string =>
  typeof lower === 'number' && typeof upper === 'number' ? `${lower.toFixed(4)}–${upper.toFixed(4)}` : '';
const number = (value: number | undefined): string => (typeof value !== 'number' ? '–' : value.toFixed(4));

/** Errored units by class; answers that are none; and where units were tried again, what they score beside the others. */
function failureLines({ errors = {}, answers, retryBias = [] }: Report, look: Pick<Look, 'columns'>): string[] {
  const classes = Object.entries(errors).map(([name, units]) => `${count(units)} ${name}`);
  const one = ({ units, mean }: RetryBias['rest']): string => `${number(mean)} of ${count(units)}`;
  return [
    ...(classes.length > 0 ? [`errored: ${classes.join(', ')}`] : []),
    ...(answers ? [`scored as they are: ${count(answers.refused)} refused, ${count(answers.filtered)} filtered`] : []),
    ...retryBias.map(({ benchmark, model, scorer, retried, rest }) =>
      cut(
        plainText(`units that were tried again: ${one(retried)}, the others: ${one(rest)}  (${benchmark} · ${model} · ${scorer})`),
        look.columns,
      ),
    ),
  ];
}

/** Kept completions, and by model where there are several. */
function cacheLines({ cache }: Report): string[] {
  if (!cache) return [];
  const inWords = ({ hits, of }: CacheHits): string => `${count(hits)} of ${plural(of, 'completion')}`;
  const models = Object.entries(cache.byModel);
  const each = models.length > 1 ? ` (${models.map(([model, hits]) => `${plainText(model)}: ${inWords(hits)}`).join('; ')})` : '';
  return [`from the cache: ${inWords(cache)}${each}`];
}

function unitsInWords({ units }: Report): string {
  return (['scored', 'unscored', 'errored', 'cancelled', 'dead'] as const).map((k) => `${count(units[k])} ${k}`).join(' + ');
}
