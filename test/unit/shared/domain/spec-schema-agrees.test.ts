/** The JSON Schema refuses nothing that the parser takes: an editor that marks a right spec is worse than none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSpec } from '../../../../shared/domain/spec.ts';
import { specJsonSchema } from '../../../../shared/domain/spec-json-schema.ts';
import { fits, unknownKeywords } from '../../../support/json-schema.ts';

const schema = specJsonSchema();
/** At most two of the fields beside those that are needed: with more, hardly any spec would be right. */
const some = (fields: Record<string, fc.Arbitrary<unknown>>, needed: string[] = []): fc.Arbitrary<Record<string, unknown>> => {
  const others = Object.keys(fields).filter((key) => !needed.includes(key));
  return fc
    .subarray(others, { maxLength: Math.min(2, others.length) })
    .chain((keys) => fc.record(Object.fromEntries([...needed, ...keys].map((key) => [key, fields[key]!]))));
};
const oneOf = (...values: unknown[]) => fc.constantFrom(...values);
const int = fc.oneof(fc.integer({ min: -1, max: 12 }), oneOf(1000, 2 ** 31, 2 ** 53 - 1));
const amount = fc.oneof(int, oneOf(0.5, 1e-9, 1e300, 0));
const text = oneOf('', 'a', '{{ input }}', '#### ', 'é😀', '\n');
const object = oneOf({}, { a: 1 }, { a: { b: [null] } });

