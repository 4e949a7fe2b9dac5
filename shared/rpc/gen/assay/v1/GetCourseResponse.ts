// Original file: proto/assay/v1/course.proto

import type { CourseModel as _assay_v1_CourseModel, CourseModel__Output as _assay_v1_CourseModel__Output } from '../../assay/v1/CourseModel.ts';
import type { CourseErrors as _assay_v1_CourseErrors, CourseErrors__Output as _assay_v1_CourseErrors__Output } from '../../assay/v1/CourseErrors.ts';
import type { CourseScore as _assay_v1_CourseScore, CourseScore__Output as _assay_v1_CourseScore__Output } from '../../assay/v1/CourseScore.ts';
import type { CourseAttempt as _assay_v1_CourseAttempt, CourseAttempt__Output as _assay_v1_CourseAttempt__Output } from '../../assay/v1/CourseAttempt.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What was counted of an evaluation, by spans of equal width, and the latest attempts at its tasks. It is for the eye: what a coordinator
 * counted in its last second is missing when that coordinator was killed, and all of it when Redis lost its content. However long the
 * evaluation is there are at most 240 spans: when there would be more, each two become one of twice the width. Up to a second old.
 */
export interface GetCourseResponse {
  /**
   * When it was looked at.
   */
  'timeMs'?: (number | string | Long);
  /**
   * When the first span began; 0: nothing was counted so far.
   */
  'fromMs'?: (number | string | Long);
  /**
   * The width of a span.
   */
  'widthMs'?: (number | string | Long);
  /**
   * How many spans there are; every list below has a value for each of them, the oldest first.
   */
  'spans'?: (number);
  /**
   * The first models of the evaluation; what others did is together under an empty name.
   */
  'models'?: (_assay_v1_CourseModel)[];
  /**
   * Of samples that errored, by class.
   */
  'errors'?: (_assay_v1_CourseErrors)[];
  /**
   * The first scores of the evaluation.
   */
  'scores'?: (_assay_v1_CourseScore)[];
  /**
   * Scores that are not in it.
   */
  'scoresLeftOut'?: (number);
  /**
   * Samples that agents held at the end of each span.
   */
  'inFlight'?: (number)[];
  /**
   * Agents that worked on it at the end of each span.
   */
  'agents'?: (number)[];
  /**
   * The latest attempts, and some before them that came to nothing; those that began last first.
   */
  'attempts'?: (_assay_v1_CourseAttempt)[];
  /**
   * Attempts that are not in it: earlier ones, and some where hundreds began within a second.
   */
  'attemptsLeftOut'?: (number);
}

/**
 * What was counted of an evaluation, by spans of equal width, and the latest attempts at its tasks. It is for the eye: what a coordinator
 * counted in its last second is missing when that coordinator was killed, and all of it when Redis lost its content. However long the
 * evaluation is there are at most 240 spans: when there would be more, each two become one of twice the width. Up to a second old.
 */
export interface GetCourseResponse__Output {
  /**
   * When it was looked at.
   */
  'timeMs': (string);
  /**
   * When the first span began; 0: nothing was counted so far.
   */
  'fromMs': (string);
  /**
   * The width of a span.
   */
  'widthMs': (string);
  /**
   * How many spans there are; every list below has a value for each of them, the oldest first.
   */
  'spans': (number);
  /**
   * The first models of the evaluation; what others did is together under an empty name.
   */
  'models': (_assay_v1_CourseModel__Output)[];
  /**
   * Of samples that errored, by class.
   */
  'errors': (_assay_v1_CourseErrors__Output)[];
  /**
   * The first scores of the evaluation.
   */
  'scores': (_assay_v1_CourseScore__Output)[];
  /**
   * Scores that are not in it.
   */
  'scoresLeftOut': (number);
  /**
   * Samples that agents held at the end of each span.
   */
  'inFlight': (number)[];
  /**
   * Agents that worked on it at the end of each span.
   */
  'agents': (number)[];
  /**
   * The latest attempts, and some before them that came to nothing; those that began last first.
   */
  'attempts': (_assay_v1_CourseAttempt__Output)[];
  /**
   * Attempts that are not in it: earlier ones, and some where hundreds began within a second.
   */
  'attemptsLeftOut': (number);
}
