/**
 * How each unit stands, joined from what there is: the states that were written with the report, or those of the ledger, or neither; the
 * results of the store; and the journal. Whatever does not fit together is a difference; the joining goes on.
 */
import type { Counts } from '../../../shared/domain/states.ts';
import { emptyCounts, isOpenCode, UNIT_STATES, unitCode } from '../../../shared/domain/states.ts';
import { unitsOf, type Group, type Manifest } from '../../../shared/domain/manifest.ts';
import type { ResultIndex } from '../../store/store.ts';
import type { ControlRecord } from '../../store/store.ts';
import { closesOf, journalOf } from '../journal.ts';
import { countedOf, readResult } from '../reported.ts';
import type { ClosedUnit, ClosedUnits } from '../report.ts';
import type { Differences } from './differences.ts';
import { LiveSums } from './live-sums.ts';

const CANCELLED = unitCode('cancelled');
const READ_UNITS = 4_096;

export interface UnitTruthParts {
  manifest: Manifest;
  controls: readonly ControlRecord[];
  results: ResultIndex;
  /** Whether a unit has a result that was neither refused nor set aside. */
  isValid: (unit: number) => boolean;
  /** States by which it is served, and whose they are; absent: the store's results and journal alone say it. */
  served?: { whose: 'report' | 'ledger'; codes: (first: number, count: number) => Uint8Array };
  differences: Differences;
  signal: AbortSignal;
}

export class UnitTruth {
  readonly #parts: UnitTruthParts;
  readonly #closes: Uint8Array | undefined;
  readonly #isEnded: boolean;
  readonly groups: Counts[] = [];
  /** Of the results that count. */
  readonly sums: LiveSums;
  /** Calls of the results that count. */
  calls = 0;
  uncounted = 0;
  countedThoughRefused = 0;
  /** Units looked at. */
  seen = 0;

  constructor(parts: UnitTruthParts) {
    this.#parts = parts;
    this.sums = new LiveSums(parts.manifest);
    this.#closes = closesOf(parts.controls, parts.manifest.units);
    this.#isEnded = journalOf(parts.controls).ended !== undefined;
  }

  /** The closed units of a group, in unit order, for the report; counts them on the way. */
  closedUnits: ClosedUnits = (group) => this.#closedUnits(group);

  async *#closedUnits(group: Group): AsyncGenerator<ClosedUnit> {
    const { manifest, results, signal } = this.#parts;
    const counts = emptyCounts(unitsOf(group));
    this.groups[group.index] = counts;
    const end = group.firstUnit + unitsOf(group);
    const stored = results.results(group.firstUnit, (unit) => unit < end)[Symbol.asyncIterator]();
    try {
      let next = await stored.next();
      for (let first = group.firstUnit; first < end; first += READ_UNITS) {
        signal.throwIfAborted();
        const count = Math.min(READ_UNITS, end - first);
        const codes = this.#parts.served?.codes(first, count);
        for (let unit = first; unit < first + count; unit++) {
          this.seen++;
          while (!next.done && next.value.unit < unit) next = await stored.next();
          const own = !next.done && next.value.unit === unit ? next.value : undefined;
          const result = own && readResult(manifest, unit, own.content);
          if (own && !result) this.#differs(unit, 'a result of this unit', 'a result that makes no sense');
          const code = this.#codeOf(unit, codes?.[unit - first], result && unitCode(result.outcome));
          if (isOpenCode(code)) continue;
          counts[UNIT_STATES[code] as Exclude<keyof Counts, 'total'>]++;
          const counting = code < CANCELLED ? result : undefined;
          if (counting) {
            this.calls += counting.calls;
            this.sums.add(countedOf(manifest, counting));
          }
          yield { unit, code, result: counting, agentId: counting ? own!.agentId : '' };
        }
      }
    } finally {
      await stored.return?.();
    }
  }

  /** served: its state as it is served; stored: the outcome of its result, undefined without one. */
  #codeOf(unit: number, served: number | undefined, stored: number | undefined): number {
    const isValid = this.#parts.isValid(unit);
    const closed = this.#closes?.[unit] || (this.#isEnded ? CANCELLED : 0);
    // The store alone: a result wins over whatever closed the unit without one.
    if (served === undefined) return isValid && stored !== undefined ? stored : closed;
    if (isOpenCode(served)) {
      if (isValid) this.uncounted++;
      if (this.#parts.served!.whose === 'report') this.#differs(unit, 'a closed unit, as all of a final evaluation', 'open');
      return served;
    }
    const name = UNIT_STATES[served] ?? `state ${served}`;
    if (served >= CANCELLED) {
      if (isValid) this.uncounted++;
      const isExplained = this.#closes?.[unit] === served || (served === CANCELLED && this.#isEnded);
      if (!isExplained) this.#differs(unit, 'a command in the journal that closed it', `${name}, but no command says so`);
      return served < UNIT_STATES.length ? served : 0;
    }
    if (stored === undefined) {
      this.#differs(unit, `a result, since it is ${name} in the ${this.#parts.served!.whose}`, 'no result in the store');
      return served;
    }
    if (stored !== served) this.#differs(unit, `${UNIT_STATES[stored]}, as its result says`, `${name} in the ${this.#parts.served!.whose}`);
    if (!isValid) {
      this.countedThoughRefused++;
      this.#differs(
        unit,
        'a result that was not refused',
        `${name} in the ${this.#parts.served!.whose} by one that was refused or set aside`,
      );
    }
    return stored;
  }

  #differs(unit: number, expected: string, found: string): void {
    this.#parts.differences.add(`units[${unit}]`, expected, found);
  }
}
