/** Datasets of every source and format, submitted to a real coordinator and run by a real agent. */
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AssayClient } from '../../shared/client/client.ts';
import { makeCertificate } from '../support/certificate.ts';
import { digestOfBytes } from '../support/datasets.ts';
import { file, redirect, startFileServer, type FileServer } from '../support/file-server.ts';
import { Fleet } from '../support/fleet.ts';
import { allOf, rawReport, watchAll } from '../support/mock-evaluation.ts';

const RECORDS = Array.from({ length: 12 }, (_, i) => ({ id: `s${i}`, input: `What is ${i} + ${i}?`, target: String(2 * i) }));
const JSONL = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');
const TABLE = (delimiter: string): string =>
  [['id', 'input', 'target'], ...RECORDS.map(({ id, input, target }) => [id, `"${input}"`, target])]
    .map((row) => row.join(delimiter))
    .join('\n');
const CSV = TABLE(',');

let fleet: Fleet;
let address: string;
let client: AssayClient;
let web: FileServer;

beforeAll(async () => {
  fleet = await Fleet.start();
  const certificate = await makeCertificate();
  web = await startFileServer(certificate);
  ({ address } = await fleet.coordinator({ env: { NODE_EXTRA_CA_CERTS: certificate.certPath } }));
  await fleet.agent('agent', [address], { models: [{ match: 'mock/*', max_connections: 4 }] });
  client = fleet.client(address);
  web.answers
    .set('/data/sums.csv.gz', file(gzipSync(CSV)))
    .set('/latest', redirect(`${web.origin}/data/sums.csv.gz`))
    .set('/data/sums.json', file(JSON.stringify({ version: 1, data: RECORDS }, undefined, 2)));
});
afterAll(async () => {
  await fleet.stop();
  await web.stop();
});

const specOf = (dataset: Record<string, unknown>, prompt: Record<string, unknown> = {}): Record<string, unknown> => ({
  name: 'sums',
  benchmarks: [{ benchmark: 'sums', dataset, prompt, scorers: [{ name: 'match', args: { numeric: true } }] }],
  models: [{ model: 'mock/one' }],
});
let keys = 0;
const submit = (spec: unknown, idempotencyKey = `key ${++keys}`): ReturnType<AssayClient['submit']> =>
  client.submit({ spec, idempotencyKey, owner: 'me' });
const failure = (promise: Promise<unknown>): Promise<{ code: string; message: string; faults: readonly unknown[] }> =>
  promise.then(
    () => Promise.reject(new Error('it was accepted')),
    (error: { code: string; message: string; faults: readonly unknown[] }) => error,
  );

