/** Alerts on a real fleet of two coordinators: each incident is told once to each channel, and its end once. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { signatureOf } from '../../coordinator/alerts/channels/webhook.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { AlertReceiver, type ReceivedCall } from '../support/alert-receiver.ts';
import { BareAgent } from '../support/bare-agent.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { makeCertificate } from '../support/certificate.ts';
import { MailReceiver } from '../support/mail-receiver.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = randomBytes(32).toString('hex');
const PASSWORD = 'a password of the mail server';

/** Kinds of which all channels are told. */
const EVERYWHERE = ['nothing_fits', 'queue_stuck', 'key_throttled', 'key_rejected', 'dead_letters'];

let fleet: Fleet;
let client: AssayClient;
let hooks: AlertReceiver;
let mails: MailReceiver;
let dir: string;
let coordinators: Process[];
let addresses: string[];
let digest: string;
beforeAll(async () => {
  const certificate = await makeCertificate();
  [fleet, hooks, dir, mails] = await Promise.all([
    Fleet.start(),
    new AlertReceiver().start(),
    mkdtemp(join(tmpdir(), 'assay-alerts-')),
    new MailReceiver(certificate).start(),
  ]);
  const file = join(dir, 'alerts.yaml');
  const slack = hooks.url.replace('/hook', '/slack');
  const settings = {
    channels: [
      { name: 'hook', type: 'webhook', url: hooks.url, secret_env: 'HOOK_SECRET', per_minute: 600 },
      {
        ...{ name: 'mail', type: 'smtp', server: `smtps://localhost:${mails.port}`, user: 'assay', password_env: 'MAIL_PASSWORD' },
        ...{ from: 'assay@example.org', to: ['ops@example.org', 'oncall@example.org'], on: EVERYWHERE },
      },
      { name: 'chat', type: 'slack', url_env: 'CHAT_URL', on: ['evaluation_failed', 'agent_lost', ...EVERYWHERE], per_minute: 600 },
    ],
    gates: [{ benchmark: 'sums', metric: 'accuracy', min: 0.9 }],
    after: { agent_lost: '300ms', nothing_fits: '300ms', queue_stuck: '300ms', key_throttled: '300ms', key_rejected: '300ms' },
    clear_after: '300ms',
  };
  await writeFile(file, stringify(settings));
  const args = ['--lease-ms', '60000', '--heartbeat-ms', '20000', '--sweep-ms', '40', '--alerts', file];
  const env = { HOOK_SECRET: SECRET, CHAT_URL: slack, MAIL_PASSWORD: PASSWORD, NODE_EXTRA_CA_CERTS: certificate.certPath };
  const started = await Promise.all([fleet.coordinator({ args, env }), fleet.coordinator({ args, env })]);
  coordinators = started;
  addresses = started.map(({ address }) => address);
  client = fleet.client(...addresses);
  [digest] = await Promise.all([
    client.uploadBytes(sums(10)),
    fleet.agent('mock', addresses, { models: [{ match: 'mock/*', provider: 'mock' }] }),
  ]);
});
afterAll(async () => {
  await fleet.stop();
  await hooks.stop();
  await mails.stop();
  await rm(dir, { recursive: true, force: true });
});

const agent = (name: string, more: Partial<Parameters<typeof BareAgent.connect>[1]> = {}): Promise<BareAgent> =>
  BareAgent.connect(addresses[0]!, { name, models: [{ match: `${name}/*`, maxConnections: 4, lookAhead: 0 }], ...more });
const submit = async (model: string, content = digest): Promise<string> =>
  (await client.submit({ spec: mockSpec(content, { models: [{ model }] }), idempotencyKey: model })).evaluation.evaluationId;

async function finished(key: string, mock: object, more: object = {}): Promise<string> {
  const spec = mockSpec(digest, {
    name: key,
    models: [{ model: 'mock/one', generate_config: { extra_body: { mock } } }],
    retry: { max_retries: 0 },
    ...more,
  });
  const { evaluationId } = (await client.submit({ spec, idempotencyKey: key })).evaluation;
  await watchAll(client, evaluationId);
  return evaluationId;
}
/** What is told of something, as `status kind`. Where the machine is slow more is stuck, or has no agent, for a moment than what is meant to be. */
const callsOf = (what: string): ReceivedCall[] =>
  hooks.calls.filter(
    ({ path, body }) =>
      path === '/hook' &&
      body.includes(what) &&
      (what.includes('queue') || !body.includes('"queue_stuck"')) &&
      (what.includes('fits') || !body.includes('"nothing_fits"')),
  );
