import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexDataset, readIndexEntry } from '../../../coordinator/evaluations/intake/dataset.ts';
import { IdTable } from '../../../coordinator/evaluations/intake/id-table.ts';
import { MAX_LINE_BYTES } from '../../../coordinator/datasets/json-lines.ts';
import { seededRandom } from '../../../coordinator/evaluations/intake/seeded-random.ts';
import { compileBenchmark } from '../../../shared/domain/sample.ts';
import { benchmarkSchema, type BenchmarkSpec } from '../../../shared/domain/spec.ts';

const benchmark = (dataset: Record<string, unknown> = {}, prompt: Record<string, unknown> = {}): BenchmarkSpec =>
  benchmarkSchema.parse({ benchmark: 'b', dataset: { uri: 'file:data/test.jsonl', ...dataset }, prompt, scorers: [{ name: 'match' }] });

/** The content in chunks of a given size. */
function streamOf(content: Buffer | string, chunkBytes = 7): Readable {
  const bytes = Buffer.from(content);
  return Readable.from(
    Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, i) => bytes.subarray(i * chunkBytes, (i + 1) * chunkBytes)),
  );
}

const index = async (content: Buffer | string, spec = benchmark(), maxFaults = 20): Promise<{ index: Buffer; samples: number }> =>
  indexDataset({ stream: streamOf(content), benchmark: spec, maxFaults });
const faultsOf = async (content: Buffer | string, spec = benchmark(), maxFaults = 20): Promise<string> =>
  index(content, spec, maxFaults).then(
    () => 'none',
    (error: Error) => error.message,
  );
const line = (i: number): string => `{"input":"q${i}","target":"t${i}","id":"s${i}"}`;
const lines = (count: number): string => Array.from({ length: count }, (_, i) => line(i + 1)).join('\n');

async function idsOf(content: string, spec: BenchmarkSpec): Promise<(string | number)[]> {
  const built = await index(content, spec);
  return Array.from({ length: built.samples }, (_, i) => {
    const { offset, length, ordinal } = readIndexEntry(built.index, i);
    return compileBenchmark(spec).map(Buffer.from(content).subarray(offset, offset + length), ordinal).id;
  });
}

