/** Pools and labels that a request names. */
import { POOL } from '../../shared/domain/binding.ts';
import type { Checks } from '../../shared/rpc/checks.ts';

const MAX = { pools: 100, labels: 32, label: 128 };

export const readPool = (checks: Checks, field: string, pool: string): string =>
  checks.form(field, pool, /^[\w.-]{1,63}$/, '1 to 63 letters, digits, . _ or -');

export const readPools = (checks: Checks, pools: readonly string[]): string[] => [
  ...new Set(checks.list('pools', pools, MAX.pools).map((pool, i) => readPool(checks, `pools[${i}]`, pool))),
];

export function readLabels(checks: Checks, wire: Readonly<Record<string, string>>): Record<string, string> {
  const labels = checks.list('labels', Object.entries(wire), MAX.labels);
  for (const [key, value] of labels) {
    checks.form('labels: a name', key, /^[^\p{Cc}]{1,63}$/u, '1 to 63 characters');
    if (key === POOL) checks.fault('labels.pool', 'is a field of its own');
    checks.text(`labels.${key.slice(0, 63)}`, value, MAX.label);
  }
  return Object.fromEntries(labels);
}
