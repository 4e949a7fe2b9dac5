/** Comparisons for people. Pure. */
import type { Compared, Comparison, GroupComparison } from '../compare/compare.ts';
import type { Look } from './look.ts';
import { tableLines, type Column } from './table.ts';
import { count, cut, plainText, plural } from './text.ts';

export interface ComparedWith extends Compared {
  baseline: string;
  candidate: string;
}

const SHOWN_NAMES = 10;

export function compareView(compared: ComparedWith, level: number, look: Pick<Look, 'columns' | 'paint'>): string {
  const { baseline, candidate, rows, onlyBaseline, onlyCandidate } = compared;
  const lines = [
    cut(plainText(`${candidate} against ${baseline}`), look.columns),
    '',
    ...tableLines(columnsOf(level), rows, look, { rule: true }),
    ...rows.flatMap((row) => groupLines(row, level, look)),
    ...rows.flatMap((row) => flippedLines(row, look)),
    ...namesOnly('only in the baseline', onlyBaseline, look),
    ...namesOnly('only in the candidate', onlyCandidate, look),
  ];
  return `${lines.join('\n')}\n`;
}

const columnsOf = (level: number): Column<Comparison>[] => [
  { title: 'benchmark', cell: (r) => r.benchmark, least: 8 },
  { title: 'model', cell: (r) => (r.candidateModel === undefined ? r.model : `${r.model} → ${r.candidateModel}`), least: 8, drop: 1 },
  { title: 'scorer', cell: (r) => r.scorer, drop: 2 },
  ...numbersOf(level, samplesOf, colourOf),
  { title: 'permutation p', right: true, cell: (r) => (r.permutation ? chance(r.permutation.p) : ''), optional: true, drop: 8 },
];

type Numbers = Pick<Comparison, 'baseline' | 'candidate' | 'difference' | 'stderr' | 'interval' | 'mcnemar'>;

/** What rows and groups have alike. */
const numbersOf = <Row extends Numbers>(
  level: number,
  samples: (row: Row) => string,
  colour: (row: Row) => 'red' | 'green' | undefined,
): Column<Row>[] => [
  { title: 'baseline', right: true, cell: (r) => fixed(r.baseline) },
  { title: 'candidate', right: true, cell: (r) => fixed(r.candidate) },
  { title: 'difference', right: true, cell: (r) => signed(r.difference), colour },
  { title: '± stderr', right: true, cell: (r) => fixed(r.stderr), drop: 3 },
  {
    title: `${Number((level * 100).toPrecision(6))} % interval`,
    right: true,
    cell: (r) => (r.interval ? `${signed(r.interval.lower)} … ${signed(r.interval.upper)}` : ''),
    drop: 4,
  },
  { title: 'samples', right: true, cell: samples, drop: 5 },
  {
    title: 'won/lost',
    right: true,
    cell: (r) => (r.mcnemar ? `${r.mcnemar.candidateOnly}/${r.mcnemar.baselineOnly}` : ''),
    optional: true,
    drop: 6,
  },
  { title: 'McNemar p', right: true, cell: (r) => (r.mcnemar ? chance(r.mcnemar.p) : ''), optional: true, drop: 7 },
];

function groupLines(row: Comparison, level: number, look: Pick<Look, 'columns' | 'paint'>): string[] {
  const { benchmark, scorer, groups, ungrouped = 0, lessIsBetter } = row;
  if (!groups) return [];
  const without = ungrouped > 0 ? [`${plural(ungrouped, 'pair')} in no group`] : [];
  const better = lessIsBetter ? { lessIsBetter } : {};
  const columns: Column<GroupComparison>[] = [
    { title: 'group', cell: (g) => g.group, least: 8 },
    ...numbersOf<GroupComparison>(
      level,
      ({ samples }) => `${count(samples)} pairs`,
      (g) => colourOf({ ...g, ...better }),
    ),
  ];
  return ['', cut(plainText(`${benchmark} · ${scorer} by groups`), look.columns), ...tableLines(columns, groups, look), ...without];
}

/** A difference that its interval does not explain by chance. */
function colourOf({
  interval,
  stderr,
  lessIsBetter,
}: Pick<Comparison, 'interval' | 'stderr' | 'lessIsBetter'>): 'red' | 'green' | undefined {
  if (!interval || !stderr) return undefined;
  const [worse, better] = lessIsBetter ? (['green', 'red'] as const) : (['red', 'green'] as const);
  return interval.upper < 0 ? worse : interval.lower > 0 ? better : undefined;
}

function samplesOf({ kind, samples, candidateSamples, onlyBaseline = 0, onlyCandidate = 0 }: Comparison): string {
  if (kind === 'unpaired') return `${count(samples)} and ${count(candidateSamples ?? 0)}, unpaired`;
  const alone = onlyBaseline + onlyCandidate;
  return `${count(samples)} pairs${alone > 0 ? `, ${count(alone)} alone` : ''}`;
}

function flippedLines({ benchmark, scorer, flipped = [], flippedTotal = 0 }: Comparison, look: Pick<Look, 'columns' | 'paint'>): string[] {
  if (flipped.length === 0) return [];
  const more = flippedTotal > flipped.length ? [`… and ${plural(flippedTotal - flipped.length, 'sample')} more; --limit lists them`] : [];
  const title = cut(plainText(`${benchmark} · ${scorer}: ${plural(flippedTotal, 'sample')} with another score`), look.columns);
  return [
    '',
    title,
    ...tableLines(
      [
        { title: 'sample', cell: (s) => s.sampleId, least: 8 },
        { title: 'baseline', right: true, cell: (s) => short(s.baseline) },
        { title: 'candidate', right: true, cell: (s) => short(s.candidate) },
      ],
      flipped,
      look,
    ),
    ...more,
  ];
}

function namesOnly(title: string, names: readonly string[], look: Pick<Look, 'columns'>): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN_NAMES ? [`  … and ${names.length - SHOWN_NAMES} more`] : [];
  return ['', `${title}:`, ...names.slice(0, SHOWN_NAMES).map((name) => cut(`  ${plainText(name)}`, look.columns)), ...more];
}

const fixed = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(4));
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
const short = (value: number): string => String(Number(value.toPrecision(6)));
const chance = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(4));
