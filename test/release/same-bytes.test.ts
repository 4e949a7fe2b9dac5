/** The report's results are the same bytes for any number of agents. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, rawReport, sums, watchAll } from '../support/mock-evaluation.ts';

const SAMPLES = 150;
const AGENTS = [1, 2, 5];
let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());

test('with 1, 2 and 5 agents', async () => {
  const { address } = await fleet.coordinator();
  const client = fleet.client(address);
  const digest = await client.uploadBytes(
    sums(SAMPLES, (i) => ({
      input: `${i} and ${'x'.repeat((i * 37) % 500)}`,
      choices: [String(2 * i), 'none of them', 'été'],
      topic: i % 7,
    })),
  );
  const spec = mockSpec(digest, {
    benchmarks: [
      {
        benchmark: 'sums',
        dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' }, shuffle: 11 },
        scorers: [
          { name: 'match', args: { numeric: true } },
          { name: 'includes' },
          { name: 'pattern', args: { pattern: 'answer is (\\d+[02468])' } },
        ],
        metrics: ['accuracy', 'mean', 'stderr'],
      },
      {
        benchmark: 'choices',
        dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id', metadata: ['topic'] }, limit: 60 },
        solver: { name: 'loglikelihood_choice', args: { target: 'text' } },
        scorers: ['acc', 'acc_norm', 'brier_score'],
        metrics: [
          'mean',
          { name: 'ci', args: { method: 'bootstrap', cluster: 'topic' } },
          { name: 'grouped', args: { group_key: 'topic' } },
        ],
      },
      {
        benchmark: 'rolling',
        dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id', target: 'input' }, limit: 60 },
        solver: 'loglikelihood_rolling',
        scorers: ['loglikelihood'],
        metrics: ['mean', 'word_perplexity', 'bits_per_byte', 'bootstrap_stderr'],
      },
    ],
    models: ['mock/one', 'mock/two', 'mock/three'].map((model, seed) => ({
      model,
      generate_config: { extra_body: { mock: { seed, accuracy: 0.3 + 0.2 * seed } } },
    })),
    epochs: 2,
    max_task_samples: 7,
  });
  const seen: { agents: number; results: string; parsed: string }[] = [];
  for (let agents = 0; seen.length < AGENTS.length;) {
    for (; agents < AGENTS[seen.length]!; agents++) {
      const options = { latency_ms: 15, sigma: 1 };
      await fleet.agent(`agent-${agents}`, [address], { models: [{ match: 'mock/*', provider: 'mock', max_connections: 8, options }] });
    }
    const { evaluation } = await client.submit({ spec, idempotencyKey: `with-${agents}` });
    expect((await watchAll(client, evaluation.evaluationId)).at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
    const { reportJson } = await rawReport(address, evaluation.evaluationId);
    const report = await client.report(evaluation.evaluationId);
    expect(Object.values(report.agents).reduce((sum, units) => sum + units, 0)).toBe(report.units.total);
    seen.push({ agents: Object.keys(report.agents).length, results: resultsPart(reportJson), parsed: JSON.stringify(report.results) });
  }
  expect(seen.map(({ agents }) => agents)).toEqual(AGENTS);
  const [{ results, parsed }] = seen as [(typeof seen)[0]];
  // Not by being empty: rows for each scorer and model, whose numbers differ.
  const rows = JSON.parse(results) as { benchmark: string; metrics: { mean: number }; counts: { total: number; scored: number } }[];
  expect(rows).toHaveLength(3 * (3 + 3 + 1));
  expect(new Set(rows.map((row) => row.metrics.mean)).size).toBeGreaterThan(8);
  for (const { benchmark, counts } of rows) {
    expect(counts.total).toBe(2 * (benchmark === 'sums' ? SAMPLES : 60));
    expect(counts.scored).toBe(counts.total);
  }
  expect(results).toBe(parsed);
  for (const other of seen.slice(1)) expect(other).toMatchObject({ results, parsed });
});

/** The bytes of the array behind `"results":`, found without parsing the document. */
function resultsPart(json: Buffer): string {
  const text = json.toString('utf8');
  const from = text.indexOf('"results":') + '"results":'.length;
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[' || text[at] === '{') depth++;
    if (text[at] === ']' || text[at] === '}') depth--;
    if (depth === 0) return text.slice(from, at + 1);
  }
  throw new Error('the report has no results');
}
