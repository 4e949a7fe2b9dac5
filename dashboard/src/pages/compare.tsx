/** Evaluations beside each other: the first is the baseline, and each other one is compared with it by the samples that both have. */
import { useEffect, useState } from 'preact/hooks';
import type { Evaluation, Page, SampleResult } from '../../../shared/client/types.ts';
import { api, asCallError, CallError } from '../api.ts';
import { addTo, compare, type Compared, type Flipped, type Scores } from '../compared.ts';
import { Empty, Failed, Head, Loading, Panel } from '../kit/parts.tsx';
import { State } from '../kit/state.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { count, fixed, plural } from '../words.ts';

const PAGE_SIZE = 1_000;
/** Of each evaluation; what is more wants the command line. */
const MOST_UNITS = 200_000;
const MOST_EVALUATIONS = 5;

interface One {
  evaluation: Evaluation;
  scores: Scores;
  isCut: boolean;
}

async function read(id: string, signal: AbortSignal, tell: (samples: number) => void): Promise<One> {
  const path = `/evaluations/${encodeURIComponent(id)}`;
  const evaluation = await api.get<Evaluation>(path, {}, signal);
  const scores: Scores = new Map();
  let pageToken = '';
  let units = 0;
  do {
    const page = await api.get<Page<SampleResult>>(`${path}/samples`, { states: ['scored'], pageSize: PAGE_SIZE, pageToken }, signal);
    addTo(scores, page.items);
    units += page.items.length;
    tell(page.items.length);
    pageToken = page.nextToken;
  } while (pageToken !== '' && units < MOST_UNITS);
  return { evaluation, scores, isCut: pageToken !== '' };
}

export function ComparePage({ query }: { query: URLSearchParams }) {
  const asked = (query.get('ids') ?? '').split(',').filter((id) => id !== '');
  const ids = asked.slice(0, MOST_EVALUATIONS);
  const key = ids.join(',');
  const [found, setFound] = useState<One[] | CallError>();
  const [samples, setSamples] = useState(0);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    setFound(undefined);
    setSamples(0);
    const all = async (): Promise<One[]> => {
      const ones: One[] = [];
      for (const id of ids) ones.push(await read(id, abort.signal, (n) => setSamples((before) => before + n)));
      return ones;
    };
    all().then(
      (got) => abort.signal.aborted || setFound(got),
      (error: unknown) => abort.signal.aborted || setFound(asCallError(error)),
    );
    return () => abort.abort();
  }, [key, turn]);
  const [baseline, ...candidates] = found instanceof CallError || !found ? [] : found;
  return (
    <>
      <Head
        title="Compare"
        sub={
          ids.length < 2
            ? ' '
            : found
              ? 'differences are candidate − baseline, with the 95 % interval of pairs'
              : `${plural(samples, 'sample')} read`
        }
      />
      {ids.length < 2 ? (
        <Empty title="Two evaluations, or more, are compared.">
          <p>
            Choose them in <a href="/evaluations">the list</a>.
          </p>
        </Empty>
      ) : null}
      {asked.length > ids.length ? (
        <p class="problem" role="status">
          {plural(asked.length, 'evaluation')} were chosen; the first {MOST_EVALUATIONS} are compared. <code>assay compare</code> takes
          more.
        </p>
      ) : null}
      {ids.length >= 2 && !found ? <Loading /> : null}
      {found instanceof CallError ? <Failed error={found} retry={() => setTurn((n) => n + 1)} /> : null}
      {baseline ? (
        <div class="compared">
          <Panel title="Baseline">
            <Name one={baseline} />
          </Panel>
          {candidates.map((candidate) => (
            <Candidate key={candidate.evaluation.evaluationId} baseline={baseline} candidate={candidate} query={query} />
          ))}
        </div>
      ) : null}
    </>
  );
}

const Name = ({ one: { evaluation, isCut } }: { one: One }) => (
  <p class="sub">
    <State state={evaluation.state} />
    <a href={`/evaluations/${evaluation.evaluationId}`}>{evaluation.name || evaluation.evaluationId}</a>
    <code>{evaluation.evaluationId}</code>
    {isCut ? <span class="problem">of its first {count(MOST_UNITS)} scored samples</span> : null}
  </p>
);

