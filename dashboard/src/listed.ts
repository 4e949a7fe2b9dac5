/** The list of evaluations as its events tell it. Pure, but for the hook. */
import { useReducer } from 'preact/hooks';
import type { ListChange, ListedEvaluation } from '../../shared/client/types.ts';
import { queryText, type Query } from './api.ts';
import { useStream, type Stream } from './stream.ts';

export interface Listed {
  /** The newest first. */
  entries: readonly ListedEvaluation[];
  /** Where the list goes on behind them; '': these are all. */
  nextToken: string;
}

const isBefore = ({ summary: a }: ListedEvaluation, { summary: b }: ListedEvaluation): number =>
  b.createdAtMs - a.createdAtMs || (a.evaluationId < b.evaluationId ? -1 : 1);

/** The list after a change; the one before is not touched. */
export function after(before: Listed | undefined, change: ListChange): Listed {
  const entries = new Map(change.snapshot ? [] : before?.entries.map((entry) => [entry.summary.evaluationId, entry] as const));
  for (const id of change.removedEvaluationIds) entries.delete(id);
  for (const entry of change.evaluations) entries.set(entry.summary.evaluationId, entry);
  return { entries: [...entries.values()].toSorted(isBefore), nextToken: change.nextToken };
}

interface Heard {
  key: string | undefined;
  listed: Listed;
}

/** The newest that a query means, as they change; without one none is asked for. */
export function useListed(query: Query | undefined): { listed: Listed | undefined; stream: Stream } {
  const path = query && `/evaluations/events${queryText(query)}`;
  const [heard, take] = useReducer<Heard | undefined, { key: string | undefined; change: ListChange }>(
    (before, { key, change }) => ({ key, listed: after(before?.key === key ? before?.listed : undefined, change) }),
    undefined,
  );
  const stream = useStream(path, ['change'], (change) => take({ key: path, change: change as ListChange }));
  return { listed: heard && heard.key === path ? heard.listed : undefined, stream };
}
