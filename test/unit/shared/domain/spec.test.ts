import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { parseSpec, specValueOf } from '../../../../shared/domain/spec.ts';

interface RawSpec {
  benchmarks: {
    benchmark: string;
    dataset: Record<string, unknown>;
    scorers: { name: string; args: Record<string, unknown> }[];
    prompt?: unknown;
    metrics?: unknown;
  }[];
  models: Record<string, unknown>[];
  [field: string]: unknown;
}
const minimal = (): RawSpec => ({
  name: 'demo',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:test.jsonl' }, scorers: [{ name: 'match', args: { numeric: true } }] }],
  models: [{ model: 'mock/a' }],
});
const broken = (change: (spec: RawSpec) => void): string => {
  const spec = minimal();
  change(spec);
  try {
    parseSpec(spec);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect((error as AppError).code).toBe('invalid');
    return (error as AppError).message;
  }
  return 'no fault';
};

describe('parseSpec', () => {
  it('fills in defaults, also of scorer arguments', () => {
    expect(parseSpec(minimal())).toMatchObject({
      benchmarks: [
        {
          dataset: { fields: { input: 'input', target: 'target', metadata: [] } },
          prompt: { template: '{{ input }}' },
          scorers: [{ name: 'match', args: { location: 'end', ignore_case: true, numeric: true } }],
          metrics: ['accuracy', 'stderr'],
        },
      ],
      epochs: 1,
      priority: 5,
      retry: { max_retries: 14, attempt_timeout: 600 },
      tags: [],
      metadata: {},
      route: { labels: {} },
    });
  });

  it.each<[string, (spec: RawSpec) => void, string]>([
    ['an unknown field', (s) => (s['epoch'] = 2), 'epoch: there is no field "epoch" here; did you mean "epochs"?'],
    ['a missing field', (s) => delete s['name'], 'name: is missing; give it text'],
    ['a wrong kind', (s) => (s['epochs'] = 'two'), 'epochs: is "two", must be a number'],
    ['a number out of bounds', (s) => (s['priority'] = 11), 'priority: is 11, must be at most 10'],
    ['no benchmarks', (s) => (s.benchmarks = []), 'benchmarks: is a list, must have at least 1 item (it has 0)'],
    [
      'an unknown scorer',
      (s) => (s.benchmarks[0]!.scorers[0]!.name = 'matches'),
      'benchmarks[0].scorers[0].name: is "matches", but there is no such scorer; did you mean "match"?',
    ],
    [
      'a wrong argument',
      (s) => (s.benchmarks[0]!.scorers[0]!.args['location'] = 'middle'),
      'benchmarks[0].scorers[0].args.location: is "middle", must be one of begin, end, any, exact',
    ],
    [
      'an unknown argument',
      (s) => (s.benchmarks[0]!.scorers[0]!.args['ignorecase'] = true),
      'args.ignorecase: there is no field "ignorecase" here; did you mean "ignore_case"?',
    ],
    ['a bad pattern', (s) => (s.benchmarks[0]!.scorers = [{ name: 'pattern', args: { pattern: '(a' } }]), 'has a ( without its )'],
    ['a bad template', (s) => (s.benchmarks[0]!.prompt = { template: '{{ input ' }), 'prompt.template: is no valid template'],
    ['another scheme', (s) => (s.benchmarks[0]!.dataset['uri'] = 's3://x/y.jsonl'), 'dataset.uri: "s3://x/y.jsonl" has the scheme "s3:"'],
    ['no scheme', (s) => (s.benchmarks[0]!.dataset['uri'] = 'y.jsonl'), 'write file:y.jsonl'],
    ['another format', (s) => (s.benchmarks[0]!.dataset['uri'] = 'file:y.parquet'), 'is a .parquet file; datasets are JSONL'],
    ['a bad digest', (s) => (s.benchmarks[0]!.dataset['digest'] = 'abc'), 'dataset.digest: is no digest; write sha256:'],
    ['ids with limit', (s) => Object.assign(s.benchmarks[0]!.dataset, { ids: [1], limit: 1 }), 'dataset.limit: is 1 beside ids'],
    ['an id twice', (s) => (s.benchmarks[0]!.dataset['ids'] = [1, '1']), 'dataset.ids[1]: is "1" again'],
    ['a benchmark twice', (s) => s.benchmarks.push(s.benchmarks[0]!), 'benchmarks[1].benchmark: is "b" again, as benchmarks[0].benchmark'],
    ['a model twice', (s) => s.models.push(s.models[0]!), 'models[1].model: is "mock/a" again'],
    ['a model without provider', (s) => (s.models[0]!['model'] = 'gpt-4o'), 'models[0].model: is "gpt-4o", must be provider/name'],
    [
      'a key',
      (s) => (s.models[0]!['generate_config'] = { extra_body: { api_key: 'sk-1234' } }),
      "keys belong into the agent's configuration",
    ],
    ['a number that JSON lacks', (s) => (s['metadata'] = { x: [Infinity] }), 'metadata.x[0]: is Infinity'],
    ['a metric twice', (s) => (s.benchmarks[0]!.metrics = ['mean', 'mean']), 'metrics[1]: is "mean" again'],
    ['no metric by name', (s) => Object.assign(s.benchmarks[0]!, { metrics: ['acuracy'] }), 'metrics[0]: is "acuracy", but there'],
    [
      'a metric of no form',
      (s) => Object.assign(s.benchmarks[0]!, { metrics: [5] }),
      'is 5, must be the name of a metric, or {name, args}',
    ],
    [
      'a metric with a wrong argument',
      (s) => Object.assign(s.benchmarks[0]!, { metrics: [{ name: 'ci', args: { level: 95 } }] }),
      'metrics[0].args.level: is 95, must be less than 1',
    ],
    ['groups by nothing', (s) => Object.assign(s.benchmarks[0]!, { metrics: ['grouped'] }), 'metrics[0].args.group_key: is missing'],
    [
      'groups by a field twice',
      (s) => Object.assign(s.benchmarks[0]!, { metrics: ['a', 'b', 'a'].map((key) => ({ name: 'grouped', args: { group_key: key } })) }),
      'metrics[2]: is "grouped by a" again',
    ],
    ['a name with a line break', (s) => (s['name'] = 'a\nb'), 'name: is "a\\nb", must be printable'],
    [
      'no scorer by name',
      (s) => Object.assign(s.benchmarks[0]!, { scorers: ['mtach'] }),
      'benchmarks[0].scorers[0]: is "mtach", but there',
    ],
    [
      'a scorer of no form',
      (s) => Object.assign(s.benchmarks[0]!, { scorers: [5] }),
      'is 5, must be the name of a scorer, or {name, args, filters}',
    ],
    [
      'a wrong key in a plug-in',
      (s) => Object.assign(s.benchmarks[0]!, { scorers: [{ nmae: 'match' }] }),
      'scorers[0].nmae: there is no field "nmae" here; did you mean "name"?',
    ],
    [
      'an unknown solver',
      (s) => Object.assign(s.benchmarks[0]!, { solver: 'mutiple_choice' }),
      'solver: is "mutiple_choice", but there is no such solver; did you mean "multiple_choice"?',
    ],
    [
      'a wrong argument of a solver',
      (s) => Object.assign(s.benchmarks[0]!, { solver: { name: 'multiple_choice', args: { cto: true } } }),
      'solver.args.cto: there is no field "cto" here; did you mean "cot"?',
    ],
    [
      "a solver's broken template",
      (s) => Object.assign(s.benchmarks[0]!, { solver: { name: 'multiple_choice', args: { template: '{{ a' } } }),
      'solver.args.template: is no valid template',
    ],
    ['an argument too few', (s) => Object.assign(s.benchmarks[0]!, { solver: 'http' }), 'solver.args.url: is missing; give it text'],
    [
      'a URL with a password',
      (s) => Object.assign(s.benchmarks[0]!, { solver: { name: 'http', args: { url: 'https://me:secret@x/y' } } }),
      'solver.args.url: has a user or password in it',
    ],
    [
      'a prefix that nothing uses',
      (s) => Object.assign(s.benchmarks[0]!, { solver: { name: 'http', args: { url: 'https://x/y' } }, prompt: { gen_prefix: 'A' } }),
      'prompt.gen_prefix: stands beside the solver http',
    ],
    [
      'a key in a plug-in',
      (s) => Object.assign(s.benchmarks[0]!, { solver: { name: 'http', args: { url: 'https://x', args: { token: 't' } } } }),
      'solver.args.args.token: looks like a key',
    ],
    [
      'a reducer beyond the epochs',
      (s) => (s['epochs'] = { count: 2, reducers: ['mean', 'pass_at_3'] }),
      'epochs.reducers[1]: is "pass_at_3", but there are only 2',
    ],
    [
      'a reducer with a share beyond the epochs',
      (s) => (s['epochs'] = { count: 2, reducers: ['g_pass_2_50', 'g_pass_3_50_from_0.5'] }),
      'epochs.reducers[1]: is "g_pass_3_50_from_0.5", but there are only 2 epochs; lower 3, or raise',
    ],
    [
      'a vote among answers that there are not',
      (s) => {
        s['epochs'] = { count: 2, reducers: ['mean', 'maj_2'] };
        s.benchmarks[0]!.scorers = ['exact', 'rouge'].map((name) => ({ name, args: {} }));
      },
      'epochs.reducers[1]: is "maj_2", a vote among answers, and "rouge" takes nothing of a completion for its answer',
    ],
    ['a reducer twice', (s) => (s['epochs'] = { count: 2, reducers: ['mean', 'mean'] }), 'epochs.reducers[1]: is "mean" again'],
    [
      'an unknown reducer',
      (s) => (s['epochs'] = { count: 2, reducers: ['avg'] }),
      'epochs.reducers[0]: is "avg", which is no reducer; there are mean',
    ],
    ['a missing count', (s) => (s['epochs'] = { reducers: ['mean'] }), 'epochs.count: is missing; give it a number'],
    [
      'examples without a number',
      (s) => (s.benchmarks[0]!.prompt = { fewshot: {} }),
      'prompt.fewshot: says how examples are shown, but not how many',
    ],
    [
      'a digest without examples',
      (s) => (s.benchmarks[0]!.prompt = { num_fewshot: 2, fewshot: { digest: `sha256:${'a'.repeat(64)}` } }),
      'prompt.fewshot.digest: is about a dataset of examples, but there is none',
    ],
    [
      'alternatives alone',
      (s) => (s.models[0]!['generate_config'] = { top_logprobs: 3 }),
      'models[0].generate_config.top_logprobs: needs logprobs: true',
    ],
    [
      'a schema of nothing',
      (s) => (s.models[0]!['generate_config'] = { response_schema: { name: 'a', json_schema: { title: 'x' } } }),
      'response_schema.json_schema: says nothing about the answer',
    ],
    [
      'a slip in a schema',
      (s) =>
        (s.models[0]!['generate_config'] = {
          response_schema: { name: 'a', json_schema: { type: 'object', properties: { n: { type: 'nubmer' } } } },
        }),
      'json_schema.properties.n.type: is "nubmer", must be one of object, array, string, number, integer, boolean, null; did you mean number?',
    ],
    ['half an error', (s) => (s['fail_on_error'] = 1.5), 'fail_on_error: is 1.5, must be a share below 1, or a whole number'],
    [
      'a limit by another name',
      (s) => (s['limits'] = { tokns: 5 }),
      'limits.tokns: there is no field "tokns" here; did you mean "tokens"?',
    ],
    [
      'a template as metadata',
      (s) => (s.benchmarks[0]!.dataset['fields'] = { metadata: ['{{ a }}'] }),
      'fields.metadata[0]: is a template',
    ],
    ["a field's broken template", (s) => (s.benchmarks[0]!.dataset['fields'] = { input: '{{ a | no }}' }), 'fields.input: '],
    ['a base', (s) => (s['extends'] = 'base.yaml'), 'extends: is resolved by the client before it submits'],
    ['half a character', (s) => (s['name'] = 'a\ud800'), 'name: is '],
  ])('names %s with its place and remedy', (_what, change, message) => {
    expect(broken(change)).toContain(message);
  });

  it('never shows a key', () => {
    expect(broken((s) => (s.models[0]!['generate_config'] = { extra_body: { api_key: 'sk-1234' } }))).not.toContain('sk-1234');
    expect(broken((s) => (s.models[0]!['api_key'] = 'sk-1234'))).not.toContain('sk-1234');
  });

  it('names all faults at once, of shape and of meaning', () => {
    const message = broken((s) => {
      s['epochs'] = 0;
      s['modles'] = [];
      s.benchmarks[0]!.dataset['uri'] = 'x.jsonl';
      s.benchmarks[0]!.scorers[0]!.args['location'] = 'x';
    });
    expect(message).toMatch(/spec has 4 faults:/);
    // Also where what is missing is no reason to leave the rest unread.
    const more = broken((s) => {
      delete s['name'];
      Object.assign(s.benchmarks[0]!, { dataset: { limit: 3 }, scorers: ['nope'], prompt: { template: '{{' } });
      s.benchmarks.push({ benchmark: 7, dataset: { uri: 's3://x' }, scorers: [] } as never);
      s.models.push({ model: 'x y/z', generate_config: { temperature: 'hot' } });
    });
    for (const place of [
      'name: is missing',
      'dataset.uri: is missing',
      'scorers[0]: is "nope"',
      'template: is no valid',
      '[1].benchmark: is 7',
      '"s3://x" has',
      '[1].scorers: is a list',
      'models[1].model: is "x y/z"',
      'temperature: is "hot"',
    ])
      expect(more).toContain(place);
    expect(more).toMatch(/has 9 faults/);
    // What is wrong is not missing as well.
    expect(broken((s) => (s.benchmarks[0]!.prompt = { num_fewshot: 'two', fewshot: {} }))).toMatch(
      /^spec: benchmarks\[0\].prompt.num_fewshot: is "two"/,
    );
  });

  it('takes names for plug-ins, and numbers for epochs', () => {
    const short = parseSpec({
      ...minimal(),
      benchmarks: [{ ...minimal().benchmarks[0], solver: 'multiple_choice', scorers: ['choice', 'match'] }],
    });
    expect(short.benchmarks[0]).toMatchObject({
      solver: { name: 'multiple_choice', args: { cot: false, multiple_correct: false } },
      scorers: [
        { name: 'choice', args: {} },
        { name: 'match', args: { location: 'end' } },
      ],
    });
  });

  it('throws nothing but AppError, whatever the value', () => {
    const part = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    const some = fc.record({
      name: part,
      benchmarks: fc.oneof(
        part,
        fc.array(
          fc.record({
            benchmark: part,
            dataset: fc.record({ uri: part, ids: part, fields: part, limit: part }),
            scorers: fc.array(fc.record({ name: fc.constantFrom('match', 'pattern', 'x'), args: part })),
            prompt: fc.oneof(
              part,
              fc.record({ num_fewshot: part, fewshot: fc.oneof(part, fc.record({ uri: part, seed: part })), gen_prefix: part }),
            ),
            solver: fc.oneof(part, fc.record({ name: fc.constantFrom('multiple_choice', 'http', 'x'), args: part })),
            generate_config: fc.oneof(
              part,
              fc.record({ response_schema: fc.record({ name: part, json_schema: part }), top_logprobs: part }),
            ),
          }),
        ),
      ),
      models: fc.oneof(part, fc.array(fc.record({ model: part, generate_config: part }))),
      epochs: fc.oneof(part, fc.record({ count: part, reducers: part })),
      limits: part,
      fail_on_error: part,
      concurrency: fc.oneof(part, fc.record({ key: part })),
      metadata: part,
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), some), (value) => {
        try {
          parseSpec(value);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(() => parseSpec({ ...minimal(), metadata: { deep } })).toThrow(/more than 64 deep/);
  });

  it('reads JSON bytes', () => {
    expect(specValueOf(Buffer.from(JSON.stringify(minimal())))).toEqual(minimal());
    expect(() => specValueOf(Buffer.from('{"name": secret}'))).toThrow(/is not valid JSON in UTF-8/);
    expect(() => specValueOf(Buffer.from([0xff]))).toThrow(AppError);
    expect(() => specValueOf(Buffer.alloc((1 << 20) + 1))).toThrow(/at most 1048576/);
  });
});
