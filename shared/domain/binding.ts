/** What an agent may say of itself that has no key of its own: what its identity is bound to goes before it. Pure. */
import { AppError } from './errors.ts';

/** The label that says which pool an agent is of. */
export const POOL = 'pool';

export interface Binding {
  /** Its pool is one of these; absent: any, or none. */
  readonly pools?: readonly string[] | undefined;
  /** Labels with these values; whatever is not among them is free. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Without what binds nothing. */
export const bindingOf = (pools: readonly string[], labels: Readonly<Record<string, string>>): Binding => ({
  ...(pools.length > 0 && { pools: [...pools] }),
  ...(Object.keys(labels).length > 0 && { labels: { ...labels } }),
});

/** An agent's labels as they hold; `permission_denied` where it claims others than it may. What it does not say, and can be one thing alone, is said for it. */
export function boundLabels(name: string, { pools, labels = {} }: Binding, said: Readonly<Record<string, string>>): Record<string, string> {
  const faults = Object.entries(labels).flatMap(([label, value]) =>
    (Object.hasOwn(said, label) ? said[label] : value) === value ? [] : [`${label}=${show(said[label])}, and is bound to ${show(value)}`],
  );
  const pool = said[POOL] ?? (pools?.length === 1 ? pools[0] : undefined);
  if (pools && (pool === undefined || !pools.includes(pool)))
    faults.push(`${pool === undefined ? 'no pool' : `pool=${show(pool)}`}, and is bound to ${pools.map(show).join(', ')}`);
  if (faults.length > 0)
    throw new AppError(
      'permission_denied',
      `the agent claims ${faults.join('; ')} (${show(name)}); change the labels of its agent.yaml, or give it another identity`,
    );
  return { ...said, ...labels, ...(pool !== undefined && { [POOL]: pool }) };
}

/** Where `wish` is less bound than `by`, in words. */
function lessBound(by: Binding, wish: Binding): string[] {
  const free = Object.entries(by.labels ?? {}).filter(([label, value]) => wish.labels?.[label] !== value);
  const faults = free.map(([label, value]) => `label ${label}=${show(value)}`);
  if (by.pools && (!wish.pools || wish.pools.some((pool) => !by.pools!.includes(pool))))
    faults.unshift(`pool ${by.pools.map(show).join(', ')}`);
  return faults;
}

/** Whether something reaches no further than whoever is bound so. */
export const isWithin = (by: Binding, some: Binding): boolean => lessBound(by, some).length === 0;

/** Nobody gives what he has not: `permission_denied` where `wish` is less bound than who gives it. */
export function checkGiven(name: string, by: Binding, wish: Binding): void {
  const faults = lessBound(by, wish);
  if (faults.length > 0) throw new AppError('permission_denied', `${show(name)} is bound to ${faults.join(', ')}, and cannot give more`);
}

const show = (value: string | undefined): string => JSON.stringify((value ?? '').slice(0, 63));
