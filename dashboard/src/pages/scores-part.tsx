/** Scores of an evaluation: from its report where there is one, else from what was counted so far. */
import type { Evaluation, GroupProgress, Report } from '../../../shared/client/types.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { Interval, ScoreText } from '../kit/interval.tsx';
import { Empty, Panel } from '../kit/parts.tsx';
import { closedOf, Progress } from '../kit/state.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { ofRow, scaleOf, scoresOfGroups, type Score } from '../scores.ts';
import { count } from '../words.ts';
import { CostPart, costNow } from './cost-part.tsx';
import { GroupedPart } from './grouped-part.tsx';
import { ReportPart } from './report-part.tsx';

export interface ScoresPartProps {
  evaluation: Evaluation;
  report: Report | undefined;
  /** It could not be read. */
  isMissing: boolean;
  query: URLSearchParams;
}

export function ScoresPart({ evaluation, report, isMissing, query }: ScoresPartProps) {
  const scores = report ? report.results.map(ofRow) : scoresOfGroups(evaluation.groups);
  const [from, to] = scaleOf(scores);
  const cost = costNow(evaluation);
  const isOver = isFinal(evaluation.state);
  return (
    <>
      <Panel
        title="Scores"
        note={
          report
            ? report.partial
              ? 'of a part of its samples'
              : 'as reported'
            : `${isOver ? 'as counted' : 'so far'}, with the 95 % interval`
        }
      >
        {scores.length === 0 ? (
          <Empty title="No scores yet." />
        ) : (
          <Table
            label="Scores"
            columns={columnsOf(from, to)}
            rows={scores}
            keyOf={(s) => JSON.stringify([s.benchmark, s.model, s.scorer, s.reducer])}
            sorting={{ query }}
            isList
          />
        )}
      </Panel>
      {report || !isMissing ? <GroupedPart report={report} spec={evaluation.spec} query={query} /> : null}
      <Panel title="Groups" note="how the units of each stand">
        <Table
          label="Groups"
          columns={GROUPS}
          rows={evaluation.groups}
          keyOf={(g) => JSON.stringify([g.benchmark, g.model, g.judgeOf])}
          sorting={{ query, name: 'groups' }}
          isList
        />
      </Panel>
      {report ? (
        <ReportPart evaluationId={evaluation.evaluationId} report={report} cost={cost} />
      ) : cost ? (
        <CostPart cost={cost} isOver={isOver} />
      ) : null}
    </>
  );
}

const scorerOf = ({ scorer, reducer }: Score): string => (reducer === '' || reducer === 'mean' ? scorer : `${scorer} · ${reducer}`);

const columnsOf = (from: number, to: number): Column<Score>[] => [
  { title: 'Benchmark', by: (s) => s.benchmark, cell: (s) => s.benchmark },
  { title: 'Model', by: (s) => s.model, cell: (s) => s.model, grows: true },
  { title: 'Scorer', from: 'middle', by: scorerOf, cell: scorerOf },
  { title: 'Samples', right: true, from: 'middle', by: (s) => s.n, cell: (s) => (s.n === undefined ? '–' : count(s.n)) },
  { title: 'Score', right: true, by: (s) => s.mean, cell: (s) => <ScoreText score={s} /> },
  {
    title: `${from} … ${Number(to.toPrecision(3))}`,
    from: 'middle',
    cell: (s) => <Interval score={s} from={from} to={to} />,
  },
];

const GROUPS: readonly Column<GroupProgress>[] = [
  { title: 'Benchmark', by: (g) => g.benchmark, cell: (g) => g.benchmark },
  {
    title: 'Model',
    grows: true,
    by: (g) => g.model,
    cell: (g) => (g.judgeOf ? `${g.model}, judging ${g.judgeOf.model} for ${g.judgeOf.scorer}` : g.model),
  },
  {
    title: 'Progress',
    by: (g) => closedOf(g.counts) / Math.max(1, g.counts.total),
    cell: (g) => (
      <span class="progress">
        <Progress counts={g.counts} label={`${g.benchmark} ${g.model}`} />
        <small>
          {count(closedOf(g.counts))} / {count(g.counts.total)}
        </small>
      </span>
    ),
  },
  { title: 'Errored', right: true, by: (g) => g.counts.errored + g.counts.dead, cell: (g) => zero(g.counts.errored + g.counts.dead) },
  { title: 'Unscored', right: true, from: 'middle', by: (g) => g.counts.unscored, cell: (g) => zero(g.counts.unscored) },
  { title: 'Retries', right: true, from: 'middle', by: (g) => g.retries, cell: (g) => zero(g.retries) },
];

const zero = (n: number) => (n === 0 ? <span class="faint">0</span> : count(n));