const plugin = (name: fc.Arbitrary<unknown>, args: fc.Arbitrary<unknown>) => fc.oneof(name, some({ name, args }, ['name']));
const filter = fc.oneof(
  plugin(oneOf('strip', 'lowercase', 'regex', 'strip_reasoning', 'take_first'), oneOf({})),
  plugin(
    oneOf('regex'),
    some({ regex_pattern: oneOf('(a)', '('), group_select: int, fallback: oneOf('', { output: true }, { output: false }) }),
  ),
);
const chain = fc.array(filter, { maxLength: 3 });
const filters = fc.oneof(chain, fc.dictionary(oneOf('a', 'strict-match', 'b,c', '') as fc.Arbitrary<string>, chain, { maxKeys: 2 }));
const scorer = fc.oneof(
  some({ name: oneOf('exact_match', 'match', 'command'), args: oneOf({}), filters }, ['name', 'filters']),
  plugin(oneOf('match', 'includes', 'exact', 'pattern', 'choice', 'http', 'command'), oneOf({})),
  plugin(oneOf('match'), some({ location: oneOf('begin', 'end', 'any', 'exact'), ignore_case: fc.boolean(), numeric: fc.boolean() })),
  plugin(oneOf('pattern'), some({ pattern: oneOf('(a)', '(?P<x>a)', 'a', ''), ignore_case: fc.boolean(), match_all: fc.boolean() })),
  plugin(oneOf('choice'), some({ multiple_correct: fc.boolean() })),
  plugin(oneOf('command'), some({ command: oneOf('a', 'a-b.c', 'a b'), args: object, timeout: amount })),
  plugin(oneOf('http'), some({ url: oneOf('https://h/p', 'http://[::1]:1/', 'HTTPS://H', 'ftp://h'), args: object, timeout: amount })),
);
const metric = fc.oneof(
  oneOf('accuracy', 'mean', 'stderr', 'std', 'var', 'ci', 'grouped'),
  plugin(oneOf('stderr'), some({ cluster: oneOf('a', '') })),
  plugin(oneOf('ci'), some({ level: amount, method: oneOf('t', 'bootstrap', 'z'), num_samples: int, seed: int, cluster: oneOf('a') })),
  plugin(oneOf('grouped'), some({ group_key: oneOf('a'), metrics: fc.array(oneOf('mean', 'ci', 'var'), { maxLength: 2 }) }, ['group_key'])),
);
const solver = fc.oneof(
  plugin(oneOf('generate', 'multiple_choice'), oneOf({})),
  plugin(oneOf('multiple_choice'), some({ template: text, cot: fc.boolean(), multiple_correct: fc.boolean(), shuffle: fc.integer() })),
  plugin(oneOf('http'), some({ url: oneOf('https://h/p'), args: object, timeout: amount }, ['url'])),
);
const config = some({
  temperature: amount,
  top_p: amount,
  max_tokens: int,
  stop_seqs: fc.array(text, { maxLength: 2 }),
  seed: int,
  frequency_penalty: amount,
  presence_penalty: amount,
  logprobs: fc.boolean(),
  top_logprobs: int,
  response_schema: some({ name: oneOf('a', 'a b'), json_schema: oneOf({ type: 'object' }, {}), description: text, strict: fc.boolean() }, [
    'name',
    'json_schema',
  ]),
  reasoning_effort: oneOf('none', 'minimal', 'low', 'high', 'xhigh'),
  extra_body: object,
});
const source = {
  uri: oneOf('file:a.jsonl', 'inline:{}', 'https://h/a.csv.gz', 'file:a.json'),
  format: oneOf('jsonl', 'json', 'csv', 'tsv'),
  digest: oneOf(`sha256:${'a'.repeat(64)}`, `sha256:${'A'.repeat(64)}`),
};
const dataset = some(
  {
    ...source,
    fields: some({
      input: oneOf('q', 'a.b[0]', '{{ a }}'),
      target: oneOf('t'),
      id: oneOf('i'),
      choices: oneOf('c', '{{ c }}'),
      metadata: fc.array(oneOf('m', 'n'), { maxLength: 2 }),
    }),
    input_template: text,
    target_template: text,
    limit: int,
    ids: fc.array(oneOf(1, 'a', 1.5, ''), { maxLength: 3 }),
    shuffle: int,
  },
  ['uri'],
);
const prompt = some({
  template: text,
  system_message: text,
  num_fewshot: int,
  fewshot: some({
    ...source,
    sampler: oneOf('first_n', 'random', 'lm_eval'),
    seed: int,
    as_multiturn: fc.boolean(),
    delimiter: text,
    target_delimiter: text,
  }),
  gen_prefix: text,
});
const labels = some({ labels: fc.dictionary(fc.constantFrom('zone', 'gpu'), text, { maxKeys: 2 }) });
const benchmark = some({
  dataset,
  prompt,
  solver,
  generate_config: config,
  scorers: fc.array(scorer, { minLength: 1, maxLength: 2 }),
  metrics: fc.uniqueArray(metric),
}).map((parts) => ({ benchmark: 'b', dataset: { uri: 'file:a' }, scorers: ['match'], ...parts }));
const model = some({ generate_config: config, route: labels }).map((parts) => ({ model: 'mock/a', ...parts }));
const spec = some(
  {
    name: oneOf('n', 'ñ'),
    benchmarks: fc.tuple(benchmark),
    models: fc.tuple(model),
    epochs: fc.oneof(
      int,
      some(
        {
          count: int,
          reducers: fc.array(oneOf('mean', 'mode', 'pass_at_1', 'at_least_2', 'g_pass_2_50', 'pass_k_2_from_0.5'), {
            minLength: 1,
            maxLength: 2,
          }),
        },
        ['count', 'reducers'],
      ),
    ),
    retry: some({ max_retries: int, attempt_timeout: amount, timeout: amount }),
    priority: int,
    route: labels,
    max_task_samples: int,
    max_samples: int,
    limits: some({ time: amount, working: amount, tokens: int }),
    fail_on_error: fc.oneof(fc.boolean(), amount),
    retry_on_error: int,
    cache: fc.oneof(fc.boolean(), some({ expiry: oneOf('never', '1W', '12h', '0D', 'x'), per_epoch: fc.boolean(), scopes: labels })),
    concurrency: some({ key: oneOf('k', ''), supersede: fc.boolean() }, ['key']),
    tags: fc.array(text, { maxLength: 2 }),
    metadata: object,
  },
  ['name', 'benchmarks', 'models'],
);

describe('the parser and the JSON Schema', () => {
  it('have only keywords that are judged here', () => {
    expect(unknownKeywords(schema)).toEqual([]);
  });

  it('agree on every spec that the parser takes', () => {
    let taken = 0;
    fc.assert(
      fc.property(spec, (value) => {
        if (!('spec' in readSpec(structuredClone(value)))) return;
        taken++;
        expect({ value, fits: fits(value, schema) }).toMatchObject({ fits: true });
      }),
      { numRuns: 1000 },
    );
    expect(taken).toBeGreaterThan(100);
  });
});
