/** Tokens in a fleet of two coordinators: made and revoked at one of them, they hold and end at the other. */
import { writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis } from '../../coordinator/redis/connect.ts';
import type { AssayClient } from '../../shared/client/client.ts';
import { connect } from '../../shared/client/connect.ts';
import type { Scope } from '../../shared/domain/identity.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { assayProto } from '../../shared/rpc/load.ts';
import { silentLogger } from '../../shared/telemetry/logger.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startFileServer, type FileServer } from '../support/file-server.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { framed, openRaw } from '../support/raw-grpc.ts';
import { DIGEST } from '../support/rpc-rows/rows.ts';
import { allOf, mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';
const SAMPLES = 60;
/** What is promised, and what a loaded machine adds. */
const WITHIN_MS = 5_000;

let fleet: Fleet;
let first: Process & { address: string };
let second: Process & { address: string };
let web: FileServer;
let admin: AssayClient;
let there: AssayClient;
const clients: AssayClient[] = [];

const clientOf = (address: string, token: string): AssayClient => {
  const client = connect({ addresses: [address], token });
  clients.push(client);
  return client;
};
const codeOf = (run: Promise<unknown>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );
const tokenFor = (...scopes: Scope[]) => admin.createToken({ name: scopes.join('-'), scopes, namespaces: '*' });

beforeAll(async () => {
  fleet = await Fleet.start();
  const certificate = await makeCertificate();
  web = await startFileServer(certificate);
  const options = { env: { ASSAY_TOKEN: ROOT, NODE_EXTRA_CA_CERTS: certificate.certPath } };
  [first, second] = await Promise.all([fleet.coordinator(options), fleet.coordinator(options)]);
  [admin, there] = [clientOf(first.address, ROOT), clientOf(second.address, ROOT)];
});
afterAll(async () => {
  for (const client of clients) client.close();
  await fleet.stop();
  await web.stop();
});

const agentWith = (name: string, tokenFile: string, wait = true) =>
  fleet.agent(
    name,
    [second.address],
    { token_file: tokenFile, models: [{ match: 'mock/*', provider: 'mock', max_connections: 2, options: { latency_ms: 100 } }] },
    { wait },
  );

/** Headers, and what is given of a message: a call that is not whole. Gives the status with which it ends. */
async function parked(path: string, token: string, some?: Uint8Array): Promise<{ ended: Promise<string> }> {
  const session = connectHttp2(`http://${second.address}`);
  const { call, status } = openRaw(session, `/assay.v1.EvaluationService/${path}`, { authorization: `Bearer ${token}` });
  call.resume();
  await new Promise<void>((resolve) => (some ? call.write(framed(some), () => resolve()) : call.once('ready', resolve)));
  return { ended: status.finally(() => session.destroy()) };
}

test('a token holds everywhere at once, and survives the loss of all that Redis had', async () => {
  expect(await admin.whoAmI()).toMatchObject({ name: 'local', kind: 'local', namespaces: '*' });
  const { secret, token } = await admin.createToken({ name: 'ci', scopes: ['read', 'submit'], namespaces: ['team-a'] });
  const ci = clientOf(second.address, secret);
  expect(await ci.whoAmI()).toMatchObject({ name: 'ci', scopes: ['submit', 'read'], namespaces: ['team-a'], tokenId: token.tokenId });
  expect(await codeOf(ci.agents())).toBe('permission_denied');
  expect(await codeOf(ci.submit({ spec: {}, idempotencyKey: 'k', namespace: 'team-b' }))).toBe('permission_denied');
  expect((await there.tokens()).items).toEqual([token]);
  const redis = await connectRedis(fleet.redis.url, 'test', silentLogger());
  await redis.flushall();
  redis.disconnect();
  expect(await ci.whoAmI()).toMatchObject({ name: 'ci' });
  expect((await there.tokens()).items).toEqual([token]);
  await there.revokeToken(token.tokenId);
  expect(await codeOf(ci.whoAmI())).toBe('unauthenticated');
});

test('a revocation ends streams, uploads and calls that wait, and the tasks of an agent go elsewhere', async () => {
  const file = join(fleet.dir, 'token');
  const [reader, worker, uploader] = await Promise.all([tokenFor('read'), tokenFor('agent'), tokenFor('submit')]);
  await Promise.all([writeFile(file, worker.secret, { mode: 0o600 }), writeFile(`${file}-root`, ROOT, { mode: 0o600 })]);
  const cut = await agentWith('cut', file);
  const digest = await admin.uploadBytes(sums(SAMPLES), { namespace: 'team-a' });
  const { evaluation } = await admin.submit({ spec: mockSpec(digest), idempotencyKey: 'run', namespace: 'team-a' });
  const { evaluationId } = evaluation;
  await waitFor(async () => (await admin.get(evaluationId)).counts.scored > 4, { what: 'the agent to be at work', everyMs: 20 });

  const seen = Promise.withResolvers<void>();
  const watching = (async () => {
    for await (const _ of clientOf(second.address, reader.secret).watch(evaluationId)) seen.resolve();
  })();
  const header: Uint8Array = assayProto().evaluation.UploadContent.requestSerialize({ header: { digest: DIGEST, sizeBytes: 100 } });
  const calls = [await parked('ListEvaluations', reader.secret), await parked('UploadContent', uploader.secret, header)];
  const endings = [codeOf(watching), ...calls.map(({ ended }) => ended)];
  await seen.promise;
  const sinceMs = performance.now();
  for (const { token } of [reader, worker, uploader]) await admin.revokeToken(token.tokenId);
  expect(await Promise.all(endings)).toEqual(['unauthenticated', '16', '16']);
  await waitFor(() => /does not take this agent.*was revoked/.test(cut.output), {
    what: 'the agent to be turned away',
    state: () => cut.since().slice(-3000),
  });
  expect(performance.now() - sinceMs).toBeLessThan(WITHIN_MS);
  expect(second.output).toMatch(/AgentService\/Connect".*"who":"agent \(tk_\w+\)","msg":"call ended: its token holds no more"/);

  await agentWith('other', `${file}-root`);
  await waitFor(async () => (await admin.get(evaluationId)).state === 'succeeded', { what: 'the rest to be done', timeoutMs: 60_000 });
  expect(cut.running).toBe(true);
  // What it had done meanwhile is offered once it may come back; all is counted once.
  await writeFile(file, (await tokenFor('agent')).secret, { mode: 0o600 });
  await waitFor(() => cut.output.split('"msg":"connected"').length === 3, { what: 'the agent to come back', timeoutMs: 30_000 });
  expect(await there.verify(evaluationId)).toMatchObject({ balanced: true, differences: [], counts: { scored: SAMPLES } });
  expect(await allOf(there.results(evaluationId))).toHaveLength(SAMPLES);
});

test('a submit that is being prepared is not accepted', async () => {
  const fetched = Promise.withResolvers<() => void>();
  web.answers.set('/sums.jsonl', (_request, response) => {
    const give = (): void => void response.writeHead(200).end(sums(3));
    if (web.asked.length > 1) give();
    else fetched.resolve(give);
  });
  const { secret, token } = await tokenFor('submit');
  const spec = mockSpec('', { benchmarks: [{ benchmark: 'sums', dataset: { uri: `${web.origin}/sums.jsonl` }, scorers: ['match'] }] });
  const request = { spec, idempotencyKey: 'prepared', namespace: 'team-a' };
  const submitted = codeOf(clientOf(second.address, secret).submit(request));
  const answer = await fetched.promise;
  await admin.revokeToken(token.tokenId);
  expect(await submitted).toBe('unauthenticated');
  // Who asks for the same now waits for what is under way; it was accepted before if that went on.
  const again = there.submit(request);
  answer();
  expect(await again).toMatchObject({ existed: false, evaluation: { counts: { total: 3 } } });
});
