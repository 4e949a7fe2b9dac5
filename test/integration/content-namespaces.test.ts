/** Content by namespace: a digest is good for nothing where the bytes were not sent, and nobody learns where else they were. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { Calls } from '../../shared/client/calls.ts';
import { connect } from '../../shared/client/connect.ts';
import { upload as send } from '../../shared/client/upload.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { systemClock } from '../../shared/runtime/clock.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { waitFor } from '../support/wait-for.ts';

const ROOT = 'the-root-token-of-this-fleet';
const OPTIONS = { env: { ASSAY_TOKEN: ROOT } };

let fleet: Fleet;
let coordinator: Process & { address: string };
let root: AssayClient;
let a: AssayClient;
let b: AssayClient;
const clients: AssayClient[] = [];
const clientOf = (token: string): AssayClient => {
  const client = connect({ addresses: [coordinator.address], token });
  clients.push(client);
  return client;
};
const problemOf = (run: Promise<unknown>): Promise<{ code: string; message: string }> =>
  run.then(
    () => ({ code: 'ok', message: '' }),
    (error: unknown) => ({ code: AppError.from(error).code, message: AppError.from(error).message }),
  );

beforeAll(async () => {
  fleet = await Fleet.start();
  coordinator = await fleet.coordinator(OPTIONS);
  root = clientOf(ROOT);
  const secretOf = async (namespace: string): Promise<string> =>
    (await root.createToken({ name: namespace, scopes: ['submit', 'read', 'cancel', 'admin'], namespaces: [namespace] })).secret;
  [a, b] = [clientOf(await secretOf('team-a')), clientOf(await secretOf('team-b'))];
});
afterAll(async () => {
  for (const client of clients) client.close();
  await fleet.stop();
});

/** Whether a dataset had to be sent. */
async function upload(client: AssayClient, content: Uint8Array, namespace: string): Promise<boolean> {
  let isSent = false;
  await client.uploadBytes(content, { namespace, onSent: () => (isSent = true) });
  return isSent;
}

