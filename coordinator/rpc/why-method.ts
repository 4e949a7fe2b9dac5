/** Why an evaluation, or a task, does not run, or not faster. */
import { whyToWire } from '../../shared/client/codec-why.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { readTaskId } from './dead-letter-methods.ts';
import type { UseCasesOf } from './guard.ts';

export function whyMethod(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    WhyPending: handlers.unary(methods.WhyPending, async ({ evaluationId, taskId, history }, info) => {
      const checks = new Checks('WhyPending');
      if (evaluationId !== '' && taskId !== '') checks.fault('task_id', 'stands beside an evaluation; leave one of them out');
      else if (taskId !== '') readTaskId(checks, 'task_id', taskId);
      else checks.evaluationId('evaluation_id', evaluationId);
      checks.done();
      const { namespaces, scopes } = info.identity;
      const sight = { namespaces, operates: namespaces === '*' && (scopes.has('operate') || scopes.has('admin')) };
      const task = parseTaskId(taskId);
      return whyToWire(await useCasesOf(info).why(task?.evaluationId ?? evaluationId, task?.sequence, sight, { history }));
    }),
  };
}
