/**
 * What only a coordinator can find wrong: datasets, addresses, arguments of RPCs, another store; and the team's own code that answers
 * nonsense. One clear message each; afterwards all processes live, and there are the evaluations of before and no other.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { CONTENTS, DATASETS, fetchRows } from '../support/broken-inputs-datasets.ts';
import { READ_CALLS, type Known } from '../support/broken-inputs-calls.ts';
import { CONTROL_CALLS } from '../support/broken-inputs-control-calls.ts';
import {
  expectMessage,
  FILES,
  modeOf,
  runCommandIn,
  runProgramIn,
  specOf,
  UNFIT,
  type Row,
  type SpecChanges,
} from '../support/broken-inputs.ts';
import { makeCertificate } from '../support/certificate.ts';
import { startFileServer, type FileServer } from '../support/file-server.ts';
import { Fleet, type Process } from '../support/fleet.ts';
import { allOf, watchAll } from '../support/mock-evaluation.ts';
import { ReflectingClient } from '../support/reflecting-client.ts';
import { waitFor } from '../support/wait-for.ts';

const SLOW_MS = 120_000;

let folder: string;
let fleet: Fleet;
let coordinator: Process & { address: string };
let strict: Process & { address: string };
let agent: Process;
let address: string;
let client: AssayClient;
let calls: ReflectingClient;
let web: FileServer;
let untrusted: FileServer;
let nonsense: Server;
/** Evaluations that are right, and what a caller knows of them. */
let known: Known;
let accepted: string[];

/** Two keys whose evaluations' ids begin with the same six letters. */
function keysOfOnePrefix(): [string, string] {
  const first = new Map<string, string>();
  for (let i = 0; ; i++) {
    const key = `key ${i}`;
    const prefix = evaluationIdOf('default', key).slice(0, 9);
    const other = first.get(prefix);
    if (other) return [other, key];
    first.set(prefix, key);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-broken-fleet-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(folder, name), content, { mode: modeOf(name) });
  const certificate = await makeCertificate();
  [web, untrusted] = await Promise.all([startFileServer(certificate), makeCertificate().then(startFileServer)]);
  nonsense = createServer((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('<html>SECRET'));
  await new Promise<void>((resolve) => void nonsense.listen(0, '127.0.0.1', resolve));

  fleet = await Fleet.start();
  coordinator = await fleet.coordinator({ env: { NODE_EXTRA_CA_CERTS: certificate.certPath } });
  ({ address } = coordinator);
  // On the same store: allowed. Its index cannot be written: told, and kept in memory.
  strict = await fleet.coordinator({ args: ['--fetch-private', 'false', '--index', '/proc/none/index.db'] });
  await writeFile(join(fleet.dir, 'garbage.mjs'), "process.stdin.on('data', () => process.stdout.write('loading the model\\u0000…\\n'));");
  agent = await fleet.agent('team', [address], {
    models: [{ match: 'mock/*', max_connections: 4 }],
    commands: { grader: { argv: [process.execPath, 'garbage.mjs'] } },
    urls: [`http://127.0.0.1:${(nonsense.address() as AddressInfo).port}/*`],
  });
  client = fleet.client(address);
  calls = await ReflectingClient.connect(address);

  const digest = await client.uploadBytes(Buffer.from(FILES['sums.jsonl'] as string));
  const good = JSON.parse(specOf({ dataset: { digest } })) as Record<string, unknown>;
  accepted = [];
  for (const idempotencyKey of keysOfOnePrefix())
    accepted.push((await client.submit({ spec: good, idempotencyKey })).evaluation.evaluationId);
  for (const id of accepted) await watchAll(client, id);
  known = {
    id: accepted[0]!,
    good,
    digest,
    pageOfEvaluations: (await client.list({}, { size: 1 })).nextToken,
    pageOfSamples: (await client.samples(accepted[0]!, {}, { size: 1 })).nextToken,
  };
}, SLOW_MS);
afterAll(async () => {
  calls?.close();
  await fleet?.stop();
  await Promise.all([web?.stop(), untrusted?.stop()]);
  nonsense?.close();
  await rm(folder, { recursive: true, force: true });
});

const submitted = (changes: SpecChanges, to = address) =>
  runCommandIn(folder, ['submit', '-', '--address', to], { input: specOf(changes) });
const rowsOf = <Input>(rows: readonly Row<Input>[]) => rows.map(([what, input, ...pieces]) => ({ what, input, pieces }));

