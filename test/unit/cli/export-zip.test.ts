/** What is zipped comes out again, and nothing half is left. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWhole } from '../../../cli/export/output.ts';
import { ZipWriter } from '../../../cli/export/zip.ts';
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

test('more than 65,535 entries have their number in the zip64 record', async () => {
  const pieces: Buffer[] = [];
  const zip = new ZipWriter({ write: async (content) => void pieces.push(content as Buffer) });
  for (let i = 0; i < 65_600; i++) await zip.add(String(i), Buffer.alloc(0));
  await zip.end();
  const tail = Buffer.concat(pieces.slice(-2));
  expect(tail.readUInt32LE(0)).toBe(0x06064b50);
  expect(tail.readBigUInt64LE(32)).toBe(65_600n);
  expect(tail.readUInt16LE(tail.length - 22 + 10)).toBe(0xffff);
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
