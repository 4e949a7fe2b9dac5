import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { datasetFormIn } from '../../../../shared/domain/dataset-text.ts';

test.each([
  ['an object a line', '\n{"id": 1}\n\n{"id": 2}\n', 'JSONL: an object on each line'],
  ['one sample', '{"input": "1 + 1", "target": "2"}', 'JSONL: an object on each line'],
  ['a list of objects over lines', '[\n  {"input": "a"}\n]\n', 'a JSON list'],
  ['columns', '\ufeffinput,"the target"\r\n1 + 1,2\r\n', 'CSV'],
  ['tabs', 'input\ttarget\n1 + 1\t2\n', 'TSV'],
])('%s is a dataset', (_what, text, form) => expect(datasetFormIn(text)).toBe(form));

test.each([
  ['nothing', ''],
  ['a spec in one object', '{"name": "x", "models": [], "benchmarks": []}\n{"more": 1}'],
  ['a spec in a flow', '{name: x, models: [mock/x]}\n'],
  ['an object in which all is missing', '{"name": "x"}'],
  ['a list of names', '- a, b\n- c, d\n'],
  ['a comment with commas', '# one, two\n# three, four\nname: x\n'],
  ['a field with commas', 'tags: [a, b]\nname: x, y\n'],
])('%s is none', (_what, text) => expect(datasetFormIn(text)).toBeUndefined());

test('no example is one', () => {
  const folder = join(import.meta.dirname, '../../../../examples');
  for (const name of readdirSync(folder).filter((file) => /\.ya?ml$/.test(file)))
    expect({ name, form: datasetFormIn(readFileSync(join(folder, name), 'utf8')) }).toEqual({ name, form: undefined });
});
