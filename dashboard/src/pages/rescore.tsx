/** Answers that there are, scored again by other scorers, filters or arguments: in the browser, without a model call; the evaluation stays as it is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Evaluation, Page, Sample, SampleResult } from '../../../shared/client/types.ts';
import type { FilterSpec } from '../../../shared/domain/spec-schema.ts';
import { scorersOf, type NamedScorer } from '../../../shared/domain/spec-scorers.ts';
import { api } from '../api.ts';
import { seen } from '../unseen.ts';
import { Empty, Failed, Head, Loading, Panel } from '../kit/parts.tsx';
import { useLoaded } from '../live.ts';
import type { Judging, Rescoring } from '../rescoring.ts';
import { count, plural } from '../words.ts';
import { RescoredPart } from './rescored-part.tsx';

/** Each is asked for by itself; `assay rescore` takes them all. */
const MOST = 1_000;
const AT_ONCE = 4;
/** How often what was found so far is drawn. */
const DRAWN_EVERY = 25;

export function RescorePage({ evaluationId }: { evaluationId: string }) {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}`;
  // Letter by letter: what is scored is not what is shown.
  const { data, error, reload } = useLoaded(`exact ${path}`, (signal) => api.exact<Evaluation>(path, signal));
  if (data?.spec) return <RescoreForm evaluation={data} path={path} />;
  return (
    <>
      <Head title="Score again" />
      {error ? <Failed error={error} retry={reload} /> : <Loading />}
    </>
  );
}

interface Run {
  done: number;
  of: number;
  isOver: boolean;
  rows: ReturnType<Rescoring['rows']>;
}

/** Checkers of arguments otherwise try to make code of text, which the policy of the page forbids. */
async function load() {
  const { config } = await import('zod');
  config({ jitless: true });
  return import('../rescoring.ts');
}
type Scoring = Awaited<ReturnType<typeof load>>;

function RescoreForm({ evaluation, path }: { evaluation: Evaluation; path: string }) {
  const { evaluationId, name } = evaluation;
  const [scoring, setScoring] = useState<Scoring>();
  const [scorer, setScorer] = useState('');
  const [args, setArgs] = useState('{}');
  const [filters, setFilters] = useState('[]');
  const [problem, setProblem] = useState('');
  const [run, setRun] = useState<Run>();
  const stop = useRef(new AbortController());
  useEffect(() => {
    load().then(setScoring, () => setProblem('The scorers could not be loaded.'));
    return () => stop.current.abort();
  }, []);
  const start = async (): Promise<void> => {
    stop.current.abort();
    const own = (stop.current = new AbortController());
    // A run that another one has followed says nothing any more.
    const tell = (next: Run): void => (stop.current === own ? setRun(next) : undefined);
    setProblem('');
    try {
      const fixed = scorer === '' ? undefined : [scoring!.judgingOf({ id: scorer, name: scorer, ...typed(args, filters) })];
      const judgings = fixed ?? ((benchmark: string) => ownOf(evaluation, benchmark, scoring!));
      await scoreAll(path, judgings, new scoring!.Rescoring(), tell, own.signal);
    } catch (error) {
      if (!own.signal.aborted) setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const isBusy = run !== undefined && !run.isOver;
  return (
    <>
      <Head
        title="Score again"
        sub={
          <>
            <span>
              the answers of <a href={`/evaluations/${evaluationId}`}>{seen(name) || evaluationId}</a>
            </span>
            <span>no model is called, and the evaluation stays as it is</span>
          </>
        }
        actions={
          isBusy ? (
            <button type="button" onClick={() => stop.current.abort()}>
              Stop
            </button>
          ) : (
            <button type="button" class="main" disabled={!scoring} onClick={() => void start()}>
              Score
            </button>
          )
        }
      />
      <div class="columns is-rescore">
        <div>
          {run ? (
            <Panel title="Scores" note={noteOf(run, evaluation.counts.total)}>
              {run.rows.length > 0 ? <RescoredPart evaluationId={evaluationId} rows={run.rows} /> : <Empty title="No answer was scored." />}
            </Panel>
          ) : (
            <Empty title="Nothing is scored yet.">
              <p>
                Of the first {count(MOST)} answers. <code>assay rescore {evaluationId}</code> takes them all, and keeps what comes out in a
                file.
              </p>
            </Empty>
          )}
        </div>
        <Panel title="Scored by">
          {problem === '' ? null : (
            <p class="checked is-bad" role="alert">
              {problem}
            </p>
          )}
          <label class="field">
            Scorer
            <select value={scorer} onChange={(event) => setScorer(event.currentTarget.value)}>
              <option value="">as the evaluation does</option>
              {scoring?.scorersHere().map((known) => (
                <option key={known} value={known}>
                  {known}
                </option>
              ))}
            </select>
          </label>
          {scorer === '' ? null : (
            <>
              <label class="field">
                Arguments, as JSON
                <input class="mono" spellcheck={false} value={args} onInput={(event) => setArgs(event.currentTarget.value)} />
              </label>
              <label class="field">
                Filters before it, as JSON
                <input class="mono" spellcheck={false} value={filters} onInput={(event) => setFilters(event.currentTarget.value)} />
              </label>
            </>
          )}
        </Panel>
      </div>
    </>
  );
}

const noteOf = ({ done, of, isOver }: Run, total: number): string =>
  isOver ? `${plural(done, 'answer')}${of < total && of >= MOST ? `, of ${count(total)}` : ''}` : `${count(done)} of ${count(of)} …`;

/** What was typed for the scorer. Throws in words for people. */
function typed(args: string, filters: string): Pick<NamedScorer, 'args' | 'filters'> {
  const read = (what: string, text: string): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      throw new Error(`${what}: this is no JSON.`);
    }
  };
  const own = read('Arguments', args);
  if (typeof own !== 'object' || own === null || Array.isArray(own))
    throw new Error('Arguments: write one object, such as {"numeric": true}.');
  const chain = read('Filters', filters);
  if (!Array.isArray(chain))
    throw new Error('Filters: write one list, such as ["strip", {"name": "regex", "args": {"regex_pattern": "(\\\\d+)"}}].');
  const named = chain.map((one: unknown) => {
    const { name = '', args: some = {} }: Partial<FilterSpec> = typeof one === 'string' ? { name: one } : (one ?? {});
    return { name, args: some };
  });
  return { args: own as Record<string, unknown>, filters: named };
}

/** Those of the benchmark that need neither a model nor an agent. */
const ownOf = ({ spec }: Evaluation, benchmark: string, { isHere, judgingOf }: Scoring): Judging[] =>
  spec!.benchmarks
    .filter((own) => own.benchmark === benchmark)
    .flatMap(scorersOf)
    .filter(({ name }) => isHere(name))
    .map(judgingOf);

async function scoreAll(
  path: string,
  judgings: readonly Judging[] | ((benchmark: string) => Judging[]),
  rescoring: Rescoring,
  tell: (run: Run) => void,
  signal: AbortSignal,
): Promise<void> {
  const made = new Map<string, readonly Judging[]>();
  const judgingsOf = (benchmark: string): readonly Judging[] => {
    const own = typeof judgings === 'function' ? (made.get(benchmark) ?? judgings(benchmark)) : judgings;
    made.set(benchmark, own);
    return own;
  };
  let done = 0;
  let isOver = false;
  let units: readonly number[] = [];
  const work = async (left: Iterable<number>): Promise<void> => {
    for (const unit of left) {
      const sample = await api.exact<Sample>(`${path}/samples/${unit}`, signal);
      if (isOver) return;
      rescoring.add(sample, judgingsOf(sample.result.benchmark));
      if (++done % DRAWN_EVERY === 0) tell({ done, of: units.length, isOver, rows: rescoring.rows() });
    }
  };
  tell({ done, of: 0, isOver, rows: [] });
  try {
    units = await closedUnits(path, signal);
    tell({ done, of: units.length, isOver, rows: [] });
    // Whoever is free takes the next.
    const left = units.values();
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(left)));
  } finally {
    isOver = true;
    tell({ done, of: units.length, isOver, rows: rescoring.rows() });
  }
}

/** The first that have answers. A page may end before it is full: the coordinator looks on for the next. */
async function closedUnits(path: string, signal: AbortSignal): Promise<number[]> {
  const units: number[] = [];
  let pageToken = '';
  do {
    const closed = { states: ['scored', 'unscored', 'errored'], pageSize: MOST - units.length, pageToken };
    const page = await api.get<Page<SampleResult>>(`${path}/samples`, closed, signal);
    units.push(...page.items.map(({ unit }) => unit));
    pageToken = page.nextToken;
  } while (pageToken !== '' && units.length < MOST);
  return units;
}
