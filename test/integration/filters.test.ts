/** Named chains of filters through a fleet: progress, report, results, samples and CSV call their scorers by the same names. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { checkBooks } from '../support/books.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

const SAMPLES = 20;
const LAST = { name: 'regex', args: { regex_pattern: '[0-9]+', group_select: -1 } };
const MARKED = { name: 'regex', args: { regex_pattern: '#### ([0-9]+)' } };

let fleet: Fleet;
let address: string;
let client: AssayClient;
let cli: CliHome;
beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  ({ address } = await fleet.coordinator());
  client = fleet.client(address);
  await fleet.agent('one', [address], { models: [{ match: 'mock/*' }] });
});
afterAll(async () => {
  await fleet.stop();
  await cli.dispose();
});

test('one completion, a scorer for each chain', async () => {
  const digest = await client.uploadBytes(sums(SAMPLES));
  const dataset = { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } };
  const scorers = ['includes', { name: 'exact_match', filters: { marked: [MARKED], last: ['strip_reasoning', LAST] } }];
  const benchmarks = [{ benchmark: 'sums', dataset, scorers, metrics: ['mean', 'std'] }];
  // The marked number is always right, the last one for about half of the samples.
  const mock = { accuracy: 0.5, text: '#### {{ target }}, or {{ answer }} <think>7</think>' };
  const models = [{ model: 'mock/one', generate_config: { extra_body: { mock } } }];
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { benchmarks, models }), idempotencyKey: 'chains' });
  const id = evaluation.evaluationId;
  await watchAll(client, id);

  const names = ['includes', 'exact_match,last', 'exact_match,marked'];
  const report = await checkBooks(client, id);
  expect(report.results.map(({ scorer }) => scorer)).toEqual(names);
  const [, last, marked] = report.results.map(({ metrics }) => metrics);
  expect(marked).toEqual({ mean: 1, std: 0 });
  expect(last!.mean).toBeGreaterThan(0);
  expect(last!.mean).toBeLessThan(1);
  const { groups } = await client.get(id);
  expect(groups[0]!.scorers.map(({ scorer, sum }) => ({ scorer, sum }))).toEqual(
    report.results.map(({ scorer, metrics }) => ({ scorer, sum: Math.round(SAMPLES * metrics.mean!) })),
  );

  const results = await allOf(client.results(id));
  for (const { completion, scores } of results) {
    expect(scores.map(({ scorer }) => scorer)).toEqual(names);
    expect(scores.map(({ answer }) => answer).slice(1)).toEqual([/or (\d+)/.exec(completion)![1], /#### (\d+)/.exec(completion)![1]]);
  }
  const wrong = await allOf(client.results(id, { filter: { scorer: 'exact_match,last', scoreValues: ['0'] } }));
  expect(wrong).toHaveLength(SAMPLES - Math.round(SAMPLES * last!.mean!));

  const { code, stdout } = await cli.run(['results', id, '--format', 'csv', '--address', address]);
  expect(code).toBe(0);
  const [head, ...rows] = stdout.trim().split('\r\n');
  expect(head).toContain(',state,score_includes,"score_exact_match,last","score_exact_match,marked",completion,');
  expect(rows.filter((row) => /,scored,C,[01],1,/.test(row))).toHaveLength(SAMPLES);
});
