/** The methods of AuditService. */
import { AppError } from '../domain/errors.ts';
import { assayProto } from '../rpc/load.ts';
import type { AuditEntry, AuditVerdict } from './audit-types.ts';
import type { Calls } from './calls.ts';
import type { AssayClient } from './client.ts';
import { auditEntryFromWire, auditFilterToWire, auditHeadFromWire, auditHeadToWire } from './codec-audit.ts';

export type AuditMethods = Pick<AssayClient, 'auditEntries' | 'verifyAudit'>;

/** Problems that are kept; a log that was spoilt has no end of them. */
const MAX_PROBLEMS = 1_000;

export function auditMethods(calls: Calls): AuditMethods {
  const methods = assayProto().audit;
  return {
    auditEntries(filter = {}, { signal } = {}) {
      const until = calls.until(signal);
      return calls.repeat(async (peer, progress) => {
        const entries: AuditEntry[] = [];
        for await (const { entry } of calls.stream(peer, methods.ListAudit, auditFilterToWire(filter), until, progress))
          entries.push(auditEntryFromWire(entry));
        return entries;
      }, until);
    },
    verifyAudit({ heads = [], signal } = {}) {
      const until = calls.until(signal);
      return calls.repeat(async (peer, progress): Promise<AuditVerdict> => {
        const problems: AuditVerdict['problems'] = [];
        const request = { heads: heads.map(auditHeadToWire) };
        for await (const { problem, verdict } of calls.stream(peer, methods.VerifyAudit, request, until, progress)) {
          if (problem && problems.length < MAX_PROBLEMS) problems.push({ ...problem, line: Number(problem.line) });
          if (verdict) {
            const { chains, lines, problems: count, beginsAtMs, beginsBy } = verdict;
            return {
              ...{ chains: Number(chains), lines: Number(lines), count: Number(count), problems },
              ...{ heads: verdict.heads.map(auditHeadFromWire), beginsAtMs: Number(beginsAtMs), beginsBy },
            };
          }
        }
        throw new AppError('unavailable', 'the coordinator ended the stream before its verdict');
      }, until);
    },
  };
}
