/**
 * Flower's endpoints and options, row by row as in docs/flower.md: what stands in each one's place works, in a page or by the HTTP API, over a real
 * coordinator, agents and Redis. A row here without one there, or the other way round, is a failure; so is a place that the document names and that is not there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { makeProgram } from '../../cli/program.ts';
import type { Shell } from '../../cli/shell.ts';
import type {
  Agent,
  Evaluation,
  EvaluationOutcome,
  Report,
  RouteStatus,
  Sample,
  SampleResult,
  Validation,
} from '../../shared/client/types.ts';
import type { AgentWithAttempts, NewTokenMade, Skipped, Submitted } from '../../shared/http/answers.ts';
import { httpRoutes } from '../../shared/http/table.ts';
import { HEIGHT, WIDTHS, type WatchedPage } from '../support/browser.ts';
import { useDashboard } from '../support/dashboard.ts';
import { HELD, SAMPLES, startFlowerRig, TOKEN, type FlowerRig } from '../support/flower-rig.ts';
import { eventsOf } from '../support/http.ts';
import { openAt, sayYes } from '../support/page.ts';
import { actionsInPages } from './actions.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What the server answers beside the table of routes. */
const OTHERS = ['GET /metrics', 'GET /healthz', 'GET /readyz', 'POST /session'];
const PAGES = ['evaluations', 'agents', 'routes', 'cluster', 'login'];

type Items<T> = { items: T[]; nextToken: string };

let rig: FlowerRig;
let browser: Browser;
let context: BrowserContext;
let here: WatchedPage;
let page: Page;
let axe: string;

const hasBrowser = useDashboard(startFlowerRig, (started) => ({ rig, browser, context, here, page, axe } = started));

