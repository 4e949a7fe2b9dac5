/** Courses between the wire and the client library. */
import type { CourseAttempt as WireAttempt, CourseAttempt__Output } from '../rpc/gen/assay/v1/CourseAttempt.ts';
import type { CourseAttemptState as WireState } from '../rpc/gen/assay/v1/CourseAttemptState.ts';
import type { GetCourseResponse, GetCourseResponse__Output } from '../rpc/gen/assay/v1/GetCourseResponse.ts';
import { int64, toInt64 } from './codec-words.ts';
import { COURSE_ATTEMPT_STATES, type Course, type CourseAttempt, type CourseAttemptState } from './course.ts';

export const attemptStateToWire = (state: CourseAttemptState): WireState => `COURSE_ATTEMPT_STATE_${state.toUpperCase()}` as WireState;

export const attemptStateFromWire = (wire: string | number): CourseAttemptState =>
  COURSE_ATTEMPT_STATES.find((state) => attemptStateToWire(state) === wire) ?? 'over';

const attemptToWire = ({ fromMs, toMs, state, ...attempt }: CourseAttempt): WireAttempt => ({
  ...attempt,
  fromMs: toInt64(fromMs),
  toMs: toInt64(toMs),
  state: attemptStateToWire(state),
});

const attemptFromWire = ({ taskId, agentId, agent, model, fromMs, toMs, samples, state }: CourseAttempt__Output): CourseAttempt => ({
  ...{ taskId, agentId, agent, model, samples },
  fromMs: int64(fromMs),
  toMs: int64(toMs),
  state: attemptStateFromWire(state),
});

export const courseToWire = ({ timeMs, fromMs, widthMs, attempts, ...course }: Course): GetCourseResponse => ({
  ...course,
  timeMs: toInt64(timeMs),
  fromMs: toInt64(fromMs),
  widthMs: toInt64(widthMs),
  attempts: attempts.map(attemptToWire),
});

export const courseFromWire = (wire: GetCourseResponse__Output): Course => ({
  timeMs: int64(wire.timeMs),
  fromMs: int64(wire.fromMs),
  widthMs: int64(wire.widthMs),
  spans: wire.spans,
  models: wire.models,
  errors: wire.errors,
  scores: wire.scores,
  scoresLeftOut: wire.scoresLeftOut,
  inFlight: wire.inFlight,
  agents: wire.agents,
  attempts: wire.attempts.map(attemptFromWire),
  attemptsLeftOut: wire.attemptsLeftOut,
});
