/** Rescored answers for people. Pure. */
import type { RescoredRow } from '../rescore/rescore.ts';
import type { Look } from './look.ts';
import { tableLines, type Column } from './table.ts';
import { count } from './text.ts';

export const rescoreView = (rows: readonly RescoredRow[], look: Pick<Look, 'columns' | 'paint'>): string =>
  `${tableLines(COLUMNS, rows, look, { rule: true }).join('\n')}\n`;

const some = (n: number): string => (n === 0 ? '' : count(n));

const COLUMNS: Column<RescoredRow>[] = [
  { title: 'benchmark', cell: (r) => r.benchmark, least: 8 },
  { title: 'model', cell: (r) => r.model, least: 8, drop: 1 },
  { title: 'scorer', cell: (r) => r.scorer, drop: 2 },
  { title: 'mean', right: true, cell: (r) => fixed(r.mean) },
  { title: '± stderr', right: true, cell: (r) => fixed(r.stderr), drop: 3 },
  { title: 'before', right: true, cell: (r) => (r.before ? fixed(r.before.mean) : ''), optional: true },
  { title: 'changed', right: true, cell: (r) => (r.before ? count(r.before.changed) : ''), optional: true },
  { title: 'samples', right: true, cell: (r) => count(r.samples), drop: 4 },
  { title: 'unscored', right: true, cell: (r) => some(r.counts.unscored), optional: true, drop: 5 },
  { title: 'errored', right: true, cell: (r) => some(r.counts.errored), optional: true, drop: 5 },
];

const fixed = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(4));
