/** The audit log of a coordinator that runs: what is in it, what verifying says, and what happens when it cannot be written. */
import { chmod, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { cliHome, type CliHome } from '../support/cli.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { startServer } from '../support/rpc.ts';
import { audit } from '../support/rpc-rows/answers.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';

let fleet: Fleet;
let coordinator: Process & { address: string };
let cli: CliHome;
let admin: AssayClient;
const clients: AssayClient[] = [];
const clientOf = (token: string, patienceMs = 30_000): AssayClient => {
  const client = connect({ addresses: [coordinator.address], token, patienceMs });
  clients.push(client);
  return client;
};
const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );

beforeAll(async () => {
  [fleet, cli] = await Promise.all([Fleet.start(), cliHome()]);
  coordinator = await fleet.coordinator({ env: { ASSAY_TOKEN: ROOT } });
  admin = clientOf(ROOT);
});
afterAll(async () => {
  for (const client of clients) client.close();
  await fleet.stop();
  await cli.dispose();
});

const run = (...args: string[]) => cli.inside([...args, '--address', coordinator.address], { env: { ASSAY_TOKEN: ROOT } });
/** The folder of the only chain. */
async function pieces(): Promise<string[]> {
  const folder = join(fleet.store, 'audit');
  const [chain] = await readdir(folder);
  return (await readdir(join(folder, chain!))).toSorted().map((name) => join(folder, chain!, name));
}

test('says who was denied, and who was allowed what is privileged; with no token in it', async () => {
  const { secret, token } = await admin.createToken({ name: 'reader', scopes: ['read'], namespaces: ['team-a'] });
  const reader = clientOf(secret);
  expect(await codeOf(reader.delete({ evaluationId: `ev_${'a'.repeat(26)}` }))).toBe('permission_denied');
  expect(await codeOf(reader.get(`ev_${'b'.repeat(26)}`))).toBe('not_found');
  expect(await codeOf(clientOf('made-up').whoAmI())).toBe('unauthenticated');
  const who = `reader (${token.tokenId})`;
  const entries = await waitFor(
    async () => {
      const all = await admin.auditEntries();
      return all.length >= 4 ? all : undefined;
    },
    { what: 'all to be written', state: () => coordinator.output.slice(-2_000) },
  );
  expect(entries).toMatchObject([
    { who: 'local', by: 'local', outcome: 'ok', method: '/assay.v1.IdentityService/CreateToken' },
    {
      who,
      by: 'token',
      outcome: 'denied',
      method: '/assay.v1.EvaluationService/DeleteEvaluation',
      reason: expect.stringContaining('scope') as string,
    },
    { who, outcome: 'denied', method: '/assay.v1.EvaluationService/GetEvaluation', target: `ev_${'b'.repeat(26)}` },
    { who: 'nobody', by: 'nobody', outcome: 'denied', method: '/assay.v1.IdentityService/WhoAmI' },
  ]);
  const newest = await admin.auditEntries({ who: token.tokenId, outcome: 'denied', limit: 1 });
  expect(newest.map(({ target }) => target)).toEqual([`ev_${'b'.repeat(26)}`]);
  const bytes = (await Promise.all((await pieces()).map((path) => readFile(path, 'utf8')))).join('');
  for (const text of [secret, ROOT, 'made-up']) expect(bytes).not.toContain(text);
  const listed = await run('audit', 'list', '--denied');
  expect(listed).toMatchObject({ code: 0 });
  expect(listed.stdout).toMatch(/denied +DeleteEvaluation/);
});

test('where a log begins whose older part was removed is told', async () => {
  const server = await startServer({}, { audit });
  const { code, stdout } = await cli.inside(['audit', 'verify', '--address', server.address]);
  await server.stop();
  expect(code).toBe(5);
  expect(stdout).toContain('what began before 1970-01-01T00:00:00.007Z was removed because of its age: 2-co_1:4 says so\n');
});