describe('a submit', () => {
  it('takes every source and format, and all give the same results', { timeout: 120_000 }, async () => {
    const upload = (content: Uint8Array | string): Promise<string> => client.uploadBytes(Buffer.from(content));
    const datasets: Record<string, unknown>[] = [
      { uri: 'file:sums.jsonl', digest: await upload(JSONL) },
      { uri: 'file:sums.jsonl.zst', digest: await upload(zstdCompressSync(JSONL)) },
      { uri: 'file:sums.tsv', digest: await upload(TABLE('\t')) },
      { uri: 'file:sums', format: 'csv', digest: await upload(CSV) },
      { uri: `inline:${JSONL}` },
      { uri: `${web.origin}/latest`, format: 'csv' },
      { uri: `${web.origin}/data/sums.json` },
    ];
    const reports: unknown[] = [];
    for (const dataset of datasets) {
      const { evaluation, existed } = await submit(specOf(dataset));
      expect({ dataset, existed, units: evaluation.counts.total }).toEqual({ dataset, existed: false, units: 12 });
      await watchAll(client, evaluation.evaluationId);
      const results = await allOf(client.results(evaluation.evaluationId));
      expect(results.map(({ sampleId }) => sampleId)).toEqual(RECORDS.map(({ id }) => id));
      expect((await client.get(evaluation.evaluationId)).state).toBe('succeeded');
      reports.push(
        JSON.parse(Buffer.from((await rawReport(address, evaluation.evaluationId)).reportJson as Uint8Array).toString('utf8')).results,
      );
    }
    for (const report of reports) expect(report).toEqual(reports[0]);
  });

  it('answers a repetition with what is there, and fetches nothing again', async () => {
    const spec = specOf({ uri: `${web.origin}/data/sums.csv.gz?key=hunter2` });
    const first = await submit(spec, 'repeated');
    const asked = web.asked.length;
    web.answers.set('/data/sums.csv.gz', file('changed'));
    const again = await submit(spec, 'repeated');
    expect([again.existed, again.evaluation.evaluationId]).toEqual([true, first.evaluation.evaluationId]);
    expect(web.asked).toHaveLength(asked);
    web.answers.set('/data/sums.csv.gz', file(gzipSync(CSV)));
  });

  it('names all faults of all datasets at once, and keeps nothing', async () => {
    web.answers.set('/stolen', redirect('file:///etc/passwd'));
    const benchmark = (name: string, dataset: Record<string, unknown>): unknown => ({ benchmark: name, dataset, scorers: ['match'] });
    const spec = {
      ...specOf({}),
      benchmarks: [
        benchmark('a', { uri: 'file:a.csv', digest: await client.uploadBytes(Buffer.from('input,target\n"1\n1",2\n3\n')) }),
        benchmark('b', { uri: `${web.origin}/stolen?key=hunter2` }),
        benchmark('c', { uri: `${web.origin}/nowhere.json` }),
        benchmark('d', { uri: `${web.origin}/data/sums.json`, digest: digestOfBytes(Buffer.from('other')) }),
        benchmark('e', { uri: 'file:e.jsonl' }),
      ],
    };
    const { code, message, faults } = await failure(submit(spec, 'faulty'));
    expect(code).toBe('invalid');
    expect(faults).toHaveLength(5);
    expect(message).toContain('a.csv line 4 (benchmarks[0].dataset): has 1 values, but the header has 2 names');
    expect(message).toContain(`benchmarks[1].dataset.uri: ${web.origin}/stolen redirects to an address with file:, which is not taken`);
    expect(message).toContain(`benchmarks[2].dataset.uri: ${web.origin}/nowhere.json answers 404 Not Found; check the address`);
    expect(message).toContain('benchmarks[3].dataset.digest: is not that of');
    expect(message).toContain('benchmarks[4].dataset.digest: file:e.jsonl has no digest');
    expect(message).not.toContain('hunter2');
    // The key is free: nothing was kept under it.
    expect((await submit(specOf({ uri: `inline:${JSONL}` }), 'faulty')).existed).toBe(false);
  });

  it('puts examples in front of each question, and never a sample before itself', async () => {
    const { evaluation } = await submit(specOf({ uri: `inline:${JSONL}` }, { num_fewshot: 2, template: 'Q: {{ input }}' }));
    await watchAll(client, evaluation.evaluationId);
    const promptOf = async (sampleId: string): Promise<string> => {
      const { messages } = await client.sample(evaluation.evaluationId, { sampleId });
      return messages.map(({ parts }) => parts.map(({ value }) => value).join('')).join('\n');
    };
    expect(await promptOf('s5')).toBe('Q: What is 0 + 0? 0\n\nQ: What is 1 + 1? 2\n\nQ: What is 5 + 5?');
    expect(await promptOf('s1')).toBe('Q: What is 0 + 0? 0\n\nQ: What is 2 + 2? 4\n\nQ: What is 1 + 1?');
  });
});

describe('a validation', () => {
  it('says what a submit would say, and estimates', async () => {
    const good = await client.validate({ spec: specOf({ uri: `${web.origin}/data/sums.json` }) });
    expect(good).toMatchObject({ faults: [], total: { units: 12, costUsd: 0 }, routesWithoutAgent: [] });
    expect(good.groups).toMatchObject([{ benchmark: 'sums', model: 'mock/one', samples: 12 }]);
    expect(good.total.inputTokens).toBeGreaterThan(12);
    const bad = await client.validate({ spec: { ...specOf({ uri: `${web.origin}/none` }), models: [{ model: 'openai/gpt-4o' }] } });
    expect(bad.faults).toEqual([{ place: 'benchmarks[0].dataset.uri', problem: expect.stringContaining('answers 404') }]);
    const unserved = await client.validate({ spec: { ...specOf({ uri: `inline:${JSONL}` }), models: [{ model: 'openai/gpt-4o' }] } });
    expect(unserved.routesWithoutAgent).toMatchObject([{ requirement: 'model=openai/gpt-4o', open: 12 }]);
    expect(unserved.total.costUsd).toBeGreaterThan(0);
  });
});

describe('a coordinator that others can reach', () => {
  it('does not fetch from private addresses unless it is told to', async () => {
    const strict = await fleet.coordinator({ args: ['--fetch-private', 'false'] });
    const { faults } = await fleet.client(strict.address).validate({ spec: specOf({ uri: `${web.origin}/data/sums.json` }) });
    expect(faults).toEqual([
      {
        place: 'benchmarks[0].dataset.uri',
        problem: expect.stringContaining(
          'localhost, which is a private address; upload the file instead, or start the coordinator with --fetch-private true',
        ),
      },
    ]);
  });
});
