import { describe, expect, it } from 'vitest';
import { composeSpec } from '../../../../shared/domain/spec-compose.ts';
import type { EvaluationSpec } from '../../../../shared/domain/spec.ts';

const compose = (text: string, settings: string[] = []): Promise<EvaluationSpec> =>
  composeSpec({ name: 'suite.yaml', text }, { load: () => Promise.reject(new Error('no bases')), settings });
const faultsOf = (text: string): Promise<string[]> =>
  compose(text).then(
    () => [],
    (error: Error) => error.message.split('\n').filter((line) => !/has \d+ faults/.test(line)),
  );

const SUITE = `name: suite
benchmarks:
  - benchmark: [high_school_physics, virology]
    dataset: {uri: "file:test/{{ benchmark }}.jsonl", limit: 9}
    prompt:
      system_message: "About {{ benchmark | replace: '_', ' ' }}."
      template: "{{ input }} {{- benchmark -}} {{ metadata.benchmark }}"
      num_fewshot: 1
      fewshot: {uri: "file:dev/{{benchmark}}.jsonl"}
    scorers: [match]
  - benchmark: last
    dataset: {uri: "file:{{ benchmark }}.jsonl"}
    scorers: [exact]
models: [{model: mock/a}]
`;

describe('a benchmark with several names', () => {
  it('is one benchmark for each, with its name in its texts', async () => {
    const { benchmarks } = await compose(SUITE);
    expect(
      benchmarks.map(({ benchmark, dataset, prompt }) => [benchmark, dataset.uri, prompt.fewshot?.uri, prompt.system_message]),
    ).toEqual([
      ['high_school_physics', 'file:test/high_school_physics.jsonl', 'file:dev/high_school_physics.jsonl', 'About high school physics.'],
      ['virology', 'file:test/virology.jsonl', 'file:dev/virology.jsonl', 'About virology.'],
      ['last', 'file:{{ benchmark }}.jsonl', undefined, undefined],
    ]);
    // What is no name of the benchmark is left to what renders it later.
    expect(benchmarks[1]!.prompt.template).toBe('{{ input }} virology {{ metadata.benchmark }}');
    expect(benchmarks.map(({ scorers }) => scorers[0]!.name)).toEqual(['match', 'match', 'exact']);
  });

  it('is set once for all of them', async () => {
    const { benchmarks } = await compose(SUITE, ['benchmarks[0].dataset.limit=2', 'benchmarks[1].dataset.limit=3']);
    expect(benchmarks.map(({ dataset }) => dataset.limit)).toEqual([2, 2, 3]);
  });

  it('leaves samples that are written out alone', async () => {
    const inline = SUITE.replace('"file:test/{{ benchmark }}.jsonl"', `'inline:{"input": "{{ benchmark }}", "target": "x"}'`);
    expect((await compose(inline)).benchmarks[0]!.dataset.uri).toContain('{{ benchmark }}');
  });

  it('has its faults where it was written, once', async () => {
    expect(await faultsOf(SUITE.replace('scorers: [match]', 'scorers: [mtach]').replace('[exact]', '[exakt]'))).toEqual([
      expect.stringMatching(/^ {2}suite\.yaml:10:\d+ benchmarks\[0\]\.scorers\[0\]: .*mtach/),
      expect.stringMatching(/^ {2}suite\.yaml:13:\d+ benchmarks\[1\]\.scorers\[0\]: .*exakt/),
    ]);
  });

  it.each([
    [
      'a filter that is none',
      SUITE.replace('| replace:', '| replase:'),
      /benchmarks\[0\].*undefined filter: replase.*did you mean replace/,
    ],
    [
      'a name twice',
      SUITE.replace('virology]', 'high_school_physics]'),
      /benchmarks\[0\]\.benchmark.*give each benchmark a name of its own/,
    ],
    ['no name', SUITE.replace('[high_school_physics, virology]', '[]'), /benchmarks\[0\]\.benchmark: is a list/],
    ['what is no name', SUITE.replace('virology]', '7]'), /benchmarks\[0\]\.benchmark: is a list/],
    ['too many', SUITE.replace('virology]', `${Array.from({ length: 120 }, (_, i) => `b${i}`).join(', ')}]`), /benchmarks: .*100/],
  ])('%s is a fault', async (_what, text, fault) => {
    expect((await faultsOf(text)).join('\n')).toMatch(fault);
  });
});
