/** One evaluation: how far it is, how well its models do, why it waits, and the way to its samples. */
import { useEffect, useReducer, useRef } from 'preact/hooks';
import type { Evaluation, Report, WatchEvent } from '../../../shared/client/types.ts';
import type { Why } from '../../../shared/client/why.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import { api } from '../api.ts';
import { centre } from '../kit/centred.ts';
import { Facts, Failed, Figure, Head, Id, Loading, Panel } from '../kit/parts.tsx';
import { closedOf, Legend, Progress, State } from '../kit/state.tsx';
import { LoadTrouble, StreamTrouble } from '../kit/stream-trouble.tsx';
import { useLastLive, useLoaded, useNow } from '../live.ts';
import { Rates } from '../rates.ts';
import { isConnecting, useStream } from '../stream.ts';
import { taken, type Live } from '../watched.ts';
import { ago, count, duration, moment, perSecond, plural } from '../words.ts';
import { CommandBar } from './command-bar.tsx';
import { CostFigure, costNow } from './cost-part.tsx';
import { CoursePart } from './course-part.tsx';
import { CloneAction, PriorityAction, RescoreAction, WithheldActions } from './more-actions.tsx';
import { LogsPart } from './logs-part.tsx';
import { RecordPart } from './record-part.tsx';
import { SamplesPart } from './samples.tsx';
import { ScoresPart } from './scores-part.tsx';
import { WhyBefore } from './why-history.tsx';
import { WhyPart } from './why-part.tsx';

const KINDS = ['snapshot', 'progress', 'state'];
const GOES_ON = { goesOn: true };
const WHY_EVERY_MS = 5_000;
/** One that is over may be run again by somebody else. */
const OVER_EVERY_MS = 15_000;
/** One that was heard to be over, and is not yet answered to be. */
const ENDING_EVERY_MS = 2_000;

export interface EvaluationPageProps {
  evaluationId: string;
  part: 'scores' | 'samples' | 'course' | 'logs' | 'spec' | 'record';
  query: URLSearchParams;
}

export function EvaluationPage({ evaluationId, part, query }: EvaluationPageProps) {
  const path = `/evaluations/${encodeURIComponent(evaluationId)}`;
  const [live, take] = useReducer<Live | undefined, WatchEvent | 'anew'>(
    (before, event) => (event === 'anew' ? undefined : taken(before, event)),
    undefined,
  );
  const first = useLoaded(
    path,
    (signal) => api.get<Evaluation>(path, {}, signal),
    (last) => (last && isFinal(last.state) ? OVER_EVERY_MS : live && isFinal(live.state) ? ENDING_EVERY_MS : 0),
  );
  const rates = useRef(new Rates());
  const isOver = first.data !== undefined && isFinal(first.data.state);
  // A requeue makes it run again: what was heard before says nothing of that.
  useEffect(() => {
    if (isOver) take('anew');
  }, [isOver]);
  const stream = useStream(first.data && !isOver ? `${path}/events` : undefined, KINDS, (event) => take(event as WatchEvent), GOES_ON);
  const evaluation = live && first.data && !isOver ? { ...first.data, ...live } : first.data;
  const closed = evaluation ? closedOf(evaluation.counts) : 0;
  useEffect(() => {
    if (evaluation) rates.current.note('all', closed, performance.now());
  }, [closed, live]);
  const state = evaluation?.state;
  // The report, and when it ended, are there once it is over.
  useEffect(() => {
    if (state && isFinal(state) && !isOver) first.reload();
  }, [state]);
  const report = useLoaded(isOver ? `${path}/report of ${first.data?.finishedAtMs}` : undefined, (signal) =>
    api.get<Report>(`${path}/report`, {}, signal),
  );
  const isWaiting = state !== undefined && !isFinal(state);
  const why = useLoaded(isWaiting ? `${path}/why` : undefined, (signal) => api.get<Why>(`${path}/why`, {}, signal), WHY_EVERY_MS);
  const now = useNow();
  const heardAtMs = useLastLive(stream.isOpen);
  if (!evaluation)
    return (
      <>
        <Head title={evaluationId} isEarly={!first.error} />
        {first.error ? <Failed error={first.error} retry={first.reload} /> : <Loading />}
      </>
    );
  // What this page has not seen yet, the coordinator has.
  const rate = rates.current.perSecond('all', heardAtMs) || (why.data?.rate ?? 0);
  return (
    <>
      <Head
        title={evaluation.name || evaluationId}
        part={PARTS.find(([name]) => name === part)?.[1] ?? ''}
        sub={
          <>
            <State state={evaluation.state} />
            <Id id={evaluationId} />
            <span>
              {evaluation.namespace}
              {evaluation.owner === '' ? '' : ` · ${evaluation.owner}`}
            </span>
            <time title={moment(evaluation.createdAtMs)}>submitted {ago(evaluation.createdAtMs, now)}</time>
          </>
        }
        actions={
          <>
            <CommandBar targets={[evaluation]} onDone={first.reload} />
            <PriorityAction targets={[evaluation]} onDone={first.reload} />
            {evaluation.counts.scored + evaluation.counts.unscored > 0 ? <RescoreAction evaluationId={evaluationId} /> : null}
            <CloneAction evaluationId={evaluationId} />
            <WithheldActions targets={[evaluation]} />
          </>
        }
      />
      {evaluation.reason === '' ? null : <p class="why-state">{evaluation.reason}</p>}
      <StreamTrouble stream={stream} />
      {stream.trouble ? null : <LoadTrouble loaded={first} />}
      <Strip
        evaluation={evaluation}
        rate={isOver ? undefined : rate}
        hearing={stream.isOpen ? 'live' : isConnecting(stream) ? 'connecting' : 'not connected'}
      />
      {why.data && isWaiting ? <WhyPart why={why.data} /> : null}
      <WhyBefore evaluationId={evaluationId} />
      <Tabs evaluationId={evaluationId} part={part} samples={evaluation.counts.total} />
      {part === 'scores' && report.error && !report.data ? (
        <Failed title="The report could not be read: these scores are what was counted." error={report.error} retry={report.reload} />
      ) : null}
      {part === 'scores' ? (
        <ScoresPart evaluation={evaluation} report={report.data} isMissing={report.error !== undefined} query={query} />
      ) : null}
      {part === 'samples' ? <SamplesPart evaluation={evaluation} query={query} /> : null}
      {part === 'course' ? <CoursePart evaluation={evaluation} /> : null}
      {part === 'logs' ? <LogsPart evaluationId={evaluationId} isOver={isFinal(evaluation.state)} query={query} /> : null}
      {part === 'spec' ? <SpecPart evaluation={evaluation} /> : null}
      {part === 'record' ? <RecordPart evaluationId={evaluationId} cost={costNow(evaluation)} /> : null}
    </>
  );
}

