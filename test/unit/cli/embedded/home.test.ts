import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  homeAt,
  homeDirOf,
  lockHome,
  prepareHome,
  readStackRecord,
  removeOutsideSockets,
  writeStackRecord,
} from '../../../../cli/embedded/home.ts';
import { identityOf } from '../../../../shared/runtime/process-identity.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-home-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the folder', () => {
  test('is ASSAY_HOME or ~/.assay', () => {
    expect(homeDirOf({ ASSAY_HOME: '/a/b' })).toBe('/a/b');
    expect(homeDirOf({})).toMatch(/\/\.assay$/);
  });

  test('is for its user alone', async () => {
    const home = homeAt(join(dir, 'h'));
    await prepareHome(home);
    await prepareHome(home);
    for (const path of [home.dir, home.sockets, home.store, home.redis]) expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test('has its sockets elsewhere when its path is too long for them, in a folder that nobody else can have laid', async () => {
    const home = homeAt(join(dir, 'x'.repeat(120)));
    await mkdir(home.dir);
    await prepareHome(home);
    expect(Buffer.byteLength(join(home.sockets, 'coordinator-1234567.sock'))).toBeLessThan(104);
    expect(home.sockets).toBe(homeAt(home.dir).sockets);
    await chmod(home.sockets, 0o755);
    await expect(prepareHome(home)).rejects.toThrow(/not a folder of yours alone/);
    await removeOutsideSockets(home);
    await expect(stat(home.sockets)).rejects.toThrow();
  });

  test('that cannot be made is told with its remedy', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(prepareHome(homeAt(join(dir, 'file', 'h')))).rejects.toThrow(/ASSAY_HOME .* cannot be used.*Set ASSAY_HOME/);
  });

  test('keeps a record of its processes; a torn one is none', async () => {
    const home = homeAt(dir);
    expect(await readStackRecord(home)).toBeUndefined();
    const record = { address: 'unix:/x', processes: [{ name: 'redis', identity: await identityOf(process.pid) }] };
    await writeStackRecord(home, record);
    expect(await readStackRecord(home)).toEqual(record);
    await writeFile(home.stackFile, '{"address"');
    expect(await readStackRecord(home)).toBeUndefined();
  });
});

test('one process at a time uses a home; the next one is told who, and what to do', async () => {
  const home = homeAt(dir);
  const lock = await lockHome(home, 'assay dev');
  await expect(lockHome(home, 'assay run')).rejects.toThrow(new RegExp(`in use by process ${process.pid} \\(assay dev\\).*ASSAY_HOME`));
  await lock.release();
});
