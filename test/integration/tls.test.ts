/** TLS and a token, as a coordinator wants them beyond its own machine. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCoordinatorConfig } from '../../coordinator/config.ts';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { connect } from '../../shared/client/connect.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { makeCertificate } from '../support/certificate.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { evaluation, EVALUATION_ID, failure, startServer } from '../support/rpc.ts';

const TOKEN = 't'.repeat(32);
let server: RpcServer;
let address: string;
let ca: Buffer;

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'assay-tls-'));
  const { cert, certPath, keyPath } = await makeCertificate('DNS:localhost,IP:127.0.0.1');
  const config = await parseCoordinatorConfig(
    ['--listen', '0.0.0.0:0', '--redis', 'redis://h', '--store', dir, '--tls-cert', certPath, '--tls-key', keyPath],
    { ASSAY_TOKEN: TOKEN },
  );
  ca = Buffer.from(cert);
  server = await startServer(
    { get: async () => evaluation() },
    {
      listen: config.listen,
      token: config.token!,
      tls: config.tls!,
      sessions: { serve: async (stream) => void (await allOf(stream.messages)) },
    },
  );
  address = `127.0.0.1:${server.address.split(':').at(-1)}`;
});
afterAll(() => server.stop());

describe('a coordinator beyond loopback', () => {
  const get = async (options: object) => {
    const client = connect({ addresses: [address], patienceMs: 200, ...options });
    try {
      return (await client.get(EVALUATION_ID)).evaluationId;
    } finally {
      client.close();
    }
  };

  test('serves who trusts its CA and has the token', async () => {
    expect(await get({ tlsCa: ca, token: TOKEN })).toBe(EVALUATION_ID);
    const agent = connectAgent({ address, tlsCa: ca, token: TOKEN });
    agent.end();
    expect(await allOf(agent.messages)).toEqual([]);
  });
  test('nobody else', async () => {
    expect((await failure(get({ tlsCa: ca }))).code).toBe('unauthenticated');
    expect((await failure(get({ tlsCa: ca, token: 'wrong' }))).code).toBe('unauthenticated');
    expect((await failure(get({ tls: true, token: TOKEN }))).code).toBe('unavailable');
    expect((await failure(get({ token: TOKEN }))).code).toBe('unavailable');
    expect((await failure(allOf(connectAgent({ address, token: TOKEN }).messages))).code).toBe('unavailable');
  });
});
