/** Closed units, as a report is made of them. */
import type { Group } from '../../shared/domain/manifest.ts';
import type { UnitResult } from '../../shared/domain/result.ts';

/** A closed unit: its state, and its result where there is one. */
export interface ClosedUnit {
  unit: number;
  code: number;
  result: UnitResult | undefined;
  agentId: string;
}

/** Where the closed units come from, in unit order. */
export type ClosedUnits = (group: Group) => AsyncIterable<ClosedUnit>;
