/** What the first reason was over time: a bar of all of it, the periods, and what they add up to. */
import { useState } from 'preact/hooks';
import type { ReasonPeriod, Why, WhyHistory } from '../../../shared/client/why.ts';
import { api } from '../api.ts';
import { Empty, Failed, Loading } from '../kit/parts.tsx';
import { Badge } from '../kit/state.tsx';
import { LoadTrouble } from '../kit/stream-trouble.tsx';
import { Table, type Column } from '../kit/table.tsx';
import { useLoaded } from '../live.ts';
import { count, duration, moment, plural } from '../words.ts';
import { REASON_TONES, REASON_WORDS } from './why-part.tsx';

const EVERY_MS = 5_000;

/** Of one evaluation, where somebody asks for it. */
export function WhyBefore({ evaluationId }: { evaluationId: string }) {
  const [isOpen, setOpen] = useState(false);
  const path = `/evaluations/${encodeURIComponent(evaluationId)}/why`;
  const loaded = useLoaded(isOpen ? `${path} before` : undefined, (signal) => api.get<Why>(path, { history: true }, signal), EVERY_MS);
  const { data, error, reload } = loaded;
  return (
    <details class="why-before" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Why, over time</summary>
      {error && !data ? <Failed error={error} retry={reload} /> : null}
      <LoadTrouble loaded={loaded} />
      {isOpen && !data && !error ? <Loading rows={3} /> : null}
      {data ? <HistoryPart history={data.history} /> : null}
    </details>
  );
}

/** `isOfRoute`: which one needs not be said again. */
export function HistoryPart({ history, isOfRoute = false }: { history: WhyHistory | undefined; isOfRoute?: boolean }) {
  if (!history || history.periods.length === 0)
    return (
      <Empty title="Nobody has looked yet.">
        <p>Coordinators look every few seconds, and note when the first reason changes.</p>
      </Empty>
    );
  const { periods, totals } = history;
  return (
    <div class="history">
      <TimeBar periods={periods} />
      <p class="history-totals">
        {totals.slice(0, 6).map(({ code, effect, route, times, totalMs }) => (
          <span key={`${code} ${route}`}>
            <i class={`swatch span-${effect}`} aria-hidden="true" />
            <b>{lasted(totalMs)}</b> {code}
            {times > 1 ? <span class="faint"> in {count(times)} periods</span> : null}
          </span>
        ))}
      </p>
      <Table label="What it was" columns={columnsOf(isOfRoute)} rows={periods} keyOf={({ sinceMs, code }) => `${sinceMs} ${code}`} />
    </div>
  );
}

/** From the oldest one to the newest; where nobody looked there is a hole. */
function TimeBar({ periods }: { periods: readonly ReasonPeriod[] }) {
  const from = periods.at(-1)!.sinceMs;
  const all = Math.max(1, periods[0]!.untilMs - from);
  const share = (ms: number): string => `${Math.min(100, (100 * ms) / all)}%`;
  const text = `from ${moment(from)} to ${moment(periods[0]!.untilMs)}`;
  return (
    <div class="time-bar" role="img" aria-label={text}>
      {periods.toReversed().map(({ sinceMs, untilMs, effect, code }) => (
        <i
          key={`${sinceMs} ${code}`}
          class={`span-${effect}`}
          style={{ left: share(sinceMs - from), width: share(untilMs - sinceMs) }}
          title={`${code}: ${moment(sinceMs)}, ${lasted(untilMs - sinceMs)}`}
        />
      ))}
    </div>
  );
}

/** The day and the time, which may stand below each other. */
function Stamp({ atMs }: { atMs: number }) {
  const [day, time] = moment(atMs).split(' ');
  return (
    <time class="stamp">
      <span>{day}</span> <span>{time}</span>
    </time>
  );
}

const lasted = (ms: number): string => (ms < 1_000 ? 'a moment' : duration(ms));

const columnsOf = (isOfRoute: boolean): Column<ReasonPeriod>[] => [
  { title: 'From', cell: (p) => <Stamp atMs={p.sinceMs} /> },
  { title: 'For', right: true, cell: (p) => lasted(p.untilMs - p.sinceMs) },
  {
    title: 'Effect',
    from: 'middle',
    silentTitle: true,
    cell: (p) => <Badge tone={REASON_TONES[p.effect]}>{REASON_WORDS[p.effect]}</Badge>,
  },
  {
    title: 'First reason',
    grows: true,
    cell: (p) => (
      <span class="two is-wrapped">
        <span>{p.text}</span>
        <small>
          {[
            p.code,
            isOfRoute ? '' : p.requirement,
            ...p.agents.slice(0, 2).map(({ name, text }) => `${name}: ${text}`),
            p.agentCount > 2 ? plural(p.agentCount - 2, 'more agent') : '',
          ]
            .filter((word) => word !== '')
            .join(' · ')}
        </small>
      </span>
    ),
  },
  { title: 'Samples', right: true, from: 'wide', cell: (p) => (p.samples > 0 ? count(p.samples) : <span class="faint">–</span>) },
];
