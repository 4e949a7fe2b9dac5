/** Evaluations in a list. */
import type { EvaluationSummary, ReportRow } from '../../shared/client/types.ts';
import type { Counts } from '../../shared/domain/states.ts';
import { costInWords } from '../../shared/domain/cost.ts';
import { allTokensInWords } from './cost-view.ts';
import type { Look } from './look.ts';
import { stateColour } from './paint.ts';
import { closedOf } from './progress-view.ts';
import type { Column } from './table.ts';
import { bytesInWords, count, duration } from './text.ts';

/** `412/1,319`, and how many of them came to nothing. */
export const progressOf = (counts: Counts): string => `${count(closedOf(counts))}/${count(counts.total)}`;
export const lostOf = (counts: Counts): string => (counts.errored + counts.dead > 0 ? count(counts.errored + counts.dead) : '');

/** The first metric of the first row; `+n` tells that there are others. */
export function firstMetric(rows: readonly ReportRow[]): string {
  const row = rows[0];
  const value = row?.metrics.accuracy ?? row?.metrics.mean;
  if (typeof value !== 'number') return '';
  return `${value.toFixed(3)}${rows.length > 1 ? ` +${rows.length - 1}` : ''}`;
}

/** A few of several names. */
const some = (names: readonly string[]): string => (names.length <= 2 ? names.join(', ') : `${names[0]}, ${names.length - 1} more`);

export function evaluationColumns(look: Look, wide: boolean): Column<EvaluationSummary>[] {
  const columns: Column<EvaluationSummary>[] = [
    { title: 'id', cell: (e) => e.evaluationId, least: 12 },
    { title: 'name', cell: (e) => e.name, least: 10 },
    { title: 'state', cell: (e) => e.state, colour: (e) => stateColour(e.state) },
    { title: 'done', right: true, cell: (e) => progressOf(e.counts), drop: 2 },
    { title: 'errors', right: true, cell: (e) => lostOf(e.counts), drop: 3, optional: true, colour: () => 'red' },
    { title: 'score', right: true, cell: (e) => firstMetric(e.results), drop: 4, optional: true },
    { title: 'cost', right: true, cell: (e) => costInWords(e.cost), drop: 4, optional: true },
    { title: 'created', cell: (e) => look.time(e.createdAtMs), drop: 1 },
    { title: 'owner', cell: (e) => e.owner, drop: 5, optional: true, least: 6 },
    { title: 'tags', cell: (e) => e.tags.join(','), drop: 6, optional: true, least: 8 },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    {
      title: 'took',
      right: true,
      cell: (e) => (e.finishedAtMs > 0 ? duration(e.finishedAtMs - e.createdAtMs) : ''),
      drop: 7,
      optional: true,
    },
    { title: 'tokens', right: true, cell: (e) => allTokensInWords(e.cost), drop: 8, optional: true },
    { title: 'stored', right: true, cell: (e) => (e.storedBytes > 0 ? bytesInWords(e.storedBytes) : ''), drop: 8, optional: true },
    { title: 'kept', cell: (e) => (e.keep ? 'yes' : ''), drop: 8, optional: true },
    { title: 'priority', right: true, cell: (e) => String(e.priority), drop: 8 },
    { title: 'benchmarks', cell: (e) => some(e.benchmarks), drop: 9, least: 10 },
    { title: 'models', cell: (e) => some(e.models), drop: 10, least: 10 },
    { title: 'reason', cell: (e) => e.reason, drop: 11, optional: true, least: 10 },
  ];
}