const open = (path: string): Promise<void> => openAt(page, rig.url + path);
const row = (text: string): ReturnType<Page['locator']> => page.locator('tbody tr', { hasText: text });
const get = async <T>(path: string): Promise<T> => (await rig.call<T>('GET', path)).body;
const post = async <T>(path: string, body: object): Promise<T> => (await rig.call<T>('POST', path, body)).body;
const at = (id: string, more = ''): string => `/evaluations/${id}${more}`;
const agentOf = (name: string): Promise<AgentWithAttempts> => get(`/agents/${name}`);
/** A text of the root, not of the API. */
const text = async (path: string): Promise<string> =>
  (await fetch(rig.url + path, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
let keys = 0;
const submit = (models: string[], more: Record<string, unknown> = {}): Promise<Submitted> =>
  post('/evaluations', { spec: rig.specOf(models, more), idempotencyKey: `row-${++keys}` });
const until = (what: string, look: () => Promise<boolean>): Promise<unknown> => waitFor(look, { what, timeoutMs: 60_000, everyMs: 50 });

/** By number and name of the document's first two columns. */
const ROWS: Record<string, () => Promise<void>> = {
  '1 GET /, /workers': async () => {
    await open('/agents');
    await expect.poll(() => row('gpu-1').innerText()).toMatch(/ready[\s\S]*zone=eu[\s\S]*openai\/held[\s\S]*\d+ in hand, \d+ at a time/);
    const counted = { counted: 2 * SAMPLES + HELD, errored: 0, refused: 0 };
    await expect.poll(async () => (await get<Items<Agent>>('/agents')).items.find(({ name }) => name === 'gpu-1')).toMatchObject(counted);
  },
  '2 GET /worker/NAME': async () => {
    await open('/agents/gpu-1');
    await page.getByRole('region', { name: 'Tasks at work' }).getByRole('link').first().waitFor();
    await page.getByRole('region', { name: 'Models' }).getByText('openai/dear').waitFor();
    await page.getByRole('link', { name: 'what it has run of it' }).first().click();
    await expect.poll(() => page.getByRole('combobox', { name: 'Agent' }).inputValue()).toBe('gpu-1');
    const { agent, attempts } = await agentOf('gpu-1');
    expect(new URL(page.url()).searchParams.get('agent')).toBe(agent.agentId);
    expect(agent).toMatchObject({ labels: { zone: 'eu' }, host: { cpus: expect.any(String) }, version: expect.any(String) });
    expect(attempts).toContainEqual(expect.objectContaining({ evaluationId: rig.ids.held, samples: expect.any(Number) }));
  },
  '3 GET /tasks, POST /tasks/datatable': async () => {
    await open(at(rig.ids.done, '/samples'));
    await page.getByText(`${2 * SAMPLES} shown`).waitFor();
    await page.getByLabel('Model').selectOption('openai/dear');
    await page.getByText(`${SAMPLES} shown`, { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Text' }).fill('answer is 14');
    await page.getByText('1 shown', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('model')).toBe('openai/dear');
  },
  '4 GET /task/ID': async () => {
    await open(at(rig.ids.done, '/samples/7'));
    await page.getByRole('region', { name: 'completion' }).getByText('The answer is 14').waitFor();
    const { result, messages, failures } = await get<Sample>(at(rig.ids.done, '/samples/7'));
    expect(result).toMatchObject({ state: 'scored', usage: { calls: 1 }, scores: [{ scorer: 'match', value: 'C', answer: '14' }] });
    expect([messages[0]!.parts[0]!.value, failures]).toEqual(['What is 7 + 7?', []]);
  },
  '5 GET /broker': async () => {
    await open('/routes');
    await expect.poll(() => row('model=openai/held').innerText()).toMatch(/at work[\s\S]*\t1\t\d/);
    await row('vllm/long-70b').getByText('is not served').waitFor();
    await open('/cluster');
    await page.getByRole('heading', { name: /^Store/ }).waitFor();
    await row(rig.coordinator.address).waitFor();
    const panel = (name: string): ReturnType<Page['locator']> => page.locator('.panel', { has: page.getByRole('heading', { name }) });
    const redis = panel('Redis');
    const facts = ['Server', 'Role', 'Memory', 'When full', 'Persistence', 'Answers in', 'Connections', 'Up'];
    for (const fact of facts) await redis.getByText(fact, { exact: true }).first().waitFor();
    await redis.getByText(/^(redis|valkey) \d+\.\d+\.\d+/).waitFor();
    expect(await redis.innerText()).not.toContain('not told');
    await panel('Limits').getByText('one message by gRPC', { exact: true }).waitFor();
  },
  '6 GET /api/workers': async () => {
    const filter = '?states=ready&model=openai%2Fheld&labels.zone=eu';
    await expect.poll(async () => (await get<Items<Agent>>(`/agents${filter}`)).items.map(({ name }) => name)).toEqual(['gpu-1']);
  },
  '7 POST /api/worker/shutdown/NAME': async () => {
    expect(await post('/agents/gpu-1/drain', { reason: 'new driver' })).toMatchObject({ state: 'draining', drainedByOperator: true });
    const { evaluation } = await submit(['openai/quick']);
    await expect.poll(async () => JSON.stringify(await get(at(evaluation.evaluationId, '/why')))).toMatch(/drain/);
    expect(await post('/agents/gpu-1/drain', { undo: true })).toMatchObject({ drainedByOperator: false });
    await until('it to be done', async () => (await get<Evaluation>(at(evaluation.evaluationId))).state === 'succeeded');
  },
  '8 POST /api/worker/pool/restart/NAME': async () => {
    const before = (await agentOf('gpu-1')).agent;
    await rig.agent.signal('SIGTERM');
    await rig.agent.start();
    await until('the agent to be back', async () => (await agentOf('gpu-1')).agent.connectedAtMs > before.connectedAtMs);
    await until('its work to be there again', async () => (await agentOf('gpu-1')).attempts.length > 0);
    expect((await get<Evaluation>(at(rig.ids.held))).setbacks).toMatchObject({ crashes: 0, losses: 0 });
  },
  '9 POST /api/worker/pool/grow/NAME, /shrink/NAME': async () => {
    const changed = await rig.call('PATCH', at(rig.ids.held), { maxSamples: 1 });
    expect(changed).toMatchObject({ status: 200, body: { maxSamples: 1 } });
    expect((await rig.call('PATCH', at(rig.ids.held), { maxSamples: 0 })).body).toMatchObject({ maxSamples: 0 });
  },
  '10 POST /api/worker/pool/autoscale/NAME': async () => {
    const quick = async () => (await agentOf('gpu-1')).agent.models.find(({ match }) => match === 'openai/quick');
    await expect.poll(async () => (await quick())?.connections ?? Infinity).toBeLessThanOrEqual(8);
    expect(await quick()).toMatchObject({ maxConnections: 8 });
    await open('/agents/gpu-1');
    await row('openai/quick')
      .getByText(/^\d of 8$/)
      .waitFor();
  },
  '11 POST /api/worker/queue/add-consumer/NAME, /cancel-consumer/NAME': async () => {
    await open('/routes');
    await row('model=openai/held').getByRole('button').click();
    await sayYes(page);
    await row('model=openai/held').getByText('paused').waitFor();
    const { items } = await get<Items<RouteStatus>>('/routes');
    expect(items.find(({ model }) => model === 'openai/held')).toMatchObject({ paused: true });
    await row('model=openai/held').getByRole('button').click();
    await sayYes(page);
    await row('model=openai/held').getByText('paused').waitFor({ state: 'detached' });
  },
  '12 GET /api/tasks': async () => {
    const seen: SampleResult[] = [];
    for (let token = ''; ;) {
      const { items, nextToken } = await get<Items<SampleResult>>(at(rig.ids.done, `/samples?states=scored&pageSize=7&pageToken=${token}`));
      seen.push(...items);
      if (nextToken === '') break;
      token = nextToken;
    }
    expect(seen.map(({ unit }) => unit)).toEqual(Array.from({ length: 2 * SAMPLES }, (_, unit) => unit));
    const { items } = await get<Items<Evaluation>>('/evaluations?name=NIGHTLY&owner=ada&states=succeeded');
    expect(items.map(({ evaluationId }) => evaluationId)).toEqual([rig.ids.done]);
  },
  '13 GET /api/task/types, /info/ID, /result/ID': async () => {
    const { groups } = await get<Evaluation>(at(rig.ids.done));
    expect(groups.map(({ benchmark, model }) => `${benchmark} ${model}`)).toEqual(['sums openai/quick', 'sums openai/dear']);
    const lines = (await get<string>(at(rig.ids.done, '/results'))).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as SampleResult).state)).toEqual(Array.from({ length: 2 * SAMPLES }, () => 'scored'));
    expect((await get<Report>(at(rig.ids.done, '/report'))).results[0]!.metrics.accuracy).toBe(1);
  },
  '14 POST /api/task/apply/NAME, /async-apply/NAME, /send-task/NAME': async () => {
    const body = { spec: rig.specOf(['openai/quick']), idempotencyKey: 'once' };
    const [first, again] = [
      await rig.call<Submitted>('POST', '/evaluations', body),
      await rig.call<Submitted>('POST', '/evaluations', body),
    ];
    expect([first.status, again.status, again.body.existed]).toEqual([201, 200, true]);
    // As `apply` does: until it is over.
    const events: string[] = [];
    const id = first.body.evaluation.evaluationId;
    const headers = { authorization: `Bearer ${TOKEN}` };
    for await (const { event } of eventsOf(await fetch(`${rig.url}/api/v1${at(id, '/events')}`, { headers }))) events.push(event);
    expect([events[0], events.at(-1), (await get<Evaluation>(at(id))).state]).toEqual(['snapshot', 'end', 'succeeded']);
    const unknown = await post<Validation>('/evaluations/validate', { spec: rig.specOf(['vllm/nobody-has-it']) });
    expect([unknown.faults, unknown.routesWithoutAgent.map(({ requirement }) => requirement)]).toEqual([[], ['model=vllm/nobody-has-it']]);
  },
  '15 POST /api/task/revoke/ID, /abort/ID': async () => {
    const { evaluation } = await submit(['vllm/long-70b']);
    const id = evaluation.evaluationId;
    expect(await post<Skipped>(at(id, '/samples/skip'), { filter: { sampleIds: ['s1'] } })).toMatchObject({ skipped: 1 });
    const [outcome] = await post<EvaluationOutcome[]>(at(id, '/cancel'), { mode: 'abort', reason: 'not needed' });
    expect(outcome).toMatchObject({ changed: true, problem: '' });
    await until('it to be cancelled', async () => (await get<Evaluation>(at(id))).state === 'cancelled');
    expect((await get<Evaluation>(at(id))).counts).toMatchObject({ cancelled: SAMPLES });
  },
  '16 POST /api/task/timeout/NAME, /api/task/rate-limit/NAME': async () => {
    const limits = { time: 90, working: 60, tokens: 5000 };
    expect((await rig.call('PATCH', at(rig.ids.held), { limits })).body).toMatchObject({ limits });
    await open(at(rig.ids.held, '/spec'));
    await page.getByText('time 90, working 60, tokens 5000').waitFor();
    expect(await rig.call('PATCH', '/namespaces/team-a', { limits: { maxTasks: 3 } })).toMatchObject({
      status: 200,
      body: { limits: { maxTasks: 3 } },
    });
  },
  '17 GET /api/queues/length': async () => {
    const of = async (model: string): Promise<RouteStatus | undefined> =>
      (await get<Items<RouteStatus>>('/routes')).items.find((status) => status.model === model);
    await expect.poll(() => of('openai/held')).toMatchObject({ open: SAMPLES - HELD, agents: 1 });
    const waiting = { open: SAMPLES, agents: 0, waitingTasks: expect.any(Number), oldestWaitMs: expect.any(Number) };
    await expect.poll(() => of('vllm/long-70b')).toMatchObject(waiting);
  },
  '18 GET /metrics': async () => {
    const metrics = await text('/metrics');
    for (const name of [
      'queue_wait_seconds_bucket',
      'queue_oldest_waiting_seconds',
      'queue_waiting_tasks',
      'task_execution_seconds_sum',
      'sessions',
      'units_total',
    ])
      expect(metrics).toMatch(new RegExp(`^assay_${name}(?:\\{.*\\})? [\\d.]+$`, 'm'));
  },
  '19 GET /healthcheck': async () => {
    expect([(await text('/healthz')).trim(), (await text('/readyz')).trim()]).toEqual(['ok', 'ok']);
  },
  '20 /login': async () => {
    const { secret } = await post<NewTokenMade>('/tokens', { name: 'a reader', scopes: ['read'], namespaces: ['default'] });
    const as = async (method: string, path: string, token: string): Promise<number> =>
      (await rig.call(method, path, method === 'GET' ? undefined : {}, token)).status;
    expect(await as('GET', at(rig.ids.done), 'no-token-of-this-coordinator')).toBe(401);
    expect([await as('GET', at(rig.ids.done), secret), await as('POST', at(rig.ids.held, '/cancel'), secret)]).toEqual([200, 403]);
    expect((await rig.call('GET', '/whoami', undefined, secret)).body).toMatchObject({ name: 'a reader', scopes: ['read'] });
  },
  '21 options: persistent, purge_offline_workers, format_task, natural_time, url_prefix, unix_socket, TLS, xheaders, dark mode':
    async () => {
      await rig.coordinator.signal('SIGTERM');
      await rig.coordinator.start();
      await open('/evaluations');
      await row('nightly sums').getByText('succeeded').waitFor();
      await row('nightly sums')
        .getByText(/ago$|just now/)
        .waitFor();
      const ground = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
      const light = await ground();
      await page.setViewportSize({ width: WIDTHS.narrow, height: HEIGHT });
      await page.getByRole('button', { name: 'Colours: system' }).click();
      await page.getByRole('button', { name: 'Colours: light' }).click();
      await expect.poll(ground).not.toBe(light);
      await page.getByRole('button', { name: 'Colours: dark' }).click();
      await expect.poll(ground).toBe(light);
      await page.setViewportSize({ width: WIDTHS.wide, height: HEIGHT });
    },
  '22 Grafana dashboard, Prometheus alerts': async () => {
    const [rules, board, served] = await Promise.all([
      ...['prometheus/assay.rules.yml', 'grafana/assay.json'].map((name) => readFile(join(ROOT, 'deploy', name), 'utf8')),
      readFile(join(ROOT, 'docs/reference/metrics.md'), 'utf8'),
    ]);
    const named = [...`${rules}${board}`.matchAll(/\bassay_[a-z_]+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''));
    expect(new Set(named).size).toBeGreaterThan(10);
    expect([...new Set(named)].filter((name) => !served!.includes(`\`${name}`))).toEqual([]);
  },
};

const TABLE = (await readFile(join(ROOT, 'docs/flower.md'), 'utf8'))
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
const commandAt = (program: Command, words: readonly string[]): boolean =>
  words.length === 0 || program.commands.some((one) => one.name() === words[0] && commandAt(one, words.slice(1)));
const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, words]) => words!);

