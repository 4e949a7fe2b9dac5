/** Debian's Prometheus on what is in deploy/prometheus: the tests of the rules, and a running fleet with a staged outage: rules fire, and are over again. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { ModelEndpoint } from '../support/model-endpoint.ts';
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
    .replaceAll('[10m]', '[4s]')
    .replaceAll('[2m]', '[4s]')
    .replaceAll(/for: \d+m/g, 'for: 1s')
    .replaceAll('> 600', '> 2');

describe.skipIf(!folder)('a fleet', () => {
  let fleet: Fleet;
  let client: AssayClient;
  let server: ChildProcess;
  let url: string;
  let coordinators: (Process & { address: string })[];
  let agent: Process;
  let slow: Process;
  let refusing: ModelEndpoint;
  beforeAll(async () => {
    fleet = await Fleet.start();
    const ports = [await freePort(), await freePort()];
    const args = (port: number): string[] => ['--lease-ms', '3000', '--heartbeat-ms', '500', '--http', `127.0.0.1:${port}`];
    coordinators = [];
    for (const port of ports) coordinators.push(await fleet.coordinator({ args: args(port) }));
    const addresses = coordinators.map(({ address }) => address);
    client = fleet.client(...addresses);
    const agentPorts = [await freePort(), await freePort()];
    agent = await fleet.agent('mock', addresses, { models: [{ match: 'mock/one', provider: 'mock' }], http: `127.0.0.1:${agentPorts[0]}` });
    refusing = await new ModelEndpoint(async () => ({ status: 401, body: '{}' })).start();
    // Whatever it calls takes its time, and has to be called again now and then.
    const models = [
      { match: 'slow/*', provider: 'mock' },
      { match: 'refused/*', provider: 'openai', base_url: refusing.url },
    ];
    slow = await fleet.agent('slow', addresses, { models, http: `127.0.0.1:${agentPorts[1]}` });
    const dir = join(fleet.dir, 'prometheus');
    await mkdir(dir);
    await writeFile(join(dir, 'rules.yml'), fast(await readFile(join(RULES, 'assay.rules.yml'), 'utf8')));
    const jobs = Object.entries({ 'assay-coordinator': ports, 'assay-agent': agentPorts }).map(([job, at]) => {
      const targets = JSON.stringify(at.map((port) => `127.0.0.1:${port}`));
      return `{ job_name: ${job}, static_configs: [{ targets: ${targets} }] }`;
    });
    await writeFile(
      join(dir, 'prometheus.yml'),
      `global: { scrape_interval: 500ms, evaluation_interval: 500ms }\nrule_files: [rules.yml]\n` +
        `scrape_configs: [${jobs.join(', ')}]\n`,
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
    await refusing?.stop();
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

  test('a key that is refused, until its agent begins anew and has no work with it', async () => {
    const digest = await client.uploadBytes(sums(5));
    const spec = mockSpec(digest, { models: [{ model: 'refused/one' }] });
    const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'refused' })).evaluation;
    await fires('AssayKeyRejected');
    await client.cancel(evaluationId);
    await slow.signal('SIGTERM');
    await slow.start();
    expect(await whenever('AssayKeyRejected', false)).not.toContain('AssayKeyRejected');
  });

  test('every panel of the dashboard for Grafana is of valid expressions, and has something to show', async () => {
    const digest = await client.uploadBytes(sums(400));
    const mock = { latency_ms: 300, error_rate: { server_error: 0.2 } };
    const spec = mockSpec(digest, {
      models: [{ model: 'slow/one', generate_config: { extra_body: { mock } } }],
      retry: { max_retries: 5 },
    });
    const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'slow' })).evaluation;
    await waitFor(async () => (await client.get(evaluationId)).counts.scored > 0, { what: 'some samples' });
    // What it holds it gives back.
    await slow.signal('SIGTERM');
    await slow.start();
    const { panels } = JSON.parse(await readFile(join(ROOT, 'deploy/grafana/assay.json'), 'utf8')) as {
      panels: { title: string; type: string; targets?: { expr: string }[] }[];
    };
    expect(panels.filter(({ type, targets }) => type !== 'row' && !targets?.length)).toEqual([]);
    const asked = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
    expect(asked.length).toBeGreaterThan(20);
    let empty: string[] = [];
    const look = async (): Promise<boolean> => {
      const found = await Promise.all(asked.map(async ({ title, expr }) => ({ title, expr, answer: await answerTo(expr) })));
      expect(found.filter(({ answer }) => typeof answer === 'string')).toEqual([]);
      empty = found.filter(({ answer }) => answer === 0).map(({ title, expr }) => `${title}: ${expr}`);
      return empty.length === 0;
    };
    await waitFor(look, { what: 'something in every panel', everyMs: 1_000, timeoutMs: 60_000, state: () => empty });
  });

  /** How many numbers it gives; or what is wrong with it. */
  async function answerTo(expr: string): Promise<number | string> {
    const query = expr.replaceAll('$__rate_interval', '20s');
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
    const { data, error } = (await answer.json()) as { data?: { result: { value: [number, string] }[] }; error?: string };
    return data ? data.result.filter(({ value }) => Number.isFinite(Number(value[1]))).length : (error ?? 'no answer');
  }
});
