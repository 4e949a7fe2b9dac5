/** Alerts on a real fleet of two coordinators: each incident is told once to each channel, and its end once. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { signatureOf } from '../../coordinator/alerts/channels/webhook.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { AlertReceiver } from '../support/alert-receiver.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums, watchAll } from '../support/mock-evaluation.ts';
import { makeCertificate } from '../support/certificate.ts';
import { MailReceiver } from '../support/mail-receiver.ts';
import { waitFor } from '../support/wait-for.ts';

const SECRET = randomBytes(32).toString('hex');
const PASSWORD = 'a password of the mail server';

let fleet: Fleet;
let client: AssayClient;
let hooks: AlertReceiver;
let mails: MailReceiver;
let dir: string;
let coordinators: Process[];
let addresses: string[];
let digest: string;
beforeAll(async () => {
  [fleet, hooks, dir] = await Promise.all([Fleet.start(), new AlertReceiver().start(), mkdtemp(join(tmpdir(), 'assay-alerts-'))]);
  const certificate = await makeCertificate();
  mails = await new MailReceiver({ cert: await readFile(certificate.certPath), key: await readFile(certificate.keyPath) }).start();
  const file = join(dir, 'alerts.yaml');
  const slack = hooks.url.replace('/hook', '/slack');
  const settings = {
    channels: [
      { name: 'hook', type: 'webhook', url: hooks.url, secret_env: 'HOOK_SECRET', per_minute: 600 },
      {
        ...{ name: 'mail', type: 'smtp', server: `smtps://localhost:${mails.port}`, user: 'assay', password_env: 'MAIL_PASSWORD' },
        ...{ from: 'assay@example.org', to: ['ops@example.org', 'oncall@example.org'], on: ['nothing_fits'] },
      },
      { name: 'chat', type: 'slack', url_env: 'CHAT_URL', on: ['evaluation_failed', 'agent_lost'] },
    ],
    gates: [{ benchmark: 'sums', metric: 'accuracy', min: 0.9 }],
    after: { agent_lost: '300ms', nothing_fits: '300ms' },
    clear_after: '300ms',
  };
  await writeFile(file, stringify(settings));
  const args = ['--lease-ms', '3000', '--heartbeat-ms', '500', '--sweep-ms', '40', '--alerts', file];
  const env = { HOOK_SECRET: SECRET, CHAT_URL: slack, MAIL_PASSWORD: PASSWORD, NODE_EXTRA_CA_CERTS: certificate.certPath };
  const started = await Promise.all([fleet.coordinator({ args, env }), fleet.coordinator({ args, env })]);
  coordinators = started;
  addresses = started.map(({ address }) => address);
  client = fleet.client(...addresses);
  digest = await client.uploadBytes(sums(10));
  await fleet.agent('mock', addresses, { models: [{ match: 'mock/*', provider: 'mock' }] });
});
afterAll(async () => {
  await fleet.stop();
  await hooks.stop();
  await mails.stop();
  await rm(dir, { recursive: true, force: true });
});

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
/** What is told of something, as `status kind`. */
const toldOf = (what: string): string[] =>
  hooks.calls
    .filter(({ path, body }) => path === '/hook' && body.includes(what))
    .map(({ body }) => {
      const { status, kind } = JSON.parse(body) as { status: string; kind: string };
      return `${status} ${kind}`;
    });
const until = (what: string, ...told: string[]): Promise<unknown> =>
  waitFor(() => toldOf(what).length >= told.length, {
    what: `word of ${what}: ${told.join(', ')}`,
    state: () => [...hooks.calls.map(({ body }) => body), coordinators.map((c) => c.output.slice(-3000))],
  });

test('an evaluation that fails is told once, signed, and once more when it is there no more', async () => {
  const failed = await finished('fails', { error_rate: { request: 1 } });
  await until(failed, 'opened');
  const call = hooks.calls.find(({ path, body }) => path === '/hook' && body.includes(failed))!;
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
  const end = JSON.parse(hooks.calls.findLast(({ path, body }) => path === '/hook' && body.includes(failed))!.body) as {
    id: string;
    incident: string;
  };
  expect(end.incident).toBe(document.incident);
  expect(end.id).not.toBe(document.id);
});

test('one that ends well, and one below its gate', async () => {
  const [well, below] = [await finished('well', { accuracy: 1 }), await finished('below', { accuracy: 0.2 })];
  await until(well, 'happened');
  await until(below, 'happened', 'opened');
  expect(toldOf(below).toSorted()).toEqual(['happened evaluation_finished', 'opened evaluation_below_gate']);
  await client.delete({ evaluationId: below });
  await until(below, 'happened', 'opened', 'resolved');
  expect(toldOf(well)).toEqual(['happened evaluation_finished']);
});

test('a lost agent, not one that left; a route that nobody fits', async () => {
  const lost = await fleet.agent('lost-one', addresses, { models: [{ match: 'other/*', provider: 'mock' }] });
  const left = await fleet.agent('left-one', addresses, { models: [{ match: 'other/*', provider: 'mock' }] });
  await left.signal('SIGTERM');
  await lost.kill9();
  await until('lost-one', 'opened');
  const spec = mockSpec(digest, { name: 'nobody', models: [{ model: 'openai/nobody' }] });
  const { evaluationId } = (await client.submit({ spec, idempotencyKey: 'nobody' })).evaluation;
  await until(evaluationId, 'opened');
  await client.cancel(evaluationId, 'test');
  await lost.start();
  await until('lost-one', 'opened', 'resolved');
  await until('openai/nobody', 'opened', 'resolved');
  await waitFor(() => mails.mails.length >= 2, { what: 'two mails', state: () => mails.mails });
  const both = { user: 'assay', from: 'assay@example.org', to: ['ops@example.org', 'oncall@example.org'] };
  expect(mails.mails).toMatchObject([both, both]);
  expect(mails.mails.map(({ text }) => /^Subject: (.*(?:\n .*)*)/m.exec(text)?.[1]?.slice(0, 30))).toEqual([
    expect.stringMatching(/^\[assay\] No agent fits/),
    expect.stringMatching(/^\[assay\] Resolved: No agent/),
  ]);
  expect(toldOf('left-one')).toEqual([]);
});

test('when the coordinator that looks is killed, the other one goes on; nothing was told twice', async () => {
  await coordinators[0]!.kill9();
  const failed = await finished('fails later', { error_rate: { request: 1 } });
  await until(failed, 'opened');
  await coordinators[0]!.start();
  // One more incident's way after the restart: had it anything to tell again, it would have by then.
  const last = await finished('last', { accuracy: 1 });
  await until(last, 'happened');
  const ids = hooks.calls.filter(({ path }) => path === '/hook').map(({ headers }) => headers['assay-message-id']);
  expect(new Set(ids).size).toBe(ids.length);
  const about = hooks.calls
    .filter(({ path }) => path === '/hook')
    .map(({ body }) => {
      const { kind, status, facts } = JSON.parse(body) as { kind: string; status: string; facts: object };
      return JSON.stringify({ kind, status, facts });
    });
  expect(new Set(about).size).toBe(about.length);
  const chat = hooks.calls.filter(({ path }) => path === '/slack').map(({ body }) => (JSON.parse(body) as { text: string }).text);
  expect(chat.filter((text) => text.includes(failed))).toHaveLength(1);
  expect(chat.filter((text) => text.includes('lost-one')).map((text) => text.split(' ')[0])).toEqual([':warning:', ':white_check_mark:']);
  expect(mails.mails).toHaveLength(2);
  for (const { output } of coordinators) for (const secret of [SECRET, PASSWORD]) expect(output).not.toContain(secret);
});
