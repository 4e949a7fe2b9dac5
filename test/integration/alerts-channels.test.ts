/** Alerts of two coordinators on one Redis and real receivers: who tells, what is tried again, in which order, how much. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { AlertBook } from '../../coordinator/alerts/alert-book.ts';
import type { Ongoing } from '../../coordinator/alerts/incident.ts';
import { Alerts } from '../../coordinator/alerts/alerts.ts';
import { sendMail } from '../../coordinator/alerts/channels/mail.ts';
import { post } from '../../coordinator/alerts/channels/post.ts';
import { slackDocument } from '../../coordinator/alerts/channels/slack.ts';
import type { Watched } from '../../coordinator/alerts/endings.ts';
import type { Message } from '../../coordinator/alerts/message.ts';
import { send } from '../../coordinator/alerts/send.ts';
import type { AlertSettings, ChannelSettings, MailSettings } from '../../coordinator/alerts/settings.ts';
import { WAITING } from '../../coordinator/alerts/shares.ts';
import { connectRedis, type RedisClient } from '../../coordinator/redis/connect.ts';
import type { Agent } from '../../shared/client/types.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { AlertReceiver } from '../support/alert-receiver.ts';
import { MailReceiver } from '../support/mail-receiver.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { agent as card } from '../support/rpc-rows/answers.ts';

let server: TestRedis;
let redis: RedisClient;
let hooks: AlertReceiver;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis(server.url, 'alerts', silentLogger());
});
beforeEach(async () => {
  await redis.flushall();
  hooks = await new AlertReceiver().start();
});
afterEach(() => hooks.stop());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

/** What the fleet looks like to whoever looks. */
const fleet = { agents: [] as Agent[], evaluations: [] as Watched[] };
const lost = (...names: string[]): void =>
  void (fleet.agents = names.map((name) => ({ ...card, agentId: name, name, state: 'gone', reason: '' })));
const hook = (more: Partial<ChannelSettings> = {}): ChannelSettings =>
  ({ name: 'hook', type: 'webhook', url: new URL(hooks.url), secret: 'secret', perMinute: 600, ...more }) as ChannelSettings;
let outcomes: string[] = [];
let nowMs = 0;
beforeEach(() => {
  lost();
  fleet.evaluations = [];
  [outcomes, nowMs] = [[], 1_000_000];
});
/** One coordinator's; the time is the test's. */
function alerts(name: string, channels: readonly ChannelSettings[] = [hook()], more: Partial<AlertSettings> = {}): Alerts {
  return new Alerts({
    settings: { channels, gates: [], after: { agent_lost: 0 }, clearMs: 0, ...more },
    book: new AlertBook(redis, 'test', name),
    sources: {
      nowMs: async () => nowMs,
      agents: async () => fleet.agents,
      routes: async () => [],
      evaluations: async () => fleet.evaluations,
    },
    ...{ send, periodMs: 1_000, retryMs: 1_000 },
    onMessage: (outcome) => outcomes.push(outcome),
    clock: { ...systemClock, now: () => nowMs },
    logger: silentLogger(),
  });
}

test('two that look at once tell once, however often they look; the other one goes on when the first has stopped', async () => {
  const [one, two] = [alerts('one'), alerts('two')];
  lost('a', 'b');
  for (let i = 0; i < 3; i++) await Promise.all([one.runOnce(), two.runOnce()]);
  expect(hooks.told()).toEqual(['opened agent_lost', 'opened agent_lost']);
  await one.stop();
  lost('b');
  for (let i = 0; i < 3; i++) await two.runOnce();
  expect(hooks.told()).toEqual(['opened agent_lost', 'opened agent_lost', 'resolved agent_lost']);
});

