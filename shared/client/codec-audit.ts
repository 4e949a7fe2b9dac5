/** The audit log between the wire and the client library's types. */
import type { AuditEntry as AuditEntryWire, AuditEntry__Output } from '../rpc/gen/assay/v1/AuditEntry.ts';
import type { AuditHead as AuditHeadWire, AuditHead__Output } from '../rpc/gen/assay/v1/AuditHead.ts';
import type { ListAuditRequest } from '../rpc/gen/assay/v1/ListAuditRequest.ts';
import type { AuditEntry, AuditFilter, AuditHead } from './audit-types.ts';

export const auditFilterToWire = (filter: AuditFilter): ListAuditRequest => ({
  ...{ sinceMs: filter.sinceMs ?? 0, untilMs: filter.untilMs ?? 0, who: filter.who ?? '', method: filter.method ?? '' },
  ...{ namespace: filter.namespace ?? '', outcome: filter.outcome ?? '', limit: filter.limit ?? 0 },
});

export const auditEntryToWire = (entry: AuditEntry): AuditEntryWire => entry;

export function auditEntryFromWire(wire: AuditEntry__Output | null): AuditEntry {
  const { line, atMs, more, ...texts } = wire!;
  return { ...texts, line: Number(line), atMs: Number(atMs), more: Number(more) };
}

export const auditHeadToWire = (head: AuditHead): AuditHeadWire => head;

export const auditHeadFromWire = ({ chain, line, hash }: AuditHead__Output): AuditHead => ({ chain, line: Number(line), hash });
