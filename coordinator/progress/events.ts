/** Events as the ledger's scripts write them, and as watchers get them. */
import type { GroupProgress, WatchEvent } from '../../shared/client/types.ts';
import { judgeOfField, unitsOf, type Group, type Manifest } from '../../shared/domain/manifest.ts';
import type { Counts, EvaluationState } from '../../shared/domain/states.ts';

/** `common.lua` writes these: k kind, t time, c counts, g changed groups, f in flight, a agents, s state, r reason. */
type StoredEvent = { t: number } & (
  | { k: 'p'; c: number[]; g: number[][]; f: number; a: number }
  | { k: 's'; s: EvaluationState; r: string }
);

export const countsOf = ([total, scored, unscored, errored, cancelled, dead]: readonly number[]): Counts => ({
  total: total!,
  scored: scored!,
  unscored: unscored!,
  errored: errored!,
  cancelled: cancelled!,
  dead: dead!,
});

/** A row [group, scored, unscored, errored, cancelled, dead, retries, then n, sum, sum of squares per scorer, and tokens in and out where they are known]. */
export function groupProgressOf({ groups }: Pick<Manifest, 'groups'>, group: Group, row: readonly number[]): GroupProgress {
  return {
    benchmark: group.benchmark,
    model: group.model,
    counts: countsOf([unitsOf(group), ...row.slice(1, 6)]),
    retries: row[6]!,
    scorers: group.scorers.map((scorer, i) => ({ scorer, n: row[7 + 3 * i]!, sum: row[8 + 3 * i]!, sumOfSquares: row[9 + 3 * i]! })),
    ...judgeOfField(groups, group),
    ...tokensOf(row.slice(7 + 3 * group.scorers.length)),
  };
}

const tokensOf = ([inputTokens, outputTokens]: readonly number[]): Pick<GroupProgress, 'inputTokens' | 'outputTokens'> =>
  inputTokens === undefined || outputTokens === undefined ? {} : { inputTokens, outputTokens };

/** One entry of the event log as the event that every watcher gets. */
export function watchEventOf(manifest: Manifest, cursor: string, json: string): WatchEvent {
  const e = JSON.parse(json) as StoredEvent;
  if (e.k === 's') return { cursor, timeMs: e.t, kind: 'state', state: e.s, reason: e.r };
  return {
    cursor,
    timeMs: e.t,
    kind: 'progress',
    groups: e.g.map((row) => groupProgressOf(manifest, manifest.groups[row[0]!]!, row)),
    counts: countsOf(e.c),
    inFlight: e.f,
    agents: e.a,
  };
}

/** Events of so long ago say nothing of how fast it goes. */
const LATELY_MS = 60_000;

/** Units that were closed a second until now, by the last events, the newest first; 0: by less than two of them. */
export function rateOf(entries: readonly { json: string }[], nowMs: number): number {
  const seen = entries
    .map(({ json }) => JSON.parse(json) as StoredEvent)
    .flatMap((e) => (e.k === 'p' && e.t > nowMs - LATELY_MS ? [{ atMs: e.t, closed: e.c.slice(1).reduce((sum, n) => sum + n, 0) }] : []));
  const [last, first] = [seen[0], seen.at(-1)];
  if (!last || !first || nowMs <= first.atMs) return 0;
  // A requeue takes back what was counted.
  return (Math.max(0, last.closed - first.closed) * 1000) / (nowMs - first.atMs);
}
