/** `--min gsm8k/match.accuracy>=0.8`: what metrics of a report must be. Pure. */
import type { Report } from '../../shared/client/types.ts';
import { METRIC_KEYS } from '../../shared/scoring/metrics.ts';
import type { Faults } from '../flags.ts';
import { plainText } from '../render/text.ts';

/** Of what benchmarks add up to, beside the metrics of rows. */
const TOTAL_KEYS = ['macro', 'weighted'] as const;
const METRICS: readonly string[] = [...METRIC_KEYS, ...TOTAL_KEYS];

const HOLDS = {
  '>=': (value: number, bound: number) => value >= bound,
  '<=': (value: number, bound: number) => value <= bound,
  '>': (value: number, bound: number) => value > bound,
  '<': (value: number, bound: number) => value < bound,
};

export interface Rule {
  /** As it was typed. */
  text: string;
  /** Undefined: of any benchmark, any scorer. */
  benchmark: string | undefined;
  scorer: string | undefined;
  metric: string;
  operator: keyof typeof HOLDS;
  bound: number;
}

/** One thing that a gate asks, and its answer. */
export interface Check {
  /** The rule, or what is compared. */
  rule: string;
  /** Whose: benchmark, model, scorer. */
  where: string;
  passed: boolean;
  /** What was found. */
  found: string;
}

const FORM = "[BENCHMARK/][SCORER.]METRIC>=NUMBER, for example 'match.accuracy>=0.8'";

export function parseRule(text: string, faults: Faults): Rule | undefined {
  const [, left = '', operator = '', right = ''] = /^(.*?)\s*(>=|<=|>|<)\s*(\S+)$/s.exec(text.trim()) ?? [];
  const slash = left.lastIndexOf('/');
  const dot = left.lastIndexOf('.');
  const metric = left.slice(Math.max(slash, dot) + 1);
  const bound = Number(right);
  const quoted = `'${plainText(text).slice(0, 80)}'`;
  if (operator === '' || !Number.isFinite(bound)) return faults.add('--min', `${quoted} is no rule; write ${FORM}`);
  if (!METRICS.includes(metric))
    return faults.add('--min', `${quoted} names no metric at its end; there are ${METRICS.join(', ')}: write ${FORM}`);
  const own = dot > slash ? left.slice(slash + 1, dot) : '*';
  const benchmark = slash > 0 ? left.slice(0, slash) : '*';
  return {
    text,
    benchmark: benchmark === '*' ? undefined : benchmark,
    scorer: own === '*' ? undefined : own,
    metric,
    operator: operator as Rule['operator'],
    bound,
  };
}

type Row = { benchmark: string; model: string; scorer: string; reducer: string; metrics: Record<string, number | undefined> };

/** Each rule asked of every row that it is about. A row without the metric does not pass; a rule about no row is a fault. */
export function checksOf(report: Pick<Report, 'results' | 'totals'>, rules: readonly Rule[], faults: Faults): Check[] {
  const rows: Row[] = report.results;
  const totals: Row[] = (report.totals ?? []).map(({ macro, weighted, ...names }) => ({
    ...names,
    benchmark: 'all benchmarks',
    metrics: { macro, weighted },
  }));
  return rules.flatMap((rule) => {
    const isTotal = TOTAL_KEYS.some((key) => key === rule.metric);
    const asked = (isTotal ? totals : rows).filter(
      (row) =>
        (rule.benchmark === undefined || row.benchmark === rule.benchmark) && (rule.scorer === undefined || row.scorer === rule.scorer),
    );
    // A metric that the spec of no such row asks for would never be there.
    const isComputed = asked.some((row) => row.metrics[rule.metric] !== undefined);
    const isEmpty = asked.length > 0 && asked.every((row) => Object.keys(row.metrics).length === 0);
    if (!isComputed && !isEmpty) {
      const what = asked.length === 0 ? 'is about no row of the report' : `is about rows that have no ${rule.metric}`;
      faults.add('--min', `'${plainText(rule.text)}' ${what}; it has ${namesOf(isTotal ? totals : rows)}`);
      return [];
    }
    return asked.map((row): Check => {
      const value = row.metrics[rule.metric];
      return {
        rule: `${rule.metric} ${rule.operator} ${rule.bound}`,
        where: whereOf(row),
        passed: value !== undefined && HOLDS[rule.operator](value, rule.bound),
        found: value === undefined ? `has no ${rule.metric}` : `${rule.metric} ${numberText(value)}`,
      };
    });
  });
}

const MOST_NAMED = 8;

function namesOf(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.metrics).map((metric) => `${row.benchmark}/${row.scorer}.${metric}`)))];
  if (names.length === 0) return 'none such';
  const more = names.length > MOST_NAMED ? `, and ${names.length - MOST_NAMED} more` : '';
  return plainText(names.slice(0, MOST_NAMED).join(', ')) + more;
}

const whereOf = ({ benchmark, model, scorer, reducer }: Row): string =>
  [benchmark, model, scorer, ...(reducer && reducer !== 'mean' ? [reducer] : [])].join(' · ');

/** Never rounded over the bound that it is compared with. */
export const numberText = (value: number): string => String(Number(value.toPrecision(12)));
