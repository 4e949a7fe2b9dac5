import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { AppError } from '../../../../shared/domain/errors.ts';
import { compileBenchmark, type ChatMessage, type Sample } from '../../../../shared/domain/sample.ts';
import { benchmarkSchema, datasetSchema, type BenchmarkSpec, type DatasetSpec } from '../../../../shared/domain/spec.ts';
import { compileTemplate } from '../../../../shared/domain/template.ts';

const dataset = (rest: Record<string, unknown> = {}): DatasetSpec => datasetSchema.parse({ uri: 'file:a.jsonl', ...rest });
const benchmark = (prompt: Record<string, unknown>, rest: Record<string, unknown> = {}): BenchmarkSpec =>
  benchmarkSchema.parse({ benchmark: 'b', dataset: { uri: 'file:a.jsonl', ...rest }, prompt, scorers: [{ name: 'match' }] });
const mapLine = (line: string | Uint8Array, ordinal: number, spec: DatasetSpec): Sample =>
  compileBenchmark({ ...benchmark({}), dataset: spec }).map(line, ordinal);
const renderPrompt = (spec: BenchmarkSpec, sample: Sample): ChatMessage[] => compileBenchmark(spec).messages(sample, 1).messages;
const map = (record: unknown, rest: Record<string, unknown> = {}): unknown => mapLine(JSON.stringify(record), 3, dataset(rest));