describe('a dataset with', () => {
  test.for(rowsOf(DATASETS))('$what', { timeout: SLOW_MS }, async ({ input, pieces }) => {
    expectMessage(await submitted(input), 'assay', pieces);
  });

  test.for(CONTENTS.map(([what, name, content, ...pieces]) => ({ what, name, content, pieces })))(
    '$what ($name)',
    { timeout: SLOW_MS },
    async ({ name, content, pieces }) => {
      const own = await mkdtemp(join(folder, 'data-'));
      await writeFile(join(own, name), content);
      const input = specOf({ dataset: { uri: `file:${name}` } });
      expectMessage(await runCommandIn(own, ['submit', '-', '--address', address], { input }), 'assay', pieces);
      await rm(own, { recursive: true });
    },
  );
});

describe('an address of a dataset with', () => {
  test('what is wrong with it', { timeout: SLOW_MS }, async () => {
    for (const [what, dataset, ...pieces] of fetchRows(web, untrusted)) {
      const ending = await submitted({ dataset });
      expectMessage({ ...ending, stderr: `${ending.stderr}(${what})` }, 'assay', pieces);
    }
  });
  test('a private host, on a coordinator that others reach', async () => {
    const pieces = ['localhost, which is a private address; upload the file instead, or start the coordinator with --fetch-private true'];
    expectMessage(await submitted({ dataset: { uri: `${web.origin}/sums.jsonl` } }, strict.address), 'assay', pieces);
    expectMessage(await submitted({ dataset: { uri: 'https://169.254.169.254/x' } }, strict.address), 'assay', [
      '169.254.169.254, which is a private address',
    ]);
    expectMessage(await submitted({ dataset: { uri: 'https://[::ffff:10.0.0.1]/x' } }, strict.address), 'assay', [
      'which is a private address',
    ]);
  });
});

describe('a call with', () => {
  test.for([...READ_CALLS, ...CONTROL_CALLS])('$method: $what', async ({ method, send, code, pieces }) => {
    const outcome = await calls.call(`assay.v1.${method.split('/')[0]!}`, method.split('/')[1]!, [send(known)].flat());
    expect({ code: outcome.code, message: outcome.message }).toEqual({ code, message: expect.anything() as unknown });
    for (const piece of pieces) expect(outcome.message).toMatch(piece);
    expect(outcome.message).not.toMatch(UNFIT);
  });
});

describe('the command line, with a coordinator:', () => {
  const id = evaluationIdOf('nowhere', 'nothing');
  const at = (...args: string[]) => runCommandIn(folder, [...args, '--address', address]);
  test.for(['watch', 'show', 'samples', 'report', 'results', 'requeue', 'cancel'])(
    '%s of an evaluation that there is not',
    async (command) => {
      expectMessage(await at(command, id), 'assay', ['there is no evaluation', id, 'check the id']);
    },
  );
  test('a beginning of an id that several have', async () => {
    const prefix = accepted[0]!.slice(0, 9);
    expectMessage(await at('show', prefix), 'assay', [
      `${prefix} begins 2 evaluations`,
      accepted[0]!,
      accepted[1]!,
      'write more of the id',
    ]);
  });
  test('a beginning of an id that none has', async () => {
    expectMessage(await at('show', 'ev_zzzzzzzzzz'), 'assay', [
      'no evaluation in the namespace default begins with ev_zzzzzzzzzz',
      'assay list',
    ]);
  });
  test('the last of a namespace with nothing', async () => {
    expectMessage(await at('show', 'last', '--namespace', 'empty'), 'assay', [
      'there is no evaluation in the namespace empty yet; begin with',
    ]);
  });
  test('a namespace that is none', async () => {
    expectMessage(await at('list', '--namespace', 'a b'), 'assay', ['namespace: "a b" is not 1 to 64 letters']);
  });
  test('an unknown class of errors', async () => {
    expectMessage(await at('samples', accepted[0]!, '--class', 'rate_limits'), 'assay', [
      '"rate_limits" is not a class of errors; did you mean rate_limit?',
    ]);
  });
  test('an agent and a route that there are not', async () => {
    expectMessage(await at('agent', 'show', '../../etc/passwd'), 'assay', ['../../etc/passwd']);
    expectMessage(await at('routes', 'pause', 'model=no/such'), 'assay', ['model=no/such']);
  });
  test('a model that no agent has: told before anything is kept', async () => {
    const input = specOf({ models: [{ model: 'openai/nobody' }] });
    const { code, stdout } = await runCommandIn(folder, ['validate', '-', '--address', address], { input });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/no .*agent[^]*model=openai\/nobody/) as string });
  });
  test('a delete where nobody can answer', async () => {
    expectMessage(await at('delete', '--all'), 'assay', ['--yes']);
  });
});

