/**
 * Halves of characters (lone surrogates). JSON can write one by an escape, UTF-8 cannot hold it: it would be another text after
 * its first way over a wire, and the same sample would differ from itself.
 */

/** Whether valid JSON holds one. Looks closely only where an escape of a surrogate stands. */
export function hasHalfCharacter(json: Buffer): boolean {
  if (!json.includes('\\ud') && !json.includes('\\uD')) return false;
  return holdsHalf(JSON.parse(json.toString('utf8')));
}

function holdsHalf(value: unknown): boolean {
  if (typeof value === 'string') return !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value)
    ? value.some(holdsHalf)
    : Object.entries(value).some(([name, member]) => !name.isWellFormed() || holdsHalf(member));
}
