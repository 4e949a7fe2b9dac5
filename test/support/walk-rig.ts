/** A coordinator with its page for whoever walks it by keys: more evaluations than a page of the list has, one with many samples, one whose agent was lost. */
import { createHash } from 'node:crypto';
import { buildDashboard } from '../../scripts/build.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { Fleet } from './fleet.ts';
import { Gate, gatedEndpoint } from './gate.ts';
import { mockSpec, sums } from './mock-evaluation.ts';
import { freePorts } from './ports.ts';
import { waitFor } from './wait-for.ts';

export const TOKEN = 'a-token-of-this-test-0123456789';
export const SAMPLES = 450;
/** Evaluations that nobody serves. */
export const WAITING = 54;

export interface WalkRig {
  client: AssayClient;
  url: string;
  /** `lost`: two samples in one task, whose first agent was killed over them. */
  ids: Record<'many' | 'lost', string>;
  stop: () => Promise<void>;
}

/** The page that coordinators serve is that of the sources; `npm test` has built it already. */
export async function startWalkRig(): Promise<WalkRig> {
  if (!process.env['ASSAY_TEST_PROGRAMS']) await buildDashboard();
  const gate = new Gate();
  gate.set(0);
  const endpoint = gatedEndpoint(gate);
  const [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  const [port, httpPort] = await freePorts(2);
  const env = { ASSAY_TOKEN: TOKEN };
  const args = ['--lease-ms', '3000', '--heartbeat-ms', '500', '--sweep-ms', '300', '--http', `127.0.0.1:${httpPort}`];
  const coordinator = await fleet.coordinator({ port: port!, args, env });
  const client = connect({ addresses: [coordinator.address], token: TOKEN });
  const uploaded = async (samples: number): Promise<string> => {
    const content = sums(samples);
    await client.uploadBytes(content);
    return `sha256:${createHash('sha256').update(content).digest('hex')}`;
  };
  const [one, two, many] = await Promise.all([uploaded(1), uploaded(2), uploaded(SAMPLES)]);
  const submit = async (name: string, digest: string, model: string): Promise<string> =>
    (await client.submit({ spec: mockSpec(digest, { name, models: [{ model }] }), idempotencyKey: name, owner: 'ada' })).evaluation
      .evaluationId;
  const entry = { match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 2 };
  const agents = [
    fleet.agent('mocks', [coordinator.address], { models: [{ match: 'mock/*', provider: 'mock', max_connections: 16 }] }, { env }),
    fleet.agent('doomed', [coordinator.address], { models: [entry] }, { env }),
  ] as const;
  for (let i = 0; i < WAITING; i++) await submit(`waits ${String(i).padStart(2, '0')}`, one, 'vllm/nobody-has-it');
  const [, doomed] = await Promise.all(agents);
  const ids = { many: await submit('many sums', many, 'mock/one'), lost: await submit('sums that were lost', two, 'openai/one') };
  await waitFor(() => endpoint.inFlight === 2, { what: 'the calls of the one that is to be lost', timeoutMs: 60_000 });
  await doomed.kill9();
  gate.set(Infinity);
  await fleet.agent('heir', [coordinator.address], { models: [entry] }, { env });
  for (const id of Object.values(ids))
    await waitFor(async () => (await client.get(id)).finishedAtMs > 0, { what: 'the evaluations to be over', timeoutMs: 90_000 });
  return {
    ...{ client, ids, url: `http://127.0.0.1:${httpPort}` },
    stop: async () => {
      client.close();
      await fleet.stop();
      await endpoint.stop();
    },
  };
}