describe('a line', () => {
  it('needs no mapping for own names', () => {
    expect(map({ input: 'q', target: 'a' })).toEqual({ id: 3, input: 'q', target: ['a'], metadata: {} });
    expect(map({ input: 5, target: [1, true, 'x'], id: 'k', choices: ['a', 2], metadata: { level: 1 } })).toEqual({
      id: 'k',
      input: '5',
      target: ['1', 'true', 'x'],
      choices: ['a', '2'],
      metadata: { level: 1 },
    });
    expect(map({ input: 'q', target: 'a', id: null, choices: 'A', metadata: 7 })).toEqual({
      id: 3,
      input: 'q',
      target: ['a'],
      metadata: {},
    });
  });

  it('maps fields, also inside others, and applies templates', () => {
    const fields = { input: 'q.text', target: 'answers', id: 'key', choices: 'q.choices', metadata: ['level', 'q.source'] };
    expect(
      map(
        { q: { text: 'why', choices: ['a', 'b'], source: 's' }, answers: ['x #### 1', 'y #### 2'], key: 9, level: null },
        {
          fields,
          input_template: '{{ id }}: {{ input }} {{ choices | join: "/" }}',
          target_template: "{{ target | split: '#### ' | last }}",
        },
      ),
    ).toEqual({
      id: 9,
      input: '9: why a/b',
      target: ['1', '2'],
      choices: ['a', 'b'],
      metadata: { level: null, 'q.source': 's' },
    });
    expect(map({ 'a.b': 'dotted', target: 't' }, { fields: { input: 'a.b' } })).toMatchObject({ input: 'dotted' });
  });

  it('keeps whole numbers that a double would round', () => {
    expect(mapLine('{"input": 12345678901234567890, "target": 0.5, "id": 9007199254740993}', 1, dataset())).toMatchObject({
      id: '9007199254740993',
      input: '12345678901234567890',
      target: ['0.5'],
    });
  });

  it.each([
    [{ input: 'q' }, {}, /no field "target" \(dataset.fields.target\); it has input/],
    [{ input: ['q'], target: 'a' }, {}, /a list in the field "input" \(dataset.fields.input\), must be text or a list of chat messages/],
    [{ input: 'q', target: [] }, {}, /empty list/],
    [{ input: 'q', target: [{}] }, {}, /an object in the field "target\[0\]"/],
    [{ input: 'q', target: 'a', k: {} }, { fields: { id: 'k' } }, /an object in the field "k"/],
    [{ input: 'q', target: 'a', k: 'abc' }, { fields: { choices: 'k' } }, /must be a list of text/],
    [{ input: 'q', target: 'a' }, { fields: { metadata: ['m'] } }, /no field "m"/],
    [{ input: 'q', target: 'a' }, { input_template: '{{ nope }}' }, /input_template: undefined variable: nope/],
    [[1], {}, /is a list, must be a JSON object/],
    [{ target: 'a', toString: 1 }, {}, /no field "input"/],
  ])('refuses %j with %j', (record, rest, message) => {
    expect(() => map(record, rest)).toThrow(message);
  });

  it('refuses brackets without end at once, but not in text', () => {
    expect(() => mapLine('['.repeat(20 << 20), 1, dataset())).toThrow(/more than 1000 deep/);
    expect(mapLine(JSON.stringify({ input: '[{"\\'.repeat(5000), target: 'a' }), 1, dataset()).input).toHaveLength(20_000);
  });

  it('throws nothing but AppError, whatever the line', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.uint8Array()), (line) => {
        try {
          expect(mapLine(line, 1, dataset()).target.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
  });
});

describe('prompts', () => {
  const sample = { id: 1, input: 'q?', target: ['a'], metadata: { hint: 'h' } };

  it('see input, target, choices, id and metadata', () => {
    expect(renderPrompt(benchmark({ template: 'Question: {{ input }}\nAnswer:', system_message: 'Be brief. {{ raw }}' }), sample)).toEqual([
      { role: 'system', content: 'Be brief. {{ raw }}' },
      { role: 'user', content: 'Question: q?\nAnswer:' },
    ]);
    expect(
      renderPrompt(
        benchmark({ template: '{{ id }}{{ target }}{{ metadata.hint }}{% if choices %}x{% endif %}{% if metadata.none %}y{% endif %}' }),
        sample,
      ),
    ).toEqual([{ role: 'user', content: '1ah' }]);
    expect(renderPrompt(benchmark({}), sample)).toEqual([{ role: 'user', content: 'q?' }]);
  });

  it('do not interpret what a sample holds', () => {
    for (const template of ['{{ input }}', ' {{ input }}'])
      expect(renderPrompt(benchmark({ template }), { ...sample, input: '{{ target }} {% raw %}' })[0]!.content).toMatch(
        /^ ?\{\{ target \}\} \{% raw %\}$/,
      );
  });

  it.each([
    '{% include "x" %}',
    '{% render "x" %}',
    '{% layout "x" %}',
    "{{ 'now' | date: '%s' }}",
    '{{ input | sample }}',
    '{{ input | nofilter }}',
    '{{ input',
    '{% if %}',
    '{% for %}',
  ])('refuse %s', (template) => {
    expect(() => compileTemplate(template)).toThrow(AppError);
  });

  it('are bounded', () => {
    expect(() => compileTemplate('{% for i in (1..9999999999) %}x{% endfor %}').render({})).toThrow(AppError);
    expect(() => compileTemplate('{{ (1..30000000) | size }}').render({})).toThrow(/too much text or too long a list/);
    expect(() => compileTemplate('{{ input }}'.repeat(50)).render({ input: 'x'.repeat(1_000_000) })).toThrow(/too much text/);
    const startedAt = performance.now();
    const nested = '{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}{% endfor %}{% endfor %}{% endfor %}';
    expect(() => compileTemplate(nested).render({})).toThrow(/takes too long|too long a list/); // whichever bound is hit first
    expect(performance.now() - startedAt).toBeLessThan(5000);
    // The targets of one sample share the bounds, and nothing else.
    const targets = Array.from({ length: 1000 }, (_, i) => `t${i}`);
    expect(() => compileTemplate('{{ input }}').renderEach({ input: 'x'.repeat(100_000) }, 'target', targets)).toThrow(/too much text/);
    const once = compileTemplate('{% increment n %}{% if a %}leak{% endif %}{% assign a = target %}{{ a }}');
    expect(once.renderEach({}, 'target', ['x', 'y'])).toEqual(['0x', '0y']);
    expect(() => compileTemplate('{{ input.constructor }}').render({ input: 'x' })).toThrow(/undefined variable/);
  });

  it('of 20 MiB are made in seconds', { timeout: 60_000 }, () => {
    const compiled = compileBenchmark(
      benchmark(
        { template: 'Question: {{ input }}\nAnswer:' },
        { input_template: '{{ input | strip }}', target_template: "{{ target | split: '#### ' | last }}" },
      ),
    );
    const text = 'word #### '.repeat(2 << 20);
    const startedAt = performance.now();
    const mapped = compiled.map(Buffer.from(JSON.stringify({ input: text, target: `${text}42` })), 1);
    expect(mapped.target).toEqual(['42']);
    expect(compiled.messages(mapped, 1).messages[0]!.content.length).toBeGreaterThan(20_000_000);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });
});
