// Original file: proto/assay/v1/operator.proto

import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from '../../assay/v1/Route.ts';

/**
 * It is switched.
 */
export interface PauseRouteResponse {
  /**
   * As it stands now.
   */
  'route'?: (_assay_v1_Route | null);
}

/**
 * It is switched.
 */
export interface PauseRouteResponse__Output {
  /**
   * As it stands now.
   */
  'route': (_assay_v1_Route__Output | null);
}
