/** A list of evaluations that is told as it changes: at every coordinator, by gRPC and by events, each caller what is his. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import type { ListChange, ListedEvaluation } from '../../shared/client/types.ts';
import { Fleet } from '../support/fleet.ts';
import { Gate, gatedEndpoint } from '../support/gate.ts';
import { eventsOf } from '../support/http.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePorts } from '../support/ports.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 60;
const TOKEN = 'a-token-of-this-test-0123456789';
const gate = new Gate();
const endpoint = gatedEndpoint(gate);
let fleet: Fleet;
let [here, there]: AssayClient[] = [];
let [url, address] = ['', ''];
const clients: AssayClient[] = [];
const over = new AbortController();

/** What somebody who watches knows. */
class Shown {
  readonly entries = new Map<string, ListedEvaluation>();
  changes: ListChange[] = [];

  take(change: ListChange): void {
    if (change.snapshot) this.entries.clear();
    for (const id of change.removedEvaluationIds) this.entries.delete(id);
    for (const entry of change.evaluations) this.entries.set(entry.summary.evaluationId, entry);
    this.changes.push(change);
  }

  async follow(changes: AsyncIterable<ListChange>): Promise<void> {
    for await (const change of changes) this.take(change);
  }

  state = (id: string): string | undefined => this.entries.get(id)?.summary.state;
}

const open = (address: string, token: string): AssayClient => {
  const client = connect({ addresses: [address], token });
  clients.push(client);
  return client;
};

beforeAll(async () => {
  [fleet] = await Promise.all([Fleet.start(), endpoint.start()]);
  const [port] = await freePorts(1);
  const env = { ASSAY_TOKEN: TOKEN };
  const args = ['--lease-ms', '10000', '--heartbeat-ms', '500'];
  const [a, b] = [await fleet.coordinator({ args, env }), await fleet.coordinator({ args: [...args, '--http', `127.0.0.1:${port}`], env })];
  url = `http://127.0.0.1:${port}/api/v1`;
  const models = [{ match: 'openai/*', provider: 'openai', base_url: endpoint.url, max_connections: 4 }];
  await fleet.agent('one', [a.address], { models }, { env });
  ({ address } = b);
  [here, there] = [open(a.address, TOKEN), open(b.address, TOKEN)];
});
afterAll(async () => {
  over.abort();
  gate.set(Infinity);
  for (const client of clients) client.close();
  await fleet?.stop();
  await endpoint.stop();
});

test('what is submitted at one coordinator is told at the other as it comes, moves and ends', async () => {
  gate.set(0);
  const shown = { all: new Shown(), running: new Shown(), pages: new Shown(), others: new Shown() };
  const { signal } = over;
  const follows = [
    shown.all.follow(there!.watchList({}, { signal })),
    shown.running.follow(there!.watchList({ states: ['running'] }, { signal, size: 1 })),
  ];
  const events = await fetch(`${url}/evaluations/events?size=10`, { headers: { authorization: `Bearer ${TOKEN}` }, signal });
  follows.push(
    (async () => {
      for await (const { event, data } of eventsOf(events)) if (event === 'change') shown.pages.take(data as ListChange);
    })(),
  );
  for (const follow of follows) follow.catch(() => undefined); // they end by the signal
  const three = [shown.all, shown.running, shown.pages];
  await waitFor(() => three.every(({ changes }) => changes.length > 0), { what: 'the first pictures' });
  expect(three.map(({ changes: [first] }) => [first!.snapshot, first!.evaluations.length])).toEqual([
    [true, 0],
    [true, 0],
    [true, 0],
  ]);

  const digest = await here!.uploadBytes(sums(SAMPLES));
  const spec = mockSpec(digest, { models: [{ model: 'openai/one' }] });
  const submit = async (key: string): Promise<string> => (await here!.submit({ spec, idempotencyKey: key })).evaluation.evaluationId;
  const first = await submit('first');
  await waitFor(() => three.every((one) => one.state(first) === 'running'), { what: 'the first one to be told of' });
  gate.set(20);
  await waitFor(() => three.every((one) => one.entries.get(first)!.summary.counts.scored >= 20), { what: 'what was counted' });
  // As the detail of it has it, without asking.
  expect(shown.all.entries.get(first)).toMatchObject({
    groupCount: 1,
    groups: [
      {
        benchmark: 'sums',
        model: 'openai/one',
        counts: { total: SAMPLES },
        scorers: [{ scorer: 'match', n: expect.any(Number) as number }],
      },
    ],
  });

  // Of the list with room for one it takes the other's place.
  const second = await submit('second');
  await waitFor(() => three.every((one) => one.state(second) === 'running'), { what: 'the second one' });
  expect(shown.running.entries.has(first)).toBe(false);
  const { nextToken } = shown.running.changes.at(-1)!;
  const [next] = (await there!.list({ states: ['running'] }, { token: nextToken })).items;
  expect(next!.evaluationId).toBe(first);

  await here!.pause({ evaluationId: second });
  await waitFor(() => [shown.all, shown.pages].every((one) => one.state(second) === 'paused'), { what: 'the pause' });
  await waitFor(() => shown.running.state(first) === 'running' && !shown.running.entries.has(second), { what: 'the first one to be back' });

  gate.set(Infinity);
  await waitFor(() => [shown.all, shown.pages].every((one) => one.state(first) === 'succeeded'), { what: 'the end' });
  await waitFor(() => (shown.all.entries.get(first)?.summary.results.length ?? 0) > 0, { what: 'its scores' });
  expect(shown.all.entries.get(first)).toMatchObject({ groups: [], groupCount: 0, summary: { counts: { scored: SAMPLES } } });
  expect(shown.all.entries.get(first)!.summary).toEqual((await there!.list()).items.find((e) => e.evaluationId === first));

  await here!.cancel(second);
  await waitFor(() => shown.all.state(second) === 'cancelled', { what: 'the cancel' });
  await here!.delete({ evaluationId: second });
  await waitFor(() => [shown.all, shown.pages].every(({ entries }) => !entries.has(second) && entries.has(first)), { what: 'the removal' });
  // At most two a second, however much happens.
  for (const { changes } of three)
    for (const [i, { timeMs }] of changes.entries()) if (i > 1) expect(timeMs - changes[i - 1]!.timeMs).toBeGreaterThan(400);
});

test('of a namespace that is not the caller’s there is one empty picture, and the end', async () => {
  const { secret } = await here!.createToken({ name: 'b', scopes: ['read'], namespaces: ['team-b'] });
  const stranger = open(address, secret);
  const changes: ListChange[] = [];
  for await (const change of stranger.watchList({})) changes.push(change);
  expect(changes).toMatchObject([{ snapshot: true, evaluations: [], nextToken: '' }]);
  const own = new Shown();
  const done = new AbortController();
  own.follow(stranger.watchList({ namespace: 'team-b' }, { signal: done.signal })).catch(() => undefined);
  await waitFor(() => own.changes.length > 0, { what: 'a picture of its own' });
  expect(own.entries.size).toBe(0);
  done.abort();
});
