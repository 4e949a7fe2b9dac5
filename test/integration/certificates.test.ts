/** Certificates: which are refused, on both sides; and new ones in the place of old ones while calls go on. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { connect } from '../../shared/client/connect.ts';
import { connectAgent } from '../../shared/rpc/agent-stream.ts';
import { TlsFiles } from '../../shared/rpc/tls-files.ts';
import { makeAuthority, makeCertificate, type TestAuthority, type TestCertificate } from '../support/certificate.ts';
import { allOf } from '../support/mock-evaluation.ts';
import { RotatingFiles } from '../support/rotating-files.ts';
import { evaluation, EVALUATION_ID, failure, recordingLogger, startServer, type LogLine } from '../support/rpc.ts';
import { waitFor } from '../support/wait-for.ts';

const NAMES = 'DNS:localhost,IP:127.0.0.1';
const AGENT = 'URI:spiffe://lab/agent-7';
let authority: TestAuthority;
let stranger: TestAuthority;
let server: TestCertificate;
let agent: TestCertificate;

beforeAll(async () => {
  authority = await makeAuthority();
  stranger = await makeAuthority();
  server = await authority.issue({ names: NAMES, usage: 'serverAuth' });
  agent = await authority.issue({ names: AGENT, usage: 'clientAuth' });
});

const servers: RpcServer[] = [];
afterAll(async () => void (await Promise.all(servers.map((each) => each.stop()))));

async function listen(cert: TestCertificate, options: { clientCa?: string; files?: RotatingFiles; logger?: object } = {}): Promise<string> {
  const { clientCa, files } = options;
  const started = await startServer(
    { get: async () => evaluation() },
    {
      tls: {
        cert: Buffer.from(cert.cert),
        key: Buffer.from(cert.key),
        ...(clientCa && { clientCa: Buffer.from(clientCa) }),
        ...(files && { files: { cert: files.cert, key: files.key, ...(clientCa && { clientCa: files.ca }) } }),
      },
      limits: { tlsReloadMs: 50 },
      sessions: { serve: async (stream) => void (await allOf(stream.messages)) },
      ...(options.logger ? { logger: options.logger as never } : {}),
    },
  );
  servers.push(started);
  return started.address;
}

const shown = ({ cert, key }: TestCertificate) => ({ tlsCert: Buffer.from(cert), tlsKey: Buffer.from(key) });

async function get(address: string, options: object): Promise<string> {
  const client = connect({ addresses: [address], patienceMs: 100, ...options });
  try {
    return (await client.get(EVALUATION_ID)).evaluationId;
  } finally {
    client.close();
  }
}

describe.concurrent('refused by callers', () => {
  test.each([
    ['one that has ended', () => authority.issue({ names: NAMES, days: -1 }), /\(its certificate is over\); put a new one/],
    [
      'one of another authority',
      () => stranger.issue({ names: NAMES }),
      /not trusted here\); name the authority that signed it \(--tls-ca, /,
    ],
    ['one for other names', () => authority.issue({ names: 'DNS:elsewhere.test' }), /is for other names\); dial one of/],
    ['one that signs itself, with the same names', () => makeCertificate(NAMES), /not trusted here\); name the authority/],
    ['one that is for callers only', () => authority.issue({ names: NAMES, usage: 'clientAuth' }), /is not for servers\); give it one/],
  ])('%s', async (_, make, words) => {
    const address = await listen(await make());
    const tlsCa = Buffer.from(authority.cert);
    expect((await failure(get(address, { tlsCa }))).code).toBe('unavailable');
    expect((await failure(allOf(connectAgent({ address, tlsCa }).messages))).code).toBe('unavailable');
    const client = connect({ addresses: [address], tlsCa });
    const why = async (): Promise<string> => (await failure(client.waitUntilReady(300))).message;
    let last = '';
    // A busy machine may not even come to the handshake at first.
    await waitFor(async () => words.test((last = await why())), { what: `${words} to be told`, state: () => last });
    client.close();
  });
  test('none: a coordinator that speaks plain text', async () => {
    const plain = await startServer({ get: async () => evaluation() });
    servers.push(plain);
    expect((await failure(get(plain.address, { tlsCa: Buffer.from(authority.cert) }))).code).toBe('unavailable');
  });
});

describe.concurrent('refused by a coordinator that wants certificates of its callers', () => {
  let address: string;
  const tlsCa = (): { tlsCa: Buffer } => ({ tlsCa: Buffer.from(authority.cert) });
  beforeAll(async () => void (address = await listen(server, { clientCa: authority.cert })));
  test('but not one of its authority', async () => {
    expect(await get(address, { ...tlsCa(), ...shown(agent) })).toBe(EVALUATION_ID);
    const stream = connectAgent({ address, ...tlsCa(), ...shown(agent) });
    stream.end();
    expect(await allOf(stream.messages)).toEqual([]);
  });
  test.each<[string, () => Promise<TestCertificate | undefined>]>([
    ['none', async () => undefined],
    ['one that has ended', () => authority.issue({ names: AGENT, days: -1 })],
    ['one of another authority', () => stranger.issue({ names: AGENT })],
    ['one that signs itself, with the same name', () => makeCertificate(AGENT)],
    ['one that is for servers only', () => authority.issue({ names: AGENT, usage: 'serverAuth' })],
  ])('%s', async (_, make) => {
    const cert = await make();
    const options = { ...tlsCa(), ...(cert && shown(cert)) };
    expect((await failure(get(address, options))).code).toBe('unavailable');
    expect((await failure(allOf(connectAgent({ address, ...options }).messages))).code).toBe('unavailable');
  });
});

test('what is wrong with the certificate of a caller is told in the log', async () => {
  const { logger, lines } = recordingLogger();
  const address = await listen(server, { clientCa: authority.cert, logger });
  const over = await authority.issue({ names: AGENT, days: -1 });
  await failure(get(address, { tlsCa: Buffer.from(authority.cert), ...shown(over) }));
  const told = (): LogLine | undefined => lines.find(({ fields }) => fields['reason'] === 'certificate');
  await waitFor(() => told() !== undefined, { what: 'the certificate to be told', state: () => JSON.stringify(lines) });
  expect(told()?.fields['problem']).toBe('CERT_HAS_EXPIRED');
});

describe('new files', () => {
  test('new connections get the new certificate, no call fails and streams live on; a broken pair is refused and told', async () => {
    const files = await RotatingFiles.of({ ...server, ca: authority.cert });
    const { logger, lines } = recordingLogger();
    const address = await listen(server, { files, logger });
    const own = new TlsFiles({ paths: { ca: authority.certPath } });
    const client = connect({ addresses: [address], patienceMs: 0, tlsFiles: own });
    const stream = connectAgent({ address, tlsCa: Buffer.from(authority.cert) });
    let [calls, isOver] = [0, false];
    const load = (async () => {
      while (!isOver) {
        await client.get(EVALUATION_ID);
        await get(address, { tlsCa: Buffer.from(authority.cert) });
        calls++;
      }
    })();
    const swap = async (how: 'swapLink' | 'renameInto', pems: { cert: string; key: string }): Promise<void> => {
      await files[how](pems);
      await waitFor(async () => (await certificateOf(address)) === fingerprintOf(pems.cert), { what: 'the new certificate to be shown' });
    };
    const [second, third] = [await authority.issue({ names: NAMES }), await authority.issue({ names: NAMES })];
    await swap('swapLink', second);
    await swap('swapLink', third);

    const told = (text: RegExp): LogLine | undefined => lines.find(({ fields }) => text.test(String(fields['problem'])));
    for (const [pems, text] of [
      [{ cert: server.cert, key: third.key }, /not that of the certificate/],
      [{ cert: 'no PEM', key: third.key }, /no PEM that can be read/],
      [await authority.issue({ names: NAMES, days: -1 }), /ended on/],
    ] as const) {
      await files.swapLink(pems);
      await waitFor(() => told(text) !== undefined, { what: `${text} to be told` });
      expect(await certificateOf(address)).toBe(fingerprintOf(third.cert));
    }
    await swap('renameInto', server);

    isOver = true;
    await load;
    expect(calls).toBeGreaterThan(0);
    stream.end();
    expect(await allOf(stream.messages)).toEqual([]);
    client.close();
  });

  test('callers read theirs again for the next connection', async () => {
    const address = await listen(server, { clientCa: authority.cert });
    const old = await stranger.issue({ names: AGENT });
    const files = await RotatingFiles.of({ ...old, ca: authority.cert });
    let nowMs = Date.now();
    const problems: string[] = [];
    const tlsFiles = new TlsFiles({ paths: files, nowMs: () => nowMs, onProblem: (problem) => problems.push(problem) });
    const client = connect({ addresses: [address], patienceMs: 100, tlsFiles });
    expect((await failure(client.get(EVALUATION_ID))).code).toBe('unavailable');
    await files.swapLink({ ...agent, ca: authority.cert });
    nowMs += 1000;
    expect((await client.get(EVALUATION_ID)).evaluationId).toBe(EVALUATION_ID);
    await files.swapLink({ cert: agent.cert, key: old.key, ca: authority.cert });
    nowMs += 1000;
    expect((await client.get(EVALUATION_ID)).evaluationId).toBe(EVALUATION_ID);
    expect(problems).toEqual([expect.stringMatching(/the key is not that of the certificate; what was read before is used on/)]);
    client.close();
  });
});

/** What is shown to a new connection. */
async function certificateOf(address: string): Promise<string> {
  const [host, port] = address.split(':');
  const socket: TLSSocket = connectTls({ host: host!, port: Number(port), ca: authority.cert, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const fingerprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256;
