import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { homeAt, homeDirOf, prepareHome, readStackRecord, removeOutsideSockets, writeStackRecord } from '../../../../cli/embedded/home.ts';
import { lockHome, lockOwner } from '../../../../cli/embedded/home-lock.ts';
import { identityOf, isRunning } from '../../../../cli/embedded/process-identity.ts';

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

describe('the lock', () => {
  test('has one owner, who is named to the next one', async () => {
    const path = join(dir, 'lock');
    const lock = await lockHome(path, 'assay dev');
    expect(await lockOwner(path)).toMatchObject({ pid: process.pid, command: 'assay dev' });
    await expect(lockHome(path, 'assay run')).rejects.toThrow(new RegExp(`in use by process ${process.pid} \\(assay dev\\).*ASSAY_HOME`));
    await lock.release();
    await (await lockHome(path, 'assay run')).release();
    await expect(stat(path)).rejects.toThrow();
  });

  test.each([
    ['a dead process', JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', command: 'assay run' })],
    ['a process that had this pid before', JSON.stringify({ pid: process.pid, startTime: '1', command: 'assay run' })],
    ['nobody, torn by a crash', ''],
  ])('of %s does not count', async (_, content) => {
    const path = join(dir, 'lock');
    await writeFile(path, content);
    const lock = await lockHome(path, 'assay run');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  test('is won by exactly one of many who find a stale one', async () => {
    const path = join(dir, 'lock');
    await writeFile(path, 'stale');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(path, 'assay run')));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

test('a process is known by its start time', async () => {
  const me = await identityOf(process.pid);
  expect(await isRunning(me)).toBe(true);
  expect(await isRunning({ ...me, startTime: '1' })).toBe(false);
  expect(await isRunning({ pid: 2 ** 22 + 1, startTime: '' })).toBe(false);
});