const toldOf = (what: string): string[] =>
  callsOf(what).map(({ body }) => {
    const { status, kind } = JSON.parse(body) as { status: string; kind: string };
    return `${status} ${kind}`;
  });
const until = (what: string, ...told: string[]): Promise<unknown> =>
  waitFor(() => toldOf(what).length >= told.length, {
    what: `word of ${what}: ${told.join(', ')}`,
    state: () => [...hooks.calls.map(({ body }) => body), coordinators.map((c) => c.output.slice(-3000))],
  });

test.concurrent('an evaluation that fails is told once, signed, and once more when it is there no more', async () => {
  const failed = await finished('fails', { error_rate: { request: 1 } });
  await until(failed, 'opened');
  const call = callsOf(failed)[0]!;
  const timestamp = String(call.headers['assay-timestamp']);
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
  expect(call.headers['assay-signature']).toBe(signatureOf(SECRET, timestamp, call.body));
  const document = JSON.parse(call.body) as { id: string; incident: string };
  expect(document).toMatchObject({
    version: 1,
    status: 'opened',
    kind: 'evaluation_failed',
    severity: 'critical',
    namespace: 'default',
    facts: { evaluationId: failed },
  });
  expect(call.headers['assay-message-id']).toBe(document.id);
  await client.delete({ evaluationId: failed });
  await until(failed, 'opened', 'resolved');
  const end = JSON.parse(callsOf(failed).at(-1)!.body) as { id: string; incident: string };
  expect(end.incident).toBe(document.incident);
  expect(end.id).not.toBe(document.id);
});

test.concurrent('one that ends well, and one below its gate', async () => {
  const [well, below] = [await finished('well', { accuracy: 1 }), await finished('below', { accuracy: 0.2 })];
  await until(well, 'happened');
  await until(below, 'happened', 'opened');
  expect(toldOf(below).toSorted()).toEqual(['happened evaluation_finished', 'opened evaluation_below_gate']);
  await client.delete({ evaluationId: below });
  await until(below, 'happened', 'opened', 'resolved');
  expect(toldOf(well)).toEqual(['happened evaluation_finished']);
});

/** Each channel has one message of the beginning, and one of the end. */
async function expectEverywhere(what: string, kind: string): Promise<void> {
  await until(what, 'opened', 'resolved');
  expect(toldOf(what)).toEqual([`opened ${kind}`, `resolved ${kind}`]);
  const [chat, mail] = [() => chatOf(what), () => mailsOf(what)];
  await waitFor(() => chat().length >= 2 && mail().length >= 2, { what: `word of ${what} in all channels`, state: () => [chat(), mail()] });
  expect(chat()).toEqual([expect.stringMatching(/^(?::warning:|:rotating_light:)/), expect.stringMatching(/^:white_check_mark:/)]);
  expect(mail()).toEqual([expect.stringMatching(/^\[assay\] (?!Resolved)/), expect.stringMatching(/^\[assay\] Resolved: /)]);
}
const chatOf = (what: string): string[] =>
  hooks.calls
    .filter(({ path, body }) => path === '/slack' && body.includes(what))
    .map(({ body }) => (JSON.parse(body) as { text: string }).text);
/** Their subjects. */
const mailsOf = (what: string): string[] =>
  mails.mails.filter(({ text }) => unfolded(text).includes(what)).map(({ text }) => subjectOf(text));
const unfolded = (text: string): string => text.replaceAll(/\r?\n /g, '');
const subjectOf = (text: string): string => /^Subject: (.*)/m.exec(unfolded(text))?.[1] ?? '';

test.concurrent('a lost agent, not one that left', async () => {
  const lost = await fleet.agent('lost-one', addresses, { models: [{ match: 'other/*', provider: 'mock' }] });
  await (await agent('left-one')).leave();
  await lost.kill9();
  await until('Agent lost-one', 'opened');
  await lost.start();
  await until('Agent lost-one', 'opened', 'resolved');
  expect(toldOf('Agent left-one')).toEqual([]);
});