describe('a coordinator on', () => {
  const started = (...flags: string[]) =>
    runProgramIn(folder, 'coordinator', ['--redis', fleet.redis.url, '--log-level', 'silent', ...flags]);

  test('another store than the others', { timeout: SLOW_MS }, async () => {
    const pieces = [
      /store: .*other is no store yet, but the coordinators on unix:.* \(key "assay:store"\) work on the store st_\w+/,
      'name theirs by --store, or take another Redis or --key-prefix',
    ];
    const other = ['--store', join(folder, 'other'), '--listen', '127.0.0.1:0'];
    expectMessage(await started(...other), 'assay coordinator', pieces);
    await expect(stat(join(folder, 'other'))).rejects.toThrow('ENOENT');
    // Whose store it is comes back after a wipe, by the sweep.
    const redis = new Redis(fleet.redis.url, { lazyConnect: false });
    try {
      await redis.flushall();
      await waitFor(async () => (await redis.get('assay:store')) !== null, { what: 'the id of the store in Redis' });
    } finally {
      redis.disconnect();
    }
    expectMessage(await started(...other), 'assay coordinator', pieces);
  });

  test('a store that is a file, or in one', async () => {
    for (const store of ['a-file', 'a-file/store'])
      expectMessage(
        await started('--store', join(folder, store), '--listen', '127.0.0.1:0'),
        'assay coordinator',
        [/a-file/, 'a file stands where a folder is needed: name another folder'],
        1,
      );
  });

  test('a port that is in use', async () => {
    const pieces = [`${address}: cannot listen there, because another process does; stop it, or choose another port`];
    expectMessage(await started('--store', fleet.store, '--listen', address), 'assay coordinator', pieces, 1);
  });

  test('an index that cannot be written works without', async () => {
    expect(strict.output).toMatch(/"msg":"the index is kept in memory"/);
    const listed = async (): Promise<number> => (await fleet.client(strict.address).list()).items.length;
    await waitFor(async () => (await listed()) >= 2, { what: 'the list of a coordinator whose index is in memory' });
  });
});

describe("the team's own code that answers", () => {
  const run = async (changes: object): Promise<{ state: string; errors: string[] }> => {
    const [benchmark] = known.good['benchmarks'] as { dataset: object }[];
    // Two samples: a program that answers garbage is started again only after a pause.
    const own = { ...benchmark, dataset: { ...benchmark!.dataset, limit: 2 }, ...changes };
    const spec = { ...known.good, benchmarks: [own], retry: { max_retries: 1 } };
    const idempotencyKey = createHash('sha256').update(JSON.stringify(changes)).digest('hex');
    const { evaluation } = await client.submit({ spec, idempotencyKey });
    accepted.push(evaluation.evaluationId);
    await watchAll(client, evaluation.evaluationId);
    const results = await allOf(client.results(evaluation.evaluationId));
    expect(results).toHaveLength(2);
    expect(results.every(({ state }) => state === 'errored')).toBe(true);
    const errors = results.map(({ errorMessage, scores }) => errorMessage || scores.map(({ error }) => error).join());
    return { state: (await client.get(evaluation.evaluationId)).state, errors };
  };
  test('garbage as scorer: every sample is errored, none is wrong', { timeout: SLOW_MS }, async () => {
    const { state, errors } = await run({ scorers: [{ name: 'command', args: { command: 'grader', timeout: 20 } }] });
    expect(state).toBe('failed');
    for (const error of errors) expect(error).toMatch(/answers no question/);
  });
  test('a web page as solver: every sample is errored, none is wrong', { timeout: SLOW_MS }, async () => {
    const url = `http://127.0.0.1:${(nonsense.address() as AddressInfo).port}/solve`;
    const { state, errors } = await run({ solver: { name: 'http', args: { url } } });
    expect(state).toBe('failed');
    for (const error of errors) expect(error).toMatch(/JSON/);
  });
});

// Last: it looks at what all the others have left.
describe('after all of it', () => {
  test('every process lives, and there is no evaluation that should not be', async () => {
    expect([coordinator, strict, agent].map(({ running }) => running)).toEqual([true, true, true]);
    expect((await readdir(join(fleet.store, 'evaluations'))).toSorted()).toEqual(accepted.toSorted());
    expect((await client.list({}, { size: 1000 })).items.map(({ evaluationId }) => evaluationId).toSorted()).toEqual(accepted.toSorted());
    for (const id of accepted.slice(0, 2))
      expect(await client.get(id)).toMatchObject({ state: 'succeeded', counts: { total: 20, scored: 20 } });
  });
});
