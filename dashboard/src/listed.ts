/** The list of evaluations as its events tell it. Pure. */
import type { ListChange, ListedEvaluation } from '../../shared/client/types.ts';

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
