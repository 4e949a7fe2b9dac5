/** How an evaluation went over time. */
import { courseToWire } from '../../shared/client/codec-course.ts';
import { MOST_COURSE_ATTEMPTS } from '../../shared/client/course.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import type { UseCasesOf } from './guard.ts';

export function courseMethod(useCasesOf: UseCasesOf, handlers: Handlers) {
  const methods = assayProto().evaluation;
  return {
    GetCourse: handlers.unary(methods.GetCourse, async ({ evaluationId, attempts }, info) => {
      const checks = new Checks('GetCourse');
      checks.evaluationId('evaluation_id', evaluationId);
      if (attempts > MOST_COURSE_ATTEMPTS) checks.fault('attempts', `${attempts} are too many; at most ${MOST_COURSE_ATTEMPTS} are told`);
      checks.done();
      return courseToWire(await useCasesOf(info).course(evaluationId, attempts));
    }),
  };
}
