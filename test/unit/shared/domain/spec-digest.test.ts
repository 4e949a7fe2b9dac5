import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../shared/domain/canonical-json.ts';
import { fewshotSchema, parseSpec, specDigestOf, type EvaluationSpec } from '../../../../shared/domain/spec.ts';

const minimal = (): Record<string, unknown> => ({
  name: 'demo',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:test.jsonl' }, scorers: [{ name: 'match', args: { numeric: true } }] }],
  models: [{ model: 'mock/a' }],
});

describe('canonical form and digest', () => {
  it('are those of the first release where nothing new is used', () => {
    const full = {
      name: 'demo',
      benchmarks: [
        {
          benchmark: 'b',
          dataset: {
            uri: 'file:t.jsonl',
            digest: `sha256:${'a'.repeat(64)}`,
            fields: { input: 'q', metadata: ['m'] },
            limit: 3,
            shuffle: 1,
            input_template: '{{ input }}',
          },
          prompt: { template: 'Q {{ input }}', system_message: 's' },
          scorers: [
            { name: 'match', args: { numeric: true } },
            { name: 'pattern', args: { pattern: '(a)' } },
          ],
          metrics: ['mean'],
        },
      ],
      models: [
        {
          model: 'openai/x',
          generate_config: { temperature: 0, top_p: 1, max_tokens: 5, stop_seqs: ['a'], seed: 1, extra_body: { a: 1 } },
          route: { labels: { zone: 'eu' } },
        },
      ],
      epochs: 3,
      retry: { max_retries: 1, attempt_timeout: 5, timeout: 9 },
      priority: 2,
      route: { labels: { gpu: '1' } },
      max_task_samples: 5,
      tags: ['t'],
      metadata: { a: null },
    };
    // What release 0.1.0 computed.
    expect(specDigestOf(parseSpec(full))).toBe('sha256:a04d43a6dd2b478adf2bb3dae7cc021f245148dbec758f0c09c511a33f66103e');
  });

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
    expect(withChange((s) => (s.benchmarks[0]!.dataset.format = 'jsonl'))).toBe(base);
    expect(withChange((s) => Object.assign(s, { name: 'other', tags: ['x'], metadata: { a: 1 }, priority: 1 }))).toBe(base);
    expect(withChange((s) => Object.assign(s, { concurrency: { key: 'k', supersede: true }, max_samples: 9 }))).toBe(base);
    expect(withChange((s) => (s.cache = true))).toBe(base);
  });

  it('depend on the form that the same bytes are read in, however it is said', () => {
    const csv = withChange((s) => (s.benchmarks[0]!.dataset.format = 'csv'));
    expect(withChange((s) => (s.benchmarks[0]!.dataset.uri = 'file:a.csv.gz'))).toBe(csv);
    expect(withChange((s) => (s.benchmarks[0]!.dataset.uri = 'file:a.tsv'))).not.toBe(csv);
    expect(csv).not.toBe(base);
    const shots = (uri: string): string =>
      withChange((s) => {
        const fewshot = { ...fewshotSchema.parse({}), uri, digest: `sha256:${'c'.repeat(64)}` };
        s.benchmarks[0]!.prompt = { ...s.benchmarks[0]!.prompt, num_fewshot: 1, fewshot };
      });
    expect(shots('file:a.csv')).not.toBe(shots('file:a.tsv'));
    expect(shots('file:a.csv')).toBe(shots('file:b.csv'));
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
