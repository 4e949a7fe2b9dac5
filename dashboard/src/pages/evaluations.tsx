/** All evaluations of a namespace, the newest first, as they stand now. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { WhoAmI } from '../../../shared/client/identity-types.ts';
import type { EvaluationSummary, ListedEvaluation, Page } from '../../../shared/client/types.ts';
import { EVALUATION_STATES, isFinal } from '../../../shared/domain/states.ts';
import { api, type Query } from '../api.ts';
import { ChoiceFilter, Filters, MoreFilters, TextFilter, TimeFilter, timeOf } from '../kit/filters.tsx';
import { ScoreText } from '../kit/interval.tsx';
import { Namespaces } from '../kit/namespaces.tsx';
import { Pager } from '../kit/pager.tsx';
import { Empty, Failed, Head, Loading } from '../kit/parts.tsx';
import { closedOf, Progress, State } from '../kit/state.tsx';
import { LoadTrouble, StreamTrouble } from '../kit/stream-trouble.tsx';
import { Elsewhere } from '../kit/withheld.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useKept } from '../entries.ts';
import { useListed } from '../use-listed.ts';
import { useLastLive, useLoaded, useNow } from '../live.ts';
import { Rates } from '../rates.ts';
import { setQuery } from '../router.ts';
import { ofRow, scoresOfGroups, type Score } from '../scores.ts';
import { isElsewhere, namespaceOf } from '../namespace.ts';
import { ago, count, duration, moment, perSecond, some } from '../words.ts';
import { CommandBar } from './command-bar.tsx';
import { CloneAction, PriorityAction, WithheldActions } from './more-actions.tsx';
import { CostCell } from './cost-part.tsx';

/** Behind the first page a list is asked for again and again; the first is told as it changes. */
const EVERY_MS = 5_000;
const PAGE_SIZE = 50;
/** Where nothing ends for so long, it is told: the evaluation's own page says why. */
const STILL_MS = 60_000;
const NONE: ReadonlySet<string> = new Set();
const FILTERS = ['q', 'state', 'owner', 'tag', 'from', 'until'] as const;

interface Row {
  summary: EvaluationSummary;
  score: Score | undefined;
  scores: number;
}

const asked = (query: URLSearchParams, identity: WhoAmI): Query => ({
  name: query.get('q') ?? '',
  states: (query.get('state') ?? '').split(',').filter((state) => state !== ''),
  owner: query.get('owner') ?? '',
  tags: query.getAll('tag'),
  createdFromMs: timeOf(query, 'from'),
  createdToMs: timeOf(query, 'until'),
  namespace: namespaceOf(query, identity),
});

function rowOf({ summary, groups, groupCount }: ListedEvaluation): Row {
  const scores = groups.length > 0 ? scoresOfGroups(groups) : summary.results.map(ofRow);
  // Of many groups only the first are told.
  return { summary, score: scores[0], scores: Math.max(scores.length, groupCount) };
}

/** The first page as it changes, or a later one as it was some seconds ago. */
function useRows(query: URLSearchParams, identity: WhoAmI) {
  const pageToken = query.get('page') ?? '';
  const isFirst = pageToken === '';
  const { listed, stream } = useListed(isFirst ? { ...asked(query, identity), size: PAGE_SIZE } : undefined);
  const later = useLoaded(
    isFirst ? undefined : query.toString(),
    (signal) => api.get<Page<EvaluationSummary>>('/evaluations', { ...asked(query, identity), pageToken, pageSize: PAGE_SIZE }, signal),
    EVERY_MS,
  );
  const found = useMemo(() => {
    const items = later.data?.items.map((summary) => ({ summary, groups: [], groupCount: 0 }));
    return (isFirst ? listed?.entries : items)?.map(rowOf);
  }, [isFirst, listed, later.data]);
  return {
    found,
    nextToken: (isFirst ? listed : later.data)?.nextToken ?? '',
    stream,
    later,
    isLive: isFirst ? stream.isOpen : !later.trouble,
  };
}

