/** What an evaluation was made of and who answered: by `assay record`, and in what `assay compare` and `assay gate` say beside scores. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import type { EvaluationRecord, RecordSample } from '../../shared/client/record.ts';
import { promptDigestOf } from '../../shared/domain/provenance.ts';
import { VERSION } from '../../shared/domain/version.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { chatAnswer, ModelEndpoint } from '../support/model-endpoint.ts';

const SAMPLES = 12;
let fleet: Fleet;
let cli: CliHome;
let client: AssayClient;
let at: string[];
let digest: string;
/** What the endpoint calls itself. */
let named: (call: number) => { model: string; system_fingerprint?: string };
let calls = 0;
const endpoint = new ModelEndpoint(async ({ prompt }) => {
  const sample = Number(/(\d+) \+/.exec(prompt)![1]);
  const { body, ...answer } = chatAnswer('', `The answer is ${2 * sample}`);
  return { ...answer, body: JSON.stringify({ ...(JSON.parse(body) as object), ...named(calls++) }) };
});

beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  await endpoint.start();
  const { address } = await fleet.coordinator();
  client = fleet.client(address);
  at = ['--address', address];
  const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];
  await Promise.all([fleet.agent('one', [address], { models }), fleet.agent('two', [address], { models })]);
  digest = await client.uploadBytes(sums(SAMPLES));
});
afterAll(async () => {
  await fleet.stop();
  await endpoint.stop();
  await cli.dispose();
});

const first = { model: 'one-2026-01', system_fingerprint: 'fp_1' };
const run = (...args: string[]) => cli.inside([...args, ...at]);

async function finished(key: string, more: Record<string, unknown> = {}, name: typeof named = () => first): Promise<string> {
  named = name;
  const spec = mockSpec(digest, { models: [{ model: 'openai/one', generate_config: { seed: 7 } }], max_task_samples: 3, ...more });
  const { evaluation } = await client.submit({ spec, idempotencyKey: key });
  await watchAll(client, evaluation.evaluationId);
  return evaluation.evaluationId;
}

