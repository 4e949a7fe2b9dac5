import { describe, expect, it } from 'vitest';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { warningsOf } from '../../../../shared/domain/spec-warnings.ts';

const warnings = (spec: Record<string, unknown> = {}, benchmark: Record<string, unknown> = {}): string[] =>
  warningsOf(
    parseSpec({
      name: 'demo',
      benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:t.jsonl' }, scorers: ['match'], ...benchmark }],
      models: [{ model: 'mock/a' }],
      ...spec,
    }),
  ).map(({ place, problem }) => `${place}: ${problem}`);

describe('warningsOf', () => {
  it('is silent on what is usual', () => {
    expect(warnings()).toEqual([]);
    expect(warnings({ epochs: 4 }, { solver: 'multiple_choice', scorers: ['choice'], generate_config: { temperature: 0.7 } })).toEqual([]);
    expect(warnings({ epochs: { count: 1, reducers: ['mean', 'at_least_1_from_0.5'] } })).toEqual([]);
    const json = { response_schema: { name: 'a', json_schema: { type: 'object' } } };
    expect(warnings({}, { generate_config: json, scorers: [{ name: 'match', filters: [{ name: 'regex' }] }] })).toEqual([]);
    expect(warnings({ epochs: { count: 4, reducers: ['mean', 'pass_at_2'] }, limits: { time: 60, working: 30 } })).toEqual([]);
  });

  it.each<[Record<string, unknown>, Record<string, unknown>, RegExp]>([
    [{}, { scorers: ['choice'] }, /^benchmarks\[0\].scorers\[0\]: choice looks for .* the solver is generate$/],
    [{}, { solver: 'multiple_choice' }, /^benchmarks\[0\].scorers: the solver multiple_choice asks/],
    [{}, { solver: 'multiple_choice', scorers: ['choice'], prompt: { gen_prefix: 'ANSWER:' } }, /gen_prefix: is no part of the completion/],
    [
      {},
      { solver: { name: 'multiple_choice', args: { template: 'x', cot: true } }, scorers: ['choice'] },
      /solver.args: cot and multiple_correct choose/,
    ],
    [{}, { generate_config: { response_schema: { name: 'a', json_schema: { type: 'object' } } } }, /scorers: the answer is JSON/],
    [{ epochs: { count: 1, reducers: ['pass_at_1'] } }, {}, /^epochs: there is one epoch, so that pass_at_1/],
    [
      { epochs: 3, models: [{ model: 'mock/a', generate_config: { temperature: 0 } }] },
      {},
      /^epochs: is 3, but with temperature 0 .*"mock\/a"/,
    ],
    [{ limits: { time: 5, working: 9 } }, {}, /^limits.working: is 9 s, but limits.time ends a sample after 5 s/],
    [{ limits: { time: 5 }, retry: { timeout: 9 } }, {}, /^retry.timeout: is 9 s/],
  ])('says once what is hardly meant: %#', (spec, benchmark, message) => {
    const told = warnings(spec, benchmark);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(message);
  });
});
