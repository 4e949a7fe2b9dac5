/** One evaluation as its events tell it. Pure. */
import type { Evaluation, GroupProgress, WatchEvent } from '../../shared/client/types.ts';

/** What events change. */
export type Live = Pick<Evaluation, 'state' | 'reason' | 'counts' | 'groups' | 'inFlight' | 'agents' | 'setbacks' | 'routes'>;

const keyOf = ({ benchmark, model, judgeOf }: GroupProgress): string => JSON.stringify([benchmark, model, judgeOf?.model, judgeOf?.scorer]);

/** The picture after an event; undefined before the first snapshot. */
export function taken(live: Live | undefined, event: WatchEvent): Live | undefined {
  if (event.kind === 'snapshot') {
    const { state, reason, counts, groups, inFlight, agents, setbacks, routes } = event.evaluation;
    return { state, reason, counts, groups, inFlight, agents, setbacks, routes };
  }
  if (!live) return undefined;
  if (event.kind === 'state') return { ...live, state: event.state, reason: event.reason };
  const changed = new Map(event.groups.map((group) => [keyOf(group), group]));
  const groups = live.groups.map((group) => {
    const now = changed.get(keyOf(group));
    changed.delete(keyOf(group));
    return now ?? group;
  });
  return { ...live, counts: event.counts, inFlight: event.inFlight, agents: event.agents, groups: [...groups, ...changed.values()] };
}