test('two that both take themselves for the one that looks still tell once', async () => {
  const both = [alerts('same'), alerts('same')];
  lost('a', 'b', 'c');
  await Promise.all(both.map((one) => one.runOnce()));
  await Promise.all(both.map((one) => one.runOnce()));
  lost();
  await Promise.all(both.map((one) => one.runOnce()));
  await Promise.all(both.map((one) => one.runOnce()));
  expect(hooks.told().toSorted()).toEqual([...Array<string>(3).fill('opened agent_lost'), ...Array<string>(3).fill('resolved agent_lost')]);
  expect(new Set(hooks.calls.map(({ headers }) => headers['assay-message-id'])).size).toBe(6);
});

test('what a receiver does not take is tried again later, and the end waits for the beginning', async () => {
  const one = alerts('one');
  hooks.answers.push({ status: 503 }, { status: 302, headers: { location: hooks.url } });
  lost('a');
  await one.runOnce();
  lost();
  await one.runOnce();
  expect(hooks.told()).toEqual(['opened agent_lost']); // refused, and not tried again before its time
  nowMs += 1_000;
  await one.runOnce();
  expect(hooks.told()).toHaveLength(2); // a redirect: not followed
  nowMs += 2_000;
  await one.runOnce();
  expect(hooks.told()).toEqual([...Array<string>(3).fill('opened agent_lost'), 'resolved agent_lost']);
  expect(outcomes).toEqual(['failed', 'failed', 'sent', 'sent']);
  expect(new Set(hooks.calls.slice(0, 3).map(({ headers }) => headers['assay-message-id'])).size).toBe(1);
});

test('a channel that never works is given up, and keeps no other one waiting', async () => {
  const dead = hook({ name: 'dead', url: new URL('http://127.0.0.1:1/') });
  const one = alerts('one', [dead, hook()]);
  lost('a');
  for (let i = 0; i < 12; i++) {
    await one.runOnce();
    nowMs += 1_800_000;
  }
  expect(outcomes.toSorted()).toEqual([...Array<string>(9).fill('failed'), 'given_up', 'sent']);
  expect(await redis.hlen('test:{alerts}:messages')).toBe(0);
});

test('so many in a minute, the others in the next ones', async () => {
  const one = alerts('one', [hook({ perMinute: 2 })]);
  lost('a', 'b', 'c', 'd', 'e');
  await one.runOnce();
  await one.runOnce();
  expect(hooks.calls).toHaveLength(2);
  nowMs += 60_000;
  await one.runOnce();
  expect(hooks.calls).toHaveLength(4);
});

test('the queue is bounded: what has no room goes on, and is told later', async () => {
  const owed = async (): Promise<number> =>
    (await redis.hvals('test:{alerts}:ongoing')).filter((text) => (JSON.parse(text) as Ongoing).owed).length;
  const one = alerts('one', [hook({ perMinute: 1 })]);
  lost(...Array.from({ length: WAITING.channel + 50 }, (_, i) => `a${i}`));
  await one.runOnce();
  expect(await redis.hlen('test:{alerts}:messages')).toBe(WAITING.channel - 1);
  expect([await redis.hlen('test:{alerts}:ongoing'), await owed()]).toEqual([WAITING.channel + 50, 50]);
  // Each of them is among the events, once.
  expect(await redis.zcard('test:{alerts}:events')).toBe(WAITING.channel + 50);
  await one.runOnce();
  expect(await owed()).toBe(49);
  expect(await redis.zcard('test:{alerts}:events')).toBe(WAITING.channel + 50);
});

