/** A coordinator that is told to stop goes in an order that costs nobody anything: NOT_SERVING, Drain, the sessions move, GOAWAY. */
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { Client, credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assayProto } from '../../shared/rpc/load.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { waitFor } from '../support/wait-for.ts';

let fleet: Fleet;
let coordinator: Process & { address: string };
beforeEach(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator();
});
afterEach(() => fleet.stop());

test('from the beginning of a stop nobody is welcomed: an agent with this one address waits for the next coordinator', async () => {
  const { address } = coordinator;
  const agents = await Promise.all([1, 2].map(() => BareAgent.connect(address)));
  const ended = coordinator.signal('SIGTERM');
  await waitFor(() => agents.every((agent) => agent.all('drain').length === 1), { what: 'the Drain' });
  // One leaves and comes back at once, as an agent does that knows no other address; the other one is still served.
  const [first, second] = agents as [BareAgent, BareAgent];
  first.close();
  await expect(BareAgent.connect(address, { agentId: first.agentId })).rejects.toMatchObject({ code: 'unavailable' });
  await second.beat();
  await waitFor(() => second.all('heartbeatAck').length === 1, { what: 'an answer' });
  second.close();
  expect(await ended).toBe(0);
  expect(coordinator.output).not.toMatch(/agent connected[^]*agent connected[^]*agent connected/);
});

test('health, then Drain, then the agents leave, then GOAWAY', async () => {
  const { address } = coordinator;
  const seen: string[] = [];
  const health = new Client(address, credentials.createInsecure());
  const same = (bytes: Buffer): Buffer => bytes;
  const statuses = health.makeServerStreamRequest('/grpc.health.v1.Health/Watch', same, same, Buffer.alloc(0));
  const { responseDeserialize } = assayProto().health.Check;
  statuses.on('data', (bytes: Buffer) => void seen.push(responseDeserialize(bytes).status));
  statuses.on('error', () => undefined);
  const raw = connectHttp2(`http://${address}`);
  raw.on('error', () => undefined);
  raw.once('goaway', () => void seen.push('GOAWAY'));
  await once(raw, 'connect');
  const agent = await BareAgent.connect(address, { models: [] });
  await waitFor(() => seen.includes('SERVING'), { what: 'the first status' });

  const ended = coordinator.signal('SIGTERM');
  await waitFor(() => agent.all('drain').length === 1 && seen.includes('NOT_SERVING'), { what: 'the Drain' });
  // The agent is still served: it has time to be acknowledged.
  await agent.beat();
  await waitFor(() => agent.all('heartbeatAck').length === 1, { what: 'an answer' });
  expect(agent.over).toBe(false);
  expect(seen).toEqual(['SERVING', 'NOT_SERVING']);
  seen.push('the agent leaves');
  agent.close();
  await waitFor(() => seen.includes('GOAWAY'), { what: 'GOAWAY' });
  expect(seen).toEqual(['SERVING', 'NOT_SERVING', 'the agent leaves', 'GOAWAY']);
  health.close();
  raw.destroy();
  expect(await ended).toBe(0);
});
