/** What is zipped comes out again, and nothing half is left. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWhole } from '../../../cli/export/output.ts';
import { endOf, ZipWriter } from '../../../cli/export/zip.ts';
import { unzip } from '../../support/unzip.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-zip-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('any entries', async () => {
  const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => text.toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.tuple(name, fc.uint8Array({ maxLength: 3000 })), { selector: ([n]) => n }), async (entries) => {
      const pieces: Buffer[] = [];
      const zip = new ZipWriter({ write: async (content) => void pieces.push(Buffer.from(content as Buffer)) });
      for (const [path, content] of entries) await zip.add(path, Buffer.from(content));
      await zip.end();
      const found = [...unzip(Buffer.concat(pieces))].map(([path, content]) => [path, [...content]]);
      expect(found).toEqual(entries.map(([path, content]) => [path, [...content]]));
    }),
    { numRuns: 50 },
  );
});

test('numbers too large for their fields stand in the zip64 record', () => {
  const fits = endOf({ count: 0xfffe, start: 0xfffffffe, size: 9 });
  expect(fits).toHaveLength(22);
  expect([fits.readUInt16LE(10), fits.readUInt32LE(12), fits.readUInt32LE(16)]).toEqual([0xfffe, 9, 0xfffffffe]);
  for (const { count, start } of [
    { count: 0xffff, start: 100 },
    { count: 65_600, start: 100 },
    { count: 3, start: 0xffffffff },
    { count: 3, start: 2 ** 40 },
  ]) {
    const end = endOf({ count, start, size: 9 });
    expect(end.readUInt32LE(0)).toBe(0x06064b50);
    expect([32, 40, 48].map((at) => Number(end.readBigUInt64LE(at)))).toEqual([count, 9, start]);
    expect(Number(end.readBigUInt64LE(56 + 8))).toBe(start + 9);
    expect(end.subarray(-22).readUInt16LE(10)).toBe(Math.min(count, 0xffff));
    expect(end.subarray(-22).readUInt32LE(16)).toBe(Math.min(start, 0xffffffff));
  }
});

test('a file is there when it is whole, in folders that are made, and not at all when it failed', async () => {
  const path = join(dir, 'a', 'b.txt');
  await writeWhole(path, async (output) => {
    for (let i = 0; i < 5; i++) await output.write('x'.repeat(100_000));
    await output.write(Buffer.from('y'));
  });
  expect(await readFile(path, 'utf8')).toBe(`${'x'.repeat(500_000)}y`);
  const failing = writeWhole(join(dir, 'a', 'c.txt'), async (output) => {
    await output.write('x');
    throw new Error('torn');
  });
  await expect(failing).rejects.toThrow('torn');
  expect(await readdir(join(dir, 'a'))).toEqual(['b.txt']);
  await expect(writeWhole(join(path, 'c'), async () => undefined)).rejects.toMatchObject({ code: 'invalid' });
});
