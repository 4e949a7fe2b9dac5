/** JSON datasets: a list, or an object with one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FaultList } from '../../../../coordinator/datasets/fault-list.ts';
import { jsonListToJsonl } from '../../../../coordinator/datasets/json-list.ts';
import { JsonScanner } from '../../../../coordinator/datasets/json-scanner.ts';
import { inChunks, testDatasets } from '../../../support/datasets.ts';
import { allOf } from '../../../support/mock-evaluation.ts';

const { upload, faults } = testDatasets();

async function lines(content: string, chunkBytes: number): Promise<string[]> {
  const found = new FaultList('x', 20, 'record');
  const made = Buffer.concat(
    await allOf(
      jsonListToJsonl(
        (async function* () {
          yield* inChunks(content, chunkBytes);
        })(),
        found,
      ),
    ),
  );
  if (found.size > 0) throw found.error('x')!;
  return made.toString().trimEnd().split('\n');
}

describe('JSON', () => {
  it('gives every record back on its line, whatever the values, layout and chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(0, 1, 4),
        fc.option(
          fc.dictionary(
            fc.string().filter((name) => name !== 'data'),
            fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant({ a: [1, { b: ']' }] })),
          ),
        ),
        fc.integer({ min: 1, max: 60 }),
        async (records, indent, wrapper, chunkBytes) => {
          const document = JSON.stringify(wrapper ? { ...wrapper, data: records, z: null } : records, undefined, indent);
          const found = await lines(document, chunkBytes);
          expect(found.map((line) => JSON.parse(line) as unknown)).toEqual(JSON.parse(JSON.stringify(records)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('takes exactly what a parser takes', async () => {
    const parses = (text: string): boolean => {
      try {
        const value = JSON.parse(text) as unknown;
        return Array.isArray(value) && value.length > 0;
      } catch {
        return false;
      }
    };
    const token = fc.constantFrom('[', ']', '{}', '{"a":1}', ',', ' ', '\n', '"', '{', '}', ':', '\\', '1');
    await fc.assert(
      fc.asyncProperty(fc.array(token, { maxLength: 8 }), fc.integer({ min: 1, max: 9 }), async (tokens, chunkBytes) => {
        const text = `[${tokens.join('')}`;
        const taken = await lines(text, chunkBytes).then(
          () => true,
          () => false,
        );
        const isList =
          parses(text) &&
          (JSON.parse(text) as unknown[]).every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
        expect({ text, taken }).toEqual({ text, taken: isList });
      }),
      {
        numRuns: 2000,
        examples: [
          [['{}', ',', ']'], 1],
          [['{}', ']', ']'], 1],
          [[']'], 1],
        ],
      },
    );
  });

  it('keeps the digits of long numbers', async () => {
    expect(await upload('a.json', '\ufeff[\n {"id": 12345678901234567890,\n "a": 1.10}\n]')).toBe(
      '{"id": 12345678901234567890,  "a": 1.10}\n',
    );
  });

  it('names each wrong record by its number', async () => {
    const message = await faults('a.json', '[{"a":1}, 7, [1], null, "x", {"a":}, {"a":1}, 8]');
    expect(message).toContain('a.json record 2 and 1 more record: is a number, must be a JSON object');
    expect(message).toContain('a.json record 3: is a list');
    expect(message).toContain('a.json record 4: is null');
    expect(message).toContain('a.json record 5: is a string');
    expect(message).toContain('a.json record 6: is not valid JSON');
    expect(await faults('a.json', Buffer.from('[{"a":"\xe9"}]', 'latin1'))).toContain('record 1: is not valid UTF-8');
  });

  it('says what is wrong with a document that is no such list', async () => {
    expect(await faults('a.json', ' \n')).toContain('a.json: is empty');
    expect(await faults('a.json', '"x"')).toContain('does not begin with [ or {');
    expect(await faults('a.json', '[]')).toContain('is a list without a record');
    expect(await faults('a.json', '{}')).toContain('has no list');
    expect(await faults('a.json', '{"a":{"b":[{}]}}')).toContain('has no list');
    expect(await faults('a.json', '{"a":[{}],"b":[{}]}')).toContain('has several lists');
    expect(await faults('a.json', '{"input":"a"}\n{"input":"b"}\n')).toContain('it is JSONL by its content; write format: jsonl');
    expect(await faults('a.json', '[{"a":1},]')).toContain('after record 1: there should be a value; take the extra comma out');
    expect(await faults('a.json', '[{"a":1} {"a":2}]')).toContain('after record 1: there should be a comma or ]');
    expect(await faults('a.json', '[{"a":1},{"a":')).toContain('ends after record 2, before its last bracket');
    expect(await faults('a.json', '[{"a":1}] x')).toContain('there should be nothing more');
  });

  it('parses no record that nests too deep', async () => {
    const deep = (depth: number): string => `[{"a":${'['.repeat(depth)}${']'.repeat(depth)}}]`;
    expect(await faults('a.json', deep(1000))).toBe(
      'dataset: a.json record 1: has lists and objects more than 1000 deep within each other; flatten it',
    );
    expect(await faults('a.json', deep(100_000))).toContain('more than 1000 deep');
  });

  it('lets go of a record that is too long, and goes on', () => {
    const scanner = new JsonScanner(10);
    const pieces = [...scanner.push(Buffer.from('[{"a":"0123456789"},{"a":1}]'))];
    expect(pieces.map(({ content }) => content?.toString())).toEqual([undefined, '{"a":1}']);
  });
});
