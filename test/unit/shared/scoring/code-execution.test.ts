/** The program of a sample, and what a sample must have for it. */
import { describe, expect, it } from 'vitest';
import { codeExecution, codeTextOf } from '../../../../shared/scoring/scorers/code-execution.ts';

const args = (more: object = {}) => codeExecution.args.parse(more);
const sample = (metadata: Record<string, unknown>) => ({ output: '    return n\n', input: 'def f(n):\n', metadata });
const TEST = 'def check(candidate):\n    assert candidate(1) == 1\n';

describe('codeTextOf', () => {
  it('is prompt and completion, as HumanEval has it', () =>
    expect(codeTextOf(args(), sample({ test: TEST, entry_point: 'f' }))).toEqual({
      program: 'def f(n):\n    return n\n',
      prompt: 'def f(n):\n',
      test: TEST,
      entryPoint: 'f',
    }));

  it('is the completion alone where the spec says so', () =>
    expect(codeTextOf(args({ prompt: false }), sample({ test: TEST, entry_point: 'f' }))).toMatchObject({
      program: '    return n\n',
      prompt: '',
    }));

  it('takes statements, and fields of other names', () =>
    expect(codeTextOf(args({ test: 'test_list' }), sample({ test_list: ['assert f(1) == 1', 'assert f(2) == 2'] }))).toMatchObject({
      test: 'assert f(1) == 1\nassert f(2) == 2',
      entryPoint: undefined,
    }));

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['no tests', {}, /no text "test"; map it by dataset.fields.metadata/],
    ['tests that are no text', { test: 1 }, /no text "test"/],
    ['a function to be called by no name', { test: TEST }, /has no "entry_point"/],
    ['a name that is none', { test: TEST, entry_point: 'f()' }, /"entry_point" is no name of a function/],
  ])('refuses a sample with %s', (_, metadata, words) => expect(() => codeTextOf(args(), sample(metadata))).toThrow(words));
});

it.each([{ timeout: 0 }, { timeout: 61 }, { memory_mb: 1 }, { language: 'ruby' }, { sandbox: true }])('refuses %j', (wrong) =>
  expect(codeExecution.args.safeParse(wrong).success).toBe(false),
);