test('a namespace that fails in thousands, and a channel that takes nothing, silence neither the fleet nor others', async () => {
  const dead = hook({ name: 'dead', url: new URL('http://127.0.0.1:1/') });
  const one = alerts('one', [dead, hook({ perMinute: 20 })]);
  await one.runOnce();
  const ended = (n: number, namespace: string, state: string): Watched =>
    ({
      evaluation: {
        ...{ evaluationId: `ev_${namespace}${n}`, name: '', namespace, state, reason: '', owner: '', finishedAtMs: nowMs, results: [] },
        counts: { total: 1, scored: 0, errored: 1, dead: 0 },
      },
      deadLetters: 0,
    }) as unknown as Watched;
  fleet.evaluations = Array.from({ length: 1_200 }, (_, i) => ended(i, 'team-a', i % 2 === 0 ? 'failed' : 'cancelled'));
  await one.runOnce();
  lost('gpu-1');
  fleet.evaluations.push(ended(1, 'team-b', 'failed'));
  const toHook = (): string[] => hooks.calls.map(({ body }) => body);
  for (let i = 0; i < 12; i++) {
    nowMs += 60_000;
    await one.runOnce();
  }
  expect(hooks.told()).toContain('opened agent_lost');
  expect(toHook().some((body) => body.includes('ev_team-b1'))).toBe(true);
  expect(hooks.told()).not.toContain('happened evaluation_finished'); // what is worse goes first
  const waiting = Object.keys(await redis.hgetall('test:{alerts}:messages'));
  expect(waiting.filter((id) => id.endsWith(':dead')).length).toBeLessThanOrEqual(WAITING.one + 2);
});

test('channels are told what they want: kinds, and namespaces', async () => {
  const one = alerts('one', [hook({ on: ['key_rejected'] }), hook({ name: 'team', namespaces: ['team-a'] })]);
  lost('a');
  await one.runOnce();
  expect(hooks.calls).toEqual([]);
});

test('an answer that is large, or never comes', async () => {
  hooks.answers.push({ status: 200, body: 'x'.repeat(1_000_000) });
  await post(new URL(hooks.url), Buffer.from('{}'), {});
  const silent = (await import('node:net')).createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as { port: number };
  await expect(post(new URL(`http://127.0.0.1:${port}/secret`), Buffer.from('{}'), {}, 50)).rejects.toThrow('no answer within 50 ms');
  silent.close();
});

const message = (summary: string): Message => ({
  ...{ id: 'o:opened:c', channel: 'c', status: 'opened', occurrence: 'o', startedMs: 0, atMs: 0, tries: 1, dueMs: 0 },
  incident: { key: 'k', kind: 'agent_lost', namespace: '', summary, facts: { agent: summary } },
});

test('names of others are text: in Slack, in the headers of a mail', async () => {
  expect(slackDocument(message('<!channel> & <http://x|y>')).text).toBe(':warning: &lt;!channel&gt; &amp; &lt;http:\u200b//x|y&gt;');
  expect(slackDocument(message('@channel see evil.example, gpt-4.1 and 3.14')).text).toBe(
    ':warning: @\u200bchannel see evil.\u200bexample, gpt-4.1 and 3.14',
  );
  const mails = await new MailReceiver().start();
  const settings: MailSettings = {
    ...{ name: 'm', type: 'smtp', perMinute: 20, server: { host: '127.0.0.1', port: mails.port, tls: false }, plaintext: true },
    ...{ from: 'assay@example.org', to: ['ops@example.org', 'nobody@example.org'] },
  };
  mails.refused.add('nobody@example.org');
  expect(await sendMail(settings, message('evil\r\nBcc: all@example.org'))).toBe('the mail server refuses nobody@example.org');
  expect(mails.mails).toMatchObject([
    { to: ['ops@example.org'], text: expect.stringContaining('Subject: [assay] evil Bcc: all@example.org') },
  ]);
  expect(mails.mails[0]!.text).toMatch(/^Message-ID: <o\.opened\.c@assay>$/im);
  mails.refused.add('ops@example.org');
  await expect(sendMail(settings, message('m'))).rejects.toThrow(/the mail could not be sent \(EENVELOPE/);
  // It offers no STARTTLS: nothing is said to it.
  const before = mails.mails.length;
  await expect(sendMail({ ...settings, plaintext: false }, message('m'))).rejects.toThrow(/the mail could not be sent/);
  expect(mails.mails).toHaveLength(before);
  await mails.stop();
});
