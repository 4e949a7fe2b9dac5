/** JWTs and certificates as identities at a coordinator that runs: commands, agents and the audit log. */
import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { makeAuthority, type TestAuthority } from '../support/certificate.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { documents } from '../support/documents.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { OidcIssuer } from '../support/oidc-issuer.ts';
import { programOf } from '../support/programs.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';
/** As in the documents. */
const AGENT = 'spiffe://lab.example.org/agents/gpu-7';
const ISSUER = 'https://login.example.org/realms/lab';
/** As files with tokens must be. */
const PRIVATE = { mode: 0o600 };

const pages = documents();
const blockOf = (page: string, part: string): string =>
  pages.find(({ name }) => name === page)!.blocks.find(({ file, text }) => file === part || text.includes(part))!.text;

let fleet: Fleet;
let cli: CliHome;
let issuer: OidcIssuer;
let coordinator: Process & { address: string };
/** Certificates, and who trusts them. */
let shown: Record<'agent' | 'stranger', { ca: string; cert: string; key: string }>;
const clients: AssayClient[] = [];

/** Types what a document says, where its files are. */
const typed = (text: string, env: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)('sh', ['-euc', text], { cwd: fleet.dir, env: { ...process.env, ...env }, timeout: 60_000 });

beforeAll(async () => {
  let authority: TestAuthority;
  [fleet, cli, issuer, authority] = await Promise.all([Fleet.start(), cliHome(), OidcIssuer.start(), makeAuthority()]);
  const at = (name: string): string => join(fleet.dir, name);
  const [server, stranger] = await Promise.all([
    authority.issue({ names: 'DNS:localhost,IP:127.0.0.1' }),
    authority.issue({ names: 'URI:spiffe://lab.example.org/agents/gpu-8' }),
    typed(blockOf('docs/secure-deployment.md', 'callers.key')),
  ]);
  const ca = authority.certPath;
  shown = { agent: { ca, cert: at('gpu-7.pem'), key: at('gpu-7.key') }, stranger: { ca, cert: stranger.certPath, key: stranger.keyPath } };
  const identities = blockOf('docs/access.md', 'identities.yaml').replace(`${ISSUER} `, `${issuer.url} `);
  await Promise.all([
    writeFile(at('identities.yaml'), identities.replace(/^( +)audience:/m, '$1clock_tolerance: 0s\n$&')),
    writeFile(at('both.pem'), `${await readFile(at('callers.pem'), 'utf8')}${authority.cert}`),
    writeFile(at('assay'), `#!/bin/sh\nexec '${process.execPath}' '${programOf('cli')}' "$@"\n`, { mode: 0o755 }),
  ]);
  const tls = ['--tls-cert', server.certPath, '--tls-key', server.keyPath, '--tls-client-ca', at('both.pem')];
  coordinator = await fleet.coordinator({ env: { ASSAY_TOKEN: ROOT }, args: ['--identities', at('identities.yaml'), ...tls] });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await fleet.stop();
  await issuer.stop();
  await cli.dispose();
});

const run = (who: keyof typeof shown, token: string | undefined, ...args: string[]) => {
  const { ca, cert, key } = shown[who];
  const whole = [...args, '--address', coordinator.address, '--tls-ca', ca, '--tls-client-cert', cert, '--tls-client-key', key];
  return cli.inside(whole, { env: { ASSAY_TOKEN: token } });
};

test('a command says whose it is: of a JWT of any length, of a certificate, of a token beside one', async () => {
  const long = await issuer.token({ groups: ['ml-team', ...Array.from({ length: 400 }, (_, i) => `another-group-${i}`)] });
  expect(long.length).toBeGreaterThan(8_000);
  const jwt = `name      ada\nknown by  jwt ${issuer.url}\nmay       submit, read, cancel, admin\nin        team-a\nuntil     20`;
  expect((await run('stranger', long, 'whoami')).stdout).toContain(jwt);
  // A token goes before the certificate.
  expect((await run('agent', long, 'whoami')).stdout).toContain(jwt);
  expect((await run('agent', undefined, 'whoami')).stdout).toContain(
    `name      gpu-7\nknown by  certificate ${AGENT}\nmay       agent\nin        *\nuntil     20`,
  );
  expect(JSON.parse((await run('agent', undefined, 'whoami', '--json')).stdout)).toMatchObject({ kind: 'certificate', origin: AGENT });
  expect((await run('agent', ROOT, 'whoami')).stdout).toContain('known by  local\n');
  const file = join(fleet.dir, 'long.jwt');
  await writeFile(file, `${long}\n`, PRIVATE);
  expect((await run('stranger', undefined, 'whoami', '--token-file', file)).stdout).toContain(jwt);
});

