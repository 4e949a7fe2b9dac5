/** `assay doctor` on a host, its Redis and its store set up wrongly: each is real, and the remedy is what must be typed. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bulk, Doctor, expectFinding, goodReplies, pretender } from '../support/doctor.ts';
import { startRedis, type TestRedis, type TestRedisOptions } from '../support/redis.ts';

let doctor: Doctor;

beforeAll(async () => {
  doctor = await Doctor.open();
});
afterAll(() => doctor.close());

async function redis(options: TestRedisOptions): Promise<TestRedis> {
  const server = await startRedis(options);
  doctor.atEnd(() => server.stop());
  return server;
}

describe('a host in order', () => {
  it('says so, and exits with 0', async () => {
    const server = await redis({});
    const store = join(doctor.dir, 'good-store');
    mkdirSync(store);
    const { code, findings } = await doctor.findings(['--redis', server.url, '--store', store]);
    expect(findings.filter((f) => f.level === 'fault')).toEqual([]);
    expect(code).toBe(0);
    expect(findings.map((f) => f.subject)).toEqual(
      expect.arrayContaining(['Node', 'limits', 'ASSAY_HOME', 'redis-server', 'Redis', 'store']),
    );
  });

  it('speaks to people with a mark, and what to type under it', async () => {
    const { stdout, stderr } = await doctor.cli.run(['doctor', '--store', join(doctor.dir, 'nowhere')], {
      env: { ASSAY_REDIS_URL: undefined },
    });
    expect(stdout).toMatch(/^ok {5}Node +24\.\d+\.\d+, Assay \d/m);
    expect(stdout).toMatch(/^FAULT {2}store +there is no .*nowhere\n +→ mkdir -p .*nowhere/m);
    expect(stderr).toContain('1 fault, 0 notes');
  });
});

describe('Redis', () => {
  it('is not there', () =>
    expectFinding(doctor, ['--redis', 'redis://127.0.0.1:1'], {
      subject: 'Redis',
      says: /nothing answers/,
      remedy: /^redis-server --appendonly yes/,
    }));

  it('has no such socket', () =>
    expectFinding(doctor, ['--redis', `unix:${doctor.dir}/none.sock`], { subject: 'Redis', says: /no such socket/, remedy: /unixsocket/ }));

  it('keeps nothing on disk', async () => {
    const { url } = await redis({ args: ['--appendonly', 'no'] });
    await expectFinding(doctor, ['--redis', url], {
      subject: 'Redis',
      says: /appendonly is no/,
      remedy: /^redis-cli CONFIG SET appendonly yes/,
    });
  });

  it('evicts', async () => {
    const { url } = await redis({ args: ['--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru'] });
    await expectFinding(doctor, ['--redis', url], {
      subject: 'Redis',
      says: /allkeys-lru/,
      remedy: /^redis-cli CONFIG SET maxmemory-policy noeviction/,
    });
  });

  it('is nearly full', async () => {
    const { url } = await redis({ args: ['--maxmemory', '1mb'] });
    await expectFinding(doctor, ['--redis', url], {
      subject: 'Redis',
      says: /% of its maxmemory/,
      remedy: /^redis-cli CONFIG SET maxmemory \d+mb/,
    });
  });

  it('wants a password, or another one', async () => {
    const { port, url } = await redis({ tcp: true });
    const owner = new Redis(url);
    await owner.config('SET', 'requirepass', 'right');
    owner.disconnect();
    await expectFinding(doctor, ['--redis', `redis://127.0.0.1:${port}`], {
      subject: 'Redis',
      says: /wants a password/,
      remedy: /redis:\/\/:PASSWORD@/,
    });
    await expectFinding(doctor, ['--redis', `redis://:wrong@127.0.0.1:${port}`], {
      subject: 'Redis',
      says: /refuses the password/,
      remedy: /requirepass/,
    });
    const { findings } = await doctor.findings(['--redis', `redis://:wrong@127.0.0.1:${port}`]);
    expect(JSON.stringify(findings)).not.toContain('wrong@');
  });

  it('is a replica', async () => {
    const port = await doctor.listening(
      pretender({ ...goodReplies, INFO: () => bulk('redis_version:7.0.15\r\nrole:slave\r\nmaster_host:primary\r\nmaster_port:6379\r\n') }),
    );
    await expectFinding(doctor, ['--redis', `redis://127.0.0.1:${port}`], { subject: 'Redis', says: /replica/, remedy: /primary:6379/ });
  });

  it('is too old', async () => {
    const port = await doctor.listening(pretender({ ...goodReplies, INFO: () => bulk('redis_version:5.0.7\r\nrole:master\r\n') }));
    await expectFinding(doctor, ['--redis', `redis://127.0.0.1:${port}`], {
      subject: 'Redis',
      says: /version 5\.0\.7/,
      remedy: /apt-get install redis-server/,
    });
  });

  it('has another time than this host', async () => {
    const port = await doctor.listening(
      pretender({ ...goodReplies, TIME: () => `*2\r\n${bulk(String(Math.floor(Date.now() / 1000) + 90))}${bulk('0')}` }),
    );
    await expectFinding(doctor, ['--redis', `redis://127.0.0.1:${port}`], {
      subject: 'clock',
      says: /s behind Redis's host/,
      remedy: /^timedatectl/,
    });
  });
});

describe('this host', () => {
  it('has a port that is taken', async () => {
    const port = await doctor.listening(createServer());
    await expectFinding(doctor, ['--listen', `127.0.0.1:${port}`], {
      subject: 'port',
      says: /taken/,
      remedy: new RegExp(`sport = :${port}`),
    });
  });

  it('has not the address to listen on', () =>
    expectFinding(doctor, ['--listen', '203.0.113.9:4510'], { subject: 'port', says: /no such address/, remedy: /ip addr/ }));

  it('has no Redis to start', () =>
    expectFinding(
      doctor,
      [],
      { level: 'note', subject: 'redis-server', says: /Redis is needed/, remedy: /apt-get install redis-server/ },
      { PATH: doctor.dir },
    ));

  it('has a file where ASSAY_HOME should be', async () => {
    const file = join(doctor.dir, 'file');
    writeFileSync(file, '');
    await expectFinding(
      doctor,
      [],
      { subject: 'ASSAY_HOME', says: /is a file/, remedy: /export ASSAY_HOME/ },
      { ASSAY_HOME: join(file, 'home') },
    );
  });

  it('allows few open files', async () => {
    const command = `ulimit -n 512; "${process.execPath}" cli/main.ts doctor --json; true`;
    const out = execFileSync('sh', ['-c', command], {
      cwd: join(import.meta.dirname, '../..'),
      env: { ...process.env, ASSAY_HOME: doctor.cli.home.dir, ASSAY_REDIS_URL: '' },
      encoding: 'utf8',
    });
    expect(out).toMatch(/"subject":"limits","says":"a process may open 512 files[^\n]*ulimit -n 65536/);
  });
});

describe('the store', () => {
  it('is not there', () =>
    expectFinding(doctor, ['--store', join(doctor.dir, 'none')], { subject: 'store', says: /there is no/, remedy: /^mkdir -p/ }));

  it('is a file', async () => {
    const file = join(doctor.dir, 'store-file');
    writeFileSync(file, '');
    await expectFinding(doctor, ['--store', file], { subject: 'store', says: /no folder/, remedy: /--store FOLDER/ });
  });

  it.skipIf(process.getuid?.() === 0 && !hasNobody())('cannot be written', async () => {
    const folder = join(doctor.dir, 'read-only');
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    // Root writes everywhere but below /proc.
    const path = process.getuid?.() === 0 ? '/proc/self' : folder;
    await expectFinding(doctor, ['--store', path], { subject: 'store', says: /cannot be written/, remedy: /^chown -R/ });
  });
});

function hasNobody(): boolean {
  return process.platform === 'linux';
}
