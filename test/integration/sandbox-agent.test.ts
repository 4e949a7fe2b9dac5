/** Agents with a sandbox as processes: what they say of it before they start, and what is left of it when they are killed. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Sandbox } from '../../agent/sandbox/sandbox.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Doctor } from '../support/doctor.ts';
import { Fleet } from '../support/fleet.ts';
import { bubblewrap, openSandbox, PATH } from '../support/sandbox.ts';
import { waitFor } from '../support/wait-for.ts';

const sandbox = await openSandbox();
await sandbox?.close();

const ROOT = join(import.meta.dirname, '../..');
const dir = mkdtempSync(join(tmpdir(), 'assay-sandboxes-'));
let doctor: Doctor;
beforeAll(async () => {
  doctor = await Doctor.open();
});
afterAll(async () => {
  await doctor.close();
  rmSync(dir, { recursive: true, force: true });
});

/** An agent's configuration with this sandbox. */
function configOf(name: string, own: object): string {
  const file = join(dir, `${name}.yaml`);
  writeFileSync(file, stringify({ addresses: ['127.0.0.1:1'], name, spool: join(dir, name), models: [{ match: 'mock/*' }], sandbox: own }));
  return file;
}
const checked = (file: string): Promise<Record<string, unknown>> =>
  new Promise((resolve, reject) => {
    const options = { cwd: ROOT, env: { ...process.env, PATH } };
    execFile(process.execPath, ['agent/main.ts', '--config', file, '--check'], options, (error, out, err) =>
      error ? reject(new Error(err)) : resolve(JSON.parse(out) as Record<string, unknown>),
    );
  });
/** A program in the place of bubblewrap. */
function standIn(name: string, body: string): string {
  const file = join(dir, name);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(dir, 0o755);
  chmodSync(file, 0o755);
  return file;
}
const refusal = (own: { bubblewrap?: string | undefined; python?: string }): Promise<string> =>
  Sandbox.open({ kind: 'bubblewrap', bubblewrap, python: '/usr/bin/python3', maxRuns: 2, ...own }, { clock: systemClock }).then(
    () => 'it was opened',
    (error: unknown) => AppError.from(error).message,
  );

test.skipIf(!sandbox)('--check and doctor tell that it holds', async () => {
  const file = configOf('whole', { kind: 'bubblewrap' });
  expect(await checked(file)).toMatchObject({ sandbox: { kind: 'bubblewrap', holds: true } });
  const { findings } = await doctor.findings(['--agent-config', file], { PATH });
  expect(findings).toContainEqual(expect.objectContaining({ level: 'ok', subject: 'sandbox' }));
});

test('--check and doctor tell what is missing, and how to get it', async () => {
  const file = configOf('without', { kind: 'bubblewrap', bubblewrap: './nothing' });
  const { sandbox: said } = await checked(file);
  expect(said).toMatchObject({ holds: false, why: expect.stringContaining('apt-get install bubblewrap') as string });
  const { findings } = await doctor.findings(['--agent-config', file]);
  expect(findings).toContainEqual(
    expect.objectContaining({ level: 'fault', subject: 'sandbox', says: expect.stringContaining('no code is run here') as string }),
  );
});

test('what does not hold is not used', async () => {
  expect(await refusal({ bubblewrap: undefined })).toMatch(/no bwrap in PATH; install bubblewrap/);
  expect(await refusal({ bubblewrap: standIn('refused', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1') })).toMatch(
    /No permissions to create new namespace; user namespaces must be open to this user/,
  );
  expect(await refusal({ bubblewrap: standIn('broken', 'exit 3') })).toMatch(/the sandbox did not start: it ended at once/);
  expect(await refusal({ bubblewrap: standIn('any', 'exit 0'), python: '/usr/bin/no-python' })).toMatch(
    /no-python is not there.*install Python 3/,
  );
});

test.skipIf(!sandbox)('a program that only looks like bubblewrap is found out', async () => {
  // It runs what it is told to, without any wall.
  const open = standIn('open', 'while [ "$1" != -- ]; do shift; done; shift; cd /tmp; exec "$@"');
  const words = await refusal({ bubblewrap: open });
  for (const part of ['shows files of the host', 'shows processes of the host', 'reaches the network']) expect(words).toContain(part);
  expect(words).toMatch(/; nothing is run in it$/);
});

test.skipIf(!sandbox)('nothing of it is left when its agent is killed', async () => {
  const fleet = await Fleet.start();
  try {
    const { address } = await fleet.coordinator();
    const client = fleet.client(address);
    const line = { id: 1, input: '', target: 'x', test: 'f()', mark: 'x' };
    const digest = await client.uploadBytes(Buffer.from(`${JSON.stringify(line)}\n`));
    const spec = {
      name: 'endless',
      benchmarks: [
        {
          benchmark: 'endless',
          dataset: { uri: 'file:x.jsonl', digest, fields: { id: 'id', metadata: ['test'] } },
          scorers: [{ name: 'code_execution', args: { timeout: 60 } }],
        },
      ],
      models: [{ model: 'mock/a', generate_config: { extra_body: { mock: { text: 'def f():\n    while True: pass\n' } } } }],
    };
    const agent = await fleet.agent(
      'boxed',
      [address],
      { models: [{ match: 'mock/*' }], sandbox: { kind: 'bubblewrap' } },
      { env: { PATH } },
    );
    await client.submit({ spec, idempotencyKey: 'endless' });
    await waitFor(() => boxesOf(agent.pid).length >= 2, { what: 'the program to run' });
    const boxes = boxesOf(agent.pid);
    await agent.kill9();
    expect(agent.running).toBe(false);
    await waitFor(() => boxes.every((pid) => !lives(pid)), { what: 'the sandboxes to be gone' });
  } finally {
    await fleet.stop();
  }
});

const lives = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};
const childrenOf = (pid: number): number[] => {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};
/** The guests' processes, below two of bubblewrap each. */
const boxesOf = (agent: number): number[] => childrenOf(agent).flatMap(childrenOf).flatMap(childrenOf);
