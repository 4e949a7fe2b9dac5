/** What a report says of groups of samples, and of several benchmarks together. */
import { useEffect, useState } from 'preact/hooks';
import type { Report, ReportTotal } from '../../../shared/client/types.ts';
import type { EvaluationSpec } from '../../../shared/domain/spec.ts';
import {
  chosenScores,
  GROUP_ORDERS,
  groupingsOf,
  groupKeysOf,
  samplesOf,
  type Grouping,
  type GroupScore,
  type GroupSum,
} from '../grouped.ts';
import { ChoiceFilter, Filters, TextFilter } from '../kit/filters.tsx';
import { Interval, ScoreText } from '../kit/interval.tsx';
import { Empty, Panel } from '../kit/parts.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { ofMean, scaleOf } from '../scores.ts';
import { count, fixed, plural } from '../words.ts';

/** Of groups at first, and as often as more are asked for. */
const SHOWN = 20;
const MORE = 100;

export interface GroupedPartProps {
  report: Report | undefined;
  spec: EvaluationSpec | undefined;
  query: URLSearchParams;
}

export function GroupedPart({ report, spec, query }: GroupedPartProps) {
  if (!report) {
    const keys = groupKeysOf(spec);
    return keys.length > 0 ? <p class="help is-to-come">Scores by {keys.join(', by ')} come with the report.</p> : null;
  }
  const groupings = groupingsOf(report.results);
  const totals = report.totals ?? [];
  const chosen = groupings.find(({ name }) => name === query.get('by')) ?? groupings[0];
  return (
    <>
      {totals.length > 0 ? (
        <Panel title="Totals" note="what several benchmarks come to">
          <Table
            label="Totals"
            columns={TOTALS}
            rows={totals}
            keyOf={({ model, scorer, reducer }) => JSON.stringify([model, scorer, reducer])}
            isList
          />
        </Panel>
      ) : null}
      {chosen ? <Groups key={chosen.name} evaluationId={report.evaluationId} grouping={chosen} all={groupings} query={query} /> : null}
    </>
  );
}

interface GroupsProps {
  evaluationId: string;
  grouping: Grouping;
  all: readonly Grouping[];
  query: URLSearchParams;
}

function Groups({ evaluationId, grouping, all, query }: GroupsProps) {
  const { key, benchmark, scorer, models, sums } = grouping;
  const asked = { text: query.get('group') ?? '', model: query.get('model') ?? '', order: query.get('order') ?? '' };
  const scores = chosenScores(grouping, asked);
  const [most, setMost] = useState(SHOWN);
  useEffect(() => setMost(SHOWN), [asked.text, asked.model, asked.order]);
  const [from, to] = scaleOf(grouping.scores);
  const left = scores.length - most;
  return (
    <Panel title={`Scores by ${key}`} note={`${benchmark}, ${scorer}`}>
      <Filters>
        <TextFilter name="group" label={`In ${key}`} query={query} isMain />
        {all.length > 1 ? (
          <ChoiceFilter name="by" label="Grouped by" query={query} start={all[0]!.name} options={all.map(({ name }) => [name, name])} />
        ) : null}
        {models.length > 1 ? (
          <ChoiceFilter name="model" label="Model" query={query} options={[['', 'All models'], ...models.map((m) => [m, m] as const)]} />
        ) : null}
        <ChoiceFilter name="order" label="Order" query={query} options={GROUP_ORDERS} />
        <span class="told" role="status">
          {left > 0 ? `the first ${count(most)} of ${plural(scores.length, 'score')}` : plural(scores.length, 'score')}
        </span>
      </Filters>
      {scores.length === 0 ? (
        <Empty title="No group fits these filters." />
      ) : (
        <Table
          label={`Scores by ${key}`}
          columns={groupColumns(key, (s) => samplesOf(evaluationId, grouping, s), models.length > 1, from, to)}
          rows={scores.slice(0, most)}
          keyOf={(s) => JSON.stringify([s.group, s.model])}
        />
      )}
      {left > 0 ? (
        <div class="pager">
          <button type="button" onClick={() => setMost(most + MORE)}>
            Show {count(Math.min(MORE, left))} more
          </button>
        </div>
      ) : null}
      <h3 class="beneath">All groups together</h3>
      <Table label="All groups together" columns={SUMS} rows={sums} keyOf={({ model }) => model} />
    </Panel>
  );
}

const groupColumns = (
  key: string,
  hrefOf: (score: GroupScore) => string | undefined,
  hasModels: boolean,
  from: number,
  to: number,
): Column<GroupScore>[] => [
  {
    title: key,
    grows: true,
    cell: (s) => (
      <span class="two">
        {hrefOf(s) === undefined ? (
          <span class="cut">{s.group}</span>
        ) : (
          <a class="cut" href={hrefOf(s)} title="Its samples">
            {s.group}
          </a>
        )}
        {hasModels ? <small class="if-narrow">{s.model}</small> : null}
      </span>
    ),
  },
  ...(hasModels ? [{ title: 'Model', from: 'middle' as const, cell: (s: GroupScore) => s.model }] : []),
  { title: 'Samples', right: true, from: 'middle', cell: (s) => count(s.samples) },
  { title: 'Score', right: true, cell: (s) => <ScoreText score={s} /> },
  { title: `${from} … ${Number(to.toPrecision(3))}`, from: 'middle', cell: (s) => <Interval score={s} from={from} to={to} /> },
];

const SUMS: readonly Column<GroupSum>[] = [
  { title: 'Model', grows: true, cell: (s) => s.model },
  { title: 'Groups', right: true, from: 'middle', cell: (s) => count(s.groups) },
  { title: 'Samples', right: true, from: 'middle', cell: (s) => count(s.samples) },
  { title: 'Macro', right: true, cell: (s) => fixed(s.macro) },
  { title: 'Weighted', right: true, cell: (s) => <ScoreText score={s} /> },
];

const TOTALS: readonly Column<ReportTotal>[] = [
  { title: 'Model', grows: true, cell: (t) => t.model },
  {
    title: 'Scorer',
    from: 'middle',
    cell: (t) => `${t.scorer === '*' ? 'each benchmark’s own' : t.scorer}${t.reducer === 'mean' ? '' : ` · ${t.reducer}`}`,
  },
  { title: 'Benchmarks', right: true, from: 'middle', cell: (t) => count(t.benchmarks) },
  { title: 'Samples', right: true, from: 'middle', cell: (t) => count(t.samples) },
  { title: 'Macro', right: true, cell: (t) => fixed(t.macro) },
  { title: 'Weighted', right: true, cell: (t) => <ScoreText score={ofMean(t.weighted, t.pooledStderr)} /> },
];
