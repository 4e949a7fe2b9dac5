/** JSON in completions, which may be anything. */
import { textTooDeep } from '../../domain/json-depth.ts';

/** Longer texts would hold up the process for seconds. */
export const MAX_JSON_CHARS = 5_000_000;
/** Deeper JSON counts as none: nobody asks for it, and walks through it would exhaust the stack. */
export const MAX_JSON_DEPTH = 200;

/** The value that a text is, or undefined if it is no JSON. Throws for texts that are too long. */
export function parseJson(text: string, revive?: (value: unknown, source: string | undefined) => unknown): { value: unknown } | undefined {
  if (text.length > MAX_JSON_CHARS)
    throw new Error(`a text of ${text.length} characters is too long for JSON; ${MAX_JSON_CHARS} are the most`);
  if (textTooDeep(text, MAX_JSON_DEPTH)) return undefined;
  try {
    if (!revive) return { value: JSON.parse(text) as unknown };
    // The third argument, the text of a number as it stands, is newer than the compiler's library.
    const reviver = (_: string, value: unknown, ...more: { source?: string }[]): unknown => revive(value, more[0]?.source);
    return { value: JSON.parse(text, reviver) as unknown };
  } catch {
    return undefined;
  }
}

/** What a target must be. Throws for one that is no JSON: the data set is wrong then, not the model. */
export function parseTarget(text: string, revive?: (value: unknown, source: string | undefined) => unknown): unknown {
  const parsed = parseJson(text, revive);
  if (!parsed) throw new Error(`the target ${JSON.stringify(text.slice(0, 100))} is no JSON`);
  return parsed.value;
}
