import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decodeFrame, encodeFrame, FRAME_HEADER_BYTES, readFrames } from '../../../../shared/runtime/frame-log.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'frame-log-'));
});
afterEach(() => rm(directory, { recursive: true }));

const MAX = 4 * 1024 * 1024;
const path = (): string => join(directory, 'log');

async function read(
  options: { from?: number; onDamage?: (offset: number, end: number) => void } = {},
): Promise<{ offset: number; text: string }[]> {
  const frames: { offset: number; text: string }[] = [];
  for await (const { offset, payload } of readFrames(path(), { maxFrameBytes: MAX, ...options }))
    frames.push({ offset, text: payload.toString('latin1') });
  return frames;
}

const texts = async (options = {}): Promise<string[]> => (await read(options)).map((f) => f.text);
const logOf = (records: readonly string[]): Buffer => Buffer.concat(records.map((r) => encodeFrame(Buffer.from(r, 'latin1'))));

test('any payloads, in one or many parts, come back in order', async () => {
  const payloads = fc.array(fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 4 }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(payloads, async (lists) => {
      const records = lists.map((parts) => [Buffer.from('x'), ...parts.map((p) => Buffer.from(p))]);
      await writeFile(path(), Buffer.concat(records.map((r) => encodeFrame(r))));
      expect(await texts()).toEqual(records.map((r) => Buffer.concat(r).toString('latin1')));
    }),
    { numRuns: 60 },
  );
});

test('frames larger than the reading window come back, and `from` starts in the middle', async () => {
  const records = ['a'.repeat(700_000), 'b'.repeat(3_000_000), 'c', 'd'.repeat(900_000)];
  await writeFile(path(), logOf(records));
  expect((await texts()).map((t) => [t[0], t.length])).toEqual(records.map((r) => [r[0], r.length]));
  const third = (await read())[2]!.offset;
  expect((await texts({ from: third })).map((t) => t[0])).toEqual(['c', 'd']);
});

test('cut at every byte: exactly the frames that are whole are read', async () => {
  const records = ['first', 'second record', 'x', 'the last one'];
  const whole = logOf(records);
  const ends = records.map((_, i) => logOf(records.slice(0, i + 1)).length);
  for (let cut = 0; cut <= whole.length; cut++) {
    await writeFile(path(), whole.subarray(0, cut));
    expect(await texts(), `cut at ${cut}`).toEqual(records.slice(0, ends.filter((e) => e <= cut).length));
  }
});

test('one byte changed anywhere: reading ends before that frame, or passes over only that frame', async () => {
  const records = ['first', 'second record', 'x', 'the last one'];
  const whole = logOf(records);
  const ends = records.map((_, i) => logOf(records.slice(0, i + 1)).length);
  for (let at = 0; at < whole.length; at++) {
    const mask = 1 << (at % 8);
    const bytes = Buffer.from(whole);
    bytes[at]! ^= mask;
    await writeFile(path(), bytes);
    const hit = ends.findIndex((e) => at < e);
    expect(await texts(), `byte ${at}`).toEqual(records.slice(0, hit));
    const damage: number[][] = [];
    expect(await texts({ onDamage: (o: number, e: number) => damage.push([o, e]) })).toEqual(records.filter((_, i) => i !== hit));
    expect(damage).toEqual(hit === records.length - 1 ? [] : [[ends[hit - 1] ?? 0, ends[hit]]]);
  }
});

test('garbage between frames, with magics in it, is passed over', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(0xff, 0xfe, 0x46, 0x31, 0, 7), { minLength: 1, maxLength: 200 }), async (garbage) => {
      await writeFile(path(), Buffer.concat([logOf(['a']), Buffer.from(garbage), logOf(['b']), Buffer.from(garbage)]));
      expect(await texts({ onDamage: () => undefined })).toEqual(['a', 'b']);
      expect(await texts()).toEqual(['a']);
    }),
    { numRuns: 100 },
  );
});

test('a sound frame behind more garbage than one window is found, also across the border', async () => {
  for (const size of [1024 * 1024 - 3, 1024 * 1024 - 1, 1024 * 1024, 2_500_000]) {
    await writeFile(path(), Buffer.concat([Buffer.alloc(size, 0xff), logOf(['found'])]));
    expect(await texts({ onDamage: () => undefined })).toEqual(['found']);
  }
});

test('a length above the limit is damage, not an allocation', async () => {
  const bytes = logOf(['a', 'b']);
  bytes.writeUInt32LE(0xffff_ffff, FRAME_HEADER_BYTES + 1 + 4);
  await writeFile(path(), bytes);
  expect(await texts()).toEqual(['a']);
});

test('a tail that was torn is whole at the next reading', async () => {
  const whole = logOf(['one', 'two']);
  await writeFile(path(), whole.subarray(0, whole.length - 2));
  expect(await texts()).toEqual(['one']);
  await appendFile(path(), whole.subarray(whole.length - 2));
  expect(await texts()).toEqual(['one', 'two']);
  await truncate(path(), 0);
  expect(await texts()).toEqual([]);
});

test('decodeFrame takes only whole and sound frames; encodeFrame refuses an empty payload', () => {
  const frame = encodeFrame(Buffer.from('abc'));
  expect(decodeFrame(Buffer.concat([Buffer.from('..'), frame, Buffer.from('..')]), 2)!.toString()).toBe('abc');
  expect(decodeFrame(frame.subarray(0, frame.length - 1))).toBeUndefined();
  expect(decodeFrame(frame, 1)).toBeUndefined();
  expect(() => encodeFrame([])).toThrow(RangeError);
});
