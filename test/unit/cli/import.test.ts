/** Logs of Inspect: real ones score again to the scores that they hold; what is none is refused. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImportedResult } from '../../../cli/import/inspect-log.ts';
import { ZipWriter } from '../../../cli/export/zip.ts';
import { runCommandIn } from '../../support/run-command.ts';

const LOGS = new URL('../../../../shared/data/inspect/', import.meta.url);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'assay-import-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const run = (args: string[], input = '') => runCommandIn(dir, args, { input });
const linesOf = <T>(text: string): T[] =>
  text === ''
    ? []
    : text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as T);

describe.skipIf(!existsSync(LOGS))('real logs (skipped where ../shared/data/inspect is absent)', () => {
  test.each([
    ['2025-05-12T20-28-13-04-00_popularity.json', 'match', 3, 2],
    ['log_formats.json', 'match', 1, 0],
    ['2025-02-11T15-18-04-05-00_popularity_mj7khqpMM4GBCfVQozKgzB.eval', 'match', 10, 8],
    ['log_formats.eval', 'match', 1, 0],
    ['mmlu-summary-choices.eval', 'choice', 1, 0],
  ])('%s scores again by %s to what it holds', async (name, scorer, samples, right) => {
    const { code, stdout } = await run(['import', fileURLToPath(new URL(name, LOGS))]);
    expect(code).toBe(0);
    const results = linesOf<ImportedResult>(stdout);
    expect(results).toHaveLength(samples);
    expect(results.reduce((sum, { scores }) => sum + scores[0]!.number!, 0)).toBe(right);
    const again = await run(['score', '-', '--scorer', scorer], stdout);
    expect(linesOf<{ value: string }>(again.stdout).map(({ value }) => value)).toEqual(results.map(({ scores }) => scores[0]!.value));
    await writeFile(join(dir, 'log.jsonl'), stdout);
    expect(await run(['gate', 'log.jsonl', '--baseline', 'log.jsonl'])).toMatchObject({ code: 0 });
  });
});

const log = {
  version: 2,
  eval: { task: 'sums', model: 'openai/x' },
  samples: [
    {
      id: 1,
      epoch: 2,
      target: ['4', 'four'],
      output: { choices: [{ message: { content: 'It is: NaN, "4"' } }] },
      scores: { match: { value: 'C', answer: '4' } },
    },
    {
      id: 'b',
      epoch: 1,
      target: 'attachment://t',
      choices: ['x', 'y'],
      output: {
        choices: [
          {
            message: {
              content: [
                { type: 'reasoning', reasoning: 'r' },
                { type: 'text', text: 'one' },
                { type: 'text', text: 'two' },
              ],
            },
          },
        ],
      },
      scores: { both: { value: { f1: 0.5, em: false } }, none: { value: 'NAN' } },
      attachments: { t: 'whole' },
    },
    { id: 'c', epoch: 1, target: '', output: { choices: [] }, error: { message: 'broke' } },
  ],
};
const text = JSON.stringify(log).replace('"NAN"', 'NaN');

test('answers of several parts, scores of several numbers, attachments, errors, and NaN', async () => {
  await writeFile(join(dir, 'log.json'), text);
  const { code, stdout } = await run(['import', 'log.json']);
  expect(code).toBe(0);
  const common = { benchmark: 'sums', model: 'openai/x', errorMessage: '' };
  const [{ log: head, ...first }, ...rest] = linesOf<ImportedResult>(stdout) as [ImportedResult, ...ImportedResult[]];
  expect(head).toMatchObject({ status: 'success', scorers: [], metrics: {} });
  expect([first, ...rest]).toEqual([
    {
      ...common,
      ...{ sampleId: '1', epoch: 2, state: 'scored', output: 'It is: NaN, "4"', target: ['4', 'four'] },
      scores: [{ scorer: 'match', value: 'C', number: 1, answer: '4', error: '' }],
    },
    {
      ...common,
      ...{ sampleId: 'b', epoch: 1, state: 'scored', output: 'one\ntwo', target: 'whole', choices: ['x', 'y'] },
      scores: [
        { scorer: 'both.f1', value: '0.5', number: 0.5, answer: '', error: '' },
        { scorer: 'both.em', value: 'false', number: 0, answer: '', error: '' },
        { scorer: 'none', value: '', number: null, answer: '', error: '' },
      ],
      reasoning: 'r',
    },
    { ...common, ...{ sampleId: 'c', epoch: 1, state: 'errored', output: '', target: '', scores: [], errorMessage: 'broke' } },
  ]);
});

test('a sample that stands in a log twice counts once, as it was written last', async () => {
  const sample = (completion: string): Buffer => Buffer.from(JSON.stringify({ id: 1, target: 'x', output: { completion } }));
  const pieces: Buffer[] = [];
  const zip = new ZipWriter({ write: async (content) => void pieces.push(content as Buffer) });
  await zip.add('header.json', Buffer.from(JSON.stringify({ eval: { task: 'a', model: 'b' } })));
  for (const completion of ['first', 'second']) await zip.add('samples/1_epoch_1.json', sample(completion));
  await zip.end();
  await writeFile(join(dir, 'twice.eval'), Buffer.concat(pieces));
  const { stdout } = await run(['import', 'twice.eval']);
  expect(linesOf<ImportedResult>(stdout).map(({ output }) => output)).toEqual(['second']);
});

test('a text of many megabytes beside NaN', async () => {
  const long = '\\n'.repeat(6_000_000);
  await writeFile(
    join(dir, 'long.json'),
    `{"eval":{"task":"t","model":"m"},"samples":[{"id":1,"target":"\\\\","output":{"completion":"${long}"},"scores":{"s":{"value":NaN}}}]}`,
  );
  const { code, stdout } = await run(['import', 'long.json']);
  expect(code).toBe(0);
  const [result] = linesOf<ImportedResult>(stdout);
  expect(result).toMatchObject({ target: '\\', scores: [{ number: null }] });
  expect(result!.output).toHaveLength(6_000_000);
});

test('entries that are packed by zstd, and by what is not known', async () => {
  const header = Buffer.from(JSON.stringify(log));
  const sample = Buffer.from(JSON.stringify(log.samples[0]));
  const packed = (method: number): Buffer =>
    zipOf([
      { name: 'header.json', method: 0, data: header, unpacked: header.length },
      { name: 'samples/1_epoch_2.json', method, data: zstdCompressSync(sample), unpacked: sample.length },
    ]);
  await writeFile(join(dir, 'zstd.eval'), packed(93));
  const { code, stdout } = await run(['import', 'zstd.eval']);
  expect(code).toBe(0);
  expect(linesOf<ImportedResult>(stdout)).toMatchObject([{ sampleId: '1', epoch: 2, output: 'It is: NaN, "4"' }]);
  await writeFile(join(dir, 'other.eval'), packed(12));
  expect(await run(['import', 'other.eval'])).toMatchObject({ code: 2, stderr: expect.stringContaining('packed by the method 12') });
});

test.each<[string, () => Promise<Buffer>, RegExp]>([
  ['text', async () => Buffer.from('hello'), /x\.eval: is no JSON, or was cut off, so no log of Inspect/],
  ['nothing', async () => Buffer.alloc(0), /x\.eval: is empty, so no log/],
  [
    'another document',
    async () => Buffer.from('{"samples":[]}'),
    /x\.eval: is not as in a log of Inspect \(eval is missing or of another form\)/,
  ],
  [
    'a sample that is none',
    async () => Buffer.from('{"eval":{"task":"a","model":"b"},"samples":[{}]}'),
    /x\.eval samples\[0\]: is not as in/,
  ],
  [
    'half a zip file',
    async () => (await zipped({ 'header.json': log })).subarray(0, 60),
    /x\.eval: is no whole zip file: its directory is missing/,
  ],
  ['a zip file of something else', () => zipped({ 'a.json': 1 }), /x\.eval: has no header\.json/],
])('%s is refused', async (_what, make, message) => {
  await writeFile(join(dir, 'x.eval'), await make());
  const { code, stderr } = await run(['import', 'x.eval']);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
});

test('a file that is not there, and a folder', async () => {
  expect(await run(['import', 'none.eval'])).toMatchObject({ code: 2, stderr: expect.stringContaining('none.eval cannot be read') });
  expect(await run(['import', '.'])).toMatchObject({ code: 2, stderr: expect.stringContaining('. is a folder') });
});

async function zipped(entries: Record<string, unknown>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const zip = new ZipWriter({ write: async (content) => void pieces.push(content as Buffer) });
  for (const [name, content] of Object.entries(entries)) await zip.add(name, Buffer.from(JSON.stringify(content)));
  await zip.end();
  return Buffer.concat(pieces);
}

/** A zip file of entries that are packed already. */
function zipOf(entries: readonly { name: string; method: number; data: Buffer; unpacked: number }[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, method, data, unpacked } of entries) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(unpacked, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x00\x00'), common, place, Buffer.from(name)]));
    files.push(Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]));
    offset += files.at(-1)!.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(all.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, all, end]);
}