const PARTS = [
  ['scores', 'Scores', ''],
  ['samples', 'Samples', '/samples'],
  ['course', 'Charts', '/course'],
  ['logs', 'Logs', '/logs'],
  ['spec', 'Spec', '/spec'],
  ['record', 'Record', '/record'],
] as const;

/** The figures that people look for first. `rate` undefined: it is over. */
function Strip({ evaluation, rate, hearing }: { evaluation: Evaluation; rate: number | undefined; hearing: string }) {
  const { counts, inFlight, agents, setbacks, createdAtMs, finishedAtMs } = evaluation;
  const closed = closedOf(counts);
  const open = counts.total - closed;
  const trouble = setbacks.crashes + setbacks.losses;
  return (
    <section class="strip" aria-label="Progress">
      <div class="strip-bar">
        <p class="strip-count">
          <b>{count(closed)}</b> of {plural(counts.total, 'unit')} closed
          <span class="percent">{counts.total > 0 ? `${Math.floor((100 * closed) / counts.total)} %` : ''}</span>
        </p>
        <Progress counts={counts} />
        <Legend counts={counts} />
      </div>
      <div class="figures">
        {rate === undefined ? (
          <>
            <Figure
              name="Took"
              value={finishedAtMs > 0 ? duration(finishedAtMs - createdAtMs) : '–'}
              more={`until ${moment(finishedAtMs)}`}
            />
            <Figure
              name="On average"
              value={finishedAtMs > createdAtMs ? perSecond(closed / ((finishedAtMs - createdAtMs) / 1000)) : '–'}
              more="from submit to end"
            />
          </>
        ) : (
          <>
            <Figure name="Pace" value={perSecond(rate)} more={hearing} />
            <Figure name="Left" value={rate > 0 ? duration((open / rate) * 1000) : '–'} more={`${count(open)} open`} />
            <Figure name="In flight" value={count(inFlight)} more={agents > 0 ? `on ${plural(agents, 'agent')}` : 'samples'} />
          </>
        )}
        <CostFigure cost={costNow(evaluation)} />
        <Figure
          name="Setbacks"
          value={count(trouble)}
          more={
            trouble === 0
              ? plural(setbacks.returns, 'hand-back')
              : `${plural(setbacks.crashes, 'crash').replace('crashs', 'crashes')}, ${plural(setbacks.losses, 'lost lease')}`
          }
        />
      </div>
    </section>
  );
}

function Tabs({ evaluationId, part, samples }: { evaluationId: string; part: EvaluationPageProps['part']; samples: number }) {
  const row = useRef<HTMLElement>(null);
  useEffect(() => centre(row.current), [part]);
  return (
    <nav class="tabs" ref={row} aria-label="Parts of this evaluation">
      {PARTS.map(([name, title, more]) => (
        <a key={name} href={`/evaluations/${evaluationId}${more}`} aria-current={part === name ? 'page' : undefined}>
          {title}
          {name === 'samples' ? <span class="tab-count">{count(samples)}</span> : null}
        </a>
      ))}
    </nav>
  );
}

function SpecPart({ evaluation }: { evaluation: Evaluation }) {
  const { spec, specDigest, tags, metadata, priority, maxSamples, limits, keep, routes } = evaluation;
  return (
    <div class="columns">
      <Panel title="As accepted">
        <pre class="text">{JSON.stringify(spec ?? {}, null, 2)}</pre>
      </Panel>
      <Panel title="Settings">
        <Facts
          rows={[
            ['Spec digest', <code key="digest">{specDigest}</code>],
            ['Priority', String(priority)],
            ['At most in flight', maxSamples > 0 ? count(maxSamples) : 'no bound'],
            [
              'Limits',
              Object.entries(limits)
                .map(([name, value]) => `${name} ${String(value)}`)
                .join(', '),
            ],
            ['Tags', tags.join(', ')],
            ['Metadata', Object.keys(metadata).length > 0 ? <pre class="text small">{JSON.stringify(metadata, null, 2)}</pre> : ''],
            ['Kept for ever', keep ? 'yes' : ''],
            ...routes.map(({ route, requirement, open }) => [`Route ${route}`, `${requirement} (${count(open)} open)`] as const),
          ]}
        />
      </Panel>
    </div>
  );
}
