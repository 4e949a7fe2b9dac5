/** `assay token` and `assay whoami`, against a coordinator whose answers are known, and one that has tokens. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TokenWish } from '../../coordinator/identity/tokens.ts';
import type { RpcServer } from '../../coordinator/rpc/server.ts';
import { AccessRig, OWN_TOKEN } from '../support/access-rig.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { token } from '../support/rpc-rows/answers.ts';
import { namespaces } from '../support/rpc-rows/namespace-answers.ts';
import { startServer } from '../support/rpc.ts';
import type { Ending } from '../support/run-command.ts';

let cli: CliHome;
let server: RpcServer;
let rig: AccessRig;
let wishes: TokenWish[] = [];
beforeAll(async () => {
  cli = await cliHome();
  rig = await AccessRig.start();
  server = await startServer(
    {},
    {
      namespaces,
      tokens: {
        create: async (_by, wish) => {
          wishes.push(wish);
          return { secret: 'evt_secret', token: { ...token, name: wish.name } };
        },
        list: async () => ({ items: [token, { ...token, name: 'was', revokedAtMs: 5, revokedBy: 'ada' }], nextToken: '' }),
        revoke: async () => ({ ...token, revokedAtMs: 5, revokedBy: 'ada' }),
      },
    },
  );
});
afterAll(async () => {
  await cli.dispose();
  await server.stop();
  await rig.stop();
});

const run = (...args: string[]): Promise<Ending> => cli.inside([...args, '--address', server.address]);
async function ok(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return stdout;
}

test('a token is printed once, and what is known of it beside it', async () => {
  const made = await run('token', 'create', 'ci', '--scope', 'read,submit', '--namespace', 'a, b', '--expires', '12h');
  expect(made).toMatchObject({ code: 0, stdout: 'evt_secret\n' });
  expect(made.stderr).toMatch(/tk_a+ ci: read in team-a, until 1970-01-01\. It is not shown again\./);
  expect(wishes).toEqual([{ name: 'ci', scopes: ['read', 'submit'], namespaces: ['a', 'b'], expiresInMs: 12 * 3_600_000 }]);
  wishes = [];
  const json = await ok('token', 'create', 'gpu', '--scope', 'agent', '--namespace', '*', '--json');
  expect(JSON.parse(json)).toMatchObject({ token: 'evt_secret', tokenId: token.id, expiresAt: '1970-01-01T00:00:00.002Z' });
  expect(wishes).toEqual([{ name: 'gpu', scopes: ['agent'], namespaces: '*', expiresInMs: 90 * 24 * 3_600_000 }]);
});

test('what would be another token than the one that was meant is refused', async () => {
  const { code, stderr } = await run('token', 'create', 'ci', '--scope', 'read', '--namespace', 'a,*', '--expires', '0s');
  expect(code).toBe(2);
  expect(stderr).toContain("--expires: '0s' is over before it begins; write 1s at least");
  expect(stderr).toContain("--namespace: 'a,*' has names beside '*', which is all of them; write one or the other");
  const invited = await run('agent', 'invite', '--namespace', 'a,*', '--expires', '0m');
  expect(invited).toMatchObject({ code: 2, stderr: expect.stringMatching(/--expires: '0m'[^]*--namespace: 'a,\*'/) as string });
  const named = await cli.inside(['token', 'create', 'a\nb', '--scope', 'read', '--address', rig.server.address], {
    env: { ASSAY_TOKEN: OWN_TOKEN },
  });
  expect(named).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('name: "a\\nb" has control characters; leave them out') as string,
  });
});

test('tokens are listed and revoked', async () => {
  expect(await ok('token', 'list')).toMatch(
    /^id +name +state +scopes +namespaces.*\ntk_a+ +ci +expired +read +team-a.*\ntk_a+ +was +revoked/,
  );
  expect(await ok('token', 'list', '-o', 'ids')).toBe(`${token.id}\n${token.id}\n`);
  expect(await run('token', 'revoke', token.id)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
  expect(await ok('token', 'revoke', token.id, '--yes')).toBe(`${token.id} ci revoked\n`);
});

test('join tokens are made for fifteen minutes at most, listed and taken back', async () => {
  const typed = (...args: string[]) => cli.inside([...args, '--address', rig.server.address], { env: { ASSAY_TOKEN: OWN_TOKEN } });
  const made = await typed('agent', 'invite', 'gpu-7', '--namespace', 'team-a', '--pool', 'h200', '--label', 'zone=eu');
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^evj_[a-z2-7]{59}\n$/) as string });
  const id = /^(jt_[a-z2-7]{16}): good once, until/m.exec(made.stderr)?.[1];
  const { code, stderr } = await typed('agent', 'invite', '--expires', '16m');
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('expires_in_ms') as string });
  expect((await typed('agent', 'invites')).stdout).toMatch(
    new RegExp(`^id +agent +namespaces +pool +left .*\n${id} +gpu-7 +team-a +h200 +1[45]`),
  );
  expect((await typed('agent', 'invites', '-o', 'wide')).stdout).toMatch(/labels\n.*zone=eu\n$/);
  expect(await typed('agent', 'uninvite', id!)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
  expect(await typed('agent', 'uninvite', id!, '--yes')).toMatchObject({ code: 0, stdout: `${id} gpu-7 revoked\n` });
  expect((await typed('agent', 'invites', '-o', 'ids')).stdout).toBe('');
});

test('what bounds a namespace is shown, set and listed', async () => {
  const shown = await ok('namespace', 'show', 'team-a');
  expect(shown).toMatch(
    /^namespace +team-a\nmax-queued-samples +none; 7 taken\nmax-tasks +5; 2 taken, 3 left\nmax-content-bytes +none; 9 taken\nkeep-for +1 s\nset +1970-01-01T00:00:00Z by local\n$/,
  );
  expect(JSON.parse(await ok('namespace', 'list', '--json'))).toMatchObject([{ name: 'team-a', limits: { maxTasks: 5, keepMs: 1000 } }]);
  expect(await ok('namespace', 'list')).toMatch(/^namespace +tasks +keep for +set\nteam-a +5 +1 s /);
  const values = [
    '--max-content-bytes',
    '2KiB',
    '--keep-for',
    '1d',
    '--first-priority',
    '3',
    '--max-tasks',
    'none',
    '--max-cost-per-day',
    '12.50',
  ];
  expect(JSON.parse(await ok('namespace', 'set', 'team-b', ...values, '--json'))).toMatchObject({
    name: 'team-b',
    limits: { maxContentBytes: 2048, maxCostPerDayMicroUsd: 12_500_000, keepMs: 86_400_000, firstPriority: 3 },
    updatedBy: 'local maxTasks',
  });
  for (const bad of [
    [],
    ['--max-cost-per-day', '1e3'],
    ['--max-tasks', 'some'],
    ['--keep-for', '1'],
    ['--max-content-bytes', '1GB'],
    ['--first-priority', '11'],
  ])
    expect({ bad, code: (await run('namespace', 'set', 'team-b', ...bad)).code }).toEqual({ bad, code: 2 });
});

test('whose one is', async () => {
  expect(await ok('whoami')).toBe('name      local\nknown by  local\nmay       submit, read, cancel, operate, admin, agent\nin        *\n');
  expect(JSON.parse(await ok('whoami', '--json'))).toMatchObject({ name: 'local', namespaces: '*' });
});

test('on a coordinator that wants one', async () => {
  const typed = (secret: string, ...args: string[]) =>
    cli.inside([...args, '--address', rig.server.address], { env: { ASSAY_TOKEN: secret } });
  const made = await typed(OWN_TOKEN, 'token', 'create', 'team', '--scope', 'admin,read', '--namespace', 'team-a');
  const secret = made.stdout.trim();
  expect(secret).toMatch(/^evt_[a-z2-7]{59}$/);
  expect((await typed(secret, 'whoami')).stdout).toMatch(/^name +team\nknown by +token tk_\w{16}\nmay +read, admin\nin +team-a\nuntil +20/);
  const more = await typed(secret, 'token', 'create', 'x', '--scope', 'submit', '--namespace', 'team-a');
  expect(more).toMatchObject({ code: 2, stderr: expect.stringMatching(/assay: "team" has not the scope submit/) as string });
  expect(await typed(secret, 'agents')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs the scope operate') as string });
  expect(await typed('evt_wrong', 'whoami')).toMatchObject({ code: 2, stderr: expect.stringContaining('mistyped') as string });
});
