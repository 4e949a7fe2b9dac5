/** Every RPC of every service with good and bad arguments, called by a client that knows only the address. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { ReflectingClient } from '../support/reflecting-client.ts';
import { startServer } from '../support/rpc.ts';
import { audit, cases, operator, sessions, tokens } from '../support/rpc-rows/answers.ts';
import { events } from '../support/rpc-rows/event-answers.ts';
import { namespaces } from '../support/rpc-rows/namespace-answers.ts';
import { joins } from '../support/rpc-rows/join-answers.ts';
import { EVALUATION_ROWS } from '../support/rpc-rows/evaluation-rows.ts';
import { AUDIT_ROWS } from '../support/rpc-rows/audit-rows.ts';
import { IDENTITY_ROWS } from '../support/rpc-rows/identity-rows.ts';
import { LIST_ROWS } from '../support/rpc-rows/list-rows.ts';
import { LOG_ROWS } from '../support/rpc-rows/log-rows.ts';
import { WHY_ROWS } from '../support/rpc-rows/why-rows.ts';
import { OPERATOR_ROWS } from '../support/rpc-rows/operator-rows.ts';
import { E, json } from '../support/rpc-rows/rows.ts';

const ROWS = { ...EVALUATION_ROWS, ...OPERATOR_ROWS, ...IDENTITY_ROWS, ...WHY_ROWS, ...LOG_ROWS, ...LIST_ROWS, ...AUDIT_ROWS };

let server: RpcServer;
let client: ReflectingClient;
beforeAll(async () => {
  server = await startServer(cases, { operator, events, sessions, tokens, joins, namespaces, audit });
  client = await ReflectingClient.connect(server.address);
});
afterAll(async () => {
  client.close();
  await server.stop();
});

describe('every RPC', () => {
  test('has its rows here', () => {
    const methods = [...client.services].flatMap(([service, own]) => Object.keys(own).map((name) => `${service}/${name}`));
    expect(methods.toSorted()).toEqual(Object.keys(ROWS).toSorted());
    expect(Object.entries(ROWS).filter(([, rows]) => rows.length === 0)).toEqual([]);
  });

  for (const [path, rows] of Object.entries(ROWS)) {
    const [service, method] = path.split('/') as [string, string];
    test.each(rows)(`${method}: $name`, async (row) => {
      const { code, message, answers, details, trailerBytes } = await client.call(service, method, [row.send].flat());
      if ('gives' in row) {
        expect({ code, message }).toEqual({ code: 'OK', message: expect.anything() as unknown });
        expect(answers).toHaveLength(row.answers ?? 1);
        if (row.answers !== 0) expect(answers[0]).toMatchObject(row.gives);
        return;
      }
      expect({ code, message }).toEqual({ code: row.code, message: expect.anything() as unknown });
      expect(details['ErrorInfo']).toMatchObject({ domain: 'assay', reason: row.reason ?? 'INVALID', metadata: row.metadata ?? {} });
      expect(trailerBytes).toBeLessThan(8000);
      if (row.says) expect(message).toMatch(row.says);
      expect(details['RetryInfo']?.['retry_delay']).toEqual(row.retry);
      if (!row.fields) return;
      const violations = details['BadRequest']!['field_violations'] as { field: string; description: string }[];
      expect(violations.map((violation) => violation.field)).toEqual(row.fields);
      for (const { field, description } of violations) expect(message).toContain(field ? `${field}: ${description}` : description);
    });
  }
});

test('of more faults than a trailer carries, it is said how many are left out', async () => {
  const { details } = await client.call(E, 'SubmitEvaluation', [{ spec_json: json({ name: 'many faults' }), idempotency_key: 'k' }]);
  const violations = details['BadRequest']!['field_violations'] as { field: string; description: string }[];
  expect(violations.length).toBeGreaterThan(10);
  expect(violations.at(-1)).toEqual({ field: '', description: `${300 - (violations.length - 1)} more faults are not listed` });
});
