// Original file: proto/assay/v1/course.proto

/**
 * How an attempt at a task goes, or went.
 */
export const CourseAttemptState = {
  /**
   * Never sent.
   */
  COURSE_ATTEMPT_STATE_UNSPECIFIED: 'COURSE_ATTEMPT_STATE_UNSPECIFIED',
  /**
   * It is under way.
   */
  COURSE_ATTEMPT_STATE_RUNNING: 'COURSE_ATTEMPT_STATE_RUNNING',
  /**
   * All of its samples were reported.
   */
  COURSE_ATTEMPT_STATE_DONE: 'COURSE_ATTEMPT_STATE_DONE',
  /**
   * Its agent gave it back.
   */
  COURSE_ATTEMPT_STATE_RETURNED: 'COURSE_ATTEMPT_STATE_RETURNED',
  /**
   * Its lease ran out.
   */
  COURSE_ATTEMPT_STATE_LOST: 'COURSE_ATTEMPT_STATE_LOST',
  /**
   * Its agent died of it.
   */
  COURSE_ATTEMPT_STATE_CRASHED: 'COURSE_ATTEMPT_STATE_CRASHED',
  /**
   * It is over, and nothing says how: the evaluation was ended, say.
   */
  COURSE_ATTEMPT_STATE_OVER: 'COURSE_ATTEMPT_STATE_OVER',
} as const;

/**
 * How an attempt at a task goes, or went.
 */
export type CourseAttemptState =
  /**
   * Never sent.
   */
  | 'COURSE_ATTEMPT_STATE_UNSPECIFIED'
  | 0
  /**
   * It is under way.
   */
  | 'COURSE_ATTEMPT_STATE_RUNNING'
  | 1
  /**
   * All of its samples were reported.
   */
  | 'COURSE_ATTEMPT_STATE_DONE'
  | 2
  /**
   * Its agent gave it back.
   */
  | 'COURSE_ATTEMPT_STATE_RETURNED'
  | 3
  /**
   * Its lease ran out.
   */
  | 'COURSE_ATTEMPT_STATE_LOST'
  | 4
  /**
   * Its agent died of it.
   */
  | 'COURSE_ATTEMPT_STATE_CRASHED'
  | 5
  /**
   * It is over, and nothing says how: the evaluation was ended, say.
   */
  | 'COURSE_ATTEMPT_STATE_OVER'
  | 6

/**
 * How an attempt at a task goes, or went.
 */
export type CourseAttemptState__Output = typeof CourseAttemptState[keyof typeof CourseAttemptState]
