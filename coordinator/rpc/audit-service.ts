/** AuditService: the audit log, read and verified. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { AuditFilter, AuditHead } from '../../shared/client/audit-types.ts';
import { auditEntryToWire, auditHeadToWire } from '../../shared/client/codec-audit.ts';
import { Checks } from '../../shared/rpc/checks.ts';
import type { ListAuditRequest__Output } from '../../shared/rpc/gen/assay/v1/ListAuditRequest.ts';
import type { VerifyAuditRequest__Output } from '../../shared/rpc/gen/assay/v1/VerifyAuditRequest.ts';
import type { Handlers } from '../../shared/rpc/handler.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { NAMESPACE } from './requests.ts';
import type { AuditUseCases } from './use-cases.ts';

const MAX = { text: 512, limit: 10_000, heads: 10_000, time: Number.MAX_SAFE_INTEGER };
const HASH = /^[0-9a-f]{64}$/;
const CHAIN = /^[\w-]{1,100}$/;

export function auditService(audit: AuditUseCases, handlers: Handlers): UntypedServiceImplementation {
  const methods = assayProto().audit;
  return {
    ListAudit: handlers.serverStream(methods.ListAudit, async function* (request, { signal }) {
      for (const entry of await audit.list(readFilter(request), signal)) yield { entry: auditEntryToWire(entry) };
    }),

    VerifyAudit: handlers.serverStream(methods.VerifyAudit, async function* (request, { signal }) {
      for await (const step of audit.verify(readHeads(request), signal)) {
        if (step.kind === 'problem') yield { problem: step.problem };
        else {
          const { chains, lines, problems, heads, begins } = step;
          const beginning = begins ? { beginsAtMs: begins.beforeMs, beginsBy: `${begins.chain}:${begins.line}` } : {};
          yield { verdict: { chains, lines, problems, heads: heads.map(auditHeadToWire), ...beginning } };
        }
      }
    }),
  };
}

function readFilter({ sinceMs, untilMs, who, method, namespace, outcome, limit }: ListAuditRequest__Output): AuditFilter {
  const checks = new Checks('ListAudit');
  const filter = {
    sinceMs: checks.int('since_ms', sinceMs, MAX.time),
    ...(Number(untilMs) === 0 ? {} : { untilMs: checks.int('until_ms', untilMs, MAX.time) }),
    who: checks.text('who', who, MAX.text),
    method: checks.text('method', method, MAX.text),
    ...(namespace === '' ? {} : { namespace: checks.form('namespace', namespace, NAMESPACE, '1 to 64 letters, digits, . _ or -') }),
    ...(limit === 0 ? {} : { limit: checks.int('limit', limit, MAX.limit, 1) }),
  };
  if (outcome !== '' && outcome !== 'ok' && outcome !== 'denied')
    checks.fault('outcome', `${JSON.stringify(outcome.slice(0, 20))} is neither ok nor denied`);
  checks.done();
  return { ...filter, ...(outcome === 'ok' || outcome === 'denied' ? { outcome } : {}) };
}

function readHeads({ heads }: VerifyAuditRequest__Output): AuditHead[] {
  const checks = new Checks('VerifyAudit');
  const read = checks.list('heads', heads, MAX.heads).map(({ chain, line, hash }, i) => ({
    chain: checks.form(`heads[${i}].chain`, chain, CHAIN, 'the name of a chain'),
    line: checks.int(`heads[${i}].line`, line, MAX.time, 1),
    hash: checks.form(`heads[${i}].hash`, hash, HASH, '64 hex digits'),
  }));
  checks.done();
  return read;
}
