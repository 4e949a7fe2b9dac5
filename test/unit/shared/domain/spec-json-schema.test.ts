import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { specJsonSchema } from '../../../../shared/domain/spec-json-schema.ts';
import { fits } from '../../../support/json-schema.ts';

const ROOT = new URL('../../../../', import.meta.url);
const schema = specJsonSchema();
const minimal = (benchmark: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'demo',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:t.jsonl' }, scorers: ['match'], ...benchmark }],
  models: [{ model: 'mock/a' }],
  ...rest,
});

describe('the JSON Schema of the spec', () => {
  it('is the copy in docs/spec.schema.json', () => {
    // A difference is mended by writing `JSON.stringify(specJsonSchema(), null, 2)` there; the command `assay schema` prints it.
    expect(JSON.parse(readFileSync(new URL('docs/spec.schema.json', ROOT), 'utf8'))).toEqual(schema);
  });

  it('describes what editors show', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'urn:assay:spec:v1',
      additionalProperties: false,
    });
    expect(JSON.stringify(schema)).toContain('"description":"Samples in flight at the same time over all agents"');
  });

  const examples = readdirSync(new URL('examples/', ROOT)).filter((name) => name.endsWith('.yaml') && !name.endsWith('agent.yaml'));
  it.each(examples)('fits examples/%s', (name) => {
    expect(fits(parse(readFileSync(new URL(`examples/${name}`, ROOT), 'utf8')), schema)).toBe(true);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the least', minimal()],
    [
      'plug-ins with arguments',
      minimal({ scorers: [{ name: 'pattern', args: { pattern: '(a)' } }], solver: { name: 'http', args: { url: 'https://x' } } }),
    ],
    ['epochs with reducers', minimal({}, { epochs: { count: 2, reducers: ['pass_at_2'] }, fail_on_error: 0.1 })],
    ['reducers with numbers', minimal({}, { epochs: { count: 4, reducers: ['pass_k_4', 'g_pass_4_50', 'at_least_2_from_0.5'] } })],
    ['a chain of filters', minimal({ scorers: [{ name: 'match', filters: ['strip', { name: 'regex', args: { group_select: -1 } }] }] })],
    [
      'named chains',
      minimal({ scorers: [{ name: 'pattern', args: { pattern: '(a)' }, filters: { 'maj@8.x': ['strip'], b: ['lowercase'] } }] }),
    ],
    ['a base', { extends: 'base.yaml', name: 'x' }],
  ])('fits %s', (_what, spec) => {
    expect(fits(spec, schema)).toBe(true);
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['an unknown field', minimal({}, { epoch: 2 })],
    ['an unknown field inside', minimal({ dataset: { uri: 'file:a', filds: {} } })],
    ['an unknown scorer', minimal({ scorers: ['mtach'] })],
    ['a wrong argument', minimal({ scorers: [{ name: 'match', args: { location: 'middle' } }] })],
    ['a missing argument', minimal({ scorers: ['pattern'] })],
    ['an unknown solver', minimal({ solver: 'generat' })],
    ['no scorers', minimal({ scorers: [] })],
    ['an unknown filter', minimal({ scorers: [{ name: 'match', filters: ['regx'] }] })],
    ['a filter of several responses', minimal({ scorers: [{ name: 'match', filters: { a: ['take_first'] } }] })],
    ['an empty chain', minimal({ scorers: [{ name: 'match', filters: [] }] })],
    ['no chains', minimal({ scorers: [{ name: 'match', filters: {} }] })],
    ['a chain of no name', minimal({ scorers: [{ name: 'match', filters: { 'a,b': ['strip'] } }] })],
    ['filters of a solver', minimal({ solver: { name: 'generate', filters: ['strip'] } })],
    ['a wrong digest', minimal({ dataset: { uri: 'file:a', digest: 'abc' } })],
    ['a number out of bounds', minimal({}, { priority: 11 })],
    ['a wrong reducer', minimal({}, { epochs: { count: 2, reducers: ['avg'] } })],
  ])('refuses %s', (_what, spec) => {
    expect(fits(spec, schema)).toBe(false);
  });
});
