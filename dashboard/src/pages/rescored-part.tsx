/** What came out when answers were scored again, beside what there was. */
import { seen } from '../unseen.ts';
import { Table, type Column } from '../kit/table.tsx';
import type { Changed, RescoredRow } from '../rescoring.ts';
import { count, fixed, plural } from '../words.ts';

/** Of changed answers, in the page. */
const SHOWN = 100;
const NONE = <span class="faint">–</span>;

const number = (value: number | null | undefined) => (value === null || value === undefined ? NONE : fixed(value));

const COLUMNS: readonly Column<RescoredRow>[] = [
  { title: 'Benchmark', cell: (r) => seen(r.benchmark) },
  { title: 'Model', grows: true, cell: (r) => seen(r.model) },
  { title: 'Scorer', cell: (r) => seen(r.scorer) },
  { title: 'Scored', right: true, from: 'middle', cell: (r) => count(r.scored) },
  { title: 'Unscored', right: true, from: 'middle', cell: (r) => (r.unscored === 0 ? <span class="faint">0</span> : count(r.unscored)) },
  { title: 'Before', right: true, cell: (r) => number(r.before) },
  { title: 'Now', right: true, cell: (r) => <b>{number(r.now)}</b> },
  { title: 'Changed', right: true, from: 'middle', cell: (r) => (r.before === undefined ? NONE : count(r.changed.length)) },
];

export function RescoredPart({ evaluationId, rows }: { evaluationId: string; rows: readonly RescoredRow[] }) {
  const changed = rows.flatMap((row) => row.changed);
  return (
    <>
      <Table
        label="Scores before and now"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ benchmark, model, scorer }) => JSON.stringify([benchmark, model, scorer])}
        isList
      />
      {changed.length > 0 ? (
        <>
          <h2 class="changed">
            {plural(changed.length, 'answer')} with another score
            {changed.length > SHOWN ? <span class="note">the first {SHOWN}</span> : null}
          </h2>
          <Table
            label="Answers with another score"
            columns={changedColumns(evaluationId)}
            rows={changed.slice(0, SHOWN)}
            keyOf={({ unit }) => String(unit)}
          />
        </>
      ) : null}
    </>
  );
}

const changedColumns = (evaluationId: string): Column<Changed>[] => [
  {
    title: 'Sample',
    grows: true,
    cell: ({ unit, sampleId }) => <a href={`/evaluations/${evaluationId}/samples/${unit}`}>{seen(sampleId)}</a>,
  },
  { title: 'Before', right: true, cell: ({ before }) => number(before) },
  { title: 'Now', right: true, cell: ({ now }) => number(now) },
];
