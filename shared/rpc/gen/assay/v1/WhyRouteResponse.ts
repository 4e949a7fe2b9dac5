// Original file: proto/assay/v1/operator.proto

import type { Route as _assay_v1_Route, Route__Output as _assay_v1_Route__Output } from '../../assay/v1/Route.ts';
import type { Reason as _assay_v1_Reason, Reason__Output as _assay_v1_Reason__Output } from '../../assay/v1/Reason.ts';
import type { RouteAgent as _assay_v1_RouteAgent, RouteAgent__Output as _assay_v1_RouteAgent__Output } from '../../assay/v1/RouteAgent.ts';
import type { Waits as _assay_v1_Waits, Waits__Output as _assay_v1_Waits__Output } from '../../assay/v1/Waits.ts';
import type { WhyHistory as _assay_v1_WhyHistory, WhyHistory__Output as _assay_v1_WhyHistory__Output } from '../../assay/v1/WhyHistory.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How it stands, and why. Up to a second old.
 */
export interface WhyRouteResponse {
  /**
   * When it was looked at.
   */
  'timeMs'?: (number | string | Long);
  /**
   * As ListRoutes shows it.
   */
  'route'?: (_assay_v1_Route | null);
  /**
   * As of an evaluation, of all unfinished ones with open units on it together (the first 50); those that are about some of these name
   * them. Never empty.
   */
  'reasons'?: (_assay_v1_Reason)[];
  /**
   * Agents that are connected, and those that would fit and are not: those that fit first, then those that lack least. At most 100.
   */
  'agents'?: (_assay_v1_RouteAgent)[];
  /**
   * How many they are in all.
   */
  'agentCount'?: (number);
  /**
   * How long those tasks have waited that wait now.
   */
  'waiting'?: (_assay_v1_Waits | null);
  /**
   * How long those have waited that agents were given within the last hour.
   */
  'waited'?: (_assay_v1_Waits | null);
  /**
   * Where it was asked for.
   */
  'history'?: (_assay_v1_WhyHistory | null);
}

/**
 * How it stands, and why. Up to a second old.
 */
export interface WhyRouteResponse__Output {
  /**
   * When it was looked at.
   */
  'timeMs': (string);
  /**
   * As ListRoutes shows it.
   */
  'route': (_assay_v1_Route__Output | null);
  /**
   * As of an evaluation, of all unfinished ones with open units on it together (the first 50); those that are about some of these name
   * them. Never empty.
   */
  'reasons': (_assay_v1_Reason__Output)[];
  /**
   * Agents that are connected, and those that would fit and are not: those that fit first, then those that lack least. At most 100.
   */
  'agents': (_assay_v1_RouteAgent__Output)[];
  /**
   * How many they are in all.
   */
  'agentCount': (number);
  /**
   * How long those tasks have waited that wait now.
   */
  'waiting': (_assay_v1_Waits__Output | null);
  /**
   * How long those have waited that agents were given within the last hour.
   */
  'waited': (_assay_v1_Waits__Output | null);
  /**
   * Where it was asked for.
   */
  'history': (_assay_v1_WhyHistory__Output | null);
}