test('as the document says', async () => {
  await writeFile(join(fleet.dir, 'job.jwt'), await issuer.token({ groups: 'ml-team' }));
  const { ca: ASSAY_TLS_CA, cert: ASSAY_TLS_CLIENT_CERT, key: ASSAY_TLS_CLIENT_KEY } = shown.stranger;
  const env = { ASSAY_ADDRESS: coordinator.address, ASSAY_TLS_CA, ASSAY_TLS_CLIENT_CERT, ASSAY_TLS_CLIENT_KEY };
  const { stdout } = await typed(blockOf('docs/access.md', 'job.jwt'), { ...env, PATH: `${fleet.dir}:${process.env['PATH']}` });
  expect(stdout).toContain(`known by  jwt ${issuer.url}\n`);
});

test('whoever is nobody is told so, and a bad token is not made good by a certificate', async () => {
  expect(await run('stranger', undefined, 'whoami')).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/certificate of "spiffe:\/\/lab\.example\.org\/agents\/gpu-8" has no rule/) as string,
  });
  const expired = await issuer.token({ groups: 'ml-team', exp: 1 });
  expect(await run('agent', expired, 'whoami')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the token has expired; ask its issuer') as string,
  });
  const eve = await issuer.token({ sub: 'eve', groups: 'ml-teams' });
  expect(await run('agent', eve, 'whoami')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the token of "eve" fits no rule here') as string,
  });
});

test('the audit log says who it was, and how that was known', async () => {
  const jwt = await issuer.token({ groups: 'ml-team' });
  const made = await run('stranger', jwt, 'token', 'create', 'ci', '--scope', 'read', '--namespace', 'team-a', '--json');
  expect(made.code).toBe(0);
  expect((await run('stranger', jwt, 'agents')).stderr).toContain('needs the scope operate');
  expect((await run('agent', undefined, 'token', 'list')).stderr).toContain('"gpu-7" has agent');
  const listed = await waitFor(
    async () => {
      const { stdout } = await run('stranger', ROOT, 'audit', 'list', '--json');
      return ['ListAgents', 'ListTokens', 'CreateToken'].every((method) => stdout.includes(method)) ? stdout : undefined;
    },
    { what: 'all to be written' },
  );
  for (const [method, who, by] of [
    ['CreateToken', `ada (${issuer.url})`, 'jwt'],
    ['ListAgents', `ada (${issuer.url})`, 'jwt'],
    ['ListTokens', `gpu-7 (${AGENT})`, 'certificate'],
  ] as const)
    expect(listed).toMatch(
      new RegExp(`"who": ?"${who.replaceAll(/[./()]/g, String.raw`\$&`)}",\\s*"by": ?"${by}",\\s*"method": ?"[^"]*${method}"`),
    );
  expect(listed).not.toContain(jwt.slice(-40));
});

const agentWith = (name: string, config: Record<string, unknown>, who: keyof typeof shown) => {
  const { ca, cert, key } = shown[who];
  const models = [{ match: 'mock/*', provider: 'mock' }];
  return fleet.agent(name, [coordinator.address], { models, tls_ca: ca, tls_client_cert: cert, tls_client_key: key, ...config });
};

