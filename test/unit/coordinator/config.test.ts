import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCoordinatorConfig } from '../../../coordinator/config.ts';
import { DEFAULT_LIMITS, LOCAL_LIMITS } from '../../../coordinator/rpc/limits/transport-limits.ts';
import { makeCertificate } from '../../support/certificate.ts';

const NEEDED = ['--redis', 'redis://h:6379', '--store', '/s'];
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'assay-config-'));

async function faultsOf(argv: string[], environment: Record<string, string> = {}): Promise<string> {
  try {
    await parseCoordinatorConfig(argv, environment);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid' });
    return (error as Error).message;
  }
  throw new Error('it was accepted');
}

describe('sources', () => {
  test('defaults', async () => {
    const config = await parseCoordinatorConfig(NEEDED, {});
    expect(config).toEqual({
      listen: { kind: 'tcp', host: '127.0.0.1', port: 4510 },
      redisUrl: 'redis://h:6379',
      store: '/s',
      leaseMs: 15_000,
      heartbeatMs: 5000,
      sweepMs: 1000,
      acceptMs: 10_000,
      drainMs: 5000,
      taskSoftMs: 0,
      taskHardMs: 0,
      maxContentBytes: 8 * 1024 ** 3,
      redisHeadroomPercent: 20,
      storeHeadroomBytes: 256 * 1024 ** 2,
      maxUnfinished: 10_000,
      identities: { issuers: [], certificates: [] },
      alerts: { channels: [], gates: [], after: {}, clearMs: 30_000 },
      limits: LOCAL_LIMITS,
      requireLeases: false,
      fetchPrivate: true,
      retention: {},
      ledgerRetention: { keepMs: 24 * 3_600_000, ledgers: 10_000, bytes: undefined },
      keepAuditMs: 400 * 24 * 3_600_000,
      keepLogBytes: 16 * 1024 ** 2,
      keyPrefix: 'assay',
      profile: 'development',
      logLevel: 'info',
      exitWithParent: false,
    });
    expect(Object.isFrozen(config)).toBe(true);
  });
  test('flags before environment before file', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'c.yaml'), 'redis_url: redis://file\nstore: data\nlease_ms: 30s\nkey_prefix: file\nhttp: 127.0.0.1:9090\n');
    const environment = { ASSAY_REDIS_URL: 'redis://variable', ASSAY_LEASE_MS: '20000', ASSAY_CONFIG: join(dir, 'c.yaml') };
    const config = await parseCoordinatorConfig(['--lease-ms=40000', '--exit-with-parent', '--listen', 'unix:/run/a.sock'], environment);
    expect(config).toMatchObject({
      redisUrl: 'redis://variable',
      leaseMs: 40_000,
      store: join(dir, 'data'),
      keyPrefix: 'file',
      exitWithParent: true,
      listen: { kind: 'unix', path: '/run/a.sock' },
      http: { host: '127.0.0.1', port: 9090 },
    });
  });
  test('datasets from private networks are for coordinators that only this machine can reach', async () => {
    const local = async (...argv: string[]): Promise<boolean> => (await parseCoordinatorConfig([...NEEDED, ...argv], {})).fetchPrivate;
    expect(await local('--listen', 'unix:/run/a.sock')).toBe(true);
    expect(await local('--fetch-private', 'false')).toBe(false);
    expect(await faultsOf([...NEEDED, '--fetch-private', 'perhaps'])).toContain('--fetch-private: "perhaps" is neither yes nor no');
  });
  test('what is kept: by age, number and bytes, each by itself', async () => {
    const flags = [
      '--keep-for',
      '30d',
      '--keep-evaluations',
      '1000',
      '--keep-bytes',
      '5000000',
      '--keep-ledger',
      '2h',
      '--keep-ledgers',
      '500',
      '--keep-ledger-bytes',
      '9000000',
      '--keep-audit',
      '90d',
    ];
    expect(await parseCoordinatorConfig([...NEEDED, ...flags], {})).toMatchObject({
      retention: { keepMs: 30 * 24 * 3_600_000, keepEvaluations: 1000, keepBytes: 5_000_000 },
      ledgerRetention: { keepMs: 2 * 3_600_000, ledgers: 500, bytes: 9_000_000 },
      keepAuditMs: 90 * 24 * 3_600_000,
    });
    expect((await parseCoordinatorConfig(NEEDED, { ASSAY_KEEP_EVALUATIONS: '7' })).retention).toEqual({ keepEvaluations: 7 });
    const message = await faultsOf([
      ...NEEDED,
      '--keep-for',
      '30',
      '--keep-evaluations',
      '0',
      '--keep-bytes',
      '1GB',
      '--keep-ledger',
      '0s',
      '--keep-audit',
      '23h',
    ]);
    for (const place of [
      'keep-for: "30" is not such a duration',
      'keep-evaluations: "0"',
      'keep-bytes: "1GB"',
      'keep-ledger: "0s"',
      'keep-audit: "23h"',
    ])
      expect(message).toContain(`--${place}`);
  });
  test('a table of prices is read and checked at the start', async () => {
    const dir = await folder();
    const path = join(dir, 'prices.json');
    const table = { version: 'ours', models: [{ match: 'openai/*', inputUsdPerMillion: 1, outputUsdPerMillion: 2 }] };
    await writeFile(path, JSON.stringify(table));
    expect((await parseCoordinatorConfig([...NEEDED, '--prices', path], {})).prices).toEqual(table);
    await writeFile(path, JSON.stringify({ version: 1, models: [{ match: 'x', inputUsdPerMillion: -1 }] }));
    const message = await faultsOf([...NEEDED, '--prices', path]);
    expect(message).toContain(`--prices ${path} version: is 1, must be text`);
    expect(message).toContain(`--prices ${path} models[0].inputUsdPerMillion: is -1`);
    expect(message).toContain(`--prices ${path} models[0].outputUsdPerMillion: is missing`);
    await writeFile(path, '{');
    expect(await faultsOf([...NEEDED, '--prices', path])).toContain('is no JSON; write {"version"');
    expect(await faultsOf([...NEEDED, '--prices', join(dir, 'none')])).toContain('cannot be read');
  });
  test('every form of a Redis URL', async () => {
    for (const url of [
      'redis://:pw@h:1/2',
      'rediss://h',
      'unix:/run/redis.sock',
      'redis+sentinel://a,b:1/main/3',
      'redis+cluster://a:1,b:2',
    ]) {
      expect((await parseCoordinatorConfig(['--redis', url, '--store', '/s'], {})).redisUrl).toBe(url);
    }
    expect(await faultsOf(['--redis', 'unix:redis.sock', '--store', '/s'])).toContain('must be absolute');
    const message = await faultsOf(['--redis', 'http://:hunter2@h', '--store', '/s']);
    expect(message).toContain('is no address of a Redis; write redis://HOST:PORT, rediss://');
    expect(message).not.toContain('hunter2');
  });
  test('a token from a file or a variable', async () => {
    const path = join(await folder(), 'token');
    await writeFile(path, `${'s'.repeat(20)}\n`, { mode: 0o600 });
    expect((await parseCoordinatorConfig([...NEEDED, '--token-file', path], {})).token).toBe('s'.repeat(20));
    expect((await parseCoordinatorConfig(NEEDED, { ASSAY_TOKEN: 't'.repeat(20) })).token).toBe('t'.repeat(20));
    expect(await faultsOf([...NEEDED, '--token-file', path], { ASSAY_TOKEN: 't'.repeat(20) })).toContain('keep one of them');
    const short = await faultsOf(NEEDED, { ASSAY_TOKEN: 'hunter2' });
    expect(short).toContain('ASSAY_TOKEN: a token has 16 to 512');
    expect(short).not.toContain('hunter2');
  });
});

