/** A client of two coordinators, one of which stands still: its connections are up, and nothing comes through. */
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { EVALUATION_ID, evaluation, startServer } from '../support/rpc.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

test.each(['after it was connected to', 'before'] as const)('%s: the other one is asked, whatever the patience', async (when) => {
  const servers = [await startServer({ get: async () => evaluation() }), await startServer({ get: async () => evaluation() })];
  for (const server of servers) cleanups.push(() => server.stop());
  const line = await TcpProxy.start({ target: { port: Number(servers[0]!.address.split(':')[1]) } });
  cleanups.push(() => line.close());
  // It is over before the first is given up, which takes twice the keepalive.
  const client = connect({ addresses: [line.address, servers[1]!.address], patienceMs: 200, keepaliveMs: 1_500 });
  cleanups.push(() => client.close());
  if (when === 'after it was connected to') await client.get(EVALUATION_ID);
  line.stall();
  expect(await client.get(EVALUATION_ID)).toEqual(evaluation());
});
