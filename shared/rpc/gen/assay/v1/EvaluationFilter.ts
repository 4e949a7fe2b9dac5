// Original file: proto/assay/v1/types.proto

import type { EvaluationState as _assay_v1_EvaluationState, EvaluationState__Output as _assay_v1_EvaluationState__Output } from '../../assay/v1/EvaluationState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Which evaluations are meant. Fields that are set must all hold; an empty filter means all of the namespace.
 */
export interface EvaluationFilter {
  /**
   * In one of these states.
   */
  'states'?: (_assay_v1_EvaluationState)[];
  /**
   * The name contains this, upper and lower case alike.
   */
  'name'?: (string);
  /**
   * Has each of these tags.
   */
  'tags'?: (string)[];
  /**
   * Each of these fields of the metadata has this value; a value that is no text is compared as JSON. A field inside an
   * object is named by its path: `ci.branch`.
   */
  'metadata'?: ({[key: string]: string});
  /**
   * Submitted by this owner.
   */
  'owner'?: (string);
  /**
   * Created at or after, and before.
   */
  'createdFromMs'?: (number | string | Long);
  /**
   * Created before; 0: whenever.
   */
  'createdToMs'?: (number | string | Long);
  /**
   * Only of this namespace; empty means "default".
   */
  'namespace'?: (string);
}

/**
 * Which evaluations are meant. Fields that are set must all hold; an empty filter means all of the namespace.
 */
export interface EvaluationFilter__Output {
  /**
   * In one of these states.
   */
  'states': (_assay_v1_EvaluationState__Output)[];
  /**
   * The name contains this, upper and lower case alike.
   */
  'name': (string);
  /**
   * Has each of these tags.
   */
  'tags': (string)[];
  /**
   * Each of these fields of the metadata has this value; a value that is no text is compared as JSON. A field inside an
   * object is named by its path: `ci.branch`.
   */
  'metadata': ({[key: string]: string});
  /**
   * Submitted by this owner.
   */
  'owner': (string);
  /**
   * Created at or after, and before.
   */
  'createdFromMs': (string);
  /**
   * Created before; 0: whenever.
   */
  'createdToMs': (string);
  /**
   * Only of this namespace; empty means "default".
   */
  'namespace': (string);
}