describe.skipIf(!hasBrowser)('what Flower has', () => {
  test('the session that the pages are read with', async () => {
    await page.goto(`${rig.url}/login`);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    // Nothing lies behind the login's own address.
    await page.getByRole('heading', { name: 'Evaluations' }).waitFor();
    await page.goto(`${rig.url}/login`);
    await page.getByRole('heading', { name: 'Evaluations' }).waitFor();
    await expect.poll(() => new URL(page.url()).pathname).toBe('/');
    expect((await context.cookies()).map(({ name }) => name)).toEqual(['__Host-assay']);
  });

  test.each(Object.entries(ROWS))('%s', async (_name, look) => expect(await look()).toBeUndefined());

  test('what it has cost so far: of one that is over, and live', async () => {
    await open('/evaluations');
    // 12 answers of 8 tokens in and 2 out, at 1,000 and 2,000 dollars a million; the other model has no price.
    await row('nightly sums').getByText('$0.14+').waitFor();
    await open(at(rig.ids.done));
    await page.locator('.figure').getByText('240 tokens').waitFor();
    await expect.poll(() => row('openai/dear').last().innerText()).toMatch(/96\s+24\s+\$0\.14$/);
    const { evaluation } = await submit(['openai/dear', 'openai/held']);
    const id = evaluation.evaluationId;
    await open(at(id));
    await until('its answers to be counted', async () => (await get<Evaluation>(at(id))).cost?.models[0]!.inputTokens === 8 * SAMPLES);
    await row('openai/dear').getByText('$1,000 in, $2,000 out').waitFor();
    await page.locator('.figure', { hasText: 'Cost' }).getByText('$0.14', { exact: true }).waitFor();
    expect((await get<Evaluation>(at(id))).cost).toMatchObject({ costUsd: 0.144, priceTableVersion: '2026-11-29' });
    await post(at(id, '/cancel'), {});
  });

  actionsInPages(() => ({ rig, browser, context, axe }));

  test('no page broke its policy', () => expect(here.faults).toEqual([]));
});

test('docs/flower.md has these rows, and names nothing that is not there', () => {
  expect(TABLE.map(([number, flower]) => `${number} ${flower!.replaceAll('`', '')}`)).toEqual(Object.keys(ROWS));
  const routes = new Map(httpRoutes().map(({ method, path, rpc }) => [`${method} ${path}`, rpc.path.split('/').at(-1)!]));
  const program = makeProgram({ shell: {} as Shell, exitWith: () => undefined });
  for (const [number, , pages, api, commands, why] of TABLE) {
    for (const path of quoted(pages!)) expect(PAGES).toContain(path.split('/')[1]);
    for (const [, place, rpc] of [...`${api} ${why}`.matchAll(/`((?:GET|POST|PUT|PATCH) [^`]+)`(?: \(`(\w+)`\))?/g)])
      if (!OTHERS.includes(place!)) expect([number, place, routes.get(place!)]).toEqual([number, place, rpc]);
    for (const words of quoted(commands!))
      expect([number, words, commandAt(program, words.split(' ').slice(1))]).toEqual([number, words, true]);
    expect(why).not.toBe('');
  }
});
