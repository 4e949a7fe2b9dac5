/** The scores so far of what runs: lists have those of what is over, and the watch of a list has these. */
import type { ListChange, ListedEvaluation } from '../../shared/client/types.ts';

export class ScoresSoFar {
  readonly #scores = new Map<string, string>();

  take({ snapshot, evaluations, removedEvaluationIds }: ListChange): void {
    if (snapshot) this.#scores.clear();
    for (const listed of evaluations) this.#scores.set(listed.summary.evaluationId, scoreSoFar(listed));
    for (const id of removedEvaluationIds) this.#scores.delete(id);
  }

  /** '': none is known. */
  of(evaluationId: string): string {
    return this.#scores.get(evaluationId) ?? '';
  }
}

/** The first scorer's mean on the first group that has one; `+n` tells that there are others. A judge's calls have none of their own. */
export function scoreSoFar({ groups, groupCount }: Pick<ListedEvaluation, 'groups' | 'groupCount'>): string {
  const scores = groups.filter(({ judgeOf }) => judgeOf === undefined).flatMap(({ scorers }) => scorers);
  const first = scores.find(({ n }) => n > 0);
  if (!first) return '';
  const others = Math.max(scores.length, groupCount) - 1;
  return `${(first.sum / first.n).toFixed(3)}${others > 0 ? ` +${others}` : ''}`;
}
