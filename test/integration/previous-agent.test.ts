/** The agents of the releases before, as they were built then (test/fixtures/previous-agent), with a coordinator of now. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Fleet, Process } from '../support/fleet.ts';
import { allOf, mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Versions, and the wire version that each speaks. */
const PREVIOUS = { '0.1.0': '1.0', '0.2.0': '1.1' };
const VERSIONS = Object.keys(PREVIOUS) as (keyof typeof PREVIOUS)[];
const SAMPLES = 60;

let fleet: Fleet;
let address: string;
const programOf = (version: string): string => join(fleet.dir, `previous-${version}`);
const agents: Process[] = [];
beforeAll(async () => {
  fleet = await Fleet.start();
  ({ address } = await fleet.coordinator());
  for (const version of VERSIONS) {
    const program = programOf(version);
    await mkdir(program);
    await promisify(execFile)('tar', ['-xzf', join(ROOT, `test/fixtures/previous-agent/assay-agent-${version}.tar.gz`), '-C', program]);
    await symlink(join(ROOT, 'node_modules'), join(program, 'node_modules'));
  }
});
afterAll(async () => {
  for (const agent of agents) await agent.signal('SIGKILL');
  await fleet.stop();
});

const benchmarkOf = (digest: string, scorer: object): object => ({
  benchmark: 'sums',
  dataset: { uri: 'file:sums.jsonl', digest, fields: { id: 'id' } },
  scorers: [scorer],
});

async function agentOf(folder: string, name: string, ready: RegExp): Promise<Process> {
  const config = join(fleet.dir, `${name}.yaml`);
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 8 }];
  await writeFile(config, stringify({ name, addresses: [address], spool: join(fleet.dir, `spool-${name}`), models }));
  const agent = new Process(name, [join(folder, 'agent/main.js'), '--config', config], ready);
  agents.push(agent);
  return agent;
}

test.each(VERSIONS)('%s joins, and finishes an evaluation', async (version) => {
  const agent = await agentOf(programOf(version), `previous-${version}`, /"msg":"connected"/);
  await agent.start();
  const client = fleet.client(address);
  const digest = await client.uploadBytes(sums(SAMPLES));
  // Metrics are the coordinator's: also one that the agent has never heard of.
  const benchmark = { ...benchmarkOf(digest, { name: 'match', args: { numeric: true } }), metrics: ['accuracy', 'std'] };
  // It passes over what asks for the cache: every completion is a call's.
  const spec = mockSpec(digest, { benchmarks: [benchmark], cache: true });
  const { evaluation } = await client.submit({ spec, idempotencyKey: `previous-${version}` });
  const events = await allOf(client.watch(evaluation.evaluationId));
  expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const results = await allOf(client.results(evaluation.evaluationId));
  expect(results.map(({ unit, state, completion }) => ({ unit, state, completion }))).toEqual(
    Array.from({ length: SAMPLES }, (_, i) => ({ unit: i, state: 'scored', completion: `The answer is ${2 * i}` })),
  );
  expect(await client.report(evaluation.evaluationId)).toMatchObject({
    results: [{ metrics: { accuracy: 1, std: 0 } }],
    units: { total: SAMPLES, scored: SAMPLES, errored: 0 },
    cache: { hits: 0, of: SAMPLES },
  });
  expect(await client.record(evaluation.evaluationId)).toMatchObject({ prompts: { units: 0 }, completions: { units: SAMPLES } });
  // It drains as it always did.
  expect(await agent.signal('SIGTERM')).toBe(0);
});

test('work of later releases waits for the agents that understand it, and all other work goes on', async () => {
  const olds = await Promise.all(VERSIONS.map((version) => agentOf(programOf(version), `old-${version}`, /"msg":"connected"/)));
  for (const agent of olds) await agent.start();
  const client = fleet.client(address);
  const digest = await client.uploadBytes(sums(SAMPLES));
  const number = [{ name: 'regex', args: { regex_pattern: '\\d+', group_select: -1 } }];
  const specs = {
    '1.0': mockSpec(digest),
    '1.1': mockSpec(digest, { limits: { time: 60 } }),
    '1.2': mockSpec(digest, { benchmarks: [benchmarkOf(digest, { name: 'exact_match', filters: { last: number, whole: ['strip'] } })] }),
  };
  const ids: Record<string, string> = {};
  for (const [wire, spec] of Object.entries(specs))
    ids[wire] = (await client.submit({ spec, idempotencyKey: `wire-${wire}` })).evaluation.evaluationId;
  for (const wire of ['1.0', '1.1']) await allOf(client.watch(ids[wire]!));
  const agentsOf = async (wire: string): Promise<string[]> => Object.keys((await client.report(ids[wire]!)).agents);
  const idOf = async (name: string): Promise<string> => (await client.agent(name)).agent.agentId;
  // The directory hears of agents a moment after they have connected.
  const known = async (names: string[]): Promise<unknown> =>
    waitFor(
      async () =>
        (await client.agents()).items.filter(({ state, name }) => state === 'ready' && names.includes(name)).length === names.length,
      {
        what: `${names.join(' and ')} to be known`,
      },
    );
  await known(VERSIONS.map((version) => `old-${version}`));
  expect(await agentsOf('1.1')).toEqual([await idOf('old-0.2.0')]);

  const waiting = (await client.routes({ withoutAgent: true })).items;
  expect(waiting).toMatchObject([{ needs: ['wire:1.2'], open: SAMPLES }]);
  for (const version of VERSIONS) {
    const misfit = waiting[0]!.misfits.find((text) => text.includes(`old-${version}`));
    expect(misfit).toContain('its release is too old: the work needs wire version 1.2');
  }

  await fleet.agent('now', [address], { models: [{ match: 'mock/*' }] });
  await allOf(client.watch(ids['1.2']!));
  await known(['now']);
  const report = await client.report(ids['1.2']!);
  expect(report.results).toMatchObject([
    { scorer: 'exact_match,last', metrics: { accuracy: 1 }, counts: { scored: SAMPLES } },
    { scorer: 'exact_match,whole', metrics: { accuracy: 0 }, counts: { scored: SAMPLES } },
  ]);
  expect(await agentsOf('1.2')).toEqual([await idOf('now')]);
  for (const agent of olds) expect(await agent.signal('SIGTERM')).toBe(0);
});

test('one that speaks another major version is refused with words, and ends', async () => {
  const stranger = join(fleet.dir, 'stranger');
  await cp(programOf('0.1.0'), stranger, { recursive: true, verbatimSymlinks: true });
  const messages = join(stranger, 'shared/rpc/messages.js');
  const text = await readFile(messages, 'utf8');
  const changed = text.replace(/WIRE_VERSION = 1\b/, 'WIRE_VERSION = 2');
  expect(changed).not.toBe(text);
  await writeFile(messages, changed);
  const agent = await agentOf(stranger, 'stranger', /never/);
  await agent.start(false);
  await waitFor(() => !agent.running, { what: 'the end of the refused agent', timeoutMs: 30_000, state: () => agent.output });
  expect(await agent.signal('SIGTERM')).toBe(1);
  expect(agent.output).toMatch(/refuses this agent for good: [^"]*wire version 2\.0, this coordinator 1\.[^"]*; install the coordinator/);
});