test('what cannot be written down is not done, and all else goes on', async () => {
  const hasty = clientOf(ROOT, 500);
  const folder = join(fleet.store, 'audit');
  // Root writes everywhere: a file stands where the folder was.
  await rename(folder, `${folder}.away`);
  await writeFile(folder, '');
  expect(await codeOf(hasty.createToken({ name: 'second', scopes: ['read'], namespaces: ['team-a'] }))).toBe('unavailable');
  expect(await codeOf(hasty.delete({ evaluationId: `ev_${'a'.repeat(26)}` }))).toBe('not_found');
  expect((await admin.tokens()).items.map(({ name }) => name)).toEqual(['reader']);
  expect(await admin.list({})).toMatchObject({ items: [] });
  await rm(folder);
  await rename(`${folder}.away`, folder);
  // Another chain is begun, and what was tried again is done.
  expect((await admin.createToken({ name: 'second', scopes: ['read'], namespaces: ['team-a'] })).token.name).toBe('second');
  expect((await admin.verifyAudit()).count).toBe(0);
});

test('says who has changed which evaluation, and of a deletion by a filter what it removes', async () => {
  const { secret, token } = await admin.createToken({ name: 'ci', scopes: ['submit', 'cancel', 'read'], namespaces: ['team-c'] });
  const ci = clientOf(secret);
  const digest = await ci.uploadBytes(sums(2), { namespace: 'team-c' });
  const { evaluation } = await ci.submit({ spec: mockSpec(digest), idempotencyKey: 'noted', namespace: 'team-c', owner: 'somebody else' });
  const { evaluationId: target } = evaluation;
  await ci.cancel(target, 'enough');
  await ci.cancel(target, 'again'); // changes nothing
  const byCi = await waitFor(
    async () => {
      const all = await admin.auditEntries({ who: token.tokenId });
      return all.length >= 2 ? all : undefined;
    },
    { what: 'both to be written', state: () => coordinator.output.slice(-2_000) },
  );
  const who = { who: `ci (${token.tokenId})`, outcome: 'ok', namespace: 'team-c', target };
  expect(byCi).toMatchObject([
    { ...who, method: '/assay.v1.EvaluationService/SubmitEvaluation' },
    { ...who, method: '/assay.v1.EvaluationService/CancelEvaluation' },
  ]);
  await waitFor(async () => (await admin.get(target)).state === 'cancelled', { what: 'its end' });
  const filter = { namespace: 'team-c', states: ['cancelled' as const] };
  await waitFor(async () => (await admin.delete({ filter })).length > 0, { what: 'its removal' });
  const removed = await admin.auditEntries({ method: 'DeleteEvaluation', outcome: 'ok' });
  expect(removed.map((entry) => entry.target)).toContain(target);
  expect(removed.some((entry) => entry.target?.includes('"states":["cancelled"]'))).toBe(true);
});

test('a line that was changed is named', async () => {
  const kept = await run('audit', 'verify', '--json');
  expect(kept).toMatchObject({ code: 0 });
  const file = join(fleet.dir, 'heads.json');
  await writeFile(file, kept.stdout);
  expect(await run('audit', 'verify', '--heads', file)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('as it was written') as string,
  });
  const folder = join(fleet.store, 'audit');
  const [chain] = (await readdir(folder)).toSorted();
  const names = (await readdir(join(folder, chain!))).toSorted();
  const path = join(folder, chain!, names[1]!);
  await chmod(path, 0o600);
  await writeFile(path, (await readFile(path, 'utf8')).replace('"ok"', '"denied"'));
  const verdict = await run('audit', 'verify');
  expect(verdict.code).toBe(5);
  expect(verdict.stdout).toContain(`${chain} line 2: is altered`);
  expect((await run('audit', 'verify', '--heads', path)).code).toBe(2);
});

test('an end that is cut off is named, though nobody but Redis has seen it', async () => {
  const chain = (await readdir(join(fleet.store, 'audit'))).toSorted().at(-1)!;
  const before = await run('audit', 'verify');
  expect(before.stdout).not.toContain('the end was cut off');
  await admin.createToken({ name: 'cut off', scopes: ['read'], namespaces: ['team-a'] });
  const newest = (await readdir(join(fleet.store, 'audit', chain))).toSorted().at(-1)!;
  await rm(join(fleet.store, 'audit', chain, newest), { force: true });
  const verdict = await run('audit', 'verify');
  expect(verdict.code).toBe(5);
  expect(verdict.stdout).toMatch(new RegExp(`${chain} line \\d+: is the last one: Redis has seen \\d+ lines, the end was cut off`));
});
