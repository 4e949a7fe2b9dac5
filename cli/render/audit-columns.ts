/** Entries of the audit log as a table. */
import type { AuditEntry } from '../../shared/client/audit-types.ts';
import type { Look } from './look.ts';
import type { Column } from './table.ts';

export function auditColumns(look: Look, wide: boolean): Column<AuditEntry>[] {
  const columns: Column<AuditEntry>[] = [
    { title: 'when', cell: (e) => look.time(e.atMs) },
    { title: 'who', cell: (e) => e.who, least: 12 },
    {
      title: 'outcome',
      cell: (e) => (e.more > 0 ? `${e.outcome}, ${e.more} more` : e.outcome),
      colour: (e) => (e.outcome === 'ok' ? 'green' : 'red'),
    },
    { title: 'method', cell: (e) => e.method.split('/').at(-1)!, least: 10 },
    { title: 'namespace', cell: (e) => e.namespace, least: 8, drop: 1, optional: true },
    { title: 'about', cell: (e) => e.target, least: 10, drop: 2, optional: true },
    { title: 'why', cell: (e) => e.reason, least: 12, drop: 3, optional: true },
    { title: 'from', cell: (e) => e.peer, drop: 4 },
  ];
  if (!wide) return columns;
  return [...columns, { title: 'known by', cell: (e) => e.by, drop: 5 }, { title: 'entry', cell: (e) => `${e.chain}:${e.line}`, drop: 6 }];
}
