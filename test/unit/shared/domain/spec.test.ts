import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../shared/domain/errors.ts';
import { parseSpec, specDigestOf, specValueOf, type EvaluationSpec } from '../../../../shared/domain/spec.ts';
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts';
import { parseSpecText } from '../../../../shared/domain/spec-text.ts';
import { datasetPath } from '../../../../shared/domain/dataset-uri.ts';

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
      retry: { max_retries: 6, attempt_timeout: 600 },
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
    [
      'another scheme',
      (s) => (s.benchmarks[0]!.dataset['uri'] = 'https://x/y.jsonl'),
      'dataset.uri: "https://x/y.jsonl" has the scheme "https:"',
    ],
    ['no scheme', (s) => (s.benchmarks[0]!.dataset['uri'] = 'y.jsonl'), 'write file:y.jsonl'],
    ['another format', (s) => (s.benchmarks[0]!.dataset['uri'] = 'file:y.csv'), 'is a .csv file; datasets are JSONL'],
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
    ['a name with a line break', (s) => (s['name'] = 'a\nb'), 'name: is "a\\nb", must be printable'],
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
            prompt: part,
          }),
        ),
      ),
      models: fc.oneof(part, fc.array(fc.record({ model: part, generate_config: part }))),
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

describe('canonical form and digest', () => {
  const withChange = (change: (spec: EvaluationSpec) => void): string => {
    const spec = parseSpec(minimal());
    spec.benchmarks[0]!.dataset.digest = `sha256:${'a'.repeat(64)}`;
    change(spec);
    return specDigestOf(spec);
  };
  const base = withChange(() => {});

  it('are the same for any order of keys and for defaults written out', () => {
    const reversed = Object.fromEntries(Object.entries({ ...minimal(), epochs: 1, priority: 5 }).toReversed());
    expect(canonicalJson(parseSpec(reversed))).toBe(canonicalJson(parseSpec(minimal())));
    expect(parseSpec(JSON.parse(canonicalJson(parseSpec(minimal()))))).toEqual(parseSpec(minimal()));
  });

  it('do not depend on where a dataset lies, nor on labels for people', () => {
    expect(withChange((s) => (s.benchmarks[0]!.dataset.uri = 'file:elsewhere.jsonl'))).toBe(base);
    expect(withChange((s) => Object.assign(s, { name: 'other', tags: ['x'], metadata: { a: 1 }, priority: 1 }))).toBe(base);
  });

  it.each<[string, (spec: EvaluationSpec) => void]>([
    ['the dataset', (s) => (s.benchmarks[0]!.dataset.digest = `sha256:${'b'.repeat(64)}`)],
    ['the prompt', (s) => (s.benchmarks[0]!.prompt.template = 'Q {{ input }}')],
    ['a scorer', (s) => (s.benchmarks[0]!.scorers[0]!.args['numeric'] = false)],
    ['a model setting', (s) => (s.models[0]!.generate_config.temperature = 0)],
    ['epochs', (s) => (s.epochs = 2)],
    ['the route', (s) => (s.route.labels['zone'] = 'eu')],
  ])('change with %s', (_what, change) => {
    expect(withChange(change)).not.toBe(base);
  });
});

describe('parseSpecText', () => {
  const yaml = (rest = ''): string =>
    `name: demo\nbenchmarks:\n  - benchmark: b\n    dataset: {uri: "file:t.jsonl"}\n    scorers: [{name: match}]\nmodels:\n  - model: mock/a\n${rest}`;

  it('reads YAML and JSON', () => {
    expect(parseSpecText(yaml(), 'a.yaml').name).toBe('demo');
    expect(parseSpecText(`\ufeff${JSON.stringify(minimal(), undefined, '\t')}`, 'a.json').name).toBe('demo');
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

describe('datasetPath', () => {
  it.each([
    ['file:a b.jsonl', 'a b.jsonl'],
    ['file:../x/y.jsonl', '../x/y.jsonl'],
    ['file:/abs.jsonl', '/abs.jsonl'],
    ['file:///a%20b.jsonl', '/a b.jsonl'],
  ])('%s is %s', (uri, path) => {
    expect(datasetPath(uri)).toBe(path);
  });

  it.each(['file:', 'file://host/x', 'file:///%zz', 'C:\\x.jsonl', 'file:dir/', 's3://b/k', 'hf://x'])('refuses %s', (uri) => {
    expect(() => datasetPath(uri)).toThrow(AppError);
  });
});
