/** When what happened to a sample: a table whose rows have bars on one scale of time, so that it can be read without them. */
import type { Sample } from '../../../shared/client/types.ts';
import { Way } from '../kit/way.tsx';
import { Panel } from '../kit/parts.tsx';
import { spanTicks, tickWords } from '../lanes.ts';
import { duration, moment } from '../words.ts';
import { waterfallOf, type Bar } from '../waterfall.ts';

export function TimingPart({ sample, evaluationId }: { sample: Sample; evaluationId: string }) {
  const { bars, fromMs, toMs, notes } = waterfallOf(sample, Date.now());
  if (bars.length === 0)
    return notes.length === 0 ? null : (
      <Panel title="Timing">
        <p class="help">Nothing is kept of its attempts. {notes.join(' ')}</p>
      </Panel>
    );
  const wholeMs = Math.max(1, toMs - fromMs);
  const ticks = spanTicks(wholeMs, 6);
  return (
    <Panel title="Timing" note={`${duration(wholeMs)} from ${moment(fromMs)}`}>
      <div class="waterfall" role="table" aria-label="Timing">
        <div class="waterfall-head" role="row">
          <span role="columnheader">What</span>
          <span class="waterfall-axis" aria-hidden="true">
            {ticks.map((ms) => (
              <span key={ms} style={{ left: `${(100 * ms) / wholeMs}%` }}>
                {tickWords(ms, ticks, wholeMs)}
              </span>
            ))}
          </span>
          <span role="columnheader" class="right">
            After
          </span>
          <span role="columnheader" class="right">
            Took
          </span>
        </div>
        {bars.map((bar, i) => (
          <Row key={i} bar={bar} evaluationId={evaluationId} fromMs={fromMs} wholeMs={wholeMs} ticks={ticks} />
        ))}
      </div>
      {notes.length > 0 ? <p class="help">{notes.join(' ')}</p> : null}
    </Panel>
  );
}

interface RowProps {
  bar: Bar;
  evaluationId: string;
  fromMs: number;
  wholeMs: number;
  ticks: readonly number[];
}

function Row({ bar: { kind, isInner, fromMs: beganMs, ms, title, more, agentId, unit }, evaluationId, fromMs, wholeMs, ticks }: RowProps) {
  const afterMs = Math.max(0, beganMs - fromMs);
  const href =
    unit !== undefined ? `/evaluations/${evaluationId}/samples/${unit}` : agentId ? `/agents/${encodeURIComponent(agentId)}` : undefined;
  return (
    <div class={isInner ? 'waterfall-row is-inner' : 'waterfall-row'} role="row">
      <span role="cell" class="waterfall-what">
        {href === undefined ? title : <Way href={href}>{title}</Way>}
        {more === '' ? null : <small>{more}</small>}
      </span>
      <span class="waterfall-room" aria-hidden="true">
        {ticks.map((tick) => (
          <i key={tick} class="timeline-tick" style={{ left: `${(100 * tick) / wholeMs}%` }} />
        ))}
        <i
          class={`waterfall-bar bar-${kind}${ms === undefined ? ' is-endless' : ''}`}
          style={{ left: `${(100 * afterMs) / wholeMs}%`, width: `${(100 * (ms ?? 0)) / wholeMs}%` }}
        />
      </span>
      <span role="cell" class="right waterfall-after" title={moment(beganMs)}>
        {afterMs < 1 ? '0' : `+${duration(afterMs)}`}
      </span>
      <span role="cell" class="right">
        {ms === undefined ? <span class="faint">–</span> : duration(ms)}
      </span>
    </div>
  );
}
