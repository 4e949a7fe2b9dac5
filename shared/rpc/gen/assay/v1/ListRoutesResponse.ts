// Original file: proto/assay/v1/operator.proto

import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from '../../assay/v1/Route.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListRoutesResponse {
  /**
   * By requirement, then by id.
   */
  'routes'?: (_assay_v1_Route)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListRoutesResponse__Output {
  /**
   * By requirement, then by id.
   */
  'routes': (_assay_v1_Route__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
