/** Why work does not run: one situation after the other is staged, and the first reason must be the true one. A real coordinator; agents real or in the test's hand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { Reason } from '../../shared/client/why.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 40;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let digest: string;
let runs = 0;

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator({ args: ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', '100'] });
  client = fleet.client(coordinator.address);
  digest = await client.uploadBytes(sums(SAMPLES));
});
afterAll(() => fleet.stop());

const submit = async (more: Record<string, unknown> = {}): Promise<string> =>
  (await client.submit({ spec: mockSpec(digest, more), idempotencyKey: `run ${++runs}` })).evaluation.evaluationId;
const on = (model: string, more: Record<string, unknown> = {}): Promise<string> => submit({ models: [{ model }], ...more });
const why = async (evaluationId: string): Promise<Reason[]> => (await client.why({ evaluationId })).reasons;

/** Waits for the first reason, and returns all. */
async function first(evaluationId: string, code: string): Promise<Reason[]> {
  let reasons: Reason[] = [];
  await waitFor(async () => (reasons = await why(evaluationId))[0]!.code === code, {
    what: `the reason ${code}`,
    timeoutMs: 20_000,
    everyMs: 30,
    state: () => JSON.stringify(reasons, null, 1),
  });
  return reasons;
}
/** An agent in the test's hand that serves one model. */
const agent = (match: string, more: Partial<Parameters<typeof BareAgent.connect>[1]> = {}): Promise<BareAgent> =>
  BareAgent.connect(coordinator.address, { name: match.replace('/', '-'), models: [{ match, maxConnections: 4, lookAhead: 0 }], ...more });
const suspend = (of: BareAgent, reason: string): Promise<void> => of.send({ kind: 'modelStatus', modelIndex: 0, suspended: true, reason });

test('no agent at all; then one that serves another model', async () => {
  const id = await on('x/nobody');
  expect((await first(id, 'no_agent'))[0]).toMatchObject({ effect: 'blocks', samples: SAMPLES, requirement: 'model=x/nobody' });
  await agent('x/other');
  expect((await first(id, 'no_model'))[0]).toMatchObject({ agents: [{ name: 'x-other', text: expect.stringContaining('is not served') }] });
});
