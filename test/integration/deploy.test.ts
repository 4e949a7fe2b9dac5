/** The systemd units: read by systemd's own checker, and their settings by our programs. */
import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAgentConfig } from '../../agent/config.ts';
import { parseCoordinatorConfig } from '../../coordinator/config.ts';
import { HELP } from '../../coordinator/help.ts';
import { readConfigFile } from '../../shared/runtime/config-file.ts';
import { makeCertificate } from '../support/certificate.ts';
import { ROOT, runTo } from '../support/package.ts';

const UNITS = join(ROOT, 'deploy/systemd');
const NAMES = ['agent', 'coordinator'] as const;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-units-'));
  await cp(UNITS, dir, { recursive: true });
  // The checker wants the program where systemd looks for it; on this host it is installed nowhere.
  const assay = join(dir, 'assay');
  await writeFile(assay, '#!/bin/sh\n');
  await chmod(assay, 0o755);
  for (const name of NAMES) {
    const file = join(dir, `assay-${name}.service`);
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^ExecStart=assay /m, `ExecStart=${assay} `));
  }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const hasSystemd = (() => {
  try {
    return Number(/^systemd (\d+)/.exec(execFileSync('systemd-analyze', ['--version'], { encoding: 'utf8' }))?.[1]) >= 252;
  } catch {
    return false;
  }
})();

/** The settings of a unit's [Service] section with its drop-ins, in their order. */
async function settingsOf(name: string): Promise<[key: string, value: string][]> {
  const folder = join(UNITS, `assay-${name}.service.d`);
  const files = [join(UNITS, `assay-${name}.service`), ...(await readdir(folder)).map((file) => join(folder, file))];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text) =>
    [
      ...text
        .split('[Service]')[1]!
        .split(/^\[/m)[0]!
        .matchAll(/^([A-Z]\w*)=(.*)$/gm),
    ].map((match): [string, string] => [match[1]!, match[2]!]),
  );
}

test('the coordinator of compose.yaml takes its settings, the production profile and its Redis among them', async () => {
  const { services } = parse(await readFile(join(ROOT, 'deploy/compose.yaml'), 'utf8')) as {
    services: { coordinator: { command: string[] } };
  };
  const [program, ...args] = services.coordinator.command;
  expect(program).toBe('coordinator');
  expect(await parseCoordinatorConfig(args, {})).toMatchObject({ profile: 'production', redisUrl: 'redis://redis:6379' });
});

describe.skipIf(!hasSystemd)(`systemd-analyze${hasSystemd ? '' : ' (skipped: there is none of version 252 or newer)'}`, () => {
  test.each(NAMES)('finds no fault in the unit of the %s', async (name) => {
    const unit = join(dir, `assay-${name}.service`);
    expect(await runTo('systemd-analyze', ['verify', '--man=no', unit], { cwd: dir })).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.each(NAMES)('finds the %s little exposed', async (name) => {
    const unit = join(dir, `assay-${name}.service`);
    // Of 100; a service without hardening has 96.
    const { code, stdout } = await runTo('systemd-analyze', ['security', '--no-pager', '--offline=true', '--threshold=20', unit], {
      cwd: dir,
    });
    expect({ code, verdict: stdout.split('\n').findLast((line) => line.includes('Overall')) }).toMatchObject({ code: 0 });
  });
});

describe('the units', () => {
  test.each(NAMES)('start the %s as the command line knows it, and wait longer than it drains', async (name) => {
    const settings = new Map(await settingsOf(name));
    expect(settings.get('ExecStart')).toBe(`assay ${name} --config /etc/assay/${name}.yaml`);
    expect(settings.get('RestartPreventExitStatus')).toBe('2');
    expect(settings.has('MemoryDenyWriteExecute')).toBe(false);
    const [amount, unit] = /^(\d+)(min)?$/.exec(settings.get('TimeoutStopSec')!)!.slice(1);
    const stopMs = Number(amount) * (unit ? 60_000 : 1000);
    expect(stopMs).toBeGreaterThan(await drainMsOf(name));
  });

  test('give the coordinator only variables that stand for one of its options', async () => {
    const flags = (await variablesOf('coordinator')).map(
      ([variable]) => `--${variable.replace('ASSAY_', '').toLowerCase().replaceAll('_', '-')} `,
    );
    expect(flags).toHaveLength(4);
    expect(flags.filter((flag) => !HELP.includes(flag))).toEqual([]);
  });

  test('give the agent only variables that it obeys', async () => {
    const files = { '%d/token': join(dir, 'token'), '%d/ca.pem': join(dir, 'ca.pem') };
    const authority = Buffer.from((await makeCertificate()).cert);
    await writeFile(files['%d/token'], 'content', { mode: 0o600 });
    await writeFile(files['%d/ca.pem'], authority);
    const environment = Object.fromEntries(
      (await variablesOf('agent')).map(([variable, value]) => [variable, files[value as keyof typeof files] ?? value]),
    );
    expect(Object.keys(environment)).toEqual(['ASSAY_TOKEN_FILE', 'ASSAY_TLS_CA']);
    const config = readAgentConfig({
      file: await readConfigFile(join(UNITS, 'agent.yaml')),
      environment: { ...environment, ASSAY_HOME: '/var/lib/assay-agent' },
    });
    expect(config).toMatchObject({ tokenFile: files['%d/token'], tlsCa: authority, tls: true });
    expect(config.spool).toMatch(/^\/var\/lib\/assay-agent\//);
  });
});

/** Those of ours, without the folder, which both have. */
async function variablesOf(name: string): Promise<[string, string][]> {
  return (await settingsOf(name))
    .filter(([key]) => key === 'Environment')
    .flatMap(([, value]) => value.split(' ').map((pair) => pair.split('=') as [string, string]))
    .filter(([variable]) => variable.startsWith('ASSAY_') && variable !== 'ASSAY_HOME');
}

async function drainMsOf(name: (typeof NAMES)[number]): Promise<number> {
  const path = join(UNITS, `${name}.yaml`);
  if (name === 'agent') return readAgentConfig({ file: await readConfigFile(path), environment: {} }).drainMs;
  return (await parseCoordinatorConfig(['--config', path], {})).drainMs;
}

test('the files for /etc/assay and for the container are whole settings', async () => {
  expect(await parseCoordinatorConfig(['--config', join(UNITS, 'coordinator.yaml')], {})).toMatchObject({ store: '/var/lib/assay/store' });
  for (const folder of ['systemd', '.']) {
    const file = await readConfigFile(join(ROOT, 'deploy', folder, 'agent.yaml'));
    expect(readAgentConfig({ file, environment: {} }).models[0]).toMatchObject({ match: 'mock/*' });
  }
});
