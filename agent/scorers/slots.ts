/**
 * Slots of a command: places in its arguments that a spec may fill, each with values that the operator has described. What is filled in is one
 * argument, or a part of one: it is never an option (no `-` where an argument begins), has no NUL, and no shell reads it.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { nearestName } from '../../shared/domain/nearest-name.ts';
import { compilePythonRegex } from '../../shared/scoring/python/regex.ts';

export type SlotValue = string | number;

/** One of a few words, a whole number within bounds, or a text that a pattern covers as a whole. */
export type Slot = ({ enum: readonly SlotValue[] } | { int: readonly [number, number] } | { pattern: string }) & { default?: SlotValue };

const PLACE = /\{(\w{1,64})\}/g;
const MAX_CHARS = 200;

/** The slots that an argument names, as far as they are declared; other braces are the argument's own. */
const placesIn = (part: string, slots: Readonly<Record<string, Slot>>): string[] =>
  [...part.matchAll(PLACE)].map(([, name]) => name!).filter((name) => Object.hasOwn(slots, name));

/** What is wrong with the slots of a command, in the operator's file: pairs of place and problem. */
export function slotFaults(argv: readonly string[], slots: Readonly<Record<string, Slot>>): [string, string][] {
  const faults: [string, string][] = [];
  if (placesIn(argv[0] ?? '', slots).length > 0) faults.push(['argv[0]', 'has a slot: a spec does not choose the program']);
  for (const [name, slot] of Object.entries(slots)) {
    const at = `slots.${name}`;
    if (!argv.slice(1).some((part) => placesIn(part, slots).includes(name)))
      faults.push([at, `stands nowhere in argv; write {${name}} there`]);
    if ('int' in slot && slot.int[0] > slot.int[1])
      faults.push([`${at}.int`, `is from ${slot.int[0]} to ${slot.int[1]}; write the smaller first`]);
    if ('pattern' in slot) {
      try {
        compilePythonRegex(slot.pattern);
        wholeOf(slot.pattern);
      } catch (error) {
        faults.push([`${at}.pattern`, AppError.from(error).message]);
        continue;
      }
    }
    const problem = slot.default === undefined ? undefined : problemOf(slot, slot.default);
    if (problem) faults.push([`${at}.default`, problem]);
  }
  return faults;
}

/** Anchored at both ends, whatever the pattern says. */
const wholeOf = (pattern: string): ReturnType<typeof compilePythonRegex> => compilePythonRegex(`\\A(?:${pattern})\\Z`);

/** Why a value may not stand in a slot; undefined: it may. */
function problemOf(slot: Slot, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return 'is neither a text nor a number';
  const text = String(value);
  if (text.length > MAX_CHARS) return `has more than ${MAX_CHARS} characters`;
  if (/\p{Cc}/u.test(text)) return 'has a control character in it';
  if ('enum' in slot) return slot.enum.some((one) => String(one) === text) ? undefined : `must be one of ${slot.enum.join(', ')}`;
  if ('int' in slot) {
    const [min, max] = slot.int;
    const isInt = /^-?(?:0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));
    return isInt && Number(text) >= min && Number(text) <= max ? undefined : `must be a whole number from ${min} to ${max}`;
  }
  const [hit] = wholeOf(slot.pattern).matches(text);
  return hit?.start === 0 && hit.end === text.length ? undefined : `must fit ${slot.pattern}`;
}

/** The arguments with their slots filled. Throws AppError `invalid` with all faults of what the spec gives. */
export function filledArgv(
  argv: readonly string[],
  slots: Readonly<Record<string, Slot>>,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  const faults = Object.keys(given)
    .filter((name) => !Object.hasOwn(slots, name))
    .map(
      (name) =>
        `${name.slice(0, 64)} is none of its slots (${nearestName(name, Object.keys(slots)) ?? (Object.keys(slots).join(', ') || 'it has none')})`,
    );
  const values = new Map<string, string>();
  for (const [name, slot] of Object.entries(slots)) {
    const value = Object.hasOwn(given, name) ? given[name] : slot.default;
    const problem = value === undefined ? 'is missing' : problemOf(slot, value);
    if (problem) faults.push(`${name} ${problem}`);
    else values.set(name, String(value));
  }
  const filled = argv.map((part, i) => {
    const text = part.replace(PLACE, (place, name: string) => values.get(name) ?? place);
    if (i > 0 && text.startsWith('-') && !part.startsWith('-'))
      faults.push(`${placesIn(part, slots).join(', ')} begins with -, and would be an option`);
    return text;
  });
  if (faults.length > 0) throw new AppError('invalid', `slots: ${faults.join('; ')}`);
  return filled;
}
