/** One evaluation for people. Pure. */
import type { Evaluation, GroupProgress, Report, SampleLimits, ScorerSums, Setbacks } from '../../shared/client/types.ts';
import { isFinal, openOf } from '../../shared/domain/states.ts';
import { costLine } from './cost-view.ts';
import { progressOf } from './evaluation-columns.ts';
import { modelInWords } from './judge-words.ts';
import type { Look } from './look.ts';
import { stateColour } from './paint.ts';
import { runningMetric } from './progress-lines.ts';
import { reportLines } from './report-table.ts';
import { tableLines, type Column } from './table.ts';
import { count, cut, padEnd, plainText, plural, wrapped } from './text.ts';

/** Names and values below each other; long values are wrapped beside their names. Empty ones are left out. */
export function factLines(facts: readonly (readonly [name: string, value: string])[], look: Pick<Look, 'columns' | 'paint'>): string[] {
  const told = facts.filter(([, value]) => value !== '');
  const width = Math.max(0, ...told.map(([name]) => name.length)) + 2;
  return told.flatMap(([name, value]) =>
    wrapped(value, Math.max(10, look.columns - width)).map((line, i) =>
      `${look.paint('dim', padEnd(i === 0 ? name : '', width))}${line}`.trimEnd(),
    ),
  );
}

export const limitsInWords = (limits: SampleLimits, maxSamples = 0): string =>
  [
    limits.time !== undefined && `${limits.time} s a sample`,
    limits.working !== undefined && `${limits.working} s of work a sample`,
    limits.tokens !== undefined && `${plural(limits.tokens, 'token')} a sample`,
    maxSamples > 0 && `${plural(maxSamples, 'sample')} in flight`,
  ]
    .filter(Boolean)
    .join(', ');

/** `ci.branch=main, build=7`. */
export function metadataInWords(metadata: Record<string, unknown>): string {
  const flat = (value: unknown, path: string): string[] =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([key, inner]) => flat(inner, path ? `${path}.${key}` : key))
      : [`${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`];
  return plainText(flat(metadata, '').join(', '));
}

/** `report`: of one that is over; its figures are the final ones, over samples where there are epochs, while those of progress are over units. */
export function evaluationView(evaluation: Evaluation, look: Look, report?: Report): string {
  const e = evaluation;
  const { paint } = look;
  const room = Math.max(4, look.columns - e.state.length - e.evaluationId.length - 4);
  const title = `${paint('bold', cut(plainText(e.name), room))}  ${paint(stateColour(e.state), e.state)}  ${e.evaluationId}`;
  const facts = factLines(
    [
      ['reason', plainText(e.reason)],
      ['created', `${look.time(e.createdAtMs)}${e.owner ? ` by ${plainText(e.owner)}` : ''}`],
      ['finished', look.time(e.finishedAtMs)],
      ['namespace', e.namespace === 'default' ? '' : plainText(e.namespace)],
      ['tags', plainText(e.tags.join(', '))],
      ['metadata', metadataInWords(e.metadata)],
      ['priority', e.priority === 5 || !e.priority ? '' : `${e.priority} (1 first … 10 last)`],
      ['kept', e.keep ? 'for ever' : ''],
      ['limits', limitsInWords(e.limits, e.maxSamples)],
      ['handed out', openOf(e.counts) > 0 ? `${plural(e.inFlight, 'sample')} to ${plural(e.agents, 'agent')}` : ''],
      ['cost', costLine(e.cost)],
      ['setbacks', setbacksInWords(e.setbacks)],
      ['spec', e.specDigest],
    ],
    look,
  );
  const waiting = e.routes.filter((r) => r.open > 0);
  const figures = report
    ? reportLines(report, look)
    : tableLines(groupColumns(e.groups, isFinal(e.state)), groupRows(e.groups), look, { rule: true });
  const lines = [title, ...facts, '', ...figures];
  if (waiting.length > 0) {
    lines.push('', 'open by route:');
    const most = Math.max(...waiting.slice(0, 20).map(({ open }) => count(open).length));
    lines.push(...waiting.slice(0, 20).map((r) => cut(`  ${count(r.open).padStart(most)}  ${plainText(r.requirement)}`, look.columns)));
    if (waiting.length > 20) lines.push(`  … and ${waiting.length - 20} more`);
  }
  return `${lines.join('\n')}\n`;
}

/** What befell its tasks; '' for nothing. */
export const setbacksInWords = ({ crashes, losses, returns }: Setbacks): string =>
  [
    crashes > 0 && `${count(crashes)} ${crashes === 1 ? 'crash' : 'crashes'} of agents`,
    losses > 0 && `${plural(losses, 'lease')} ran out`,
    returns > 0 && `${plural(returns, 'task')} handed back`,
  ]
    .filter(Boolean)
    .join(', ');

/** One scorer of a group; only the first one repeats what is of the group. */
interface GroupRow {
  group: GroupProgress;
  scorer: ScorerSums | undefined;
  first: boolean;
}

const groupRows = (groups: readonly GroupProgress[]): GroupRow[] =>
  groups.flatMap((group): GroupRow[] =>
    group.scorers.length === 0
      ? [{ group, scorer: undefined, first: true }]
      : group.scorers.map((scorer, i) => ({ group, scorer, first: i === 0 })),
  );

function groupColumns(groups: readonly GroupProgress[], isOver: boolean): Column<GroupRow>[] {
  const lost = (['unscored', 'errored', 'cancelled', 'dead'] as const).filter((k) => groups.some((g) => g.counts[k] > 0));
  const once =
    (cell: (g: GroupProgress) => string) =>
    ({ group, first }: GroupRow): string =>
      first ? cell(group) : '';
  return [
    { title: 'benchmark', cell: once((g) => g.benchmark), least: 8 },
    { title: 'model', cell: once(modelInWords), least: 8 },
    { title: 'done', right: true, cell: once((g) => progressOf(g.counts)) },
    { title: 'scored', right: true, cell: once((g) => count(g.counts.scored)), drop: 3 },
    ...lost.map((k): Column<GroupRow> => ({
      title: k,
      right: true,
      cell: once((g) => count(g.counts[k])),
      drop: 2,
      colour: () => 'yellow',
    })),
    { title: 'scorer', cell: (r) => r.scorer?.scorer ?? '', drop: 4, optional: true, least: 6 },
    {
      // Of some of the samples, over units: not the metric that the report will have.
      title: isOver ? 'mean ± stderr' : 'so far ± stderr',
      right: true,
      cell: (r) => (r.scorer ? runningMetric({ scorers: [r.scorer] }) : ''),
      optional: true,
      drop: 1,
    },
    { title: 'retries', right: true, cell: once((g) => (g.retries > 0 ? count(g.retries) : '')), optional: true, drop: 5 },
  ];
}