export function EvaluationsPage({ query, identity }: { query: URLSearchParams; identity: WhoAmI }) {
  const { found, nextToken, stream, later, isLive } = useRows(query, identity);
  const [chosen, setChosen] = useKept<ReadonlySet<string>>('chosen', NONE);
  const rates = useRef(new Rates());
  const now = useNow();
  const heardAtMs = useLastLive(isLive);
  useEffect(() => {
    for (const { summary } of found ?? []) rates.current.note(summary.evaluationId, closedOf(summary.counts), performance.now());
  }, [found]);
  const rows = found ?? [];
  const targets = rows.map(({ summary }) => summary).filter(({ evaluationId }) => chosen.has(evaluationId));
  const running = rows.filter(({ summary }) => !isFinal(summary.state)).length;
  const namespace = namespaceOf(query, identity);
  const isFiltered = FILTERS.some((name) => query.has(name));
  return (
    <>
      <Head
        title="Evaluations"
        sub={
          found
            ? `${count(running)} under way${nextToken !== '' || query.has('page') ? ' on this page' : `, ${count(rows.length - running)} over`}`
            : ' '
        }
        actions={
          // What became of a command is told here, also once no row that it was for is on the list.
          <>
            {targets.length > 1 ? (
              <a
                class="button"
                href={`/compare?ids=${targets
                  .map(({ evaluationId }) => evaluationId)
                  .toReversed()
                  .join(',')}`}
              >
                Compare
              </a>
            ) : null}
            {targets.length === 0 ? null : targets.length < rows.length ? (
              <button type="button" onClick={() => setChosen(new Set(rows.map(({ summary }) => summary.evaluationId)))}>
                Choose all {count(rows.length)}
              </button>
            ) : (
              <button type="button" onClick={() => setChosen(NONE)}>
                Choose none
              </button>
            )}
            <CommandBar targets={targets} onDone={later.reload} />
            <PriorityAction targets={targets} onDone={later.reload} />
            {targets.length === 1 ? <CloneAction evaluationId={targets[0]!.evaluationId} /> : null}
            <WithheldActions targets={targets} />
          </>
        }
      />
      <Filters>
        <TextFilter name="q" label="Name" query={query} isMain />
        <ChoiceFilter
          name="state"
          label="State"
          query={query}
          options={[
            ['', 'Any state'],
            ['accepted,running,paused,finalizing,recovering', 'under way'],
            ...EVALUATION_STATES.map((state) => [state, state] as const),
          ]}
        />
        <TextFilter name="owner" label="Owner" query={query} />
        <TextFilter name="tag" label="Tag" query={query} />
        <Namespaces query={query} identity={identity} />
        <MoreFilters names={['from', 'until']} query={query}>
          <TimeFilter name="from" label="Submitted from" query={query} />
          <TimeFilter name="until" label="Submitted before" query={query} />
        </MoreFilters>
      </Filters>
      <StreamTrouble stream={stream} />
      <LoadTrouble loaded={later} />
      {later.error && !found ? <Failed error={later.error} retry={later.reload} /> : null}
      {!found && !later.error && !stream.trouble ? <Loading rows={8} /> : null}
      {found && rows.length === 0 ? (
        isElsewhere(namespace, identity) ? (
          <Elsewhere namespace={namespace} />
        ) : isFiltered ? (
          <Empty title="No evaluation fits these filters.">
            <button type="button" onClick={() => setQuery(Object.fromEntries([...FILTERS, 'page'].map((name) => [name, ''])))}>
              Show all
            </button>
          </Empty>
        ) : (
          <Empty title="No evaluations yet.">
            <p>
              <code>assay submit spec.yaml</code> brings the first one here; <code>assay demo</code> shows how it goes.
            </p>
          </Empty>
        )
      ) : null}
      {rows.length > 0 ? (
        <Table
          isList
          label="Evaluations"
          columns={columnsOf({ chosen, setChosen, rates: rates.current, now, heardAtMs })}
          rows={rows}
          keyOf={({ summary }) => summary.evaluationId}
          order={nextToken === '' && !query.has('page') ? undefined : 'The newest first, in pages.'}
        />
      ) : null}
      <Pager nextToken={nextToken} query={query} />
    </>
  );
}

