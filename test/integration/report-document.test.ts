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
const MAPS = new Set(['usageByModel', 'agents', 'results[].groups[].groups[].metrics']);

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
  return new Map([...manual.matchAll(/^\| `([^`]+)` \| ([^|]+?) \|/gm)].map((row) => [row[1]!, row[2]!]));
}

const valueAt = (report: unknown, path: string): unknown =>
  path
    .replaceAll('[]', '.*')
    .split('.')
    .reduce((value, key) => (key === '*' ? Object.values(value as object)[0] : (value as Record<string, unknown>)[key]), report);

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
  const benchmarks = [benchmark, { ...benchmark, benchmark: 'again' }];
  const { evaluation } = await client.submit({ spec: mockSpec(digest, { benchmarks }), idempotencyKey: 'report' });
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
