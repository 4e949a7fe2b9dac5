// Original file: proto/assay/v1/books.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Fields that are set must all hold.
 */
export interface DeadLetterFilter {
  /**
   * Of this evaluation. NOT_FOUND if there is none.
   */
  'evaluationId'?: (string);
  /**
   * Of evaluations in this namespace; empty: "default", and beside task_ids any. Not beside evaluation_id.
   */
  'namespace'?: (string);
  /**
   * Only these; at most 1000. Beside evaluation_id only tasks of that one.
   */
  'taskIds'?: (string)[];
  /**
   * Of this benchmark.
   */
  'benchmark'?: (string);
  /**
   * Of this model.
   */
  'model'?: (string);
  /**
   * An agent's id or name, which one of the attempts had.
   */
  'agent'?: (string);
  /**
   * A route's id, or its requirement as it is shown.
   */
  'route'?: (string);
  /**
   * Given up at this moment or later; 0: any.
   */
  'fromMs'?: (number | string | Long);
  /**
   * Given up before this moment; 0: any. Later than from_ms.
   */
  'toMs'?: (number | string | Long);
}

/**
 * Fields that are set must all hold.
 */
export interface DeadLetterFilter__Output {
  /**
   * Of this evaluation. NOT_FOUND if there is none.
   */
  'evaluationId': (string);
  /**
   * Of evaluations in this namespace; empty: "default", and beside task_ids any. Not beside evaluation_id.
   */
  'namespace': (string);
  /**
   * Only these; at most 1000. Beside evaluation_id only tasks of that one.
   */
  'taskIds': (string)[];
  /**
   * Of this benchmark.
   */
  'benchmark': (string);
  /**
   * Of this model.
   */
  'model': (string);
  /**
   * An agent's id or name, which one of the attempts had.
   */
  'agent': (string);
  /**
   * A route's id, or its requirement as it is shown.
   */
  'route': (string);
  /**
   * Given up at this moment or later; 0: any.
   */
  'fromMs': (string);
  /**
   * Given up before this moment; 0: any. Later than from_ms.
   */
  'toMs': (string);
}
