/** The two commands of docs/secure-deployment.md by which a host joins a coordinator with TLS, as they stand there; and how long they take. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { makeAuthority, makeCertificate } from '../support/certificate.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'the-root-token-of-this-fleet';
/** For both; most of it is the start of processes, on a machine that does other things as well. */
const LIMIT_MS = 60_000;

let fleet: Fleet;
let coordinator: Process & { address: string };
let client: AssayClient;
let env: Record<string, string>;
let host: string;
let joining: ChildProcess | undefined;

beforeAll(async () => {
  fleet = await Fleet.start();
  const { cert, certPath, keyPath } = await makeCertificate();
  const args = ['--tls-cert', certPath, '--tls-key', keyPath, '--lease-ms', '3000', '--heartbeat-ms', '500'];
  coordinator = await fleet.coordinator({ args, env: { ASSAY_TOKEN: TOKEN } });
  client = connect({ addresses: [coordinator.address], token: TOKEN, tlsCa: Buffer.from(cert) });
  host = join(fleet.dir, 'host');
  await mkdir(host);
  const models = [{ match: 'mock/*', provider: 'mock' }];
  await writeFile(join(host, 'agent.yaml'), stringify({ addresses: [coordinator.address], tls_ca: certPath, models, spool: 'spool' }));
  env = { ASSAY_ADDRESS: coordinator.address, ASSAY_TLS_CA: certPath };
});
afterAll(async () => {
  joining?.kill('SIGKILL');
  client.close();
  await fleet.stop();
});

/** Types a command line; `assay` is the one of this folder. */
function type(line: string, more: Record<string, string>): ChildProcess {
  const script = `umask 077; assay() { exec ${join(ROOT, 'bin/assay')} "$@"; }; ${line}`;
  return spawn('bash', ['-c', script], { cwd: host, env: { ...process.env, ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
}

test('an agent joins a coordinator with TLS by two commands', async () => {
  const guide = await readFile(join(ROOT, 'docs/secure-deployment.md'), 'utf8');
  const [invite, ...rest] = [...guide.matchAll(/^\d\. `(assay agent [^`]+)`/gm)].map(([, line]) => line!);
  expect(rest).toHaveLength(1);
  const sinceMs = performance.now();
  const inviting = type(invite!, { ASSAY_TOKEN: TOKEN });
  let said = '';
  inviting.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => inviting.once('close', resolve));
  // Nothing else stands there: no remark of Node on the address, which is an IP.
  expect({ code, said }).toMatchObject({
    code: 0,
    said: expect.stringMatching(/^jt_\w+: good once, until .* for gpu-7 in team-a.*\n$/) as string,
  });
  joining = type(rest[0]!, {});
  let output = '';
  for (const stream of [joining.stdout!, joining.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitFor(() => output.includes('"msg":"connected"'), {
    what: 'the agent to be connected',
    timeoutMs: LIMIT_MS,
    state: () => output,
  });
  expect(performance.now() - sinceMs).toBeLessThan(LIMIT_MS);
  await waitFor(async () => (await client.agents()).items.length === 1, { what: 'the agent in the list' });
  expect((await client.agents()).items[0]).toMatchObject({ name: 'gpu-7', proof: 'key', namespaces: ['team-a'] });
  expect(output.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
  expect(output).not.toContain((await readFile(join(host, 'join.token'), 'utf8')).trim());
  joining.kill('SIGKILL');
});

test('who waits for a coordinator that cannot be reached is told why, and whose file is not private is told which', async () => {
  const { certPath } = await makeAuthority();
  const models = [{ match: 'mock/*', provider: 'mock' }];
  await writeFile(join(host, 'stranger.yaml'), stringify({ addresses: [coordinator.address], tls_ca: certPath, models, spool: 'another' }));
  const { secret } = await client.createJoinToken({ namespaces: ['team-a'] });
  await writeFile(join(host, 'spare.token'), secret, { mode: 0o600 });
  const line = 'assay agent join --config stranger.yaml --join-token-file spare.token';
  joining = type(line, { ASSAY_TLS_CA: certPath });
  let output = '';
  for (const stream of [joining.stdout!, joining.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await waitFor(() => output.includes('no coordinator yet'), { what: 'the reason', timeoutMs: LIMIT_MS, state: () => output });
  expect(output).toContain('its certificate is signed by an authority that is not trusted here');
  joining.kill('SIGKILL');

  await chmod(join(host, 'spare.token'), 0o644);
  joining = type(line, { ASSAY_TLS_CA: certPath });
  let said = '';
  joining.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => joining!.once('close', resolve));
  expect({ code, said }).toMatchObject({
    code: 2,
    said: expect.stringMatching(/--join-token-file: spare\.token can be read .*chmod 600 it/) as string,
  });
});
