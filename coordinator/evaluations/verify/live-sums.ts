/** The live sums as they should be, from the results that count: retries of each group; number, sum and squares of each scorer's values. */
import type { Group, Manifest } from '../../../shared/domain/manifest.ts';
import type { LedgerSnapshot, RestoredUnit } from '../../ledger/types.ts';
import type { Differences } from './differences.ts';

/** Of the sum of absolutes (at least 1: what was taken back leaves a trace): the ledger adds floats in the order in which they came. */
const TOLERANCE = 1e-9;

interface ScorerSums {
  n: number;
  sum: number;
  absolute: number;
  squares: number;
}

export class LiveSums {
  readonly #groups: readonly Group[];
  readonly #retries: number[];
  readonly #scorers: ScorerSums[][];

  constructor({ groups }: Manifest) {
    this.#groups = groups;
    this.#retries = groups.map(() => 0);
    this.#scorers = groups.map(({ scorers }) => scorers.map(() => ({ n: 0, sum: 0, absolute: 0, squares: 0 })));
  }

  add({ group, retries, values }: RestoredUnit): void {
    this.#retries[group]! += retries;
    for (const [i, value] of values.entries()) {
      if (value === null) continue;
      const sums = this.#scorers[group]![i]!;
      sums.n++;
      sums.sum += value;
      sums.absolute += Math.abs(value);
      sums.squares += value * value;
    }
  }

  compare({ groups }: Pick<LedgerSnapshot, 'groups'>, differences: Differences): void {
    for (const [i, { benchmark, model, scorers }] of this.#groups.entries()) {
      const place = `ledger.groups[${i}] (${benchmark}, ${model})`;
      const [retries, ...sums] = (groups[i] ?? []).slice(6);
      differences.compare(`${place}.retries`, this.#retries[i], retries);
      for (const [s, scorer] of scorers.entries()) {
        const own = this.#scorers[i]![s]!;
        const [n, sum, squares] = sums.slice(3 * s);
        differences.compare(`${place}.${scorer}.n`, own.n, n);
        if (!isNear(own.sum, sum, own.absolute)) differences.compare(`${place}.${scorer}.sum`, own.sum, sum);
        if (!isNear(own.squares, squares, own.squares)) differences.compare(`${place}.${scorer}.sumOfSquares`, own.squares, squares);
      }
    }
  }
}

const isNear = (expected: number, found: number | undefined, scale: number): boolean =>
  found !== undefined && Math.abs(expected - found) <= TOLERANCE * Math.max(1, scale);
