/** docs/report.md, field by field, against the report of an evaluation that was run. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';

let fleet: Fleet;
beforeAll(async () => {
  fleet = await Fleet.start();
});
afterAll(() => fleet.stop());

/** Objects whose keys are names of the run, not of the document. */
const MAPS = new Set(['usageByModel', 'cache.byModel', 'agents', 'errors', 'results[].groups[].groups[].metrics']);

/** Every leaf's path, `[]` for a list's items and `*` for the keys of maps. */
function* pathsOf(value: unknown, path = ''): Generator<string> {
  if (typeof value !== 'object' || value === null) return yield path;
  if (Array.isArray(value)) {
    for (const item of value) yield* pathsOf(item, `${path}[]`);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    const name = MAPS.has(path) ? '*' : key;
    yield* pathsOf(item, path === '' ? name : `${path}.${name}`);
  }
}

/** The paths in the order and with the types of the table. */
function documented(): Map<string, string> {
  const manual = readFileSync(new URL('../../docs/report.md', import.meta.url), 'utf8');
  const report = manual.slice(0, manual.indexOf('\n## The record'));
  return new Map([...report.matchAll(/^\| `([^`]+)` \| ([^|]+?) \|/gm)].map((row) => [row[1]!, row[2]!]));
}

const valueAt = (report: unknown, path: string): unknown =>
  path
    .replaceAll('[]', '.*')
    .split('.')
    .reduce<unknown[]>(
      (values, key) => {
        const next = values.flatMap((value) => (key === '*' ? Object.values(value as object) : [(value as Record<string, unknown>)[key]]));
        return next.filter((value) => value !== undefined);
      },
      [report],
    )[0];

test('the manual names exactly the fields that there are, with their types', async () => {
  const coordinator = await fleet.coordinator();
  const client = fleet.client(coordinator.address);
  await fleet.agent('a', [coordinator.address], { models: [{ match: 'mock/*', provider: 'mock', max_connections: 8 }] });
  const digest = await client.uploadBytes(sums(10, (i) => ({ topic: i % 3, passage: `p${i % 4}` })));
  const benchmark = {
    benchmark: 'sums',
    dataset: { uri: 'file:sums.jsonl', digest, fields: { metadata: ['topic', 'passage'] } },
    scorers: [{ name: 'match' }],
    metrics: [
      ...['accuracy', 'mean', 'std', 'var', 'bootstrap_stderr'],
      { name: 'stderr', args: { cluster: 'passage' } },
      { name: 'ci', args: { method: 'bootstrap' } },
      { name: 'grouped', args: { group_key: 'topic' } },
    ],
  };
  const likelihood = {
    ...{ benchmark: 'likelihood', dataset: benchmark.dataset, solver: 'loglikelihood', scorers: ['loglikelihood'] },
    metrics: ['perplexity', 'word_perplexity', 'byte_perplexity', 'bits_per_byte'],
  };
  const judged = { benchmark: 'judged', dataset: benchmark.dataset, scorers: ['model_graded_qa'] };
  const overlaps = ['bleu', 'chrf', 'ter'];
  const corpus = { benchmark: 'corpus', dataset: benchmark.dataset, scorers: overlaps, metrics: overlaps };
  const benchmarks = [benchmark, { ...benchmark, benchmark: 'again' }, likelihood, judged, corpus];
  // Some calls fail once, some so often that their units are errored.
  const models = [{ model: 'mock/flaky', generate_config: { extra_body: { mock: { seed: 1, error_rate: { rate_limit: 0.4 } } } } }];
  const grader = { model: 'mock/judge', generate_config: { extra_body: { mock: { text: 'GRADE: C' } } } };
  const spec = mockSpec(digest, { benchmarks, models, model_roles: { grader }, retry: { max_retries: 1 }, cache: true });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'report' });
  await watchAll(client, evaluation.evaluationId);
  expect(await client.verify(evaluation.evaluationId)).toMatchObject({ balanced: true });
  const report = await client.report(evaluation.evaluationId);
  const fields = documented();
  expect([...new Set(pathsOf(report))].toSorted()).toEqual([...fields.keys()].toSorted());
  for (const [path, type] of fields) {
    const value = valueAt(report, path);
    const found = typeof value === 'number' ? 'number' : /^\d{4}-\d\d-\d\dT.*Z$/.test(String(value)) ? 'ISO 8601, UTC' : 'text';
    expect({ path, found }).toEqual({ path, found: /^number$|^ISO/.test(type) ? type : 'text' });
  }
});
