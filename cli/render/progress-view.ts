/** The picture that renderers draw, folded from watch events. Its size is that of the spec, not of the evaluation. */
import type { GroupProgress, WatchEvent } from '../../shared/client/types.ts';
import { emptyCounts, openOf, type Counts, type EvaluationState } from '../../shared/domain/states.ts';
import { RateMeter } from './rate-meter.ts';
import { count, plural } from './text.ts';

export interface ProgressView {
  name: string;
  state: EvaluationState;
  reason: string;
  counts: Counts;
  inFlight: number;
  agents: number;
  rows: ProgressRow[];
  /** Of the whole evaluation. */
  meter: RateMeter;
}

/** One bar: one model on one benchmark. */
export interface ProgressRow extends GroupProgress {
  meter: RateMeter;
}

export const closedOf = (counts: Counts): number => counts.total - openOf(counts);

/** What agents hold, begun or not; '' where they hold nothing. */
export function handedOut({ inFlight, agents }: Pick<ProgressView, 'inFlight' | 'agents'>): string {
  return inFlight > 0 ? `${count(inFlight)} handed out${agents > 0 ? ` to ${plural(agents, 'agent')}` : ''}` : '';
}

export function newProgressView(): ProgressView {
  return { name: '', state: 'accepted', reason: '', counts: emptyCounts(), inFlight: 0, agents: 0, rows: [], meter: new RateMeter() };
}

/** Takes one event into the picture. `nowMs` is any monotonic time; rates are measured by it. */
export function applyEvent(view: ProgressView, event: WatchEvent, nowMs: number): void {
  switch (event.kind) {
    case 'snapshot': {
      const { evaluation } = event;
      Object.assign(view, {
        name: evaluation.name,
        state: evaluation.state,
        reason: evaluation.reason,
        inFlight: evaluation.inFlight,
        agents: evaluation.agents,
      });
      // After a resync the rates start anew: what happened in between was not seen.
      if (event.resync) {
        view.meter = new RateMeter();
        view.rows = [];
      }
      applyGroups(view, evaluation.groups, evaluation.counts, nowMs);
      return;
    }
    case 'progress':
      Object.assign(view, { inFlight: event.inFlight, agents: event.agents });
      applyGroups(view, event.groups, event.counts, nowMs);
      return;
    case 'state':
      Object.assign(view, { state: event.state, reason: event.reason });
  }
}

const isSame = (a: GroupProgress, b: GroupProgress): boolean =>
  a.benchmark === b.benchmark && a.model === b.model && a.judgeOf?.model === b.judgeOf?.model && a.judgeOf?.scorer === b.judgeOf?.scorer;

function applyGroups(view: ProgressView, groups: readonly GroupProgress[], counts: Counts, nowMs: number): void {
  view.counts = counts;
  view.meter.note(nowMs, closedOf(counts));
  for (const group of groups) {
    let row = view.rows.find((r) => isSame(r, group));
    if (row) Object.assign(row, group);
    else view.rows.push((row = { ...group, meter: new RateMeter() }));
    row.meter.note(nowMs, closedOf(group.counts));
  }
}