test.concurrent('a route that nobody fits', async () => {
  const evaluationId = await submit('nobody/one');
  await until('fits model=nobody/one', 'opened');
  await client.cancel(evaluationId, 'test');
  await expectEverywhere('fits model=nobody/one', 'nothing_fits');
  const both = { user: 'assay', from: 'assay@example.org', to: ['ops@example.org', 'oncall@example.org'] };
  expect(mails.mails.filter(({ text }) => unfolded(text).includes('fits model=nobody/one'))).toMatchObject([both, both]);
});

test.concurrent('a queue that is stuck: an agent fits, and takes nothing', async () => {
  const one = await agent('stuck');
  const evaluationId = await submit('stuck/one');
  await until('queue of model=stuck/one', 'opened');
  await one.take(10);
  await expectEverywhere('queue of model=stuck/one', 'queue_stuck');
  await client.cancel(evaluationId, 'test');
  await one.leave();
});

test.concurrent('a key that is throttled, and one that is refused', async () => {
  const [slow, bad] = await Promise.all([agent('throttled-one'), agent('rejected-one')]);
  await slow.send({ kind: 'credit', samplesTotal: [0], connections: [1] });
  await bad.send({ kind: 'modelStatus', modelIndex: 0, suspended: true, reason: 'auth', retryMs: 60_000 });
  await Promise.all([until('Agent throttled-one', 'opened'), until('Agent rejected-one', 'opened')]);
  await slow.send({ kind: 'credit', samplesTotal: [0], connections: [4] });
  await bad.send({ kind: 'modelStatus', modelIndex: 0, suspended: false, reason: '', retryMs: 0 });
  await Promise.all([expectEverywhere('Agent throttled-one', 'key_throttled'), expectEverywhere('Agent rejected-one', 'key_rejected')]);
  await Promise.all([slow.leave(), bad.leave()]);
});

test.concurrent('tasks that were given up, until somebody drops them', async () => {
  const evaluationId = await submit('crash/one', await client.uploadBytes(sums(1)));
  for (let life = 1; life <= 3; life++) {
    const one = await agent('crash', { agentId: 'ag_00000000000000cc', instanceId: `life-${life}` });
    await one.take(1);
    one.close();
  }
  const last = await agent('crash', { agentId: 'ag_00000000000000cc', instanceId: 'the-last' });
  const about = 'has dead letters';
  await until(about, 'opened');
  expect((await client.dropDeadLetters({ evaluationId })).letters).toBe(1);
  await expectEverywhere(about, 'dead_letters');
  await last.leave();
});

test('when the coordinator that looks is killed, the other one goes on; nothing was told twice', async () => {
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  const leader = (await redis.get('assay:{alerts}:leader'))!;
  redis.disconnect();
  const looks = coordinators.find(({ output }) => output.includes(leader))!;
  await looks.kill9();
  const failed = await finished('fails later', { error_rate: { request: 1 } });
  await until(failed, 'opened');
  await looks.start();
  // One more incident's way after the restart: had it anything to tell again, it would have by then.
  const last = await finished('last', { accuracy: 1 });
  await until(last, 'happened');
  const sent = hooks.calls.filter(({ path }) => path === '/hook');
  const ids = sent.map(({ headers }) => headers['assay-message-id']);
  expect(new Set(ids).size).toBe(ids.length);
  const about = sent.flatMap(({ body }) => {
    const { kind, status, facts } = JSON.parse(body) as { kind: string; status: string; facts: { agent?: string } };
    // That one was lost three times, and may have been gone for long enough each time; and see above.
    return facts.agent === 'crash' || kind === 'queue_stuck' ? [] : JSON.stringify({ kind, status, facts });
  });
  expect(about.filter((one, i) => about.indexOf(one) !== i)).toEqual([]);
  expect(chatOf(failed)).toHaveLength(1);
  expect(chatOf('Agent lost-one').map((text) => text.split(' ')[0])).toEqual([':warning:', ':white_check_mark:']);
  for (const what of ['fits model=nobody/one', 'queue of model=stuck/one', 'Agent throttled-one', 'Agent rejected-one', 'has dead letters'])
    expect([what, toldOf(what).length, mailsOf(what).length, chatOf(what).length]).toEqual([what, 2, 2, 2]);
  for (const { output } of coordinators) for (const secret of [SECRET, PASSWORD]) expect(output).not.toContain(secret);
});
