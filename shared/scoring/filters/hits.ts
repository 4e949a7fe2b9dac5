/** What the filters with a regular expression share: which of its matches is taken. */
import { z } from 'zod';
import type { LinearRegex } from '../python/regex.ts';
import { strip } from '../python/text.ts';

export const groupSelectArg = z.int().min(-1_000_000).max(1_000_000);

/** lm-evaluation-harness's word for an answer that could not be found; no target says it. */
export const INVALID = '[invalid]';

/** The value at a place of a list as Python counts: -1 is the last. Undefined: there is no such place. */
export function select<T>(values: Iterable<T>, place: number): T | undefined {
  if (place < 0) {
    // Only as many as can be the one: a completion may have millions of matches.
    const last: T[] = [];
    for (const value of values) if (last.push(value) >= -2 * place) last.splice(0, last.length + place);
    return last.at(place);
  }
  let at = 0;
  for (const value of values) if (at++ === place) return value;
  return undefined;
}

/**
 * The selected of a regular expression's matches, without white space around it; undefined if there is none. As `re.findall` has matches:
 * the whole match without groups, the group where there is one (empty where it took no part), of several groups the first that is not
 * empty.
 */
export function selectHit(regex: LinearRegex, text: string, place: number): string | undefined {
  const hit = select(regex.matches(text), place);
  if (hit === undefined) return undefined;
  if (regex.groups === 0) return strip(text.slice(hit.start, hit.end));
  const group = regex.groups === 1 ? (hit.groups[0] ?? '') : hit.groups.find((one) => one !== undefined && one !== '');
  return group === undefined ? undefined : strip(group);
}
