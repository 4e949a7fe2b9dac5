/** `assay doctor` on certificates, an agent's settings and a fleet set up wrongly: each is real, and the remedy is what must be typed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import { makeCertificate } from '../support/certificate.ts';
import { Doctor, expectFinding } from '../support/doctor.ts';
import { Fleet } from '../support/fleet.ts';

let doctor: Doctor;

beforeAll(async () => {
  doctor = await Doctor.open();
});
afterAll(() => doctor.close());

// A client tries for seconds before it gives up: side by side.
describe.concurrent('TLS', () => {
  const serve = async ({ key, cert }: { key: string; cert: string }): Promise<number> => {
    const secureContext = createSecureContext({ key, cert });
    return doctor.listening(
      createServer((socket) => {
        const secured = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: ['h2'] });
        secured.on('error', () => undefined);
      }),
    );
  };

  it('has an authority that nobody named', async () => {
    const made = await makeCertificate('IP:127.0.0.1');
    const port = await serve(made);
    await expectFinding(doctor, ['--address', `127.0.0.1:${port}`, '--tls'], { subject: 'TLS', says: /not trusted/, remedy: /^--tls-ca/ });
  });

  it('has a certificate for another name', async () => {
    const made = await makeCertificate('DNS:coordinator.example');
    const port = await serve(made);
    await expectFinding(doctor, ['--address', `127.0.0.1:${port}`, '--tls-ca', made.certPath], {
      subject: 'TLS',
      says: /is for coordinator\.example, not for 127\.0\.0\.1/,
      remedy: /subjectAltName/,
    });
  });

  it('has a certificate that has ended', async () => {
    const made = await makeCertificate('IP:127.0.0.1');
    // Only `openssl ca` takes dates in every release: the certificate signs itself once more, for a year that is over.
    const config = join(doctor.dir, 'ca.cnf');
    writeFileSync(
      config,
      `[ca]\ndefault_ca = own\n[own]\ndatabase = ${doctor.dir}/index.txt\nserial = ${doctor.dir}/serial\nnew_certs_dir = ${doctor.dir}\ndefault_md = sha256\npolicy = any\nx509_extensions = names\n[any]\ncommonName = supplied\n[names]\nsubjectAltName = IP:127.0.0.1\n`,
    );
    writeFileSync(join(doctor.dir, 'index.txt'), '');
    writeFileSync(join(doctor.dir, 'serial'), '01\n');
    const request = join(doctor.dir, 'old.csr');
    execFileSync('openssl', ['req', '-new', '-key', made.keyPath, '-subj', '/CN=old', '-out', request], { stdio: 'ignore' });
    const dates = ['-startdate', '20200101000000Z', '-enddate', '20210101000000Z'];
    const signed = [
      'ca',
      '-config',
      config,
      '-selfsign',
      '-keyfile',
      made.keyPath,
      '-in',
      request,
      '-out',
      made.certPath,
      '-batch',
      '-notext',
      ...dates,
    ];
    execFileSync('openssl', signed, { stdio: 'ignore' });
    const port = await serve({ key: made.key, cert: readFileSync(made.certPath, 'utf8') });
    await expectFinding(doctor, ['--address', `127.0.0.1:${port}`, '--tls-ca', made.certPath], {
      subject: 'TLS',
      says: /ended on .*2021/,
      remedy: /make a new one/,
    });
  });

  it('is not spoken there', async () => {
    const port = await doctor.listening(createServer((socket) => void socket.on('error', () => undefined).end('hello\n')));
    await expectFinding(doctor, ['--address', `127.0.0.1:${port}`, '--tls'], {
      subject: 'TLS',
      says: /does not speak TLS/,
      remedy: /--tls-cert/,
    });
  });
});

describe.concurrent('a fleet that is not there', () => {
  it('does not answer', () =>
    expectFinding(doctor, ['--address', '127.0.0.1:1'], {
      subject: 'coordinator',
      says: /none answers/,
      remedy: /assay coordinator --listen/,
    }));
});

describe('an agent’s settings', () => {
  it('name an environment variable that is not set', async () => {
    const file = join(doctor.dir, 'agent.yaml');
    writeFileSync(file, 'addresses: [127.0.0.1:4510]\nmodels:\n  - {match: "openai/*", provider: openai, api_key_env: NO_SUCH_KEY}\n');
    await expectFinding(doctor, ['--agent-config', file], {
      subject: 'agent',
      says: /NO_SUCH_KEY/,
      remedy: /agent\.yaml or the environment/,
    });
  });

  it('serve nothing real', async () => {
    const file = join(doctor.dir, 'mock.yaml');
    writeFileSync(file, 'addresses: [127.0.0.1:4510]\nmodels:\n  - {match: "mock/*", provider: mock}\n');
    await expectFinding(doctor, ['--agent-config', file], { level: 'note', subject: 'agent', says: /only mock/, remedy: /real endpoint/ });
  });
});

describe('a fleet', () => {
  let fleet: Fleet;
  let address: string;
  beforeAll(async () => {
    fleet = await Fleet.start();
    address = (await fleet.coordinator({ args: [], env: { ASSAY_TOKEN: 'a-token-of-some-length' } })).address;
    doctor.atEnd(() => fleet.stop());
  });
  const token = { ASSAY_TOKEN: 'a-token-of-some-length' };

  it('wants a token', () =>
    expectFinding(doctor, ['--address', address], { subject: 'token', says: /wants a token/, remedy: /ASSAY_TOKEN/ }));
  it('takes a token that may not look at it', async () => {
    const admin = connect({ addresses: [address], token: token.ASSAY_TOKEN });
    const { secret } = await admin.createToken({ name: 'gpu-1', scopes: ['agent'], namespaces: '*' });
    admin.close();
    await expectFinding(
      doctor,
      ['--address', address],
      { level: 'note', subject: 'coordinator', says: /this token may not look/, remedy: /operate/ },
      { ASSAY_TOKEN: secret },
    );
  });
  it('wants another token', () =>
    expectFinding(
      doctor,
      ['--address', address],
      { subject: 'token', says: /refuses the token/, remedy: /--token-file/ },
      { ASSAY_TOKEN: 'another-token-also-long' },
    ));
  it('has no agents', () =>
    expectFinding(
      doctor,
      ['--address', address],
      { subject: 'agents', says: /none is connected/, remedy: /^assay agent --config/ },
      token,
    ));

  it('has another store than the folder that is named', async () => {
    const other = join(doctor.dir, 'other-store');
    mkdirSync(other);
    writeFileSync(join(other, 'store.json'), JSON.stringify({ storeId: 'st_0000000000000000', version: 1 }));
    await expectFinding(
      doctor,
      ['--address', address, '--store', other],
      { subject: 'store', says: /st_0000000000000000, but the coordinators work on st_/, remedy: /--store FOLDER/ },
      token,
    );
  });

  it('has a route that no agent fits', async () => {
    const client = connect({ addresses: [address], token: token.ASSAY_TOKEN });
    doctor.atEnd(async () => client.close());
    const digest = await client.uploadBytes(Buffer.from('{"input":"1","target":"1"}\n'));
    const benchmarks = [{ benchmark: 'b', dataset: { uri: 'file:d.jsonl', digest }, scorers: [{ name: 'match' }] }];
    await client.submit({ spec: { name: 'waits', benchmarks, models: [{ model: 'openai/nobody' }] }, idempotencyKey: 'doctor' });
    // The coordinator's picture of the fleet is a little behind.
    for await (const { routes } of client.watchCluster()) if (routes.some(({ open }) => open > 0)) break;
    await expectFinding(
      doctor,
      ['--address', address],
      { subject: 'routes', says: /no agent fits model=openai\/nobody/, remedy: /^assay agent --config/ },
      token,
    );
  });
});
