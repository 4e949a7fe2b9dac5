import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { createScorer } from '../../../../shared/scoring/registry.ts';
import { verdict } from '../../../support/verdict.ts';

const number = (name: string, args: Record<string, unknown>, output: string, ...targets: string[]): number =>
  verdict(name, args, output, ...targets) as number;

describe('json_match', () => {
  it.each([
    ['{"a": 1, "b": [1.0, "x"]}', '{"b":[1,"x"],"a":1}', 'C'],
    ['{"a": 1}', '{"a": 1, "b": 2}', 'I'],
    ['{"a": 1, "b": 2}', '{"a": 1}', 'I'],
    ['[1, 2]', '[2, 1]', 'I'],
    ['[]', '{}', 'I'],
    ['100', '100.1', 'I'],
    ['"1"', '1', 'I'],
    ['true', '1', 'C'],
    ['{"a": null}', '{"a": null}', 'I'],
    ['12345678901234567890', '12345678901234567891', 'I'],
    ['12345678901234567890', '12345678901234567890', 'C'],
    ['18014398509481984', '1.8014398509481984e16', 'C'],
    ['{"__proto__": 1}', '{"__proto__": 1}', 'C'],
    ['{"__proto__": 1}', '{}', 'I'],
    ['{"toString": 1}', '{"a": 1}', 'I'],
    ['{"a": 1', '{"a": 1}', 'I'],
    ['', '1', 'I'],
    ['[NaN]', '[1]', 'I'],
  ])('%j against %j: %s', (output, target, expected) => {
    expect(verdict('json_match', {}, output, target)).toBe(expected);
  });

  it('takes any of several targets, and null for itself if asked to', () => {
    expect(verdict('json_match', {}, '2', '1', '2.0')).toBe('C');
    expect(verdict('json_match', { null_matches: true }, '{"a": null}', '{"a": null}')).toBe('C');
    expect(verdict('json_match', { null_matches: true }, '{"a": null}', '{}')).toBe('I');
    expect(verdict('json_match', {}, '['.repeat(100_000), '[]')).toBe('I');
  });

  it('cannot judge by a target that is no JSON', () => {
    expect(() => verdict('json_match', {}, '1', '1', '{a}')).toThrow(/target "\{a\}"/);
  });

  it('matches any JSON with itself, keys in any order', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .toReversed()
                .map(([key, one]) => [key, reversed(one)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(verdict('json_match', { null_matches: true }, JSON.stringify(value), JSON.stringify(reversed(value)))).toBe('C');
      }),
    );
  });
});

describe('json_diff', () => {
  it.each([
    ['{"a": 1}', '{"a": 2}', 2 / 3],
    ['{"a": 1, "b": "xy"}', '{"b": "xz", "a": 1}', 0.75],
    ['{"a": 1}', '{"a": 1, "b": null}', 1],
    ['{"a": 1}', '{"b": 1}', 0],
    ['[1, 2]', '[1]', 0.5],
    ['[[]]', '[{}]', 0],
    ['[true]', '[false]', 0.2],
    ['[0, -1]', '[0, 2]', 0.5],
    ['[1e308]', '[-1e308]', 0],
    ['[1e999]', '[1]', 0],
    ['{"a": "{\\"b\\": 1}"}', '{"a": {"b": 1}}', 1],
    ['kitten', 'sitting', 4 / 7],
    ['5', '5.0', 1 / 3],
    ['', '', 1],
    ['["😀"]', '["😀!"]', 0.5],
  ])('%j against %j: %d', (output, target, expected) => {
    expect(number('json_diff', {}, output, target)).toBeCloseTo(expected, 12);
  });

  it('is symmetric, 1 for equal values, and takes the best target', () => {
    fc.assert(
      fc.property(fc.json(), fc.json(), (a, b) => {
        const value = number('json_diff', {}, a, b);
        expect(value).toBeCloseTo(number('json_diff', {}, b, a), 9);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(number('json_diff', {}, a, b, a)).toBe(1);
      }),
    );
  });

  it('refuses texts that would take too long', () => {
    const list = (end: string): string => JSON.stringify([end, end].map((one) => 'a'.repeat(90_000) + one));
    expect(() => number('json_diff', {}, list('a'), list('b'))).toThrow(/too long/);
  });
});

