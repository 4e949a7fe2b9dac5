/** The feed of events on a real fleet of two coordinators without channels; and its bounds in Redis. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { AlertBook, MAX_EVENTS } from '../../coordinator/alerts/alert-book.ts';
import { Feed } from '../../coordinator/alerts/feed.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { EventPage, IncidentEvent } from '../../shared/client/event-types.ts';
import type { Namespaces, Scope } from '../../shared/domain/identity.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';

let fleet: Fleet;
let cli: CliHome;
let dir: string;
let coordinators: (Process & { address: string })[];
let addresses: string[];
let tokenFile: string;
let root: AssayClient;
const clients: AssayClient[] = [];
beforeAll(async () => {
  [fleet, cli, dir] = await Promise.all([Fleet.start(), cliHome(), mkdtemp(join(tmpdir(), 'assay-events-'))]);
  const file = join(dir, 'alerts.yaml');
  await writeFile(file, stringify({ after: { agent_lost: '300ms', nothing_fits: '300ms' }, clear_after: '300ms' }));
  const args = ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', '40', '--alerts', file];
  const options = { args, env: { ASSAY_TOKEN: ROOT } };
  coordinators = await Promise.all([fleet.coordinator(options), fleet.coordinator(options)]);
  addresses = coordinators.map(({ address }) => address);
  tokenFile = join(dir, 'token');
  await writeFile(tokenFile, ROOT, { mode: 0o600 });
  root = clientWith(ROOT);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await Promise.all([fleet.stop(), cli.dispose(), rm(dir, { recursive: true, force: true })]);
});

function clientWith(token: string): AssayClient {
  const client = connect({ addresses, token });
  clients.push(client);
  return client;
}
const clientOf = async (name: string, scopes: Scope[], namespaces: Namespaces): Promise<AssayClient> =>
  clientWith((await root.createToken({ name, scopes, namespaces })).secret);
/** One that waits for agents that there are not. */
async function submitted(namespace: string): Promise<string> {
  const digest = await root.uploadBytes(sums(2), { namespace });
  const request = { spec: mockSpec(digest, { models: [{ model: `nobody/${namespace}` }] }), namespace, idempotencyKey: namespace };
  return (await root.submit(request)).evaluation.evaluationId;
}
const wordsOf = ({ status, kind, namespace }: IncidentEvent): string => `${status} ${kind} ${namespace}`;
const until = (what: string, fits: (page: EventPage) => boolean): Promise<EventPage> =>
  waitFor(
    async () => {
      const page = await root.events({}, { size: 1000 });
      return fits(page) ? page : undefined;
    },
    { what, state: () => coordinators.map(({ output }) => output.slice(-2000)) },
  );
const about = (page: EventPage, kind: string, namespace = ''): IncidentEvent[] =>
  page.items.filter((event) => event.kind === kind && event.namespace === namespace);

test('what begins and ends is in the feed once, and goes on between; whoever has not all namespaces sees only theirs', async () => {
  const lost = await fleet.agent('lost-one', addresses, { token_file: tokenFile, models: [{ match: 'other/*', provider: 'mock' }] });
  await lost.kill9();
  const [a, b] = await Promise.all([submitted('team-a'), submitted('team-b')]);
  const { ongoing, open } = await until('three to be open', (page) => page.open === 3);
  expect(ongoing.map(({ kind, namespace, open: isOpen }) => [kind, namespace, isOpen])).toEqual([
    ['nothing_fits', expect.stringMatching(/^team-[ab]$/) as string, true],
    ['nothing_fits', expect.stringMatching(/^team-[ab]$/) as string, true],
    ['agent_lost', '', true],
  ]);
  expect(open).toBe(3);

  const [mine, all, reader] = await Promise.all([
    clientOf('mine', ['operate'], ['team-a']),
    clientOf('all', ['operate'], '*'),
    clientOf('reader', ['read'], '*'),
  ]);
  const seen = await mine.events();
  expect([seen.open, seen.ongoing.map(({ namespace }) => namespace), seen.items.map(wordsOf)]).toEqual([
    1,
    ['team-a'],
    ['opened nothing_fits team-a'],
  ]);
  expect(seen.ongoing[0]).toMatchObject({
    severity: 'critical',
    facts: { requirement: expect.stringContaining('nobody/team-a') as string },
  });
  expect(seen.ongoing[0]!.incident).toBe(seen.items[0]!.incident);
  // What is not theirs is like what is not there.
  expect(await mine.events({ namespace: 'team-b' })).toEqual(await mine.events({ namespace: 'no-such-team' }));
  expect((await mine.events({ kind: 'agent_lost' })).items).toEqual([]);
  expect((await all.events({ kind: 'agent_lost', status: 'opened' })).items.map(wordsOf)).toEqual(['opened agent_lost ']);
  expect((await all.events({ namespace: 'team-b' })).items.map(wordsOf)).toEqual(['opened nothing_fits team-b']);
  expect((await all.events({ severity: 'info' })).ongoing).toEqual([]);
  await expect(reader.events()).rejects.toMatchObject({ code: 'permission_denied' });

  const run = (...args: string[]) => cli.inside(['events', ...args, '--address', addresses[1]!], { env: { ASSAY_TOKEN: ROOT } });
  expect((await run('--open')).stdout).toMatch(/since +state +severity +kind[^]*open +warning +agent_lost +Agent lost-one/);
  expect((await run('--open', '--status', 'opened')).code).toBe(2);
  const listed = JSON.parse((await run('--namespace', 'team-a', '--json')).stdout) as IncidentEvent[];
  expect(listed).toEqual(seen.items);

  await Promise.all([lost.start(), root.cancel(a, 'test'), root.cancel(b, 'test')]);
  const end = await until('all to be over', (page) => page.open === 0 && page.items.length >= 8);
  for (const [kind, namespace] of [['agent_lost'], ['nothing_fits', 'team-a'], ['nothing_fits', 'team-b']] as const) {
    const [resolved, opened, ...others] = about(end, kind, namespace);
    expect([kind, resolved!.status, opened!.status, others]).toEqual([kind, 'resolved', 'opened', []]);
    expect([resolved!.incident, resolved!.startedMs]).toEqual([opened!.incident, opened!.startedMs]);
    expect(resolved!.atMs).toBeGreaterThanOrEqual(opened!.atMs);
  }
  expect(about(end, 'evaluation_finished', 'team-a')).toMatchObject([{ status: 'happened', facts: { evaluationId: a } }]);
  const pages: IncidentEvent[] = [];
  for (let token: string | undefined; token !== '';) {
    const page = await root.events({}, { size: 3, ...(token && { token }) });
    pages.push(...page.items);
    token = page.nextToken;
  }
  expect(pages).toEqual(end.items);
});

