/** Samples of an evaluation: a list of any length, narrowed by filters that the coordinator knows. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Evaluation, Page, SampleResult } from '../../../shared/client/types.ts';
import { UNIT_STATES } from '../../../shared/domain/states.ts';
import { api, asCallError, type CallError, type Query } from '../api.ts';
import { entryHere, leaveFrom } from '../entries.ts';
import { ChoiceFilter, Filters, MoreFilters, TextFilter, TimeFilter, timeOf } from '../kit/filters.tsx';
import { LESS_ROOM, useMedia } from '../kit/media.ts';
import { Empty, Failed, Loading } from '../kit/parts.tsx';
import { rowIndexOf, Rows } from '../kit/rows.tsx';
import { State } from '../kit/state.tsx';
import { pairAsked, pairProblem } from '../pairs.ts';
import { go, setQuery } from '../router.ts';
import { count, duration } from '../words.ts';
import { AgentFilter } from './agent-filter.tsx';

const PAGE_SIZE = 200;
/** More than this nobody scrolls through, and it would lie in memory. */
const MOST = 20_000;

const NAMES = [
  'state',
  'benchmark',
  'model',
  'scorer',
  'score',
  'error',
  'text',
  'sample',
  'stage',
  'agent',
  'from',
  'until',
  'meta',
] as const;

/** Whether an address filters the list. */
export const isSampleFilter = (query: URLSearchParams): boolean => NAMES.some((name) => query.getAll(name).some((value) => value !== ''));

/** Of an address, as the coordinator is asked. */
export const sampleFilterOf = (query: URLSearchParams): Query => ({
  states: (query.get('state') ?? '').split(',').filter((state) => state !== ''),
  benchmark: query.get('benchmark') ?? '',
  model: query.get('model') ?? '',
  scorer: query.get('scorer') ?? '',
  scoreValues: query.getAll('score').filter((value) => value !== ''),
  errorClasses: query.getAll('error').filter((value) => value !== ''),
  text: query.get('text') ?? '',
  sampleIds: query.getAll('sample').filter((value) => value !== ''),
  stage: query.get('stage') ?? '',
  agents: query.getAll('agent').filter((value) => value !== ''),
  startedFromMs: timeOf(query, 'from'),
  startedToMs: timeOf(query, 'until'),
  ...pairAsked(query.get('meta'), 'metadata'),
});

interface Listed {
  rows: readonly SampleResult[];
  /** '' there are no more; undefined: the first page is not there yet. */
  nextToken: string | undefined;
  error?: CallError;
}

const NONE: Listed = { rows: [], nextToken: undefined };

/** The list that was shown last, for whoever comes back to it from a sample. */
let last: { entry: number; name: string; listed: Listed } | undefined;
const remembered = (name: string): Listed | undefined => (last?.entry === entryHere().key && last.name === name ? last.listed : undefined);

/** Pages of samples, one after the other as they are wanted. */
function useSamples(evaluationId: string, query: URLSearchParams): Listed & { name: string; more: () => void; again: () => void } {
  const key = NAMES.map((name) => query.getAll(name).join('\u0000')).join('\u0001');
  const name = `${evaluationId} ${key}`;
  const [listed, setListed] = useState<Listed>(() => remembered(name) ?? NONE);
  const [round, setRound] = useState(0);
  const asking = useRef<AbortController>(undefined);
  const ask = (before: Listed): void => {
    if (asking.current && !asking.current.signal.aborted) return;
    const abort = new AbortController();
    asking.current = abort;
    const path = `/evaluations/${encodeURIComponent(evaluationId)}/samples`;
    api
      .get<Page<SampleResult>>(path, { ...sampleFilterOf(query), pageSize: PAGE_SIZE, pageToken: before.nextToken ?? '' }, abort.signal)
      .then(
        ({ items, nextToken }) => {
          if (abort.signal.aborted) return;
          asking.current = undefined;
          const now = { rows: [...before.rows, ...items], nextToken };
          setListed(now);
          last = { entry: entryHere().key, name, listed: now };
          // A page may be empty although more come: few samples fit, and the coordinator answers in time.
          if (items.length === 0 && nextToken !== '') ask(now);
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          asking.current = undefined;
          setListed({ ...before, error: asCallError(error) });
        },
      );
  };
  useEffect(() => {
    const before = round === 0 ? remembered(name) : undefined;
    setListed(before ?? NONE);
    if (!before) ask(NONE);
    return () => {
      asking.current?.abort();
      asking.current = undefined;
    };
  }, [evaluationId, key, round]);
  return {
    ...listed,
    name,
    more: () => {
      if (listed.nextToken && listed.rows.length < MOST && !listed.error) ask(listed);
    },
    again: () => setRound((n) => n + 1),
  };
}

