/** Waiting for a coordinator: one that comes is found, one that does not is told, and that nobody listens at once. */
import { afterEach, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { notReady, reasonOf } from '../../shared/client/reasons.ts';
import { freePort } from '../support/ports.ts';
import { failure, listenOn, startServer } from '../support/rpc.ts';

const REFUSED = 'nothing listens there: the connection was refused';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

test('waits for a server that comes, reports one that does not', async () => {
  // One that nobody is given meanwhile.
  const address = `127.0.0.1:${await freePort()}`;
  const first = await startServer({}, { listen: listenOn(address) });
  await first.stop();
  const client = connect({ addresses: [address] });
  cleanups.push(() => client.close());
  const told: string[] = [];
  expect((await failure(client.waitUntilReady(1200, (why) => told.push(why)))).message).toBe(
    `no coordinator is ready at ${address} after 1.2 s (${REFUSED}); start it, or correct the address`,
  );
  expect(told).toEqual([REFUSED]);
  const ready = client.waitUntilReady(20_000);
  const server = await startServer({}, { listen: listenOn(address) });
  cleanups.push(() => server.stop());
  await ready;
});

test.each([
  ['14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED ::1:4510. Resolution note: x', REFUSED],
  ['14 UNAVAILABLE: No connection established. Last error: connect ENOENT /no/socket. Resolution note: ', 'there is no such socket'],
  ['Protocol error (2026-11-28T18:07:20.250Z)', 'what answers there is no coordinator, or one that wants TLS'],
  ['it says NOT_SERVING', 'it says NOT_SERVING'],
  // A coordinator's own words about its store.
  ['store, s3://b/x: connect ECONNREFUSED 10.0.0.9:9000; repeat', 'store, s3://b/x: connect ECONNREFUSED 10.0.0.9:9000; repeat'],
])('%s', (message, words) => expect(reasonOf(message)).toBe(words));

test('a coordinator that wants certificates says so in the words of TLS, which are not those of people', () => {
  const alert =
    '14 UNAVAILABLE: No connection established. Last error: 40DD:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required';
  expect(notReady(alert)).toEqual({
    why: 'it wants a certificate of its callers',
    remedy: 'show one (--tls-client-cert and --tls-client-key)',
  });
  expect(notReady('it says NOT_SERVING')).toEqual({ why: 'it says NOT_SERVING', remedy: 'start it, or correct the address' });
});