test('when the coordinator that looks is killed the other one goes on; nothing is there twice', async () => {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  const leader = await waitFor(() => redis.get('assay:{alerts}:leader'), { what: 'a coordinator to look' }).finally(() =>
    redis.disconnect(),
  );
  const looks = coordinators.find(({ output }) => output.includes(leader.replace(/^-/, '')))!;
  await looks.kill9();
  const own = [await submitted('team-c')];
  await root.cancel(own[0]!, 'test');
  await until('one more to be finished', (page) => about(page, 'evaluation_finished', 'team-c').length > 0);
  await looks.start();
  own.push(await submitted('team-d'));
  await root.cancel(own[1]!, 'test');
  const { items } = await until('the last to be finished', (page) => about(page, 'evaluation_finished', 'team-d').length > 0);
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  const once = items.filter(({ status }) => status === 'happened').map(({ facts }) => facts['evaluationId']);
  expect(new Set(once).size).toBe(once.length);
  expect(new Set(once.filter((id) => own.includes(id!)))).toEqual(new Set(own));
});

test('of more than there is room for whoever has most loses their oldest; one that tells gives no way to one that does not', async () => {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  const book = new AlertBook(redis, 'bounds', 'co_1');
  const note = (namespace: string, n: number): Promise<unknown> => {
    const key = `${namespace}-${n}`;
    const words = { kind: 'evaluation_finished', severity: 'info' as const, namespace, summary: key, facts: {} };
    return book.tellOnce(key, n, { event: { id: key, incident: key, status: 'happened', ...words, startedMs: n, atMs: n }, messages: [] });
  };
  const [few, many] = [10, MAX_EVENTS + 300];
  const of = async (namespaces: Namespaces): Promise<string[]> =>
    (await new Feed(book).list({}, { size: 1000 }, { namespaces, fleet: false })).items.map(({ summary }) => summary);
  try {
    for (let n = 0; n < few; n++) await note('few', n);
    for (let n = 0; n < many; n += 100) await Promise.all(Array.from({ length: 100 }, (_, i) => note('many', n + i)));
    const late = Array.from({ length: few }, (_, n) => `late-${few - 1 - n}`);
    for (let n = 0; n < few; n++) await note('late', n);
    expect(await of(['few'])).toHaveLength(few);
    expect(await of(['late'])).toEqual(late);
    expect((await of(['many'])).slice(0, 2)).toEqual([`many-${many - 1}`, `many-${many - 2}`]);
    expect(await redis.zcard('bounds:{alerts}:events')).toBe(MAX_EVENTS);
    expect(await redis.hlen('bounds:{alerts}:event-texts')).toBe(MAX_EVENTS);
    // What somebody else has written there is in nobody's way.
    await redis.zadd('bounds:{alerts}:events', -1, 'what is this');
    await redis.hset('bounds:{alerts}:event-texts', 'few\nfew-9', 'no JSON');
    await note('few', few);
    expect(await redis.zcard('bounds:{alerts}:events')).toBe(MAX_EVENTS);
    expect((await of(['few'])).slice(0, 2)).toEqual([`few-${few}`, 'few-8']);

    const silent = new AlertBook(redis, 'bounds', '-co_2');
    expect([await silent.lead(60_000), await book.lead(60_000), await silent.lead(60_000)]).toEqual([true, true, false]);
  } finally {
    redis.disconnect();
  }
});