interface Around {
  chosen: ReadonlySet<string>;
  setChosen: (chosen: ReadonlySet<string>) => void;
  rates: Rates;
  now: number;
  /** By the clock of `rates`. */
  heardAtMs: number;
}

function columnsOf({ chosen, setChosen, rates, now, heardAtMs }: Around): Column<Row>[] {
  const toggle = (id: string): void => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return [
    {
      title: 'Choose',
      silentTitle: true,
      cell: ({ summary: { evaluationId, name } }) => (
        <input
          type="checkbox"
          aria-label={`Choose ${name || evaluationId}`}
          checked={chosen.has(evaluationId)}
          onChange={() => toggle(evaluationId)}
        />
      ),
    },
    { title: 'State', cell: ({ summary }) => <State state={summary.state} /> },
    {
      title: 'Name',
      grows: true,
      cell: ({ summary: { evaluationId, name, benchmarks, models, tags } }) => (
        <span class="two">
          <a href={`/evaluations/${evaluationId}`}>{name || evaluationId}</a>
          <small>
            {[some(benchmarks), some(models), tags.map((tag) => `#${tag}`).join(' ')].filter((text) => text !== '').join(' · ')}
          </small>
        </span>
      ),
    },
    {
      title: 'Progress',
      cell: ({ summary: { counts } }) => (
        <span class="progress">
          <Progress counts={counts} />
          <small>
            {count(closedOf(counts))} / {count(counts.total)}
          </small>
        </span>
      ),
    },
    {
      title: 'Score',
      right: true,
      cell: ({ score, scores }) =>
        score ? (
          <span class="two right">
            <ScoreText score={score} />
            <small>
              {score.scorer}
              {scores > 1 ? ` +${scores - 1}` : ''}
            </small>
          </span>
        ) : (
          <span class="faint">–</span>
        ),
    },
    {
      title: 'Pace',
      right: true,
      from: 'middle',
      cell: ({ summary }) => <Pace summary={summary} rates={rates} now={now} heardAtMs={heardAtMs} />,
    },
    { title: 'Cost', right: true, from: 'middle', cell: ({ summary: { cost } }) => <CostCell cost={cost} /> },
    { title: 'Owner', from: 'wide', cell: ({ summary: { owner } }) => owner || <span class="faint">–</span> },
    {
      title: 'Submitted',
      right: true,
      from: 'wide',
      cell: ({ summary: { createdAtMs } }) => <time title={moment(createdAtMs)}>{ago(createdAtMs, now)}</time>,
    },
  ];
}

/** Of one that is over how long it took; else how fast it goes, and how long that takes, or for how long nothing of it was done. */
function Pace({ summary, rates, now, heardAtMs }: Pick<Around, 'rates' | 'now' | 'heardAtMs'> & { summary: EvaluationSummary }) {
  const { evaluationId, state, counts, createdAtMs, finishedAtMs } = summary;
  if (isFinal(state))
    return finishedAtMs > 0 ? (
      <span class="quiet-text">
        took <span class="whole">{duration(finishedAtMs - createdAtMs)}</span>
      </span>
    ) : (
      <span class="faint">–</span>
    );
  const rate = rates.perSecond(evaluationId, heardAtMs);
  const stillMs = rates.stillMs(evaluationId, heardAtMs);
  if (rate === 0 && state === 'running' && stillMs >= STILL_MS)
    return (
      <span class="two right">
        <span class="tone-held">0/s</span>
        <small>none for {duration(stillMs)}</small>
      </span>
    );
  if (rate === undefined || rate === 0 || state === 'paused')
    return <span class="faint">{ago(createdAtMs, now) === 'just now' ? 'starting' : rate === undefined ? '–' : '0/s'}</span>;
  return (
    <span class="two right is-whole">
      <span>{perSecond(rate)}</span>
      <small>{duration(((counts.total - closedOf(counts)) / rate) * 1000)} left</small>
    </span>
  );
}
