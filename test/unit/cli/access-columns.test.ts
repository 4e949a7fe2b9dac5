/** Tables of the audit log and of tokens, at the widths that terminals have: what matters most is there in full. */
import { expect, test } from 'vitest';
import { auditColumns } from '../../../cli/render/audit-columns.ts';
import { tableLines } from '../../../cli/render/table.ts';
import { tokenColumns } from '../../../cli/render/token-columns.ts';
import type { Look } from '../../../cli/render/look.ts';
import type { AuditEntry } from '../../../shared/client/audit-types.ts';
import type { ApiToken } from '../../../shared/client/identity-types.ts';

const look = (columns: number): Look => ({ columns, paint: (_: string, text: string) => text, time: () => '38 s ago' });
const entry = (fields: Partial<AuditEntry>): AuditEntry => ({
  ...{ chain: '001795925092640-co_616275f7106d', line: 2, atMs: 1, who: 'ci (tk_hkvh3h46qoglta2d)', by: 'token', peer: '127.0.0.1:38422' },
  ...{ method: '/assay.v1.EvaluationService/DeleteEvaluation', outcome: 'denied', reason: '', namespace: '', target: '', more: 0 },
  ...fields,
});
const ENTRIES = [
  entry({ reason: 'this call needs the scope admin; "ci" has submit, read' }),
  entry({ outcome: 'ok', target: 'ag_0123456789abcdef gpu-7', namespace: 'team-a' }),
  entry({ target: 'ev_bbb', reason: 'it is not there, or not theirs' }),
];

test('entries of the audit log', () => {
  const narrow = tableLines(auditColumns(look(80), false), ENTRIES, look(80));
  for (const line of narrow) expect(line.length).toBeLessThanOrEqual(80);
  expect(narrow[0]).toMatch(/^when +who +outcome +method +about$/);
  expect(narrow[1]).toMatch(/denied +DeleteEvaluation +this call needs the s/);
  const wide = tableLines(auditColumns(look(200), false), ENTRIES, look(200));
  expect(wide[2]).toMatch(/ci \(tk_hkvh3h46qoglta2d\) +ok +DeleteEvaluation +team-a +ag_0123456789abcdef gpu-7 +127\.0\.0\.1:38422/);
  expect(wide[3]).toContain('ev_bbb: it is not there, or not theirs');
});

test('tokens', () => {
  const token: ApiToken = {
    ...{
      tokenId: 'tk_hkvh3h46qoglta2d',
      name: 'team-a-continuous-integration',
      scopes: ['submit', 'read'],
      namespaces: ['team-a', 'team-b'],
    },
    ...{ createdAtMs: 1, createdBy: 'local', expiresAtMs: 2, revokedAtMs: 0, revokedBy: '' },
  };
  const narrow = tableLines(tokenColumns(look(80), false, 1), [token], look(80));
  for (const line of narrow) expect(line.length).toBeLessThanOrEqual(80);
  expect(narrow[1]).toContain('submit,read');
  expect(tableLines(tokenColumns(look(200), true, 1), [{ ...token, revokedAtMs: 2, revokedBy: 'ops' }], look(200))[0]).toMatch(
    /made +made by +revoked +revoked by$/,
  );
});
