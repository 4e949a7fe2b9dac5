// Original file: proto/assay/v1/types.proto

import type { UnitState as _assay_v1_UnitState, UnitState__Output as _assay_v1_UnitState__Output } from '../../assay/v1/UnitState.ts';
import type { SampleStage as _assay_v1_SampleStage, SampleStage__Output as _assay_v1_SampleStage__Output } from '../../assay/v1/SampleStage.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Which samples of an evaluation are meant. Fields that are set must all hold; an empty filter means all.
 */
export interface SampleFilter {
  /**
   * In one of these states.
   */
  'states'?: (_assay_v1_UnitState)[];
  /**
   * Its name.
   */
  'benchmark'?: (string);
  /**
   * Its name.
   */
  'model'?: (string);
  /**
   * One of these ids, as text.
   */
  'sampleIds'?: (string)[];
  /**
   * One of these.
   */
  'epochs'?: (number)[];
  /**
   * Errored with one of these classes.
   */
  'errorClasses'?: (string)[];
  /**
   * By their numbers.
   */
  'units'?: (number)[];
  /**
   * Its value of `scorer` (any scorer, when empty) is one of these: "C", "I", "0.5".
   */
  'scoreValues'?: (string)[];
  /**
   * Which scorer `score_values` are of.
   */
  'scorer'?: (string);
  /**
   * Completion or answer contains this text, upper and lower case alike.
   */
  'text'?: (string);
  /**
   * Of this stage. A coordinator that is too old to know it has no judges.
   */
  'stage'?: (_assay_v1_SampleStage);
  /**
   * Its result is of one of these agents, by their ids. Of lists and results alone: commands refuse it. Coordinators that are too old to know it list all.
   */
  'agents'?: (string)[];
  /**
   * Has a result that was begun at or after this, by the agent's clock; 0: whenever. As `agents` for who may ask.
   */
  'startedFromMs'?: (number | string | Long);
  /**
   * Begun before; 0: whenever.
   */
  'startedToMs'?: (number | string | Long);
  /**
   * Its metadata has each of these values, as groups of scores have them: texts as they are, numbers and truth values as texts. By the names of
   * fields, not by paths. As `agents` for who may ask.
   */
  'metadata'?: ({[key: string]: string});
}

/**
 * Which samples of an evaluation are meant. Fields that are set must all hold; an empty filter means all.
 */
export interface SampleFilter__Output {
  /**
   * In one of these states.
   */
  'states': (_assay_v1_UnitState__Output)[];
  /**
   * Its name.
   */
  'benchmark': (string);
  /**
   * Its name.
   */
  'model': (string);
  /**
   * One of these ids, as text.
   */
  'sampleIds': (string)[];
  /**
   * One of these.
   */
  'epochs': (number)[];
  /**
   * Errored with one of these classes.
   */
  'errorClasses': (string)[];
  /**
   * By their numbers.
   */
  'units': (number)[];
  /**
   * Its value of `scorer` (any scorer, when empty) is one of these: "C", "I", "0.5".
   */
  'scoreValues': (string)[];
  /**
   * Which scorer `score_values` are of.
   */
  'scorer': (string);
  /**
   * Completion or answer contains this text, upper and lower case alike.
   */
  'text': (string);
  /**
   * Of this stage. A coordinator that is too old to know it has no judges.
   */
  'stage': (_assay_v1_SampleStage__Output);
  /**
   * Its result is of one of these agents, by their ids. Of lists and results alone: commands refuse it. Coordinators that are too old to know it list all.
   */
  'agents': (string)[];
  /**
   * Has a result that was begun at or after this, by the agent's clock; 0: whenever. As `agents` for who may ask.
   */
  'startedFromMs': (string);
  /**
   * Begun before; 0: whenever.
   */
  'startedToMs': (string);
  /**
   * Its metadata has each of these values, as groups of scores have them: texts as they are, numbers and truth values as texts. By the names of
   * fields, not by paths. As `agents` for who may ask.
   */
  'metadata': ({[key: string]: string});
}
