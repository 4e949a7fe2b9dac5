/** Join tokens as a table. */
import type { JoinToken } from '../../shared/client/identity-types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import type { Look } from './look.ts';
import type { Column } from './table.ts';
import { span } from './time.ts';

export function joinTokenColumns(look: Look, wide: boolean, nowMs: number): Column<JoinToken>[] {
  const columns: Column<JoinToken>[] = [
    { title: 'id', cell: (t) => t.joinTokenId },
    { title: 'agent', cell: (t) => t.name || 'any', least: 10 },
    { title: 'namespaces', cell: (t) => describeNamespaces(t.namespaces), least: 8 },
    { title: 'pool', cell: (t) => t.pool, least: 4, drop: 1, optional: true },
    { title: 'left', cell: (t) => span(Math.max(0, t.expiresAtMs - nowMs) / 1000) },
    { title: 'made', cell: (t) => look.time(t.createdAtMs), drop: 3 },
    { title: 'made by', cell: (t) => t.createdBy, least: 8, drop: 2 },
  ];
  if (!wide) return columns;
  const labels = (t: JoinToken): string =>
    Object.entries(t.labels)
      .map((pair) => pair.join('='))
      .join(',');
  return [...columns, { title: 'labels', cell: labels, least: 8, drop: 4, optional: true }];
}