describe('json_schema', () => {
  const valid = (schema: unknown, value: unknown): boolean => verdict('json_schema', { schema }, JSON.stringify(value)) === 'C';

  it('without a schema takes any object or list', () => {
    expect(['{"a": 1}', '[]', '1', '"a"', 'null', '{a: 1}', '', 'x {}'].map((text) => verdict('json_schema', {}, text))).toEqual([
      'C',
      'C',
      'I',
      'I',
      'I',
      'I',
      'I',
      'I',
    ]);
    expect(verdict('json_schema', { schema: {} }, '1')).toBe('C');
  });

  it('says what is wrong, and where', () => {
    const schema = { type: 'object', properties: { list: { items: { type: 'integer', minimum: 3 } } }, required: ['list'] };
    const scorer = createScorer({ name: 'json_schema', args: { schema } });
    expect(scorer('{"list": [3, 4.0]}', [])).toEqual({ value: 'C', answer: '{"list": [3, 4.0]}' });
    expect(scorer('{"list": [3, 2]}', []).explanation).toBe('list.1 must be at least 3');
    expect(scorer('{"list": ["3"]}', []).explanation).toBe('list.0 must be of type integer');
    expect(scorer('{}', []).explanation).toBe('the answer must have the member "list"');
    expect(scorer('{"list": [', []).explanation).toBe('the output is no JSON');
  });

  it.each([
    [{ type: ['string', 'null'] }, [null, 'a'], [1, {}]],
    [{ type: 'number' }, [1, 1.5], ['1', true]],
    [{ enum: ['a', { b: [1] }] }, ['a', { b: [1] }], ['b', { b: [2] }]],
    [{ const: { a: 1, b: 2 } }, [{ b: 2, a: 1 }], [{ a: 1 }]],
    [{ minLength: 1, maxLength: 1 }, ['😀', 5], ['', 'ab']],
    [{ pattern: '^\\d+$' }, ['12', 5], ['12\n', 'a']],
    [{ exclusiveMinimum: 0, exclusiveMaximum: 2, multipleOf: 0.5 }, [0.5, 1.5], [0, 2, 0.7]],
    [{ prefixItems: [{ const: 1 }], items: { type: 'string' } }, [[1, 'a'], [1], []], [[2], [1, 2]]],
    [{ items: [{ const: 1 }], additionalItems: false }, [[1], []], [[1, 2]]],
    [{ contains: { const: 1 }, minContains: 2 }, [[1, 1]], [[1]]],
    [
      { uniqueItems: true, minItems: 2, maxItems: 2 },
      [[1, 2]],
      [
        [1, 1],
        [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
        [1],
      ],
    ],
    [
      { properties: { a: true }, patternProperties: { '^x': { type: 'number' } }, additionalProperties: false },
      [{ a: 'any', x1: 1 }],
      [{ b: 1 }, { x: 'y' }],
    ],
    [{ propertyNames: { maxLength: 1 }, minProperties: 1, maxProperties: 2 }, [{ a: 1 }], [{}, { ab: 1 }, { a: 1, b: 2, c: 3 }]],
    [{ dependentRequired: { a: ['b'] } }, [{ a: 1, b: 1 }, { b: 1 }], [{ a: 1 }]],
    [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
    [{ anyOf: [{ type: 'string' }, { minimum: 5 }] }, ['a', 5], [4]],
    [{ oneOf: [{ minimum: 1 }, { minimum: 5 }] }, [1, 4], [5, 0]],
    [{ not: { type: 'string' } }, [1], ['a']],
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    [{ if: { type: 'string' }, then: { minLength: 2 }, else: { minimum: 2 } }, ['ab', 2], ['a', 1]],
    [
      {
        $defs: { tree: { type: 'object', properties: { kids: { items: { $ref: '#/$defs/tree' } } }, required: ['kids'] } },
        $ref: '#/$defs/tree',
      },
      [{ kids: [{ kids: [] }] }],
      [{ kids: [{}] }],
    ],
    [{ properties: { 'a/b~c': { const: 1 } }, items: { $ref: '#/properties/a~1b~0c' } }, [[1]], [[2]]],
    [{ properties: { toString: { const: 1 } }, required: [] }, [{}], [{ toString: 2 }]],
    [{ format: 'date', title: 'a note', $comment: 'as well' }, ['no date'], []],
  ] as [unknown, unknown[], unknown[]][])('%j', (schema, good, bad) => {
    expect(good.filter((value) => !valid(schema, value))).toEqual([]);
    expect(bad.filter((value) => valid(schema, value))).toEqual([]);
  });

  it.each([
    [{ propertys: {} }, /#\/propertys is a keyword that is not known/],
    [{ properties: { a: { typ: 'string' } } }, /#\/properties\/a\/typ is a keyword/],
    [{ $defs: { a: { unevaluatedItems: false } } }, /unevaluatedItems/],
    [{ type: 'text' }, /#\/type must be one of/],
    [{ required: 'a' }, /#\/required must be a list of names/],
    [{ items: 5 }, /#\/items is no JSON Schema/],
    [{ anyOf: [] }, /#\/anyOf must be a list/],
    [{ $ref: '#/$defs/b' }, /not in the schema/],
    [{ $ref: 'https://example.org/s' }, /a place within the schema/],
    [{ pattern: '(?=a)' }, /RE2/],
    [{ minimum: '1' }, /must be a number/],
    [{ multipleOf: 0 }, /above 0/],
  ])('refuses the schema %j', (schema, message) => {
    expect(() => createScorer({ name: 'json_schema', args: { schema } })).toThrow(AppError);
    expect(() => createScorer({ name: 'json_schema', args: { schema } })).toThrow(message);
  });

  it('ends, whatever the schema refers to', () => {
    expect(() => valid({ $ref: '#' }, 1)).toThrow(/levels deep/);
    const wide = { anyOf: Array.from({ length: 10 }, () => ({ type: 'array', items: { $ref: '#' }, contains: false })) };
    expect(() => verdict('json_schema', { schema: wide }, '['.repeat(50) + ']'.repeat(50))).toThrow(/steps/);
  });

  it('takes a value for its own description', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(valid({ const: value, enum: [value] }, value)).toBe(true);
        expect(valid({ not: { const: value } }, value)).toBe(false);
      }),
    );
  });
});
