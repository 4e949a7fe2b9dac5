// Original file: proto/assay/v1/operator.proto

import type { OngoingIncident as _assay_v1_OngoingIncident, OngoingIncident__Output as _assay_v1_OngoingIncident__Output } from '../../assay/v1/OngoingIncident.ts';
import type { IncidentEvent as _assay_v1_IncidentEvent, IncidentEvent__Output as _assay_v1_IncidentEvent__Output } from '../../assay/v1/IncidentEvent.ts';

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListEventsResponse {
  /**
   * On the first page: what goes on. Open ones first, then those that wait; of each the worst first, then the newest. At most page_size, and 200.
   */
  'ongoing'?: (_assay_v1_OngoingIncident)[];
  /**
   * How many of them are open in all, on the first page.
   */
  'open'?: (number);
  /**
   * How many of them wait in all, on the first page.
   */
  'waiting'?: (number);
  /**
   * The newest first.
   */
  'events'?: (_assay_v1_IncidentEvent)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken'?: (string);
}

/**
 * One page. It may have fewer entries than were asked for: only an empty token says that it is the last.
 */
export interface ListEventsResponse__Output {
  /**
   * On the first page: what goes on. Open ones first, then those that wait; of each the worst first, then the newest. At most page_size, and 200.
   */
  'ongoing': (_assay_v1_OngoingIncident__Output)[];
  /**
   * How many of them are open in all, on the first page.
   */
  'open': (number);
  /**
   * How many of them wait in all, on the first page.
   */
  'waiting': (number);
  /**
   * The newest first.
   */
  'events': (_assay_v1_IncidentEvent__Output)[];
  /**
   * Empty: this is the last page.
   */
  'nextPageToken': (string);
}
