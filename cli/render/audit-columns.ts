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
    { title: 'method', cell: (e) => e.method.split('/').at(-1)! },
    { title: 'namespace', cell: (e) => e.namespace, least: 8, drop: 2, optional: true },
    // What a call was about, and why it was denied: most entries have one of the two, and a line has not room for both.
    { title: 'about', cell: (e) => [e.target, e.reason].filter((text) => text !== '').join(': '), least: 22, drop: 1, optional: true },
    { title: 'from', cell: (e) => e.peer, drop: 4 },
  ];
  if (!wide) return columns;
  return [...columns, { title: 'known by', cell: (e) => e.by, drop: 5 }, { title: 'entry', cell: (e) => `${e.chain}:${e.line}`, drop: 6 }];
}
