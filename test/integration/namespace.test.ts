/**
 * An agent in a network of its own, from which only the coordinator and the model can be reached: it does the job. The
 * coordinator listens beyond loopback there, so this is TLS and the token end to end as well.
 */
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as dial, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { startChatServer, type ChatServer } from '../support/chat-server.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { addNetworkNamespace, type NetworkNamespace } from '../support/network-namespace.ts';
import { freePort } from '../support/ports.ts';
import { waitFor } from '../support/wait-for.ts';

const TOKEN = 'the-token-of-this-fleet-0123456789';
const SAMPLES = 30;

/** Why this machine cannot do it, or the namespace. */
function prepared(): NetworkNamespace | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need Linux and root';
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return addNetworkNamespace();
  } catch (error) {
    return (error as Error).message.trim().split('\n').at(-1)!;
  }
}

const namespace = prepared();
if (typeof namespace === 'string') console.warn(`namespace.test.ts is skipped: ${namespace}`);

describe.skipIf(typeof namespace === 'string')('an agent that reaches only the coordinator and the model', () => {
  const { hostAddress, prefix, remove } = namespace as NetworkNamespace;
  let fleet: Fleet;
  let model: ChatServer;
  let agent: Process;
  let address: string;
  let ca: Buffer;
  /** Stands for any other service of this machine. */
  let other: Server;

  beforeAll(async () => {
    fleet = await Fleet.start({ tcp: true });
    model = await startChatServer(({ prompt }) => `The answer is ${2 * Number(/What is (\d+)/.exec(prompt)![1])}`, hostAddress);
    other = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    await makeCertificates(fleet.dir, hostAddress);
    await writeFile(join(fleet.dir, 'token'), `${TOKEN}\n`, { mode: 0o600 });
    address = `${hostAddress}:${await freePort()}`;
    await fleet.coordinator({
      args: [
        '--listen',
        address,
        '--token-file',
        join(fleet.dir, 'token'),
        '--tls-cert',
        join(fleet.dir, 'server.pem'),
        '--tls-key',
        join(fleet.dir, 'server.key'),
      ],
    });
    ca = await readFile(join(fleet.dir, 'ca.pem'));
    agent = await fleet.agent(
      'inside',
      [address],
      { ...security(), models: [{ match: 'openai/*', provider: 'openai', base_url: model.url, stream: false }] },
      { prefix },
    );
  });
  afterAll(async () => {
    await fleet?.stop();
    await model?.stop();
    other?.close();
    remove();
  });
  const security = (): object => ({ tls_ca: join(fleet.dir, 'ca.pem'), token_file: join(fleet.dir, 'token') });

  test('cannot reach Redis, nor any address but those of its cable', async () => {
    // From this machine Redis answers, so that what follows says something.
    expect(await reaches([], '127.0.0.1', fleet.redis.port)).toBe('connected');
    for (const host of ['127.0.0.1', hostAddress]) expect(await reaches(prefix, host, fleet.redis.port)).toBe('ECONNREFUSED');
    expect(await reaches(prefix, '127.0.0.1', (other.address() as { port: number }).port)).toBe('ECONNREFUSED');
    expect(await reaches(prefix, '192.0.2.1', 443)).toBe('ENETUNREACH');
    expect(await reaches(prefix, hostAddress, model.port)).toBe('connected');
  });

  test('does the job', async () => {
    const client = connect({ addresses: [address], token: TOKEN, tlsCa: ca });
    try {
      const digest = await client.uploadBytes(sums(SAMPLES));
      const { evaluation } = await client.submit({
        spec: mockSpec(digest, { models: [{ model: 'openai/inside' }] }),
        idempotencyKey: 'inside',
      });
      expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
      const { results, agents } = await client.report(evaluation.evaluationId);
      expect(results).toMatchObject([{ model: 'openai/inside', metrics: { accuracy: 1 }, counts: { total: SAMPLES, scored: SAMPLES } }]);
      expect(Object.values(agents)).toEqual([SAMPLES]);
      expect(model.calls).toHaveLength(SAMPLES);
      expect(agent.running).toBe(true);
    } finally {
      client.close();
    }
  });

  test('a client without the token, with a wrong one, or without TLS is refused', async () => {
    const codeWith = async (options: object): Promise<string> => {
      const client = connect({ addresses: [address], patienceMs: 300, ...options });
      try {
        return await client.get(evaluationIdOf('default', 'nobody submitted this')).then(
          () => 'ok',
          (error: unknown) => AppError.from(error).code,
        );
      } finally {
        client.close();
      }
    };
    expect(await codeWith({ tlsCa: ca, token: TOKEN })).toBe('not_found');
    expect(await codeWith({ tlsCa: ca })).toBe('unauthenticated');
    expect(await codeWith({ tlsCa: ca, token: `${TOKEN}x` })).toBe('unauthenticated');
    expect(await codeWith({ tls: true, token: TOKEN })).toBe('unavailable');
    expect(await codeWith({ token: TOKEN })).toBe('unavailable');
  });

  test('an agent without the token, or with a wrong one, is refused and says so', async () => {
    const models = [{ match: 'mock/*', provider: 'mock' }];
    const wrong = join(fleet.dir, 'wrong-token');
    await writeFile(wrong, 'not-the-token-of-this-fleet-0123\n', { mode: 0o600 });
    const without = await fleet.agent('without', [address], { tls_ca: join(fleet.dir, 'ca.pem'), models }, { prefix, wait: false });
    const mistaken = await fleet.agent('mistaken', [address], { ...security(), token_file: wrong, models }, { prefix, wait: false });
    for (const refused of [without, mistaken]) {
      await waitFor(() => /token/.test(refused.output), {
        what: `${refused.name} to be refused`,
        timeoutMs: 20_000,
        state: () => refused.output,
      });
      expect(refused.output).not.toContain('"msg":"connected"');
      expect(refused.output).not.toContain('not-the-token-of-this-fleet');
    }
  });
});

/** 'connected', or the error's code, of a TCP connection from where the prefix puts it. */
async function reaches(prefix: readonly string[], host: string, port: number): Promise<string> {
  if (prefix.length === 0) {
    const socket = dial({ host, port });
    return once(socket, 'connect')
      .then(
        () => 'connected',
        (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'failed',
      )
      .finally(() => socket.destroy());
  }
  const script = `const s = require('node:net').connect({ host: ${JSON.stringify(host)}, port: ${port}, timeout: 3000 });
    const say = (word) => { console.log(word); process.exit(); };
    s.on('connect', () => say('connected')); s.on('timeout', () => say('timeout')); s.on('error', (e) => say(e.code));`;
  const [command, ...args] = [...prefix, process.execPath, '-e', script];
  return (await promisify(execFile)(command, args)).stdout.trim();
}

/** An authority (ca.pem) and a certificate for the address that it has signed (server.pem, server.key). */
async function makeCertificates(dir: string, address: string): Promise<void> {
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: dir, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=a test authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...newKey, '-subj', '/CN=coordinator', '-keyout', 'server.key', '-out', 'server.csr');
  await writeFile(join(dir, 'server.ext'), `subjectAltName=IP:${address}\n`);
  openssl(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    '2',
    '-extfile',
    'server.ext',
    '-out',
    'server.pem',
  );
}
