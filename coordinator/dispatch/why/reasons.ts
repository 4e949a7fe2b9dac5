/** Facts in, reasons out: what keeps the work from running comes first, then what runs, then what slows it. Pure. */
import type { Reason, ReasonEffect } from '../../../shared/client/why.ts';
import { isFinal } from '../../../shared/domain/states.ts';
import type { EvaluationFacts, WhyFacts } from './facts.ts';
import { because, plural, reason } from './reason.ts';
import { routeReasons } from './route-reasons.ts';
import { taskReasons } from './task-reasons.ts';

export const RANK: Readonly<Record<ReasonEffect, number>> = { over: 0, blocks: 1, runs: 2, slows: 3 };

/** Never empty. */
export function reasonsOf(facts: WhyFacts): Reason[] {
  const { evaluation, task, troubles } = facts;
  // What is over needs neither Redis nor the store.
  const troubled = isFinal(evaluation.state)
    ? []
    : troubles.map(({ text, detail = '', ...t }) =>
        reason({ effect: 'blocks', samples: evaluation.open, ...t, text: text + because(detail) }),
      );
  const ofAll = [...troubled, ...stateReasons(evaluation)];
  const isStill = ofAll.some(({ effect }) => effect === 'blocks' || effect === 'over');
  const dead = deadReason(evaluation);
  if (task) return [...(isStill && task.state !== 'over' && task.state !== 'dead' ? ofAll : []), ...taskReasons(facts, task)];
  const byRoute = isStill ? drains(evaluation) : facts.routes.flatMap((route) => routeReasons(evaluation, route));
  // On many routes: what concerns most comes first, and what only waits for others after these. Of one route the order stays.
  const isIdle = ({ code }: Reason): number => Number(code === 'waits_for_answers');
  const byWeight = byRoute.toSorted((a, b) => isIdle(a) - isIdle(b) || b.samples - a.samples);
  const found = [...[...ofAll, ...byWeight].toSorted((a, b) => RANK[a.effect] - RANK[b.effect]), ...dead];
  return found.length > 0 ? found : [reason({ code: 'being_planned', effect: 'runs', text: 'its state is just being changed' })];
}

/** What the evaluation's own state says of all its work. */
function stateReasons(evaluation: EvaluationFacts): Reason[] {
  const { evaluationId, state, reason: why, sinceMs, open, waitsFor, isDraining } = evaluation;
  const blocks = { effect: 'blocks', samples: open, sinceMs } as const;
  if (isFinal(state)) {
    const words = { succeeded: 'it has finished', failed: 'it has failed', cancelled: 'it was cancelled' } as Record<string, string>;
    const chosen = state === 'cancelled' ? ' --state cancelled' : '';
    const again =
      state === 'succeeded' ? {} : { remedy: 'run what is not scored again', command: `assay requeue ${evaluationId}${chosen}` };
    return [reason({ code: state, effect: 'over', text: `${words[state]}${because(why)}`, sinceMs, ...again })];
  }
  if (state === 'recovering')
    return [
      reason({
        ...blocks,
        code: 'recovering',
        text: `what Redis knows of it is compared with the store${because(why)}`,
        remedy: 'wait: it goes on by itself',
      }),
    ];
  if (state === 'finalizing')
    return [
      reason({ code: 'finalizing', effect: 'runs', text: `all samples are closed, its report is being made${because(why)}`, sinceMs }),
    ];
  if (isDraining)
    return [
      reason({
        ...blocks,
        code: 'draining',
        text: `it was cancelled, and only what runs is finished${because(why)}`,
        remedy: 'wait until that is done; requeue it then, if that was a mistake',
      }),
    ];
  if (state === 'paused')
    return [
      reason({
        ...blocks,
        code: 'paused',
        text: `it is paused${because(why)}`,
        remedy: 'go on with it',
        command: `assay resume ${evaluationId}`,
      }),
    ];
  if (state !== 'accepted') return [];
  if (!why.startsWith('waits for'))
    return [reason({ code: 'being_planned', effect: 'runs', text: 'it was accepted, and begins at any moment', samples: open })];
  return [
    reason({
      ...blocks,
      code: 'waits_for_evaluation',
      text: `it waits for ${waitsFor || 'another evaluation'}, which has the same concurrency key`,
      remedy: 'wait until that one is over, or cancel it',
      command: waitsFor ? `assay cancel ${waitsFor}` : '',
      evaluationIds: waitsFor ? [waitsFor] : [],
    }),
  ];
}

/** What still runs of an evaluation that hands out nothing more. */
function drains({ inFlight, state }: EvaluationFacts): Reason[] {
  if (inFlight === 0 || isFinal(state)) return [];
  return [
    reason({ code: 'running', effect: 'runs', text: `what runs may finish: agents hold ${plural(inFlight, 'sample')}`, samples: inFlight }),
  ];
}

function deadReason({ evaluationId, dead }: EvaluationFacts): Reason[] {
  if (dead === 0) return [];
  return [
    reason({
      code: 'dead',
      effect: 'over',
      text: `${plural(dead, 'sample')} given up, because the tasks kept crashing agents`,
      samples: dead,
      remedy: 'see the evidence; then replay them, or drop them',
      command: `assay dead-letters list --evaluation ${evaluationId}`,
    }),
  ];
}
