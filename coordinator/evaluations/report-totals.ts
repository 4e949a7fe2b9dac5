/** What the rows of a report add up to. Pure. */
import type { ReportRow, ReportTotal } from '../../shared/client/types.ts';
import { groupMean } from '../../shared/scoring/statistics/group-mean.ts';
import { pooledStderr } from '../../shared/scoring/statistics/pooled-stderr.ts';

/** As a total's scorer: whichever each benchmark has. */
const ANY_SCORER = '*';

/** A row of the report and the moments of its scores, whatever metrics it has. */
type Entry = readonly [
  row: Pick<ReportRow, 'benchmark' | 'model' | 'scorer' | 'reducer'>,
  { moments: { n: number; mean: number; stderr: number } },
];
type Entries = readonly Entry[];

/**
 * What benchmarks add up to, wherever a model has several with the same scorer and reducer; in the order of their first rows. Behind them
 * what all of them add up to, where each has one scorer but not all the same: a suite of several forms of answers.
 */
export function totalsOf(rows: Entries): ReportTotal[] {
  const alike = Object.values(
    Object.groupBy(rows, ([{ model, scorer, reducer }]) => JSON.stringify([model, scorer, reducer])),
  ) as Entries[];
  const all = Object.values(Object.groupBy(rows, ([{ model, reducer }]) => JSON.stringify([model, reducer]))) as Entries[];
  return [
    ...alike.flatMap((entries) => totalOf(entries, entries[0]![0].scorer)),
    ...all.filter(isMixed).flatMap((entries) => totalOf(entries, ANY_SCORER)),
  ];
}

/** Of scores that are all from 0 to 1: a BLEU or a log-likelihood has nothing in common with them. */
function isMixed(entries: Entries): boolean {
  const [benchmarks, scorers] = [new Set(entries.map(([row]) => row.benchmark)), new Set(entries.map(([row]) => row.scorer))];
  const isShare = ({ n, mean }: Entry[1]['moments']): boolean => n === 0 || (mean >= 0 && mean <= 1);
  return benchmarks.size === entries.length && scorers.size > 1 && entries.every(([, row]) => isShare(row.moments));
}

function totalOf(entries: Entries, scorer: string): ReportTotal[] {
  if (entries.length < 2) return [];
  const [{ model, reducer }] = entries[0]!;
  const scored = entries.map(([, row]) => row.moments).filter(({ n }) => n > 0);
  if (scored.length === 0) return [];
  const [means, sizes] = [scored.map(({ mean }) => mean), scored.map(({ n }) => n)];
  return [
    {
      model,
      scorer,
      reducer,
      benchmarks: scored.length,
      samples: sizes.reduce((a, b) => a + b, 0),
      macro: groupMean(means, sizes, false)!,
      weighted: groupMean(means, sizes)!,
      pooledStderr: pooledStderr(
        scored.map(({ stderr }) => stderr),
        sizes,
      )!,
    },
  ];
}
