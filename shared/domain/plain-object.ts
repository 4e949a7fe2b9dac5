/** Objects as JSON and YAML have them, in which a key may have any name, `__proto__` as well. */

export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Sets a member of its own, whatever its name means to a prototype. */
export function put(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Objects merge, key by key; anything else replaces; null takes out, and is never left. Neither argument changes. */
export function mergePlain(base: unknown, over: unknown): unknown {
  if (!isPlainObject(over)) return over;
  const merged = isPlainObject(base) ? { ...base } : {};
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else put(merged, key, mergePlain(Object.hasOwn(merged, key) ? merged[key] : undefined, value));
  }
  return merged;
}