function Candidate({ baseline, candidate, query }: { baseline: One; candidate: One; query: URLSearchParams }) {
  const rows = compare(baseline.scores, candidate.scores);
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]);
  const reach = Math.max(0.05, ...ends);
  return (
    <Panel title="Candidate">
      <Name one={candidate} />
      {rows.length === 0 ? (
        <Empty title="They have no sample in common that both have scored." />
      ) : (
        <Table
          label="Differences"
          columns={columnsOf(reach)}
          rows={rows}
          keyOf={(r) => JSON.stringify([r.benchmark, r.model, r.scorer])}
          sorting={{ query }}
          isList
        />
      )}
      {rows
        .filter(({ won, lost }) => won + lost > 0)
        .map((row) => (
          <details key={JSON.stringify([row.benchmark, row.model, row.scorer])} class="flips">
            <summary>
              {plural(row.won + row.lost, 'sample')} with another score · {row.benchmark} · {modelsOf(row)} · {row.scorer}
            </summary>
            {(
              [
                ['lost', row.losses, row.lost],
                ['won', row.gains, row.won],
              ] as const
            ).map(([which, rows, of]) => {
              const isCut = rows.length < of;
              return rows.length === 0 ? null : (
                <Table
                  key={which}
                  label={`Flipped samples of ${row.benchmark}, ${modelsOf(row)}, ${row.scorer}: ${which}`}
                  columns={flips(baseline.evaluation.evaluationId, candidate.evaluation.evaluationId)}
                  rows={rows}
                  keyOf={({ sampleId }) => sampleId}
                  order={
                    isCut ? `${count(of)} ${which}: the first ${count(rows.length)} of them, the largest first.` : `${count(of)} ${which}.`
                  }
                  sorting={isCut ? undefined : { query, name: 'flips' }}
                />
              );
            })}
          </details>
        ))}
    </Panel>
  );
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const isClear = ({ low, high }: Compared): boolean => low > 0 || high < 0;

const modelsOf = ({ model, candidateModel }: Compared): string => (model === candidateModel ? model : `${model} → ${candidateModel}`);

const columnsOf = (reach: number): Column<Compared>[] => [
  { title: 'Benchmark', by: (r) => r.benchmark, cell: (r) => r.benchmark },
  {
    title: 'Model',
    grows: true,
    by: (r) => r.model,
    cell: modelsOf,
  },
  { title: 'Scorer', from: 'middle', by: (r) => r.scorer, cell: (r) => r.scorer },
  { title: 'Pairs', right: true, from: 'wide', by: (r) => r.pairs, cell: (r) => count(r.pairs) },
  { title: 'Baseline', right: true, from: 'middle', by: (r) => r.baseline, cell: (r) => fixed(r.baseline) },
  { title: 'Candidate', right: true, from: 'middle', by: (r) => r.candidate, cell: (r) => fixed(r.candidate) },
  {
    title: 'Difference',
    right: true,
    by: (r) => r.difference,
    cell: (r) => (
      <span class="score">
        <b>{signed(r.difference)}</b>
        <span class="half">± {((r.high - r.low) / 2).toFixed(3)}</span>
      </span>
    ),
  },
  { title: `−${reach.toFixed(2)} … +${reach.toFixed(2)}`, from: 'wide', cell: (r) => <Around row={r} reach={reach} /> },
  { title: 'Won, lost', right: true, from: 'middle', by: (r) => r.won - r.lost, cell: (r) => `${count(r.won)}, ${count(r.lost)}` },
  {
    title: 'p',
    right: true,
    from: 'middle',
    by: (r) => r.p,
    cell: (r) => (r.p === undefined ? '–' : r.p < 0.0001 ? '< 0.0001' : r.p.toFixed(4)),
  },
];

function Around({ row, reach }: { row: Compared; reach: number }) {
  const at = (value: number): number => 50 + (50 * value) / reach;
  const text = `${signed(row.difference)}, between ${signed(row.low)} and ${signed(row.high)}`;
  return (
    <span class={isClear(row) ? 'difference is-clear' : 'difference'} role="img" aria-label={text} title={text}>
      <i class="span" style={{ left: `${at(row.low)}%`, width: `${Math.max(0.5, at(row.high) - at(row.low))}%` }} />
      <i class="mean" style={{ left: `${at(row.difference)}%` }} />
    </span>
  );
}

const flips = (baseline: string, candidate: string): Column<Flipped>[] => [
  { title: 'Sample', grows: true, by: (f) => f.sampleId, cell: (f) => f.sampleId },
  {
    title: 'Baseline',
    right: true,
    by: (f) => f.baseline,
    cell: (f) => <a href={`/evaluations/${baseline}/samples/${f.baselineUnit}`}>{fixed(f.baseline)}</a>,
  },
  {
    title: 'Candidate',
    right: true,
    by: (f) => f.candidate,
    cell: (f) => <a href={`/evaluations/${candidate}/samples/${f.candidateUnit}`}>{fixed(f.candidate)}</a>,
  },
];
