/** Twenty changes of a coordinator's certificate, and as many of its callers' own, while they call: no call fails, and streams live on. */
import { expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { TlsFiles } from '../../shared/rpc/tls-files.ts';
import { makeAuthority } from '../support/certificate.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { evaluation, EVALUATION_ID, startServer } from '../support/rpc.ts';
import { RotatingFiles } from '../support/rotating-files.ts';
import { waitFor } from '../support/wait-for.ts';

const ROTATIONS = 20;
const CALLERS = 8;

test(`${ROTATIONS} rotations under load`, { timeout: 300_000 }, async () => {
  const authority = await makeAuthority();
  const ca = authority.cert;
  const serverCert = () => authority.issue({ names: 'DNS:localhost,IP:127.0.0.1', usage: 'serverAuth' });
  const callerCert = () => authority.issue({ names: 'URI:spiffe://lab/caller', usage: 'clientAuth' });
  const [first, own] = [await serverCert(), await callerCert()];
  const [served, shown] = [await RotatingFiles.of({ ...first, ca }), await RotatingFiles.of({ ...own, ca })];
  let reloads = 0;
  const server = await startServer(
    { get: async () => evaluation() },
    {
      tls: {
        ...{ cert: Buffer.from(first.cert), key: Buffer.from(first.key), clientCa: Buffer.from(ca) },
        files: { cert: served.cert, key: served.key, clientCa: served.ca },
      },
      limits: { tlsReloadMs: 50 },
      sessions: { serve: async (stream) => void (await allOf(stream.messages)) },
      transportMetrics: {
        connectionRefused: (reason) => expect.unreachable(`a connection was refused: ${reason}`),
        callEndedByLimit: (reason) => expect.unreachable(`a call was ended: ${reason}`),
        certificateReloaded: () => void reloads++,
        observe: () => undefined,
      },
    },
  );
  const { address } = server;
  const stream = connectAgent({ address, tlsCa: Buffer.from(ca), tlsCert: Buffer.from(own.cert), tlsKey: Buffer.from(own.key) });
  let [calls, isOver] = [0, false];
  const failed: unknown[] = [];
  /** One keeps its connection as long as it may; the other makes one for each call. */
  const caller = async (n: number): Promise<void> => {
    const tlsFiles = new TlsFiles({ paths: shown });
    const options = { addresses: [address], patienceMs: 0, tlsFiles };
    let client = connect(options);
    while (!isOver) {
      await client.get(EVALUATION_ID).then(
        () => calls++,
        (error: unknown) => failed.push(error),
      );
      if (n % 2 === 0) continue;
      client.close();
      client = connect(options);
    }
    client.close();
  };
  const load = Array.from({ length: CALLERS }, (_, n) => caller(n));
  for (let i = 1; i <= ROTATIONS; i++) {
    const before = calls;
    await served.swapLink({ ...(await serverCert()), ca });
    await shown.swapLink({ ...(await callerCert()), ca });
    await waitFor(() => reloads === i, { what: `reload ${i}`, state: () => reloads });
    await waitFor(() => calls > before + 50, { what: 'calls after it' });
  }
  isOver = true;
  await Promise.all(load);
  console.log(`${ROTATIONS} rotations, ${calls} calls, ${failed.length} failed`);
  expect(failed).toEqual([]);
  stream.end();
  expect(await allOf(stream.messages)).toEqual([]);
  await server.stop();
});
