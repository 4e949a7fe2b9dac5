// Original file: proto/assay/v1/books.proto

import type { DeadAttempt as _assay_v1_DeadAttempt, DeadAttempt__Output as _assay_v1_DeadAttempt__Output } from '../../assay/v1/DeadAttempt.ts';
import type { JudgeOf as _assay_v1_JudgeOf, JudgeOf__Output as _assay_v1_JudgeOf__Output } from '../../assay/v1/JudgeOf.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A task that was given up, with the evidence: its agents crashed under it, or its lease ran out, again and again. It lies in the store.
 */
export interface DeadLetter {
  /**
   * Its name: the id of the task.
   */
  'taskId'?: (string);
  /**
   * Whose it is.
   */
  'evaluationId'?: (string);
  /**
   * The name of its benchmark.
   */
  'benchmark'?: (string);
  /**
   * The name of its model.
   */
  'model'?: (string);
  /**
   * The id of its route.
   */
  'route'?: (string);
  /**
   * What the route asks for, in words.
   */
  'requirement'?: (string);
  /**
   * Its units that were open, and that no requeue has opened again since; at most 1000 of them.
   */
  'units'?: (number)[];
  /**
   * How many they are.
   */
  'unitCount'?: (number);
  /**
   * When it was given up.
   */
  'deadAtMs'?: (number | string | Long);
  /**
   * How often an agent crashed while it ran it.
   */
  'crashes'?: (number);
  /**
   * How often its lease ran out.
   */
  'losses'?: (number);
  /**
   * How often it was handed back: a drain, say. That costs nothing.
   */
  'returns'?: (number);
  /**
   * Its attempts that ended badly, the last ones, oldest first.
   */
  'attempts'?: (_assay_v1_DeadAttempt)[];
  /**
   * It was accepted as lost.
   */
  'dropped'?: (boolean);
  /**
   * Of a judge's calls: whose answers were judged, by which scorer.
   */
  'judgeOf'?: (_assay_v1_JudgeOf | null);
}

/**
 * A task that was given up, with the evidence: its agents crashed under it, or its lease ran out, again and again. It lies in the store.
 */
export interface DeadLetter__Output {
  /**
   * Its name: the id of the task.
   */
  'taskId': (string);
  /**
   * Whose it is.
   */
  'evaluationId': (string);
  /**
   * The name of its benchmark.
   */
  'benchmark': (string);
  /**
   * The name of its model.
   */
  'model': (string);
  /**
   * The id of its route.
   */
  'route': (string);
  /**
   * What the route asks for, in words.
   */
  'requirement': (string);
  /**
   * Its units that were open, and that no requeue has opened again since; at most 1000 of them.
   */
  'units': (number)[];
  /**
   * How many they are.
   */
  'unitCount': (number);
  /**
   * When it was given up.
   */
  'deadAtMs': (string);
  /**
   * How often an agent crashed while it ran it.
   */
  'crashes': (number);
  /**
   * How often its lease ran out.
   */
  'losses': (number);
  /**
   * How often it was handed back: a drain, say. That costs nothing.
   */
  'returns': (number);
  /**
   * Its attempts that ended badly, the last ones, oldest first.
   */
  'attempts': (_assay_v1_DeadAttempt__Output)[];
  /**
   * It was accepted as lost.
   */
  'dropped': (boolean);
  /**
   * Of a judge's calls: whose answers were judged, by which scorer.
   */
  'judgeOf': (_assay_v1_JudgeOf__Output | null);
}
