/** Mutated messages on every method and both directions of the agent's stream; test/release/mutated-messages.test.ts sends many more, to real coordinators. */
import { expect, test } from 'vitest';
import { fuzzCalls, fuzzCodecs, targets } from '../support/fuzz.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { startServer } from '../support/rpc.ts';
import { audit, cases, operator, tokens } from '../support/rpc-rows/answers.ts';
import { events } from '../support/rpc-rows/event-answers.ts';

const SEED = 20_261_129;

test('to all methods: each is answered by a status that is no crash', async () => {
  const server = await startServer(cases, {
    operator,
    events,
    tokens,
    audit,
    sessions: { serve: async (stream) => void (await allOf(stream.messages)) },
  });
  try {
    const paths = targets().map(({ path }) => path);
    for (const path of ['AgentService/Connect', 'IdentityService/CreateToken', 'AuditService/VerifyAudit'])
      expect(paths).toContain(`/assay.v1.${path}`);
    const found = await fuzzCalls(server.address, 2000, SEED);
    expect(found).toMatchObject({ crashes: [], hangs: [] });
    expect(found.statuses['INVALID_ARGUMENT']).toBeGreaterThan(200);
  } finally {
    await server.stop();
  }
});

test('to both ends of the agent’s stream: each is a message of its form, or a fault', () => {
  const found = fuzzCodecs(10_000, SEED);
  expect(found).toMatchObject({ crashes: [], hangs: [] });
  expect(found.statuses['invalid']).toBeGreaterThan(1000);
  expect(found.statuses['OK']).toBeGreaterThan(1000);
});
