// Original file: proto/assay/v1/types.proto

import type { ModelCost as _assay_v1_ModelCost, ModelCost__Output as _assay_v1_ModelCost__Output } from '../../assay/v1/ModelCost.ts';

/**
 * What the results of an evaluation have taken so far, and what that costs by list prices: indicative, never a bill. Calls whose results do not
 * count, of attempts that were lost or samples that were requeued, are not in it.
 */
export interface Cost {
  /**
   * Each model that was called or will be, judges behind those that they judge.
   */
  'models'?: (_assay_v1_ModelCost)[];
  /**
   * US dollars, of all models whose price is known; absent: of none it is.
   */
  'costUsd'?: (number | string);
  /**
   * The table of prices, named by its date.
   */
  'priceTableVersion'?: (string);
  '_costUsd'?: "costUsd";
}

/**
 * What the results of an evaluation have taken so far, and what that costs by list prices: indicative, never a bill. Calls whose results do not
 * count, of attempts that were lost or samples that were requeued, are not in it.
 */
export interface Cost__Output {
  /**
   * Each model that was called or will be, judges behind those that they judge.
   */
  'models': (_assay_v1_ModelCost__Output)[];
  /**
   * US dollars, of all models whose price is known; absent: of none it is.
   */
  'costUsd'?: (number);
  /**
   * The table of prices, named by its date.
   */
  'priceTableVersion': (string);
  '_costUsd'?: "costUsd";
}
