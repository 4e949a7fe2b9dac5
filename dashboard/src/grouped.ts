/** Scores by group, of reports whose specs ask for them. Pure. */
import type { ReportRow } from '../../shared/client/types.ts';
import type { EvaluationSpec } from '../../shared/domain/spec.ts';
import { queryText } from './api.ts';
import { pairOf } from './pairs.ts';
import { ofMean, ofMetrics, type Score } from './scores.ts';
import { hasSigns } from './unseen.ts';

type Interval = Pick<Score, 'mean' | 'low' | 'high'>;

export interface GroupScore extends Interval {
  group: string;
  model: string;
  samples: number;
}

/** What the groups of one model come to. */
export interface GroupSum extends Interval {
  model: string;
  groups: number;
  samples: number;
  macro: number;
}

/** Groups by one field of the samples of one benchmark, by one scorer; of all models. */
export interface Grouping {
  /** In an address, and among its like. */
  name: string;
  key: string;
  benchmark: string;
  scorer: string;
  models: string[];
  scores: GroupScore[];
  sums: GroupSum[];
}

export function groupingsOf(results: readonly ReportRow[]): Grouping[] {
  const found = new Map<string, Grouping>();
  for (const { benchmark, model, scorer, reducer, groups = [] } of results) {
    const own = reducer === 'mean' ? scorer : `${scorer} · ${reducer}`;
    for (const [i, { key, groups: some, macro, weighted, pooledStderr }] of groups.entries()) {
      const isAgain = groups.slice(0, i).some((before) => before.key === key);
      const name = [key, benchmark, own, ...(isAgain ? [String(i + 1)] : [])].join(' · ');
      const grouping = found.get(name) ?? { name, key, benchmark, scorer: own, models: [], scores: [], sums: [] };
      found.set(name, grouping);
      grouping.models.push(model);
      for (const { group, samples, metrics } of some) grouping.scores.push({ group, model, samples, ...ofMetrics(metrics) });
      const samples = some.reduce((sum, one) => sum + one.samples, 0);
      grouping.sums.push({ model, groups: some.length, samples, macro, ...ofMean(weighted, pooledStderr) });
    }
  }
  return [...found.values()];
}

/** Where the samples of a group are listed; undefined where an address cannot say which ones these are. */
export function samplesOf(
  evaluationId: string,
  { key, benchmark }: Pick<Grouping, 'key' | 'benchmark'>,
  score: GroupScore,
): string | undefined {
  const { group, model } = score;
  const meta = `${key}=${group}`;
  if (pairOf(meta)?.[0] !== key || [meta, benchmark, model].some(hasSigns)) return undefined;
  return `/evaluations/${encodeURIComponent(evaluationId)}/samples${queryText({ benchmark, model, meta })}`;
}

/** The fields by which a spec wants its scores grouped. */
export const groupKeysOf = (spec: Pick<EvaluationSpec, 'benchmarks'> | undefined): string[] => [
  ...new Set(
    (spec?.benchmarks ?? []).flatMap(({ metrics }) =>
      metrics.flatMap((metric) => (typeof metric === 'object' && metric.name === 'grouped' ? [String(metric.args['group_key'])] : [])),
    ),
  ),
];

export const GROUP_ORDERS = [
  ['', 'As in the dataset'],
  ['lowest', 'Lowest first'],
  ['highest', 'Highest first'],
  ['samples', 'Most samples first'],
  ['name', 'By name'],
] as const;

const names = new Intl.Collator('en', { numeric: true });

/** Those that are asked for, in their order. Models of one group stand together where the order does not part them. */
export function chosenScores({ scores }: Grouping, { text, model, order }: { text: string; model: string; order: string }): GroupScore[] {
  const wanted = text.trim().toLowerCase();
  const chosen = scores.filter((s) => (model === '' || s.model === model) && s.group.toLowerCase().includes(wanted));
  const first = new Map<string, number>();
  for (const { group } of scores) if (!first.has(group)) first.set(group, first.size);
  const place = ({ group }: GroupScore): number => first.get(group)!;
  const mean = (s: GroupScore, without: number): number => s.mean ?? without;
  return chosen.toSorted((a, b) => {
    const by =
      order === 'lowest'
        ? mean(a, Infinity) - mean(b, Infinity)
        : order === 'highest'
          ? mean(b, -Infinity) - mean(a, -Infinity)
          : order === 'samples'
            ? b.samples - a.samples
            : order === 'name'
              ? names.compare(a.group, b.group)
              : 0;
    return by || place(a) - place(b);
  });
}
