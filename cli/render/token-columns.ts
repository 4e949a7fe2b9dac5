/** Tokens as a table. */
import type { ApiToken } from '../../shared/client/identity-types.ts';
import { describeNamespaces } from '../../shared/domain/identity.ts';
import type { Look } from './look.ts';
import type { Column } from './table.ts';
import { span } from './time.ts';

export const stateOfToken = ({ revokedAtMs, expiresAtMs }: ApiToken, nowMs: number): string =>
  revokedAtMs > 0 ? 'revoked' : expiresAtMs <= nowMs ? 'expired' : 'holds';

const pairs = (labels: Readonly<Record<string, string>> = {}): string =>
  Object.entries(labels)
    .map((pair) => pair.join('='))
    .join(',');

export function tokenColumns(look: Look, wide: boolean, nowMs: number): Column<ApiToken>[] {
  const columns: Column<ApiToken>[] = [
    { title: 'id', cell: (t) => t.tokenId },
    { title: 'name', cell: (t) => t.name, least: 10 },
    { title: 'state', cell: (t) => stateOfToken(t, nowMs), colour: (t) => (stateOfToken(t, nowMs) === 'holds' ? 'green' : 'red') },
    { title: 'scopes', cell: (t) => t.scopes.join(','), least: 16 },
    { title: 'namespaces', cell: (t) => describeNamespaces(t.namespaces), least: 8, drop: 1 },
    {
      title: 'left',
      cell: (t) => (stateOfToken(t, nowMs) === 'holds' ? span((t.expiresAtMs - nowMs) / 1000) : ''),
      drop: 2,
      optional: true,
    },
    { title: 'made', cell: (t) => look.time(t.createdAtMs), drop: 4 },
    { title: 'made by', cell: (t) => t.createdBy, least: 8, drop: 3 },
  ];
  if (!wide) return columns;
  return [
    ...columns,
    { title: 'pools', cell: (t) => (t.pools ?? []).join(','), drop: 7, optional: true },
    { title: 'labels', cell: (t) => pairs(t.labels), drop: 8, optional: true },
    { title: 'revoked', cell: (t) => look.time(t.revokedAtMs), drop: 5, optional: true },
    { title: 'revoked by', cell: (t) => t.revokedBy, least: 8, drop: 6, optional: true },
  ];
}
