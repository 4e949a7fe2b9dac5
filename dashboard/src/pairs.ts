/** Filters by a name and its value, as an address and a box have them: `zone=eu`. Pure. */

/** Undefined: it is none, or a half of one. */
export function pairOf(text: string): readonly [name: string, value: string] | undefined {
  const at = text.indexOf('=');
  return at > 0 && at < text.length - 1 ? [text.slice(0, at), text.slice(at + 1)] : undefined;
}

/** Of an address, as the coordinator is asked for it: an entry of its map of that name. */
export function pairAsked(text: string | null, map: string): Record<string, string> {
  const pair = pairOf(text ?? '');
  return pair ? { [`${map}.${pair[0]}`]: pair[1] } : {};
}

/** Why what stands in a box filters nothing; '' where it does, or nothing is there. */
export const pairProblem = (text: string): string => (text === '' || pairOf(text) ? '' : 'write name=value');