test('a watch ends with the JWT that it was asked with', async () => {
  const { ca, cert, key } = shown.stranger;
  const [tlsCa, tlsCert, tlsKey] = (await Promise.all([ca, cert, key].map((path) => readFile(path)))) as [Buffer, Buffer, Buffer];
  const clientOf = async (exp: number): Promise<AssayClient> => {
    const token = await issuer.token({ groups: 'ml-team', exp });
    const client = connect({ addresses: [coordinator.address], token, tlsCa, tlsCert, tlsKey });
    clients.push(client);
    return client;
  };
  const nowS = Math.floor(Date.now() / 1000);
  const submitter = await clientOf(nowS + 600);
  // Nobody is there yet who could run it.
  const spec = mockSpec(await submitter.uploadBytes(sums(3), { namespace: 'team-a' }));
  const { evaluation } = await submitter.submit({ spec, idempotencyKey: 'k', namespace: 'team-a' });
  const endsS = Math.floor(Date.now() / 1000) + 3;
  const watcher = await clientOf(endsS);
  const watching = (async () => {
    for await (const { kind } of watcher.watch(evaluation.evaluationId)) void kind;
  })();
  await expect(watching).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(Date.now() / 1000).toBeGreaterThanOrEqual(endsS);
});

test('an agent works by its certificate alone', async () => {
  await agentWith('certified', {}, 'agent');
  const listed = async (): Promise<string> => (await run('stranger', ROOT, 'agents')).stdout;
  const agents = await waitFor(async () => (await listed()) || undefined, { what: 'it to be listed' });
  expect(agents).toContain('certified');
});

test('the stream of an agent ends with its JWT, and goes on with the next one in its file', async () => {
  const file = join(fleet.dir, 'jwt');
  const renew = async (): Promise<void> => {
    const token = await issuer.token({ sub: 'gpu-host', exp: Math.floor(Date.now() / 1000) + 4 });
    await writeFile(`${file}.new`, token, PRIVATE);
    await rename(`${file}.new`, file);
  };
  await renew();
  let isOver = false;
  const renewing = (async () => {
    for (; !isOver; await renew()) await setTimeout(500);
  })();
  try {
    const agent = await agentWith('rotating', { token_file: file }, 'stranger');
    await waitFor(() => agent.output.split('"msg":"connected"').length >= 3, {
      what: 'it to come back',
      state: () => agent.output.slice(-2_000),
    });
    expect(coordinator.output).toMatch(
      /"details":"the token has expired[^"]*","who":"gpu-host \(http[^"]*","msg":"call ended: its token holds no more"/,
    );
  } finally {
    isOver = true;
    await renewing;
  }
});

test('the file is read again: with a fault nothing changes, whoever is taken out loses access, also what is under way', async () => {
  const { ca, cert, key } = shown.stranger;
  const [tlsCa, tlsCert, tlsKey] = (await Promise.all([ca, cert, key].map((path) => readFile(path)))) as [Buffer, Buffer, Buffer];
  const client = connect({ addresses: [coordinator.address], token: await issuer.token({ groups: 'ml-team' }), tlsCa, tlsCert, tlsKey });
  clients.push(client);
  const spec = mockSpec(await client.uploadBytes(sums(3), { namespace: 'team-a' }), { models: [{ model: 'openai/nobody' }] });
  const { evaluation } = await client.submit({ spec, idempotencyKey: 'file', namespace: 'team-a' });
  let events = 0;
  const watching = (async () => {
    for await (const { kind } of client.watch(evaluation.evaluationId)) events += kind ? 1 : 0;
  })();
  watching.catch(() => undefined);
  await waitFor(() => events > 0, { what: 'the watch' });
  const file = join(fleet.dir, 'identities.yaml');
  const before = await readFile(file, 'utf8');
  const told = (text: string): number => coordinator.output.split(text).length - 1;
  await writeFile(file, `${before.replace('ml-team', 'others')}nonsense: 1\n`);
  await waitFor(() => told('the new identities are refused') > 0, { what: 'the refusal' });
  expect(await client.whoAmI()).toMatchObject({ name: 'ada' });
  await agentWith('certified-again', {}, 'agent');

  await writeFile(file, before.replace('ml-team', 'others').replace('agents/gpu-7', 'agents/gpu-9'));
  await expect(watching).rejects.toMatchObject({ code: 'unauthenticated' });
  await waitFor(() => /of \\"spiffe:[^"]*\\" has another rule by now, or none/.test(coordinator.output), {
    what: 'the agent to be turned away',
  });
  await expect(client.whoAmI()).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(told('the new identities are refused')).toBe(1);
});
