/** What a coordinator has to say of attempts that were taken back: their agents are not there to say it. */
import { taskIdOf } from '../../../shared/domain/ids.ts';
import type { LogLine } from '../../../shared/domain/log-line.ts';
import type { ReleaseAnswer, ReleaseItem } from '../../ledger/types.ts';

/** Of agents that died or were not heard any more; one that hands a task back says so itself. */
export function releaseLines(
  evaluationId: string,
  items: readonly ReleaseItem[],
  answers: readonly Pick<ReleaseAnswer, 'answer'>[],
  timeMs: number,
): LogLine[] {
  return items.flatMap((item, i) => {
    const { answer = 'unknown' } = answers[i] ?? {};
    if (answer === 'unknown' || item.kind === 'returned' || item.kind === 'requeue') return [];
    const who = item.evidence?.agent ? `the agent ${item.evidence.agent}` : 'its agent';
    const why = item.evidence?.exit ? `${who} has lost it (${item.evidence.exit})` : `${who} was not heard for a lease`;
    const what = item.kind === 'lost' ? why : `${who} died while it ran this`;
    const isDoomed = answer === 'doomed';
    const then = isDoomed ? 'the task is given up (assay dead-letters)' : 'the task goes to others';
    const taskId = taskIdOf(evaluationId, item.sequence);
    return [
      { timeMs, level: isDoomed ? 'error' : 'warn', text: `${what}: ${then}`, agentId: '', agent: '', taskId, attemptId: item.attemptId },
    ];
  });
}
