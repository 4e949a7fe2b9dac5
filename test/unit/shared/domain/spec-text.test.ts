import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';

describe('parseSpecText', () => {
  const yaml = (rest = ''): string =>
    `name: demo\nbenchmarks:\n  - benchmark: b\n    dataset: {uri: "file:t.jsonl"}\n    scorers: [{name: match}]\nmodels:\n  - model: mock/a\n${rest}`;

  it('reads YAML and JSON', () => {
    expect(parseSpecText(yaml(), 'a.yaml').name).toBe('demo');
    expect(
      parseSpecText(
        `\ufeff${JSON.stringify({ name: 'demo', benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:t.jsonl' }, scorers: ['match'] }], models: [{ model: 'mock/a' }] }, undefined, '\t')}`,
        'a.json',
      ).name,
    ).toBe('demo');
    expect(parseSpecText(yaml('metadata: {a: &x [1], b: *x}'), 'a.yaml').metadata).toEqual({ a: [1], b: [1] });
  });

  it.each([
    [yaml('epochs: 0\n'), 'a.yaml:8:1 epochs: is 0, must be at least 1'],
    [yaml('retry:\n  max_retrys: 3\n'), 'a.yaml:9:3 retry.max_retrys: there is no field "max_retrys" here; did you mean "max_retries"?'],
    [yaml('  - model: b\n'), 'a.yaml:8:5 models[1].model: is "b"'],
    [yaml('name: again\n'), 'a.yaml:8:1: the same field stands here a second time'],
    [yaml('epochs: [1\n'), 'a.yaml:9:1: is no valid YAML'],
    [yaml('route:\n\tlabels: {}\n'), 'a.yaml:9:1: a tab'],
    [yaml('metadata: !!js/function x\n'), 'a tag (!…) that specs do not know'],
    ['', 'a.yaml: is empty'],
    ['just text', 'a.yaml:1:1: is "just text", must be an object'],
    ['a'.repeat((1 << 20) + 1), 'a.yaml: has more than 1048576 bytes'],
    ['[['.repeat(5000), 'too deep'],
    [
      yaml(
        `metadata:\n  a: &a [1,1,1,1,1,1,1,1,1]\n${['b', 'c', 'd', 'e', 'f', 'g'].map((c, i) => `  ${c}: &${c} [${`*${'abcdef'[i]!},`.repeat(9)}]`).join('\n')}\n`,
      ),
      'aliases',
    ],
  ])('says where: %#', (text, message) => {
    expect(() => parseSpecText(text, 'a.yaml')).toThrow(message);
  });

  it('throws nothing but AppError, whatever the text', () => {
    const token = fc.constantFrom(
      'name',
      ': ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '*a',
      '&a ',
      '!!x ',
      '"',
      "'",
      '|',
      '>',
      '#',
      'benchmarks',
      'models',
      '1',
      '~',
      '? ',
      '%',
      '---\n',
      '\t',
      '<<',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(token, { maxLength: 40 }).map((t) => t.join('')),
        ),
        (text) => {
          try {
            parseSpecText(text, 'a.yaml');
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