test('a digest means nothing where it was not uploaded, by every method that takes one', async () => {
  const content = sums(4);
  const digest = digestOf(content);
  expect(await upload(a, content, 'team-a')).toBe(true);
  expect(await upload(a, content, 'team-a')).toBe(false);

  const unknown = digestOf('what nobody has');
  const csv = (of: string) => ({ benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:x.csv', digest: of }, scorers: ['match'] }] });
  const shots = (of: string) => ({
    benchmarks: [
      {
        benchmark: 'b',
        dataset: { uri: 'inline:{"input":"1","target":"1"}' },
        prompt: { num_fewshot: 1, fewshot: { uri: 'file:sums.jsonl', digest: of } },
        scorers: ['match'],
      },
    ],
  });
  for (const more of [() => ({}), csv, shots]) {
    const make = (of: string) => mockSpec(of, more(of));
    const told = async (client: AssayClient, of: string, namespace: string) => {
      const submitted = await problemOf(client.submit({ spec: make(of), idempotencyKey: 'k', namespace }));
      const { faults } = await client.validate({ spec: make(of), namespace });
      return JSON.stringify([submitted, faults]).replaceAll(of, 'DIGEST');
    };
    const theirs = await told(b, digest, 'team-b');
    expect(theirs).toContain('has no content DIGEST');
    expect(theirs, 'as for what nobody has').toBe(await told(b, unknown, 'team-b'));
    expect(await told(root, digest, 'team-b'), 'the namespace counts, not who calls').toBe(theirs);
  }
  expect(await problemOf(b.uploadBytes(content, { namespace: 'team-a' }))).toMatchObject({ code: 'permission_denied' });
  expect(await problemOf(b.uploadBytes(content, { namespace: 'default' }))).toMatchObject({ code: 'permission_denied' });
  expect(await problemOf(b.submit({ spec: mockSpec(digest), idempotencyKey: 'k', namespace: 'team-a' }))).toMatchObject({
    code: 'permission_denied',
  });
  expect((await a.submit({ spec: mockSpec(digest), idempotencyKey: 'k', namespace: 'team-a' })).existed).toBe(false);
  // An evaluation of another namespace names it now; nothing changes.
  expect(JSON.stringify((await b.validate({ spec: mockSpec(digest), namespace: 'team-b' })).faults)).toContain('has no content');
});

test('known bytes are read whole before they are held; known digests of other bytes give nothing', async () => {
  const content = sums(5);
  const digest = digestOf(content);
  await upload(a, content, 'team-a');
  // The same digest with other bytes: as for a digest that nobody has.
  const lie = Buffer.alloc(content.byteLength, 'x');
  const chunks = async function* () {
    yield lie;
  };
  const told = async (of: string): Promise<string> => {
    const calls = new Calls({ addresses: [coordinator.address], token: ROOT }, systemClock, Math.random);
    const { message, code } = await problemOf(send(calls, { digest: of, sizeBytes: lie.length, chunks }, { namespace: 'team-b' }));
    calls.close();
    return `${code} ${message}`.replaceAll(of, 'DIGEST');
  };
  expect(await told(digest)).toBe(await told(digestOf('nobody')));
  expect(await told(digest)).toContain('invalid');
  expect((await b.validate({ spec: mockSpec(digest), namespace: 'team-b' })).faults).toHaveLength(1);
  expect(await upload(b, content, 'team-b'), 'it is sent, though the bytes lie there').toBe(true);
  expect((await b.validate({ spec: mockSpec(digest), namespace: 'team-b' })).faults).toEqual([]);
  expect(await readdir(join(fleet.dir, 'store', 'content', digest.slice(7, 9))), 'once in the store').toHaveLength(1);
});

test('an upload that names no namespace, as of clients of before: to the only one, or to the default one, or nowhere', async () => {
  const content = sums(6);
  const digest = digestOf(content);
  const tokenOf = async (...namespaces: string[]): Promise<AssayClient> =>
    clientOf((await root.createToken({ name: 'old', scopes: ['submit'], namespaces })).secret);
  const holds = async (namespace: string): Promise<boolean> =>
    (await root.validate({ spec: mockSpec(digest), namespace })).faults.length === 0;
  expect(await upload(b, content, '')).toBe(true);
  expect([await holds('team-b'), await holds('default')]).toEqual([true, false]);
  const refused = await problemOf(upload(await tokenOf('team-c', 'team-d'), content, ''));
  expect(refused).toMatchObject({ code: 'permission_denied' });
  expect(refused.message).toMatch(/"default"; name one of its own: team-c,team-d \(--namespace.* a token for one namespace/);
  expect(await upload(await tokenOf('team-c', 'default'), content, '')).toBe(true);
  expect([await holds('team-c'), await holds('team-d'), await holds('default')]).toEqual([false, false, true]);
});

test('claims outlive a restart, and a store of before belongs to those whose evaluations name it', async () => {
  const [named, stray] = [sums(6), sums(7)];
  for (const content of [named, stray]) await upload(a, content, 'team-a');
  const spec = mockSpec(digestOf(named));
  await a.submit({ spec, idempotencyKey: 'named', namespace: 'team-a' });
  await coordinator.kill9();
  coordinator = await fleet.coordinator(OPTIONS);
  for (const client of clients.splice(0)) client.close();
  root = clientOf(ROOT);
  expect(await upload(root, stray, 'team-a')).toBe(false);

  await coordinator.kill9();
  // As releases before claims left it.
  await rm(join(fleet.dir, 'store', 'claims'), { recursive: true });
  await rm(join(fleet.dir, 'store', 'switches', 'content'), { recursive: true, force: true });
  coordinator = await fleet.coordinator(OPTIONS);
  for (const client of clients.splice(0)) client.close();
  root = clientOf(ROOT);
  const faultsOf = async (content: Uint8Array, namespace: string): Promise<number> =>
    (await root.validate({ spec: mockSpec(digestOf(content)), namespace })).faults.length;
  await waitFor(async () => (await faultsOf(named, 'team-a')) === 0, { what: 'the walk through the store' });
  expect([await faultsOf(stray, 'team-a'), await faultsOf(named, 'team-b'), await faultsOf(stray, 'team-b')]).toEqual([1, 1, 1]);
});