describe('a record', () => {
  test('has what was asked, and who answered', async () => {
    const id = await finished('whole');
    const { code, stdout } = await run('record', id);
    expect(code).toBe(0);
    const record = JSON.parse(stdout) as EvaluationRecord;
    expect(record).toMatchObject({
      ...{ form: 1, evaluationId: id, state: 'succeeded', units: { total: SAMPLES, run: SAMPLES } },
      assay: { accepted: VERSION, recorded: VERSION },
      spec: (await client.get(id)).spec,
      groups: [
        {
          dataset: { digest },
          seeds: { generate: 7 },
          parameters: { seed: 7 },
          prompts: { units: SAMPLES },
          completions: { units: SAMPLES },
          returned: [{ model: 'one-2026-01', fingerprint: 'fp_1', units: SAMPLES }],
          drift: false,
        },
      ],
    });
    // Every field stands in the manual.
    const manual = (await readFile(new URL('../../docs/report.md', import.meta.url), 'utf8')).split('\n## The record')[1]!;
    const keysOf = (value: unknown): string[] =>
      typeof value !== 'object' || value === null
        ? []
        : Object.entries(value).flatMap(([key, inner]) => [
            ...(Array.isArray(value) ? [] : [key]),
            ...(['spec', 'parameters'].includes(key) ? [] : keysOf(inner)),
          ]);
    expect(keysOf(record).filter((key) => !new RegExp(`[\`.]${key}[[\`.]`).test(manual))).toEqual([]);
    const agents = record.assay.agents.map(({ agentId, units }) => [agentId, units]);
    expect(Object.fromEntries(agents)).toEqual((await client.report(id)).agents);
    expect(record.assay.agents.every(({ version }) => version === VERSION)).toBe(true);
  });

  test('is the same digest for the same, whatever the agents did; another one for another prompt, parameter or dataset', async () => {
    const record = async (key: string, more: Record<string, unknown> = {}) => client.record(await finished(key, more));
    const [a, b] = [await record('a'), await record('b', { name: 'another name', max_task_samples: 5, tags: ['x'] })];
    expect([b.digest, b.prompts, b.completions, b.groups]).toEqual([a.digest, a.prompts, a.completions, a.groups]);
    const other = (change: object) => ({ benchmarks: [{ ...a.spec.benchmarks[0]!, ...change }] });
    const prompt = await record('c', other({ prompt: { system_message: 'Be brief.' } }));
    expect(prompt.prompts.digest).not.toBe(a.prompts.digest);
    expect(prompt.completions).toEqual(a.completions);
    const config = await record('d', { models: [{ model: 'openai/one', generate_config: { seed: 8 } }] });
    expect(config.prompts).toEqual(a.prompts);
    const fewer = await record('e', other({ dataset: { ...a.spec.benchmarks[0]!.dataset, limit: 5 } }));
    expect(new Set([a, prompt, config, fewer].map((r) => r.digest)).size).toBe(4);
  });

  test('lists the digests of every sample in unit order', async () => {
    const id = await finished('samples');
    const { stdout } = await run('record', id, '--samples');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RecordSample);
    expect(lines.map(({ unit }) => unit)).toEqual(Array.from({ length: SAMPLES }, (_, i) => i));
    const { messages } = await client.sample(id, { unit: 3 });
    const content = messages[0]!.parts[0]!.value;
    expect(lines[3]!.promptDigest).toBe(promptDigestOf({ messages: [{ role: 'user', content }] }));
    expect(lines).toEqual(await allOf(client.recordSamples(id)));
  });

  test('says that the model changed while it ran', async () => {
    const id = await finished('drift', {}, (call) => (call % 2 === 0 ? first : { model: 'one-2026-02' }));
    const { code, stdout, stderr } = await run('record', id);
    const [group] = (JSON.parse(stdout) as EvaluationRecord).groups;
    expect(group).toMatchObject({ drift: true });
    expect(group!.returned.map(({ units }) => units).reduce((a, b) => a + b, 0)).toBe(SAMPLES);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/openai\/one changed while it ran: .*one-2026-0\d/)]);
  });
});

describe('beside scores', () => {
  test('compare and gate say what differs, and fail nothing', async () => {
    const a = await finished('left');
    const { spec } = await client.get(a);
    const benchmarks = [{ ...spec!.benchmarks[0]!, prompt: { system_message: 'Be brief.' } }];
    const models = [{ model: 'openai/one', generate_config: { seed: 8, temperature: 0 } }];
    const b = await finished('right', { benchmarks, models }, () => ({ model: 'one-2026-02' }));
    const same = await finished('same');
    const name = spec!.benchmarks[0]!.benchmark;
    const notes = [
      `${name}: the prompts of ${SAMPLES} of ${SAMPLES} common samples differ`,
      `${name}: parameters differ: seed 7 → 8, temperature none → 0`,
      `${name}: openai/one was answered by one-2026-01 (fp_1) in ${a}, by one-2026-02 in ${b}`,
    ];
    for (const command of [
      ['compare', a, b],
      ['gate', b, '--baseline', a],
    ]) {
      const { code, stderr } = await run(...command);
      expect(code).toBe(0);
      for (const note of notes) expect(stderr).toContain(note);
    }
    for (const command of [
      ['compare', a, same],
      ['gate', same, '--baseline', a],
    ])
      expect(await run(...command)).toMatchObject({ code: 0, stderr: '' });
  });

  test('an exported log names the model as it was returned', async () => {
    const id = await finished('export');
    expect((await run('export', id, '--format', 'inspect-json', '-o', 'one.json')).code).toBe(0);
    const log = JSON.parse(await readFile(join(cli.dir, 'one.json'), 'utf8')) as { samples: { output: object }[] };
    expect(log.samples[0]!.output).toMatchObject({ model: 'one-2026-01', metadata: { system_fingerprint: 'fp_1' } });
  });
});
