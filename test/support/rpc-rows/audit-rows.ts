/** AuditService, row by row. */
import { bad, long, type Row } from './rows.ts';
import { auditHead } from './answers.ts';

const A = 'assay.v1.AuditService';

export const AUDIT_ROWS: Record<string, Row[]> = {
  [`${A}/ListAudit`]: [
    { name: 'all', send: {}, gives: { entry: { chain: '1-co_1', line: '2', at_ms: '5', outcome: 'denied', more: '100' } } },
    { name: 'one', send: { limit: 1, outcome: 'denied', who: 'ci', namespace: 'team-a', since_ms: 1 }, gives: { entry: { more: '1' } } },
    bad(
      'everything wrong',
      { since_ms: -1, until_ms: -1, who: long, method: long, namespace: 'a b', outcome: 'maybe', limit: 100_000 },
      ...['since_ms', 'until_ms', 'who', 'method', 'namespace', 'limit', 'outcome'],
    ),
  ],
  [`${A}/VerifyAudit`]: [
    { name: 'a problem first', send: {}, gives: { problem: { chain: '1-co_1', line: '2', problem: 'is altered' } }, answers: 2 },
    { name: 'with what was kept', send: { heads: [auditHead] }, gives: { problem: { line: '2' } }, answers: 2 },
    bad('no heads', { heads: [{ chain: '../x', line: 0, hash: 'x' }] }, 'heads[0].chain', 'heads[0].line', 'heads[0].hash'),
  ],
};