describe('indexDataset', () => {
  it('finds every line again, whatever its bytes, breaks and chunks', async () => {
    const record = fc.record({ input: fc.string({ unit: 'grapheme' }), target: fc.array(fc.string(), { minLength: 1, maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 100 }),
        async (records, lineBreak, mark, lastBreak, chunkBytes) => {
          const content = Buffer.from(
            (mark ? '\ufeff' : '') + records.map((r) => JSON.stringify(r)).join(lineBreak) + (lastBreak ? lineBreak : ''),
          );
          const built = await indexDataset({ stream: streamOf(content, chunkBytes), benchmark: benchmark(), maxFaults: 20 });
          expect(built.samples).toBe(records.length);
          expect(built.index).toHaveLength(16 * records.length);
          records.forEach((expected, i) => {
            const { offset, length, ordinal } = readIndexEntry(built.index, i);
            expect(ordinal).toBe(i + 1);
            expect(JSON.parse(content.subarray(offset, offset + length).toString())).toEqual(expected);
          });
        },
      ),
    );
  });

  it('stops at the first line whose template hits its bounds, and lets others run meanwhile', async () => {
    const loop = (count: number): string => `{% for i in (1..1000) %}{% for j in (1..${count}) %}{% endfor %}{% endfor %}{{ input }}`;
    const startedAt = performance.now();
    const message = await faultsOf(lines(100), benchmark({}, { template: loop(100_000) }));
    // Which of the two bounds is hit first depends on the machine.
    expect(message).toMatch(/takes too long|too long a list/);
    expect(message).toContain('line 1:');
    expect(message).not.toContain('more line');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    // Each line takes some milliseconds; a timer runs between them.
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await indexDataset({
      stream: Readable.from([Buffer.from(lines(100))]),
      benchmark: benchmark({}, { template: loop(10) }),
      maxFaults: 20,
    });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it('names each fault with file and line, and the first ones only', async () => {
    const message = await faultsOf(
      '{"input":"a","target":"b"}\n\n{"question":"a","target":"b"}\nnot json\n[1]\n{"input":{"a":1},"target":[]}\n',
    );
    expect(message).toContain('benchmark b: dataset has 4 faults');
    expect(message).toContain('test.jsonl line 3: has no field "input" (dataset.fields.input); it has question, target');
    expect(message).toContain('test.jsonl line 4: is not valid JSON');
    expect(message).toContain('test.jsonl line 5: is a list');
    expect(message).toContain('test.jsonl line 6: has an object in the field "input"');
    const many = await faultsOf(Array.from({ length: 9 }, (_, i) => `{"input":"a","x${i}":1}\n`).join(''), benchmark(), 3);
    expect(many.match(/line \d+: has no field/g)).toHaveLength(3);
    expect(many).toContain('and more');
  });

  it('tells a fault that many lines have once', async () => {
    expect(await faultsOf('x\n'.repeat(100))).toContain('test.jsonl line 1 and 99 more lines: is not valid JSON');
  });

  it('refuses what is not UTF-8, is empty, or repeats an id', async () => {
    expect(await faultsOf(Buffer.from([0x7b, 0xff, 0x7d]))).toContain('line 1: is not valid UTF-8');
    expect(await faultsOf('\n \n')).toContain('test.jsonl: is empty');
    expect(await faultsOf(`${lines(3)}\n${line(2)}`)).toContain('line 4: has the id "s2", as line 2 has');
    expect(await faultsOf('{"input":"a","target":"b","id":"2"}\n{"input":"a","target":"b"}')).toContain(
      'line 2: has the id 2, as line 1 has',
    );
  });

  it('finds a prompt that asks for what a sample lacks', async () => {
    expect(await faultsOf(line(1), benchmark({}, { template: '{{ metadata.hint }}' }))).toContain(
      'line 1: prompt.template: undefined variable: metadata.hint',
    );
  });

  it('chooses by ids in the order of the dataset, and names those that are not there', async () => {
    expect(await idsOf(lines(9), benchmark({ ids: ['s7', 's2'] }))).toEqual(['s2', 's7']);
    expect(await faultsOf(lines(3), benchmark({ ids: ['s2', 'nope'] }))).toContain('has no sample with the id "nope"');
    expect((await index('{"input":"a","target":"b"}\n{"input":"c","target":"d"}', benchmark({ ids: [2] }))).samples).toBe(1);
  });

  it('reads no further than a limit needs', async () => {
    expect((await index(`${lines(5)}\nrubbish`, benchmark({ limit: 5 }))).samples).toBe(5);
    expect((await index(lines(5), benchmark({ limit: 9 }))).samples).toBe(5);
    expect(await faultsOf(`${lines(5)}\nrubbish`, benchmark({ limit: 5, shuffle: 1 }))).toContain('line 6');
  });

  it('shuffles by seed alone: the same ids in one order, whatever the limit', async () => {
    const all = await idsOf(lines(50), benchmark({ shuffle: 42 }));
    expect(new Set(all)).toEqual(new Set(Array.from({ length: 50 }, (_, i) => `s${i + 1}`)));
    expect(all).toHaveLength(50);
    expect(all.slice(0, 6)).toEqual(SEED_42);
    expect(await idsOf(lines(50), benchmark({ shuffle: 42, limit: 6 }))).toEqual(SEED_42);
    expect(await idsOf(lines(50), benchmark({ shuffle: 43, limit: 6 }))).not.toEqual(SEED_42);
  });

  it('takes a line of 20 MiB and names one that is too long, without keeping it', { timeout: 60_000 }, async () => {
    const long = JSON.stringify({ input: 'x'.repeat(20 << 20), target: 'y' });
    const built = await indexDataset({
      stream: streamOf(long, 1 << 16),
      benchmark: benchmark({ target_template: '{{ target | strip }}' }, { template: 'Q: {{ input }}' }),
      maxFaults: 20,
    });
    expect(readIndexEntry(built.index, 0).length).toBe(long.length);
    const chunk = Buffer.alloc(1 << 20, 0x20);
    const tooLong = Readable.from(
      (function* () {
        for (let bytes = 0; bytes <= MAX_LINE_BYTES; bytes += chunk.length) yield chunk;
        yield Buffer.from(`\n${line(1)}`);
      })(),
    );
    await expect(indexDataset({ stream: tooLong, benchmark: benchmark(), maxFaults: 20 })).rejects.toThrow(
      /line 1: has more than 67108864 bytes/,
    );
  });

  it("passes the stream on: its failure is the caller's", async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from(line(1));
        throw new Error('disk gone');
      })(),
    );
    await expect(indexDataset({ stream: broken, benchmark: benchmark(), maxFaults: 20 })).rejects.toThrow('disk gone');
  });
});

/** Written down once: a release that changes this changes every shuffled evaluation. */
const SEED_42 = ['s4', 's37', 's20', 's40', 's31', 's14'];

describe('the parts', () => {
  it('IdTable remembers the line of every id while it grows', () => {
    const table = new IdTable();
    for (let i = 1; i <= 20_000; i++) expect(table.add(`id ${i}`, i)).toBeUndefined();
    for (let i = 1; i <= 20_000; i += 97) expect(table.add(`id ${i}`, 99)).toBe(i);
  });

  it('seededRandom is even and within its bound', () => {
    const below = seededRandom(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i++) counts[below(10)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
