/** The agent of the previous release, as it was built then (test/fixtures/previous-agent), with a coordinator of now. */
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
const PREVIOUS = '0.1.0';
const SAMPLES = 60;

let fleet: Fleet;
let address: string;
let program: string;
const agents: Process[] = [];
beforeAll(async () => {
  fleet = await Fleet.start();
  ({ address } = await fleet.coordinator());
  program = join(fleet.dir, 'previous');
  await mkdir(program);
  await promisify(execFile)('tar', ['-xzf', join(ROOT, `test/fixtures/previous-agent/assay-agent-${PREVIOUS}.tar.gz`), '-C', program]);
  await symlink(join(ROOT, 'node_modules'), join(program, 'node_modules'));
});
afterAll(async () => {
  for (const agent of agents) await agent.signal('SIGKILL');
  await fleet.stop();
});

async function agentOf(folder: string, name: string, ready: RegExp): Promise<Process> {
  const config = join(fleet.dir, `${name}.yaml`);
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 8 }];
  await writeFile(config, stringify({ name, addresses: [address], spool: join(fleet.dir, `spool-${name}`), models }));
  const agent = new Process(name, [join(folder, 'agent/main.js'), '--config', config], ready);
  agents.push(agent);
  return agent;
}

test('it joins, and finishes an evaluation', async () => {
  const agent = await agentOf(program, 'previous', /"msg":"connected"/);
  await agent.start();
  const client = fleet.client(address);
  const digest = await client.uploadBytes(sums(SAMPLES));
  const { evaluation } = await client.submit({ spec: mockSpec(digest), idempotencyKey: 'previous' });
  const events = await allOf(client.watch(evaluation.evaluationId));
  expect(events.at(-1)).toMatchObject({ kind: 'state', state: 'succeeded' });
  const results = await allOf(client.results(evaluation.evaluationId));
  expect(results.map(({ unit, state, completion }) => ({ unit, state, completion }))).toEqual(
    Array.from({ length: SAMPLES }, (_, i) => ({ unit: i, state: 'scored', completion: `The answer is ${2 * i}` })),
  );
  expect(await client.report(evaluation.evaluationId)).toMatchObject({
    results: [{ metrics: { accuracy: 1 } }],
    units: { total: SAMPLES, scored: SAMPLES, errored: 0 },
  });
  // It drains as it always did.
  expect(await agent.signal('SIGTERM')).toBe(0);
});

test('one that speaks another major version is refused with words, and ends', async () => {
  const stranger = join(fleet.dir, 'stranger');
  await cp(program, stranger, { recursive: true, verbatimSymlinks: true });
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
