/** Where datasets come from, and what is kept of them. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FETCH_LIMITS } from '../../../../coordinator/datasets/fetch.ts';
import { digestOfBytes, testDatasets } from '../../../support/datasets.ts';
import { file, startFileServer, type FileServer } from '../../../support/file-server.ts';

const LINE = '{"input":"a","target":"b"}\n';
let server: FileServer;
beforeAll(async () => void (server = await startFileServer()));
afterAll(() => server.stop());

const faultsOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: { code: string; faults: unknown }) => ({ code: error.code, faults: error.faults }),
  );

describe('uploaded content', () => {
  it('that is JSONL is used as it is', async () => {
    const { datasets, store } = testDatasets();
    const digest = store.upload(`\ufeff${LINE}\r\n${LINE}`);
    expect(await datasets.prepare({ uri: 'file:data/test.jsonl', digest }, 'default')).toEqual({
      digest,
      name: 'test.jsonl',
      word: 'line',
    });
    expect(await datasets.prepare({ uri: 'file:test.txt', format: 'jsonl', digest }, 'default')).toMatchObject({ digest });
    expect(store.content.size).toBe(1);
  });

  it('of another format becomes the same JSONL every time, also when it is asked for again', async () => {
    const { datasets, store } = testDatasets();
    const digest = store.upload('input,target\na,b\n');
    const first = await datasets.prepare({ uri: 'file:x.csv', digest }, 'default');
    expect(first).toEqual({ digest: digestOfBytes(Buffer.from(`\n${LINE}`)), name: 'x.csv', word: 'line' });
    expect(await testDatasets().upload('y.csv', 'input,target\na,b\n')).toBe(`\n${LINE}`);
    store.chunkBytes = 1;
    expect(await datasets.prepare({ uri: 'file:x.csv', digest }, 'default')).toEqual(first);
    // Made again when the store has lost it.
    store.content.delete(first.digest);
    expect(await datasets.prepare({ uri: 'file:x.csv', digest }, 'default')).toEqual(first);
    expect(store.content.has(first.digest)).toBe(true);
    // The same bytes read in another way are another dataset.
    expect(await faultsOf(datasets.prepare({ uri: 'file:x.csv', format: 'json', digest }, 'default'))).toMatchObject({ code: 'invalid' });
  });

  it('leaves nothing behind when it has faults', async () => {
    const { datasets, store } = testDatasets();
    const digest = store.upload(`input,target\n${'a,b\n'.repeat(1000)}a\n`);
    expect(await faultsOf(datasets.prepare({ uri: 'file:x.csv', digest }, 'default'))).toEqual({
      code: 'invalid',
      faults: [{ place: 'x.csv line 1002', problem: expect.stringContaining('has 1 values, but the header has 2 names') }],
    });
    expect([...store.content.keys()]).toEqual([digest]);
  });

  it('must be there', async () => {
    const { datasets } = testDatasets();
    const nobody = digestOfBytes(Buffer.from('x'));
    expect(await faultsOf(datasets.prepare({ uri: 'file:x.csv' }, 'default'))).toEqual({
      code: 'invalid',
      faults: [{ place: '.digest', problem: 'file:x.csv has no digest; upload its content first (UploadContent) and name its digest' }],
    });
    expect(await faultsOf(datasets.prepare({ uri: 'file:x.csv', digest: nobody }, 'default'))).toEqual({
      code: 'invalid',
      faults: [{ place: '.digest', problem: `the namespace "default" has no content ${nobody}; upload it there first (UploadContent)` }],
    });
  });

  it('may not grow beyond what content may be', async () => {
    const { faults } = testDatasets({ maxContentBytes: 100 });
    expect(await faults('x.csv', `input,target\n${'a,b\n'.repeat(20)}`)).toContain('more than 100 bytes');
    expect(await faults('x.jsonl.gz', gzipSync(LINE.repeat(20)))).toContain('has more than 100 bytes when its gzip is undone');
  });
});

describe('inline content', () => {
  it('is taken as it stands in the spec', async () => {
    const { jsonl, datasets } = testDatasets();
    expect(await jsonl({ uri: `inline:\n${LINE}` })).toBe(`\n${LINE}`);
    expect(await jsonl({ uri: 'inline:input,target\na,b', format: 'csv' })).toBe(`\n${LINE}`);
    expect(await datasets.prepare({ uri: `inline:[${LINE}]`, format: 'json' }, 'default')).toMatchObject({
      name: 'inline',
      word: 'record',
    });
    expect(await faultsOf(datasets.prepare({ uri: 'inline:a,b\n1', format: 'csv' }, 'default'))).toMatchObject({
      faults: [{ place: 'inline line 2', problem: expect.stringContaining('has 1 values') }],
    });
  });
});

describe('content from the web', () => {
  const at = (path: string): string => `${server.origin}${path}`;

  it('is read by the ending of its path, and not kept beside its JSONL', async () => {
    server.answers.set('/x.csv.gz', file(gzipSync('input,target\na,b\n')));
    const { jsonl, store, datasets } = testDatasets();
    expect(await jsonl({ uri: at('/x.csv.gz?signature=hunter2') })).toBe(`\n${LINE}`);
    expect(store.content.size).toBe(1);
    expect((await datasets.prepare({ uri: at('/x.csv.gz?signature=hunter2') }, 'default')).name).toBe(at('/x.csv.gz'));
  });

  it('that is pinned by a digest is fetched once, and must match it', async () => {
    server.answers.set('/pinned.jsonl', file(LINE));
    const { datasets, store } = testDatasets();
    const digest = digestOfBytes(Buffer.from(LINE));
    server.asked.length = 0;
    expect(await datasets.prepare({ uri: at('/pinned.jsonl'), digest }, 'default')).toMatchObject({ digest });
    expect(await datasets.prepare({ uri: at('/pinned.jsonl'), digest }, 'default')).toMatchObject({ digest });
    expect(server.asked).toEqual(['/pinned.jsonl']);
    server.answers.set('/pinned.jsonl', file(LINE + LINE));
    store.content.clear();
    expect(await faultsOf(datasets.prepare({ uri: at('/pinned.jsonl'), digest }, 'default'))).toEqual({
      code: 'invalid',
      faults: [
        {
          place: '.digest',
          problem: `is not that of ${at('/pinned.jsonl')}, or its content has changed; correct the digest, or leave it out`,
        },
      ],
    });
    expect(store.content.size).toBe(0);
  });

  it('that cannot be had is a fault of the uri, pinned or not', async () => {
    const { datasets, store } = testDatasets();
    const expected = {
      code: 'invalid',
      faults: [{ place: '.uri', problem: `${at('/none.csv')} answers 404 Not Found; check the address` }],
    };
    expect(await faultsOf(datasets.prepare({ uri: at('/none.csv') }, 'default'))).toEqual(expected);
    expect(await faultsOf(datasets.prepare({ uri: at('/none.csv'), digest: digestOfBytes(Buffer.from('x')) }, 'default'))).toEqual(
      expected,
    );
    expect(store.content.size).toBe(0);
  });

  it('that stalls in the middle of a conversion leaves nothing behind', async () => {
    server.answers.set('/stalls.csv', (_request, response) => void response.writeHead(200).write('input,target\na,b\nc'));
    const { datasets, store } = testDatasets({ fetch: { limits: { ...FETCH_LIMITS, idleMs: 50 } } });
    expect(await faultsOf(datasets.prepare({ uri: at('/stalls.csv') }, 'default'))).toMatchObject({
      code: 'invalid',
      faults: [{ place: '.uri', problem: expect.stringContaining('sent nothing for 0.05 s') }],
    });
    expect(store.content.size).toBe(0);
  });
});
