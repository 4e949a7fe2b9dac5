/** Namespaces and their bounds, as a table and in words. */
import type { NamespaceInfo, NamespaceUsage } from '../../shared/client/identity-types.ts';
import { NAMESPACE_LIMITS, usdOf, type NamespaceLimit, type NamespaceLimits } from '../../shared/domain/namespace-limits.ts';
import type { Look } from './look.ts';
import type { Column } from './table.ts';
import { plainText } from './text.ts';
import { span } from './time.ts';

const USED: Partial<Record<keyof NamespaceLimits, keyof NamespaceUsage>> = {
  maxQueuedSamples: 'queuedSamples',
  maxTasks: 'tasks',
  maxContentBytes: 'contentBytes',
  maxCostPerDayMicroUsd: 'costMicroUsd',
};

const valueOf = ({ name, kind }: NamespaceLimit, limits: NamespaceLimits): string => {
  const value = limits[name];
  if (value === undefined) return '';
  if (kind === 'usd') return `$${usdOf(value)}`;
  return kind === 'span' ? span(value / 1000) : String(value);
};

export const namespaceColumns = (look: Look): Column<NamespaceInfo>[] => [
  { title: 'namespace', cell: ({ name }) => name, least: 10 },
  ...NAMESPACE_LIMITS.map((limit, i): Column<NamespaceInfo> => ({
    title: limit.word.replace(/^max-/, '').replaceAll('-', ' '),
    cell: ({ limits }) => valueOf(limit, limits),
    optional: true,
    drop: 2 + i,
  })),
  { title: 'set', cell: ({ updatedAtMs }) => look.time(updatedAtMs), drop: 1 },
];

/** One line for each bound: what it is, what is taken, what is left. */
export function namespaceView({ name, limits, usage, updatedAtMs, updatedBy }: NamespaceInfo): string {
  const lines = NAMESPACE_LIMITS.flatMap((limit): [string, string][] => {
    const value = valueOf(limit, limits);
    const used = usage && USED[limit.name] && usage[USED[limit.name]!];
    if (value === '' && used === undefined) return [];
    if (used === undefined) return [[limit.word, value]];
    const shown = (amount: number): string => (limit.kind === 'usd' ? `$${usdOf(amount)}` : String(amount));
    if (value !== '') return [[limit.word, `${value}; ${shown(used)} taken, ${shown(Math.max(0, limits[limit.name]! - used))} left`]];
    return limit.kind === 'usd' ? [] : [[limit.word, `none; ${used} taken`]];
  });
  const by = updatedAtMs > 0 ? [['set', `${new Date(updatedAtMs).toISOString().slice(0, 19)}Z by ${updatedBy}`] as [string, string]] : [];
  const all: [string, string][] = [['namespace', name], ...lines, ...by];
  const width = Math.max(...all.map(([what]) => what.length));
  return all.map(([what, value]) => `${what.padEnd(width)} ${plainText(value)}\n`).join('');
}
