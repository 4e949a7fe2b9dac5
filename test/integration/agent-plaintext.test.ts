import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildAgent } from '../../agent/build.ts';
import { readAgentConfig } from '../../agent/config.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { createMetrics } from '../../shared/telemetry/metrics.ts';

let dir: string;
let server: Server;
let firstBytes: Promise<Buffer>;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-plaintext-'));
  firstBytes = new Promise((resolve) => {
    server = createServer((socket) => socket.on('error', () => undefined).once('data', resolve));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
});
afterEach(async () => {
  server.close();
  await rm(dir, { recursive: true, force: true });
});

/** What an agent says first to a coordinator at this host name. */
async function spokenTo(host: string, settings = ''): Promise<Buffer> {
  const path = join(dir, 'agent.yaml');
  await writeFile(
    path,
    `addresses: ["${host}:${(server.address() as AddressInfo).port}"]\nspool: spool\nmodels: [{match: "mock/*"}]\n${settings}`,
  );
  const config = readAgentConfig({ file: await readConfigFile(path), environment: { ASSAY_TOKEN: 'secret-token' } });
  const agent = await buildAgent(config, { logger: silentLogger(), clock: systemClock, metrics: createMetrics(), version: '0' });
  await agent.start();
  try {
    return await firstBytes;
  } finally {
    await agent.stop();
  }
}

const HTTP2 = 'PRI * HTTP/2';
/** A TLS handshake record. */
const HANDSHAKE = 0x16;

test('an agent speaks TLS to an address that is not of this host, also without tls_ca', async () => {
  expect((await spokenTo('0.0.0.0'))[0]).toBe(HANDSHAKE);
});

test('an agent speaks plain text to loopback', async () => {
  expect(String(await spokenTo('127.0.0.1'))).toContain(HTTP2);
});

test('tls: false is obeyed', async () => {
  expect(String(await spokenTo('0.0.0.0', 'tls: false'))).toContain(HTTP2);
});
