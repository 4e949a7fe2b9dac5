// Original file: proto/assay/v1/books.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What was written of results, whether it counts or not. A unit that was run several times has several results.
 */
export interface FrameBooks {
  /**
   * Frames of results.
   */
  'frames'?: (number | string | Long);
  /**
   * Results in them.
   */
  'results'?: (number | string | Long);
  /**
   * Frames that void results: what was refused after it had been written, since its attempt had lost its task.
   */
  'voidFrames'?: (number | string | Long);
  /**
   * Results that were refused so.
   */
  'refused'?: (number | string | Long);
  /**
   * Results that a requeue has set aside.
   */
  'setAside'?: (number | string | Long);
  /**
   * Results that neither count nor were refused: they were written, but their coordinator was lost before they were counted, or they are
   * being counted now.
   */
  'uncounted'?: (number | string | Long);
  /**
   * Results that count although they were refused or set aside. Each of their units is a difference, too.
   */
  'countedThoughRefused'?: (number | string | Long);
  /**
   * The same result of the same attempt, written again since nobody knew whether it had been.
   */
  'copies'?: (number | string | Long);
  /**
   * Units with results of several attempts.
   */
  'unitsWithSeveral'?: (number | string | Long);
  /**
   * Of these: all said the same.
   */
  'agreed'?: (number | string | Long);
  /**
   * Of these: they said different things. One of them counts.
   */
  'differed'?: (number | string | Long);
  /**
   * Results beyond the first of their unit: executions that were repeated, copies and what a requeue has set aside not among them.
   */
  'repeatedExecutions'?: (number | string | Long);
  /**
   * Model calls in all results, copies not among them. A call whose result was lost with its agent is known to nobody.
   */
  'calls'?: (number | string | Long);
  /**
   * Of the calls: retries of failed ones within one execution.
   */
  'retries'?: (number | string | Long);
  /**
   * Of the calls: those of results that do not count.
   */
  'repeatedCalls'?: (number | string | Long);
}

/**
 * What was written of results, whether it counts or not. A unit that was run several times has several results.
 */
export interface FrameBooks__Output {
  /**
   * Frames of results.
   */
  'frames': (string);
  /**
   * Results in them.
   */
  'results': (string);
  /**
   * Frames that void results: what was refused after it had been written, since its attempt had lost its task.
   */
  'voidFrames': (string);
  /**
   * Results that were refused so.
   */
  'refused': (string);
  /**
   * Results that a requeue has set aside.
   */
  'setAside': (string);
  /**
   * Results that neither count nor were refused: they were written, but their coordinator was lost before they were counted, or they are
   * being counted now.
   */
  'uncounted': (string);
  /**
   * Results that count although they were refused or set aside. Each of their units is a difference, too.
   */
  'countedThoughRefused': (string);
  /**
   * The same result of the same attempt, written again since nobody knew whether it had been.
   */
  'copies': (string);
  /**
   * Units with results of several attempts.
   */
  'unitsWithSeveral': (string);
  /**
   * Of these: all said the same.
   */
  'agreed': (string);
  /**
   * Of these: they said different things. One of them counts.
   */
  'differed': (string);
  /**
   * Results beyond the first of their unit: executions that were repeated, copies and what a requeue has set aside not among them.
   */
  'repeatedExecutions': (string);
  /**
   * Model calls in all results, copies not among them. A call whose result was lost with its agent is known to nobody.
   */
  'calls': (string);
  /**
   * Of the calls: retries of failed ones within one execution.
   */
  'retries': (string);
  /**
   * Of the calls: those of results that do not count.
   */
  'repeatedCalls': (string);
}
