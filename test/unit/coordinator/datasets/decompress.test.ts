/** gzip and Zstandard, and what is done to harm. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decompress, peek } from '../../../../coordinator/datasets/decompress.ts';
import { inChunks, testDatasets } from '../../../support/datasets.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

const PACK = { gzip: gzipSync, zstd: zstdCompressSync } as const;
const ENDING = { gzip: 'gz', zstd: 'zst' } as const;
const BOTH = ['gzip', 'zstd'] as const;
const LINE = '{"input":"a","target":"b"}\n';

async function* streamOf(content: Uint8Array, chunkBytes: number): AsyncGenerator<Buffer> {
  yield* inChunks(content, chunkBytes);
}

describe('decompress', () => {
  it('gives back what was compressed, in one part or several, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...BOTH),
        fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3000 }),
        async (kind, parts, chunkBytes) => {
          const packed = Buffer.concat(parts.map((part) => PACK[kind](part)));
          const plain = Buffer.concat(await allOf(decompress(streamOf(packed, chunkBytes), kind, 1 << 20)));
          expect(plain.equals(Buffer.concat(parts))).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each(BOTH)('%s: a file that ends too early, or is damaged, says so', async (kind) => {
    const { faults } = testDatasets();
    const packed = PACK[kind](Buffer.from(Array.from({ length: 500 }, (_, i) => `{"input":"${i * 7919}","target":"b"}\n`).join('')));
    const name = `x.jsonl.${ENDING[kind]}`;
    expect(await faults(name, packed)).toBe('none');
    expect(await faults(name, packed.subarray(0, -3))).toMatch(/x\.jsonl\.\w+: ends in the middle of its \w+ data/);
    const damaged = Buffer.from(packed);
    damaged.fill(0x55, 12, 60);
    expect(await faults(name, damaged)).toMatch(/is no valid|ends in the middle/);
  });

  it.each(BOTH)('%s: is undone by its content, under any name', async (kind) => {
    const { upload, faults, store } = testDatasets();
    expect(await upload('x.jsonl', PACK[kind](LINE))).toBe(LINE);
    expect(await upload(`x.csv.${ENDING[kind]}`, PACK[kind]('input,target\na,b\n'))).toBe(`\n${LINE}`);
    expect(await faults(`x.jsonl.${ENDING[kind]}`, LINE)).toContain('is not compressed, though its name promises');
    // Two uploads, the plain line (its own JSONL), and what the CSV became.
    expect(store.content.size).toBe(4);
  });

  it.each(BOTH)('%s: a bomb is put out early', { timeout: 60_000 }, async (kind) => {
    const bomb = PACK[kind](Buffer.alloc(80 << 20, 0x20));
    let made = 0;
    const undo = async (maxBytes: number): Promise<void> => {
      made = 0;
      for await (const chunk of decompress(streamOf(bomb, 1000), kind, maxBytes)) made += chunk.length;
    };
    await expect(undo(1 << 30)).rejects.toThrow(/becomes more than 200 times as large/);
    expect(made).toBeLessThan(66 << 20);
    await expect(undo(1 << 20)).rejects.toThrow(/has more than 1048576 bytes when its \w+ is undone/);
    expect(made).toBeLessThan(2 << 20);
  });

  it.each(BOTH)('%s: stops its source when its reader stops', async (kind) => {
    let ended = false;
    const source = (async function* () {
      try {
        while (true) yield PACK[kind](Buffer.alloc(100_000, 0x61));
      } finally {
        ended = true;
      }
    })();
    for await (const chunk of decompress(source, kind, 1 << 30)) if (chunk.length > 0) break;
    expect(ended).toBe(true);
  });
});

describe('peek', () => {
  it('looks at the beginning and loses nothing', async () => {
    for (const content of ['', 'ab', 'abcdefgh']) {
      const { head, chunks } = await peek(streamOf(Buffer.from(content), 1));
      expect(head.toString()).toBe(content.slice(0, 4));
      expect(Buffer.concat(await allOf(chunks)).toString()).toBe(content);
    }
  });
});