export function SamplesPart({ evaluation, query }: { evaluation: Evaluation; query: URLSearchParams }) {
  const { evaluationId, groups } = evaluation;
  const { name, rows, nextToken, error, more, again } = useSamples(evaluationId, query);
  const names = (values: readonly string[], all: string): (readonly [string, string])[] => [
    ['', all],
    ...[...new Set(values)].map((name) => [name, name] as const),
  ];
  const hasLessRoom = useMedia(LESS_ROOM);
  const hasJudges = groups.some(({ judgeOf }) => judgeOf !== undefined);
  // Where few fit, many are looked at for one, page after page.
  const isSearching = nextToken !== undefined && nextToken !== '' && rows.length === 0 && !error;
  const told =
    nextToken === undefined
      ? ''
      : isSearching
        ? 'none so far, searching on'
        : `${count(rows.length)}${nextToken === '' ? '' : ' or more'} shown`;
  return (
    <section class="samples" aria-label="Samples">
      <Filters>
        <TextFilter name="text" label="Text of the answer" query={query} isMain />
        <ChoiceFilter
          name="state"
          label="State"
          query={query}
          options={[['', 'Any state'], ['pending,generated', 'open'], ['errored,dead', 'lost'], ...UNIT_STATES.map((s) => [s, s] as const)]}
        />
        <ChoiceFilter
          name="benchmark"
          label="Benchmark"
          query={query}
          options={names(
            groups.map((g) => g.benchmark),
            'Any benchmark',
          )}
        />
        <ChoiceFilter
          name="model"
          label="Model"
          query={query}
          options={names(
            groups.map((g) => g.model),
            'Any model',
          )}
        />
        <TextFilter name="score" label="Score value" query={query} />
        <TextFilter name="error" label="Error class" query={query} />
        {hasJudges ? (
          <ChoiceFilter
            name="stage"
            label="Stage"
            query={query}
            options={[
              ['', 'answers'],
              ['judge', 'judges’ calls'],
            ]}
          />
        ) : null}
        <MoreFilters names={['sample', 'meta', 'agent', 'from', 'until']} query={query}>
          <TextFilter name="sample" label="Sample id" query={query} />
          <TextFilter name="meta" label="Metadata" query={query} without="name=value" problemOf={pairProblem} />
          <AgentFilter evaluationId={evaluationId} query={query} />
          <TimeFilter name="from" label="Begun from" query={query} />
          <TimeFilter name="until" label="Begun before" query={query} />
        </MoreFilters>
        <span class="filters-end">
          <span class="told" role="status">
            {told}
          </span>
          <button type="button" onClick={again}>
            Reload
          </button>
        </span>
      </Filters>
      {error ? <Failed error={error} retry={again} /> : null}
      {(nextToken === undefined || isSearching) && !error ? <Loading rows={10} /> : null}
      {nextToken === '' && rows.length === 0 ? (
        <Empty title="No sample fits these filters.">
          <button type="button" onClick={() => setQuery(Object.fromEntries(NAMES.map((name) => [name, ''])))}>
            Show all
          </button>
        </Empty>
      ) : null}
      {rows.length > 0 ? (
        <Rows
          key={name}
          label="Samples"
          of={name}
          rows={rows}
          isWhole={nextToken === ''}
          head={HEAD}
          onNearEnd={more}
          row={(sample, index) => (
            <Row key={sample.unit} sample={sample} index={index} evaluationId={evaluationId} hasLessRoom={hasLessRoom} />
          )}
        />
      ) : null}
      {rows.length >= MOST && nextToken !== '' ? (
        <p class="help">These are the first {count(MOST)}: narrow the filters to see others.</p>
      ) : null}
    </section>
  );
}

const HEAD = ['Unit', 'Sample', 'State', 'Benchmark', 'Model', 'Scores', 'Note', 'Tokens', 'Took'].map((title) => (
  // In the order of units: so they come, page after page.
  <span key={title} role="columnheader" aria-sort={title === 'Unit' ? 'ascending' : undefined} class={`cell-${title.toLowerCase()}`}>
    {title}
  </span>
));

interface RowProps {
  sample: SampleResult;
  index: number;
  evaluationId: string;
  /** What the columns that are left out say stands below the others. */
  hasLessRoom: boolean;
}

function Row({ sample, index, evaluationId, hasLessRoom }: RowProps) {
  const { unit, sampleId, epoch, state, benchmark, model, scores, errorClass, errorMessage, usage, totalMs, judgeOf } = sample;
  // With the filters of the list, for the way back to it.
  const address = `/evaluations/${evaluationId}/samples/${unit}${location.search}`;
  const told = errorClass === '' ? (scores[0]?.explanation ?? '') : `${errorClass}: ${errorMessage}`;
  return (
    <div
      class="row"
      role="row"
      aria-rowindex={rowIndexOf(index)}
      data-row={index}
      onClick={(event) => {
        if ((event.target as Element).closest('a') !== null || getSelection()?.isCollapsed === false) return;
        leaveFrom(address);
        go(address);
      }}
    >
      <span role="cell" class="cell-unit">
        {unit}
      </span>
      <span role="cell" class="cell-sample">
        <a href={address} tabIndex={-1}>
          {sampleId || `unit ${unit}`}
        </a>
        {epoch > 1 ? <small> epoch {epoch}</small> : null}
      </span>
      <span role="cell" class="cell-state">
        <State state={state} />
      </span>
      <span role="cell" class="cell-benchmark">
        {benchmark}
      </span>
      <span role="cell" class="cell-model">
        {judgeOf ? `${model} → ${judgeOf.model}` : model}
      </span>
      <span role="cell" class="cell-scores">
        {scores.map(({ scorer, value, error }, i) => (
          <span key={`${scorer} ${i}`} class="value" title={`${scorer}${error ? `: ${error}` : ''}`}>
            {error ? '!' : value || '–'}
          </span>
        ))}
      </span>
      <span role="cell" class={errorClass === '' ? 'cell-note' : 'cell-note is-bad'}>
        {told}
      </span>
      {hasLessRoom ? (
        <span role="cell" class={errorClass === '' ? 'cell-more' : 'cell-more is-bad'}>
          {[told, benchmark, judgeOf ? `${model} → ${judgeOf.model}` : model].filter((text) => text !== '').join(' · ')}
        </span>
      ) : null}
      <span role="cell" class="cell-tokens">
        {usage.outputTokens > 0 ? count(usage.inputTokens + usage.outputTokens) : ''}
      </span>
      <span role="cell" class="cell-took">
        {totalMs > 0 ? duration(totalMs) : ''}
      </span>
    </div>
  );
}