describe('faults', () => {
  test('all at once, each with its place', async () => {
    const message = await faultsOf(['--lisen', 'x', '--http', 'here', '--lease-ms', 'soon', 'stray', '--token-file'], {
      ASSAY_SWEEP_MS: '-1',
      ASSAY_KEY_PREFIX: 'a b',
    });
    const lines = message.split('\n').map((line) => line.trim());
    expect(lines[0]).toBe('coordinator configuration has 9 faults:');
    const starts = [
      '--lisen: is no flag',
      'stray: is no flag',
      '--token-file: has no value',
      'redis_url: is missing; name it by --redis',
      'store: is missing; name a directory by --store',
      '--http: "here": must be HOST:PORT',
      '--lease-ms: "soon"',
      'ASSAY_SWEEP_MS: "-1"',
      'key_prefix: "a b"',
    ];
    expect(starts.filter((start) => lines.filter((line) => line.startsWith(start)).length !== 1)).toEqual([]);
    expect(message).toContain('did you mean --listen?');
  });
  test('heartbeats must fit thrice into a lease', async () => {
    expect(await faultsOf([...NEEDED, '--lease-ms', '6000', '--heartbeat-ms', '2001'])).toContain('write 2000 or less');
    expect((await parseCoordinatorConfig([...NEEDED, '--lease-ms', '6000', '--heartbeat-ms', '2000'], {})).heartbeatMs).toBe(2000);
  });
  test('beyond this machine only with TLS and a token', async () => {
    const both = await faultsOf([...NEEDED, '--listen', '0.0.0.0:4510']);
    expect(both).toContain('TLS (--tls-cert and --tls-key) and a token');
    expect(await faultsOf([...NEEDED, '--listen', 'example.org:4510'], { ASSAY_TOKEN: 't'.repeat(20) })).toContain('needs TLS');
    for (const local of ['localhost:0', '127.1.2.3:1', '[::1]:4510']) await parseCoordinatorConfig([...NEEDED, '--listen', local], {});
  });
  test('TLS needs a pair that is one', async () => {
    const path = join(await folder(), 'cert');
    await writeFile(path, 'not a certificate', { mode: 0o600 });
    expect(await faultsOf([...NEEDED, '--tls-cert', path])).toContain('tls_key: is missing, and tls_cert is given');
    expect(await faultsOf([...NEEDED, '--tls-cert', path, '--tls-key', path])).toContain('are no pair of certificate and key in PEM');
    expect(await faultsOf([...NEEDED, '--tls-cert', path, '--tls-key', `${path}.not`])).toContain('cannot be read');
    const { cert, certPath, keyPath } = await makeCertificate();
    const other = await makeCertificate();
    const pair = [...NEEDED, '--tls-cert', certPath, '--tls-key', keyPath];
    expect(await faultsOf([...NEEDED, '--tls-cert', certPath, '--tls-key', other.keyPath])).toContain(
      'the key is not that of the certificate',
    );
    expect(await faultsOf([...NEEDED, '--tls-client-ca', certPath])).toContain('tls_client_ca: is given without tls_cert and tls_key');
    expect(await faultsOf([...pair, '--tls-client-ca', keyPath])).toContain('there is no PEM certificate in it');
    const { tls } = await parseCoordinatorConfig([...pair, '--tls-client-ca', certPath], {});
    expect(tls).toMatchObject({ clientCa: Buffer.from(cert), files: { cert: certPath, key: keyPath, clientCa: certPath } });
  });
  test('limits of what a peer may take: larger ones of all, none of one address where only this machine comes in', async () => {
    const { certPath, keyPath } = await makeCertificate();
    const beyond = [...NEEDED, '--listen', '0.0.0.0:0', '--tls-cert', certPath, '--tls-key', keyPath];
    expect((await parseCoordinatorConfig(beyond, { ASSAY_TOKEN: 't'.repeat(20) })).limits).toEqual(DEFAULT_LIMITS);
    expect((await parseCoordinatorConfig([...NEEDED, '--call-ms', '90s'], {})).limits).toEqual({ ...LOCAL_LIMITS, callMs: 90_000 });
    expect(await faultsOf([...NEEDED, '--max-connections', '5', '--max-connections-per-peer', '6'])).toContain(
      '6 is more than max_connections (5)',
    );
    expect(await faultsOf([...NEEDED, '--max-pending-bytes', '9000000'])).toContain('is more than max_pending_bytes (9000000)');
  });
  test('in production a Redis beyond this machine is spoken to by TLS', async () => {
    const of = (url: string, ...more: string[]) => ['--redis', url, '--store', '/s', '--profile', 'production', ...more];
    const far = {
      'redis://h': 'rediss:',
      'redis+sentinel://127.0.0.1,s2/main': 'rediss+sentinel:',
      'redis+cluster://c1,c2': 'rediss+cluster:',
    };
    for (const [url, scheme] of Object.entries(far))
      expect(await faultsOf(of(url))).toContain(`spoken to in plain text, with --profile production; write ${scheme}//`);
    for (const url of ['rediss://h', 'redis://127.0.0.1', 'redis://[::1]:1', 'redis://localhost', 'unix:/r', 'rediss+cluster://c1,c2'])
      await parseCoordinatorConfig(of(url), {});
    await parseCoordinatorConfig(of('redis://h', '--redis-plaintext', 'true'), {});
  });
  test('the file: unreadable, not YAML, unknown keys', async () => {
    const path = join(await folder(), 'c.yaml');
    expect(await faultsOf([...NEEDED, '--config', path])).toContain('cannot be read');
    await writeFile(path, 'a: [1\n');
    expect(await faultsOf([...NEEDED, '--config', path])).toContain(`${path}:`);
    await writeFile(path, 'lease: 5\n');
    expect(await faultsOf([...NEEDED, '--config', path])).toContain(`${path}: lease: is not known here`);
  });
});
