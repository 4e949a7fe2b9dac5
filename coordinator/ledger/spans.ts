/** What one script may look at: units of an evaluation in parts of a bounded span. Pure. */
import { groupOfUnit, unitsOf, type Manifest } from '../../shared/domain/manifest.ts';
import type { UnitRange } from './types.ts';

/** Units from first to last, and runs of them. */
const SPAN = 4_096;
const SPAN_RANGES = 512;

/** Ranges in pieces of one group each, and in parts that lie at most SPAN units apart. */
export function* spansOf(manifest: Manifest, ranges: Iterable<UnitRange>): Generator<[first: number, end: number, group: number][]> {
  let part: [number, number, number][] = [];
  for (const [from, end] of ranges) {
    for (let first = from; first < end;) {
      const group = groupOfUnit(manifest.groups, first);
      const start = part[0]?.[0] ?? first;
      if (first - start >= SPAN || part.length >= SPAN_RANGES) {
        yield part;
        part = [];
        continue;
      }
      const stop = Math.min(end, group.firstUnit + unitsOf(group), start + SPAN);
      part.push([first, stop, group.index]);
      first = stop;
    }
  }
  if (part.length > 0) yield part;
}
