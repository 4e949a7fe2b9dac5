/** Dead letters, as the journal of an evaluation has them: those whose units no requeue has opened again. Pure. */
import type { UnitRange } from '../../ledger/types.ts';
import type { ControlRecord, DeadLetterRecord } from '../../store/store.ts';

export interface Letter extends DeadLetterRecord {
  deadAtMs: number;
  isDropped: boolean;
}

/** In the order of their deaths; their units less those that were requeued since. */
export function lettersOf(controls: readonly ControlRecord[]): Letter[] {
  let letters: Letter[] = [];
  for (const c of controls) {
    if (c.kind === 'dead') {
      // A command that met a recovery may have been written twice.
      const known = new Set(letters.map(({ sequence }) => sequence));
      for (const letter of c.letters ?? [])
        if (!known.has(letter.sequence) && letter.units.length > 0) letters.push({ ...letter, deadAtMs: c.atMs, isDropped: false });
    } else if (c.kind === 'requeue') {
      letters = letters.map((letter) => ({ ...letter, units: without(letter.units, c.units) })).filter(({ units }) => units.length > 0);
    } else if (c.kind === 'drop') {
      const dropped = new Set(c.tasks);
      letters = letters.map((letter) => (dropped.has(letter.sequence) ? { ...letter, isDropped: true } : letter));
    }
  }
  return letters;
}

/** The ranges less others. */
function without(ranges: readonly UnitRange[], others: readonly UnitRange[]): [number, number][] {
  let left: [number, number][] = ranges.map(([first, end]) => [first, end]);
  for (const [first, end] of others)
    left = left.flatMap(([from, to]): [number, number][] => {
      if (end <= from || first >= to) return [[from, to]];
      const parts: [number, number][] = [
        [from, Math.max(from, first)],
        [Math.min(to, end), to],
      ];
      return parts.filter(([a, b]) => a < b);
    });
  return left;
}
