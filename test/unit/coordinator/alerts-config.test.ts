/** The file of alerts: what it says, and every fault of it at once. */
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAlertsFile } from '../../../coordinator/alerts-config.ts';

const dir = await mkdtemp(join(tmpdir(), 'assay-alerts-'));
afterAll(() => rm(dir, { recursive: true }));
const file = join(dir, 'alerts.yaml');
const SECRET = 'a-secret-of-enough-characters';

async function read(text: string, environment: Record<string, string> = {}): ReturnType<typeof readAlertsFile> {
  await writeFile(file, text);
  return readAlertsFile(file, environment);
}
const secretFile = (name: string, text = SECRET): Promise<void> => writeFile(join(dir, name), `${text}\n`, { mode: 0o600 });

test('the file in the docs', async () => {
  const page = await readFile(join(import.meta.dirname, '../../../docs/alerts.md'), 'utf8');
  await Promise.all([secretFile('webhook.secret'), secretFile('mail.password')]);
  const { settings, faults } = await read(/```yaml\n(.*?)```/s.exec(page)![1]!, { ALERTS_SLACK_URL: 'https://hooks.example.org/x' });
  expect(faults).toEqual([]);
  expect(settings).toEqual({
    channels: [
      { name: 'ops', type: 'webhook', perMinute: 20, url: new URL('https://hooks.example.org/assay'), secret: SECRET },
      {
        ...{ name: 'chat', type: 'slack', perMinute: 20, url: new URL('https://hooks.example.org/x'), namespaces: ['team-a'] },
        on: ['evaluation_failed', 'nothing_fits', 'key_rejected'],
      },
      {
        ...{ name: 'mail', type: 'smtp', perMinute: 20, server: { host: 'mail.example.org', port: 465, tls: true }, plaintext: false },
        ...{ user: 'assay', password: SECRET, from: 'assay@example.org', to: ['oncall@example.org'] },
      },
    ],
    gates: [{ benchmark: 'gsm8k', metric: 'accuracy', min: 0.75 }],
    after: { agent_lost: 120_000 },
    clearMs: 30_000,
  });
});

test('faults come together, with their places and without secrets', async () => {
  await secretFile('short', 'short');
  await secretFile('open');
  await chmod(join(dir, 'open'), 0o644);
  const text = `
channels:
  - { name: a, type: webhook, url: "https://u:hidden@h/x", secret_file: short }
  - { name: a, type: webhook, url: "ftp://h", secret_file: open }
  - { name: b, type: webhook, url_env: NOT_SET }
  - { name: c, type: slack, url_env: A, url_file: short }
  - { name: d, type: smtp, server: "mail.example.org", from: a@b, to: [c@d], user: x }
  - { name: e, type: smtp, server: "smtp://h", plaintext: true, from: a@b, to: [c@d], user: x, password_env: P }
`;
  const { settings, faults } = await read(text, { A: 'https://h', P: 'hidden' });
  expect(settings.channels).toEqual([]);
  const at = `${file}: channels`;
  expect(faults.map(({ place, problem }) => `${place} ${problem}`)).toEqual([
    `${at}[0].secret has fewer than 16 characters; make one by \`openssl rand -hex 32\``,
    `${at}[0].url is no http or https address without a password; write one, such as https://HOST/PATH`,
    `${at}[1].name a stands there twice; rename one`,
    expect.stringMatching(/channels\[1\]\.secret_file open can be read or written by everybody .*chmod 600 it/),
    `${at}[1].url is no http or https address without a password; write one, such as https://HOST/PATH`,
    `${at}[2].url_env NOT_SET is not set; set it, or name another variable`,
    `${at}[2] needs secret_file or secret_env: where its secret is`,
    `${at}[3] has url_file and url_env; keep one of them`,
    `${at}[4] needs password_file or password_env: where its password is`,
    `${at}[4].server is no mail server; write smtps://HOST[:465] or smtp://HOST[:587]`,
    `${at}[5].plaintext would show the password to the network; leave it out, or the user`,
  ]);
  expect(JSON.stringify(faults)).not.toContain('hidden');
});

test('what is not known, and times without a unit', async () => {
  const { faults } = await read('channels: [{ name: A, type: pager }]\nafter: { agent_lots: 1m, agent_lost: 5 }\n');
  expect(faults.length).toBeGreaterThanOrEqual(3);
  expect((await read('{}')).faults).toMatchObject([{ problem: expect.stringMatching(/^says nothing: write channels/) as string }]);
  expect(await read('after: { agent_lost: 2m }')).toMatchObject({ faults: [], settings: { channels: [], after: { agent_lost: 120_000 } } });
  expect((await read('channels: []\n')).faults).toHaveLength(1);
  expect((await readAlertsFile(join(dir, 'none.yaml'), {})).faults).toHaveLength(1);
});

test("Slack's address is a secret: it is not sent in plain text to other machines", async () => {
  const chat = (url: string): ReturnType<typeof read> => read('channels: [{ name: chat, type: slack, url_env: URL }]\n', { URL: url });
  expect((await chat('http://hooks.example.org/x')).faults).toMatchObject([
    { problem: expect.stringContaining('write one with https') as string },
  ]);
  for (const url of ['https://hooks.example.org/x', 'http://127.0.0.1:8065/hooks/x', 'http://[::1]:1/x'])
    expect((await chat(url)).faults).toEqual([]);
});
