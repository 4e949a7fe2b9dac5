/** Debian's Prometheus on what is in deploy/prometheus: the tests of the rules, and a running fleet with a staged outage: rules fire, and are over again. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { freePort } from '../support/ports.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
const RULES = join(ROOT, 'deploy/prometheus');
const folder = [...(process.env.PATH ?? '').split(delimiter), join(ROOT, '.tools/bin')].find((place) =>
  existsSync(join(place, 'promtool')),
);
if (!folder) console.error('no promtool here: these tests skip; sh scripts/setup-prometheus.sh fetches it');
const run = (...args: string[]): string => execFileSync(join(folder!, 'promtool'), args, { cwd: RULES, encoding: 'utf8', stdio: 'pipe' });

describe.skipIf(!folder)('promtool', () => {
  test('takes the rules and the example', () => expect(run('check', 'config', 'prometheus.yml')).toContain('SUCCESS'));
  test('sees each rule fire, and be over', () => expect(run('test', 'rules', 'assay.test.yml')).toContain('SUCCESS'));
});

/** The same rules, in a time in which a test can wait. */
const fast = (rules: string): string =>
  rules
    .replaceAll('[15m:1m]', '[8s:500ms]')
    .replaceAll('[15m]', '[8s]')
    .replaceAll(/for: \d+m/g, 'for: 1s')
    .replaceAll('> 600', '> 2');

describe.skipIf(!folder)('a fleet', () => {
  let fleet: Fleet;
  let client: AssayClient;
  let server: ChildProcess;
  let url: string;
  let coordinators: (Process & { address: string })[];
  let agent: Process;
  beforeAll(async () => {
    fleet = await Fleet.start();
    const ports = [await freePort(), await freePort()];
    const args = (port: number): string[] => ['--lease-ms', '3000', '--heartbeat-ms', '500', '--http', `127.0.0.1:${port}`];
    coordinators = [];
    for (const port of ports) coordinators.push(await fleet.coordinator({ args: args(port) }));
    const addresses = coordinators.map(({ address }) => address);
    client = fleet.client(...addresses);
    agent = await fleet.agent('mock', addresses, { models: [{ match: 'mock/one', provider: 'mock' }] });
    const dir = join(fleet.dir, 'prometheus');
    await mkdir(dir);
    await writeFile(join(dir, 'rules.yml'), fast(await readFile(join(RULES, 'assay.rules.yml'), 'utf8')));
    const targets = JSON.stringify(ports.map((port) => `127.0.0.1:${port}`));
    await writeFile(
      join(dir, 'prometheus.yml'),
      `global: { scrape_interval: 500ms, evaluation_interval: 500ms }\nrule_files: [rules.yml]\n` +
        `scrape_configs: [{ job_name: assay-coordinator, static_configs: [{ targets: ${targets} }] }]\n`,
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const options = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`];
    server = spawn(join(folder!, 'prometheus'), [...options, '--log.level=warn'], { stdio: ['ignore', 'inherit', 'inherit'] });
    await waitFor(async () => (await fetch(`${url}/-/ready`)).ok, { what: 'Prometheus to be ready' });
    // A counter's increase needs two looks at it.
    await waitFor(async () => (await values('count_over_time(assay_redis_up[1m])')).every((n) => n >= 4), { what: 'some scrapes' });
  }, 120_000);
  afterAll(async () => {
    server?.kill('SIGKILL');
    await fleet?.stop();
  });

  async function values(query: string): Promise<number[]> {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
    if (data.result.length === 0) throw new Error('nothing yet');
    return data.result.map(({ value }) => Number(value[1]));
  }
  async function firing(): Promise<string[]> {
    const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
      data: { alerts: { state: string; labels: { alertname: string } }[] };
    };
    return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
  }
  /** What fires once this one does, or does no more. */
  async function whenever(name: string, isFiring: boolean): Promise<string[]> {
    let now: string[] = [];
    const look = async (): Promise<boolean> => (now = await firing()).includes(name) === isFiring;
    await waitFor(look, { what: `${name} to ${isFiring ? 'fire' : 'be over'}`, state: () => now, everyMs: 200, timeoutMs: 60_000 });
    return now;
  }
  const fires = (name: string): Promise<string[]> => whenever(name, true);

  test('quiet while all is well', async () => expect(await firing()).toEqual([]));

  test('a coordinator is killed, and comes back', async () => {
    await coordinators[0]!.kill9();
    await fires('AssayCoordinatorDown');
    await coordinators[0]!.start();
    expect(await whenever('AssayCoordinatorDown', false)).not.toContain('AssayCoordinatorDown');
  });

  test('work without an agent, until one fits', async () => {
    const digest = await client.uploadBytes(sums(5));
    const spec = mockSpec(digest, { models: [{ model: 'late/one' }] });
    const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'late' })).evaluation;
    await fires('AssayQueueStuck');
    await fleet.agent(
      'late',
      coordinators.map(({ address }) => address),
      { models: [{ match: 'late/*', provider: 'mock' }] },
    );
    await watchAll(client, evaluationId);
    expect(await whenever('AssayQueueStuck', false)).not.toContain('AssayQueueStuck');
  });

  test('an evaluation that fails', async () => {
    const digest = await client.uploadBytes(sums(5));
    const model = { model: 'mock/one', generate_config: { extra_body: { mock: { error_rate: { request: 1 } } } } };
    const { evaluationId } = (await client.submit({ spec: mockSpec(digest, { models: [model] }), idempotencyKey: 'fails' })).evaluation;
    await watchAll(client, evaluationId);
    await fires('AssayEvaluationFailed');
    expect(await whenever('AssayEvaluationFailed', false)).not.toContain('AssayEvaluationFailed');
  });

  test('an agent is lost, and comes back', async () => {
    await whenever('AssayAgentLost', false); // of the coordinator that was killed
    await agent.kill9();
    await fires('AssayAgentLost');
    await agent.start();
    await whenever('AssayAgentLost', false);
    expect(await firing()).toEqual([]);
  });
});
