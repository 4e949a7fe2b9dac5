/** CSV and TSV. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultList } from '../../../../coordinator/datasets/fault-list.ts';
import { delimitedToJsonl } from '../../../../coordinator/datasets/delimited.ts';
import { jsonLines } from '../../../../coordinator/datasets/json-lines.ts';
import { inChunks, testDatasets } from '../../../support/datasets.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

const { upload, faults } = testDatasets();

const field = (value: string, delimiter: string): string =>
  /["\r\n]/.test(value) || value.includes(delimiter) || value === '' || value.startsWith('\ufeff')
    ? `"${value.replaceAll('"', '""')}"`
    : value;
const csvOf = (rows: string[][], delimiter: string, lineBreak: string): string =>
  rows.map((row) => row.map((value) => field(value, delimiter)).join(delimiter) + lineBreak).join('');

async function read(
  content: Uint8Array | string,
  delimiter: ',' | '\t',
  chunkBytes: number,
  columns?: readonly string[],
): Promise<{ line: number; json: string }[]> {
  const found = new FaultList('x', 20);
  const lines = jsonLines(
    delimitedToJsonl(
      (async function* () {
        yield* inChunks(content, chunkBytes);
      })(),
      delimiter,
      found,
      columns,
    ),
  );
  const records = (await allOf(lines)).map(({ number, content }) => ({ line: number, json: content!.toString() }));
  if (found.size > 0) throw found.error('x')!;
  return records;
}

describe('CSV and TSV', () => {
  it('give every value back, and the line on which its row begins, whatever the values, breaks and chunks', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ',', '\t', '"', '\n', '\r', '\r\n', ' ', '{', '\\'), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc
          .uniqueArray(
            text.filter((name) => name.trim() !== ''),
            { minLength: 2, maxLength: 4 },
          )
          .chain((header) =>
            fc.tuple(
              fc.constant(header),
              fc.array(fc.array(text, { minLength: header.length, maxLength: header.length }), { minLength: 1, maxLength: 8 }),
            ),
          ),
        fc.constantFrom(',' as const, '\t' as const),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async ([header, rows], delimiter, lineBreak, mark, chunkBytes) => {
          const head = csvOf([header], delimiter, lineBreak);
          const records = await read(`${mark ? '\ufeff' : ''}${head}${csvOf(rows, delimiter, lineBreak)}`, delimiter, chunkBytes);
          // As text: V8's JSON.parse takes the key "\"" for the key "\\" where it has just read that one at the same place.
          expect(records.map(({ json }) => json)).toEqual(
            rows.map((row) => JSON.stringify(Object.fromEntries(header.map((name, i) => [name, row[i]])))),
          );
          const breaks = (some: string): number => some.split(/\r\n|\n|\r/).length - 1;
          const expected = rows.map((_, i) => 1 + breaks(head) + breaks(csvOf(rows.slice(0, i), delimiter, lineBreak)));
          expect(records.map(({ line }) => line)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('becomes text throughout, and blank lines are no rows', async () => {
    expect(await upload('a.csv', 'input,target\n007,true\n\n"a\nb",""\n')).toBe(
      '\n{"input":"007","target":"true"}\n\n{"input":"a\\nb","target":""}\n',
    );
    expect(await upload('a.tsv', 'input\ttarget\r\na,b\tc\r\n')).toBe('\n{"input":"a,b","target":"c"}\n');
    expect(await upload('a.csv', '\ufeffinput,__proto__\n1,2')).toBe('\n{"input":"1","__proto__":"2"}\n');
  });

  it('have the names that are given where there is no header', async () => {
    expect(await read('What is 1 + 1?,1,2,B\n\n"a, b",3,4,A\n', ',', 7, ['question', 'A', 'B', 'answer'])).toEqual([
      { line: 1, json: '{"question":"What is 1 + 1?","A":"1","B":"2","answer":"B"}' },
      { line: 3, json: '{"question":"a, b","A":"3","B":"4","answer":"A"}' },
    ]);
    await expect(read('1,2,3\n', ',', 7, ['a', 'b'])).rejects.toThrow('line 1: has 3 values, but dataset.columns names 2');
    await expect(read('', ',', 7, ['a', 'b'])).rejects.toThrow('has no rows');
  });

  it('leave a first column without a name out, as pandas writes its index', async () => {
    expect(await upload('a.csv', ',input,target\n0,a,b\n1,c,d\n')).toBe('\n{"input":"a","target":"b"}\n{"input":"c","target":"d"}\n');
    expect(await faults('a.csv', ' \n1\n')).toContain('names column 1 of the header with nothing');
  });

  it('names the row of every fault by the line of the file', async () => {
    expect(await faults('a.csv', 'a,b\n"x\ny",1\n1\n2,3,4\n5\n')).toMatch(
      /a\.csv line 4 and 1 more line: has 1 values, but the header has 2 names[^]*a\.csv line 5: has 3 values/,
    );
    expect(await faults('a.csv', 'a,b\n1,2\n3,"4\n5,6\n')).toContain('a.csv line 3: begins a row with a quote (") that is never closed');
    expect(await faults('a.csv', 'a,b\n1,2"3"\n')).toContain('a.csv line 2: begins a row with a quote (") inside a value');
    expect(await faults('a.csv', 'a,b\n1,2\n"3"4,5\n')).toContain('a.csv line 3: begins a row with text behind a closing quote');
  });

  it('refuses headers that would lose columns', async () => {
    expect(await faults('a.csv', 'a,b,a\n1,2,3\n')).toContain('a.csv line 1: names column 3 of the header "a", as column 1');
    const found = new FaultList('x', 20);
    await allOf(
      delimitedToJsonl(
        (async function* () {
          yield Buffer.alloc(100_000, ',');
        })(),
        ',',
        found,
      ),
    );
    expect(found.size).toBe(21);
    expect(await faults('a.csv', 'a,, \n1,2,3\n')).toMatch(/names column 2 of the header with nothing[^]*names column 3/);
  });

  it('refuses what is no text, with its line', async () => {
    expect(await faults('a.csv', 'a,b\n1,2\n3,\0\n')).toContain('a.csv line 3: has a NUL byte');
    expect(await faults('a.csv', Buffer.from('a,b\n1,\xe9\n', 'latin1'))).toContain('a.csv line 2: is not valid UTF-8');
    // Half of a character at the very end.
    expect(await faults('a.csv', Buffer.concat([Buffer.from('a,b\n1,2\n3,'), Buffer.from([0xf0, 0x9f])]))).toContain(
      'a.csv line 3: is not valid UTF-8',
    );
  });

  it('refuses nothing, blanks, and a header alone', async () => {
    for (const empty of ['', '\n\r\n', '\ufeff']) expect(await faults('a.csv', empty)).toContain('a.csv: is empty; it has a header');
    expect(await faults('a.csv', 'input,target\n')).toContain('a.csv: has a header and no rows');
  });

  it('refuses a row of millions of values before they take all memory', async () => {
    const rows = `id,input,target\n1,x,y\n2${','.repeat(3_000_000)}`;
    await expect(read(rows, ',', 65_536)).rejects.toThrow(
      'line 3: begins a row of more than 1000000 commas; shorten it, or close its quote',
    );
    // Many rows have many commas, and that is no fault.
    const names = Array.from({ length: 101 }, (_, i) => `n${i}`).join(',');
    expect((await read(`${names}\n${`${','.repeat(100)}\n`.repeat(12_000)}`, ',', 65_536)).length).toBe(12_000);
  });

  it('tells the first faults only, and reads no further', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => '1,'.repeat(i + 2)).join('\n');
    const message = await faults('a.csv', `a,b\n${rows}`);
    expect(message.match(/a\.csv line/g)).toHaveLength(20);
    expect(message).toContain('and more');
  });
});
