import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityOf, isRunning } from '../../../../shared/runtime/process-identity.ts';
import { lockOwner, takeLock, type ProcessLock } from '../../../../shared/runtime/process-lock.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-lock-'));
  path = join(dir, 'lock');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const take = (command: string): Promise<ProcessLock> =>
  takeLock({ path, command, taken: (owner) => `owned by ${owner.pid}, ${owner.command}` });

describe('a lock', () => {
  test('has one owner, who is named to the next one', async () => {
    const lock = await take('assay dev');
    expect(await lockOwner(path)).toMatchObject({ pid: process.pid, command: 'assay dev' });
    await expect(take('assay run')).rejects.toThrow(new RegExp(`owned by ${process.pid}, assay dev`));
    await lock.release();
    await (await take('assay run')).release();
    await expect(stat(path)).rejects.toThrow();
  });

  test.each([
    ['a dead process', JSON.stringify({ pid: 2 ** 22 + 1, startTime: '1', command: 'assay run' })],
    ['a process that had this pid before', JSON.stringify({ pid: process.pid, startTime: '1', command: 'assay run' })],
    ['nobody, torn by a crash', ''],
  ])('of %s does not count', async (_, content) => {
    await writeFile(path, content);
    const lock = await take('assay run');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
  });

  test('is won by exactly one of many who find a stale one', async () => {
    await writeFile(path, 'stale');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => take('assay run')));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

test('a process is known by its start time', async () => {
  const me = await identityOf(process.pid);
  expect(await isRunning(me)).toBe(true);
  expect(await isRunning({ ...me, startTime: '1' })).toBe(false);
  expect(await isRunning({ pid: 2 ** 22 + 1, startTime: '' })).toBe(false);
});
