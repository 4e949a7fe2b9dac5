/** The agent's metrics: on loopback for this machine's own names alone. */
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { serveMetrics } from '../../../agent/metrics-server.ts';

let server: Server | undefined;
afterEach(() => void server?.close());

const statusFor = (host: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { port } = server!.address() as AddressInfo;
    request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });

test('a name that another site has made to stand for this machine is not answered', async () => {
  server = await serveMetrics({ host: '127.0.0.1', port: 0 }, { handler: (_request, response) => void response.end('assay_x 1\n') });
  for (const host of ['localhost', '127.0.0.1:9465', '[::1]:1']) expect([host, await statusFor(host, '/metrics')]).toEqual([host, 200]);
  for (const host of ['evil.example', '127.0.0.1.evil.example:9465'])
    for (const path of ['/metrics', '/healthz']) expect([host, path, await statusFor(host, path)]).toEqual([host, path, 403]);
});
