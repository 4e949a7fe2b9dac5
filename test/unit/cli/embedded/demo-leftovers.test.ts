import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEMO_PREFIX, sweepDemos } from '../../../../cli/embedded/demo-leftovers.ts';
import { homeAt, writeStackRecord } from '../../../../cli/embedded/home.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../../../../shared/runtime/process-identity.ts';

let folder: string;
const endings: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-sweep-'));
});
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
  await rm(folder, { recursive: true, force: true });
});

async function sleeper(): Promise<ProcessIdentity> {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  endings.push(() => {
    child.kill('SIGKILL');
    return ended;
  });
  return identityOf(child.pid!);
}

/** A demo's folder whose record names a process. */
async function leftover(dir: string, identity: ProcessIdentity, mode: number): Promise<void> {
  await mkdir(dir, { mode: 0o700 });
  await writeStackRecord(homeAt(dir), { address: '', processes: [{ name: 'redis', identity }] });
  await chmod(dir, mode);
}

const isThere = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

test('a killed demo of ours is ended and removed', async () => {
  const dir = join(folder, `${DEMO_PREFIX}a`);
  const identity = await sleeper();
  await leftover(dir, identity, 0o700);
  await sweepDemos(folder);
  expect({ runs: await isRunning(identity), there: await isThere(dir) }).toEqual({ runs: false, there: false });
});

test('a folder that others can write, a link, and a folder of another name end nothing', async () => {
  const identity = await sleeper();
  await leftover(join(folder, `${DEMO_PREFIX}a`), identity, 0o770);
  await leftover(join(folder, 'other'), identity, 0o700);
  await symlink(join(folder, 'other'), join(folder, `${DEMO_PREFIX}link`));
  await sweepDemos(folder);
  expect(await isRunning(identity)).toBe(true);
  for (const name of [`${DEMO_PREFIX}a`, 'other', `${DEMO_PREFIX}link`]) expect(await isThere(join(folder, name))).toBe(true);
});

test.runIf(process.getuid?.() === 0)('a folder of another user ends nothing', async () => {
  const dir = join(folder, `${DEMO_PREFIX}a`);
  const identity = await sleeper();
  await leftover(dir, identity, 0o700);
  await chown(dir, 12_345, 12_345);
  await sweepDemos(folder);
  expect(await isRunning(identity)).toBe(true);
});
