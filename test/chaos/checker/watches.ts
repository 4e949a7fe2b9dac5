/** S10 who watches an evaluation is told of its end, and soon: a watch that waits on after it, or fails, has lost it. */
import type { History } from '../history/history.ts';
import type { Violation } from './violation.ts';

/** How long after all is over, and every fault is healed, a watcher may take to hear of it: it may just have lost its coordinator. */
export const WATCHED_MS = 20_000;

export function* heardTheEnd(history: History): Iterable<Violation> {
  const overAt = new Map(history.of('over').flatMap(({ evaluations, t }) => evaluations.map((id) => [id, t] as const)));
  const submitted = history.of('ok').filter(({ op }) => op === 'submit');
  const ends = [...history.of('watched'), ...history.of('stopped'), ...history.of('broke')];
  for (const [key, watches] of Map.groupBy(history.of('watch'), ({ who, evaluation }) => `${who} ${evaluation}`)) {
    const { who, evaluation } = watches[0]!;
    const t = overAt.get(evaluation);
    if (t === undefined) continue;
    const end = ends.find((event) => event.who === who && event.evaluation === evaluation);
    if (end?.what === 'watched') continue;
    // Who was sent away before its time was over has not been let down.
    if (end?.what === 'stopped' && end.t < t + WATCHED_MS) continue;
    // What nobody was told to be there may not be there.
    const isEarly =
      end?.what === 'broke' && end.code === 'not_found' && !submitted.some((ok) => ok.evaluation === evaluation && ok.t < end.t);
    if (isEarly) continue;
    const problem = end?.what === 'broke' ? `failed with ${end.code}` : 'still waits for the end';
    yield { invariant: 'S10', problem: `${key} is over, and the watch ${problem}`, evidence: [watches.at(-1)!, ...(end ? [end] : [])] };
  }
}
