/** The HTTP API of real coordinators: an evaluation from its upload to its results, its events over the end of one of them. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Submitted } from '../../shared/http/answers.ts';
import type { Evaluation, SampleResult, WatchEvent } from '../../shared/client/types.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { eventsOf, linesOf, type ServerEvent } from '../support/http.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePorts } from '../support/ports.ts';

const SAMPLES = 60;
const gate = new Gate();
const endpoint = gatedEndpoint(gate);
let fleet: Fleet;
let a: Process & { address: string };
let [urlA, urlB] = ['', ''];

beforeAll(async () => {
  [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  const [portA, portB] = await freePorts(2);
  const args = (port: number): string[] => ['--lease-ms', '3000', '--heartbeat-ms', '500', '--http', `127.0.0.1:${port}`];
  a = await fleet.coordinator({ args: args(portA!) });
  const b = await fleet.coordinator({ args: args(portB!) });
  [urlA, urlB] = [`http://127.0.0.1:${portA}/api/v1`, `http://127.0.0.1:${portB}/api/v1`];
  const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];
  await fleet.agent('one', [b.address], { models });
});
afterAll(async () => {
  gate.set(Infinity);
  await fleet?.stop();
  await endpoint.stop();
});

test('an evaluation by HTTP alone; who watches goes on at another coordinator', async () => {
  const content = sums(SAMPLES);
  // Nothing is answered before somebody watches.
  gate.set(0);
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const put = (): Promise<Response> => fetch(`${urlA}/content/${digest}`, { method: 'PUT', body: content });
  expect([(await put()).status, (await put()).status]).toEqual([201, 200]);

  const body = JSON.stringify({ spec: mockSpec(digest, { models: [{ model: 'openai/one' }] }), idempotencyKey: 'by-http' });
  const submit = (url: string): Promise<Response> =>
    fetch(`${url}/evaluations`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const first = await submit(urlA);
  const { evaluation, existed } = (await first.json()) as Submitted;
  expect([first.status, existed, (await submit(urlB)).status]).toEqual([201, false, 200]);
  const path = `/evaluations/${evaluation.evaluationId}`;

  const seen: ServerEvent[] = [];
  for await (const event of eventsOf(await fetch(`${urlA}${path}/events`))) {
    seen.push(event);
    gate.set(SAMPLES / 2);
    // It ends in order while the stream is open: that is no end of the stream's own.
    if (seen.length === 2) void a.signal('SIGTERM');
  }
  expect(seen[0]!.event).toBe('snapshot');
  expect(seen.map(({ event }) => event)).not.toContain('end');
  const { id } = seen.at(-1)!;

  gate.set(Infinity);
  const rest: ServerEvent[] = [];
  for await (const event of eventsOf(await fetch(`${urlB}${path}/events`, { headers: { 'last-event-id': id! } }))) rest.push(event);
  expect(rest.map(({ event }) => event)).not.toContain('snapshot');
  expect(rest.at(-1)!.event).toBe('end');
  expect(rest.at(-2)!.data).toMatchObject({ kind: 'state', state: 'succeeded' } satisfies Partial<WatchEvent>);
  const numbers = [...seen, ...rest].flatMap(({ id: own }) => (own === undefined ? [] : [Number(own.split('-')[1])]));
  expect(numbers).toEqual([...new Set(numbers)].toSorted((x, y) => x - y));
  expect((await fetch(`${urlB}${path}/events`, { headers: { 'last-event-id': rest.at(-2)!.id! } })).status).toBe(204);

  const shown = (await (await fetch(`${urlB}${path}`)).json()) as Evaluation;
  expect([shown.state, shown.counts.scored]).toEqual(['succeeded', SAMPLES]);
  const results = (await linesOf(await fetch(`${urlB}${path}/results`))) as SampleResult[];
  expect(results.map(({ unit }) => unit)).toEqual(Array.from({ length: SAMPLES }, (_, unit) => unit));
  const page = (await (await fetch(`${urlB}${path}/samples?states=scored&pageSize=7`)).json()) as { items: unknown[]; nextToken: string };
  expect([page.items.length, page.nextToken === '']).toEqual([7, false]);
  const metrics = await (await fetch(urlB.replace('/api/v1', '/metrics'))).text();
  expect(metrics).toContain('assay_http_seconds_count{route="GET /evaluations/{evaluationId}/results",code="ok"} 1');
});
