/** How many tokens, join tokens and agents there may be: in each namespace, so that nobody takes the room of others, and of all together. */
import { AppError } from '../../shared/domain/errors.ts';
import type { Namespaces } from '../../shared/domain/identity.ts';

/** Of one namespace. What is for all namespaces has as much of its own. */
export const MAX_OF_EACH = 2_000;
/** Every coordinator reads all of them every two seconds. */
export const MAX_OF_ALL = 10_000;

/** Throws `resource_exhausted` where there is no room for one more that is for `wanted`. Those that are for several count in each. */
export function checkRoom(
  kept: readonly { readonly namespaces: Namespaces }[],
  wanted: Namespaces,
  { what, until }: { what: string; until: string },
): void {
  if (kept.length >= MAX_OF_ALL) throw new AppError('resource_exhausted', `there are ${MAX_OF_ALL} ${what}; ${until}`);
  const counts = new Map<string, number>();
  // Of '*' as of a list of that one name.
  for (const { namespaces } of kept) for (const name of namespaces) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const name of wanted)
    if ((counts.get(name) ?? 0) >= MAX_OF_EACH)
      throw new AppError(
        'resource_exhausted',
        `there are ${MAX_OF_EACH} ${what} ${name === '*' ? 'for all namespaces' : `in the namespace ${name}`}; ${until}`,
      );
}
