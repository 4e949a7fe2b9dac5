/** What `wire:1.2` in a requirement means, where one is shown. Pure. */
import { wireVersionOf } from '../../shared/domain/spec-needs.ts';

/** A line below requirements that ask for a version of the protocol; none where none does. */
export function wireNote(requirements: readonly string[]): string[] {
  const need = requirements.flatMap((text) => text.split(' ')).find((word) => wireVersionOf(word) !== undefined);
  return need === undefined
    ? []
    : [
        `${need}: agents that speak version ${wireVersionOf(need)} of the protocol or a later one; update older agents. Where all do, something else of the line is missing`,
      ];
}
