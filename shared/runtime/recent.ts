/** `make`, asked once for each object among the last `most`: for what many are given in common, one after the other. */
export function recent<Key extends object, T>(make: (key: Key) => T, most = 16): (key: Key) => T {
  const keys: Key[] = [];
  const values: T[] = [];
  let next = 0;
  return (key) => {
    const at = keys.indexOf(key);
    if (at >= 0) return values[at]!;
    const value = make(key);
    keys[next] = key;
    values[next] = value;
    next = (next + 1) % most;
    return value;
  };
}
