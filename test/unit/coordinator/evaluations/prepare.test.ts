/** A spec's datasets, indexes and examples, and what is wrong with them. */
import { beforeEach, describe, expect, it } from 'vitest';
import { groupsWithin, prepareBenchmarks, type Preparation } from '../../../../coordinator/evaluations/intake/prepare.ts';
import { readIndexEntry } from '../../../../coordinator/evaluations/intake/dataset.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';
import { testDatasets, type TestDatasets } from '../../../support/datasets.ts';

let at: TestDatasets;
let indexes: Buffer[];
beforeEach(() => {
  at = testDatasets();
  indexes = [];
});

const lines = (count: number, name = 'q'): string =>
  Array.from({ length: count }, (_, i) => `{"input":"${name}${i + 1}","target":"t${i + 1}"}\n`).join('');
const benchmark = (name: string, dataset: Record<string, unknown>, prompt: Record<string, unknown> = {}): Record<string, unknown> => ({
  benchmark: name,
  dataset,
  prompt,
  scorers: [{ name: 'match' }],
});
const uploaded = (name: string, content: string): Record<string, unknown> => ({ uri: `file:${name}`, digest: at.store.upload(content) });

async function prepare(...benchmarks: Record<string, unknown>[]): Promise<Preparation> {
  const spec = parseSpec({ name: 'e', benchmarks, models: [{ model: 'mock/m' }] });
  return prepareBenchmarks(spec, {
    namespace: 'default',
    datasets: at.datasets,
    store: at.store,
    keepIndex: async (index) => {
      indexes.push(index);
      return `index ${indexes.length}`;
    },
  });
}

describe('prepareBenchmarks', () => {
  it('gives for each benchmark what was decided, in the order of the spec', async () => {
    const csv = uploaded('b.csv', 'input,target\n1,2\n"3\n4",5\n6,7\n');
    const { benchmarks, faults } = await prepare(benchmark('a', { uri: `inline:${lines(2)}` }), benchmark('b', { ...csv, limit: 2 }));
    expect(faults).toEqual([]);
    expect(benchmarks).toMatchObject([
      { samples: 2, indexDigest: 'index 1', shots: [] },
      { samples: 2, indexDigest: 'index 2', shots: [] },
    ]);
    const made = at.store.content.get(benchmarks[1]!.digest)!;
    const { offset, length, ordinal } = readIndexEntry(indexes[1]!, 1);
    expect([ordinal, made.subarray(offset, offset + length).toString()]).toEqual([2, '{"input":"3\\n4","target":"5"}']);
  });

  it('routes lists of messages past agents that know none, and nothing else', async () => {
    const spec = parseSpec({
      name: 'e',
      benchmarks: [
        benchmark('text', { uri: `inline:${lines(2)}` }),
        benchmark('chat', { uri: `inline:${lines(1)}{"input":[{"role":"user","content":"q"}],"target":"t"}` }),
      ],
      models: [{ model: 'mock/m' }],
    });
    const { benchmarks } = await prepareBenchmarks(spec, {
      namespace: 'default',
      datasets: at.datasets,
      store: at.store,
      keepIndex: async () => '',
    });
    expect(groupsWithin(spec, benchmarks).groups.map(({ route }) => route.needs)).toEqual([undefined, ['wire:1.1']]);
  });

  it('counts the rows of a report, a row for each reducer', () => {
    const reducers = Array.from({ length: 20 }, (_, i) => `pass_at_${i + 1}`);
    const models = Array.from({ length: 100 }, (_, i) => ({ model: `mock/${i}` }));
    const benchmarks = ['a', 'b', 'c'].map((name) => benchmark(name, { uri: 'file:a' }));
    const wide = (count: number) => parseSpec({ name: 'e', benchmarks, models, epochs: { count: 20, reducers: reducers.slice(0, count) } });
    expect(groupsWithin(wide(1), []).groups).toHaveLength(300);
    expect(() => groupsWithin(wide(20), [])).toThrow('benchmarks × models × scorers × reducers make 6000 rows of a report');
  });

  it('names all faults of all benchmarks, by field of the spec or line of the file', async () => {
    const { benchmarks, faults } = await prepare(
      benchmark('a', uploaded('a.jsonl', `${lines(1)}nonsense\n`)),
      benchmark('b', { uri: 'file:b.csv' }),
      benchmark('c', uploaded('c.csv', 'input,target\n"a\nb",1\n')),
      benchmark('d', uploaded('d.csv', 'input,answer\n"a\nb",1\nc,2\n')),
      benchmark('e', uploaded('e.json', '[{"input":"a","target":"b","id":1},{"input":"c","target":"d","id":1}]')),
      benchmark('f', { uri: `inline:${lines(3)}` }, { num_fewshot: 1, fewshot: { uri: 'file:shots.jsonl' } }),
    );
    expect(benchmarks.map((prepared) => prepared?.samples)).toEqual([undefined, undefined, 1, undefined, undefined, undefined]);
    expect(faults.map(({ place, problem }) => `${place}: ${problem.split(';')[0]}`)).toEqual([
      'a.jsonl line 2 (benchmarks[0].dataset): is not valid JSON',
      'benchmarks[1].dataset.digest: file:b.csv has no digest',
      'd.csv line 2 and 1 more line (benchmarks[3].dataset): has no field "target" (dataset.fields.target)',
      'e.json record 2 (benchmarks[4].dataset): has the id 1, as record 1 has',
      'benchmarks[5].prompt.fewshot.digest: file:shots.jsonl has no digest',
    ]);
  });

  it('finds halves of characters, and knows whole ones', async () => {
    const ends = '"target":"b"}\n';
    const { faults } = await prepare(
      benchmark(
        'a',
        uploaded(
          'a.jsonl',
          `{"input":"\\ud83d\\ude00",${ends}{"input":"\\\\ud800",${ends}{"input":"x\\uD83D",${ends}{"input":"a","\\udc00":1,${ends}`,
        ),
      ),
    );
    expect(faults).toEqual([{ place: 'a.jsonl line 3 and 1 more line', problem: expect.stringContaining('has half of a character') }]);
  });

  it('prepares content once that several benchmarks name', async () => {
    let prepared = 0;
    const counting = { prepare: (ref: Parameters<typeof at.datasets.prepare>[0]) => (prepared++, at.datasets.prepare(ref, 'default')) };
    const dataset = uploaded('a.csv', 'input,target\n1,2\n');
    const spec = parseSpec({ name: 'e', benchmarks: [benchmark('a', dataset), benchmark('b', dataset)], models: [{ model: 'mock/m' }] });
    const { faults } = await prepareBenchmarks(spec, {
      namespace: 'default',
      datasets: counting,
      store: at.store,
      keepIndex: async () => '',
    });
    expect([faults, prepared]).toEqual([[], 1]);
  });

  it('fails as a whole when the store does', async () => {
    const broken = { prepare: async () => Promise.reject(new AppError('unavailable', 'disk gone')) };
    const spec = parseSpec({ name: 'e', benchmarks: [benchmark('a', { uri: 'inline:{}' })], models: [{ model: 'mock/m' }] });
    await expect(
      prepareBenchmarks(spec, { namespace: 'default', datasets: broken, store: at.store, keepIndex: async () => '' }),
    ).rejects.toThrow('disk gone');
  });
});

describe('examples', () => {
  const shotsOf = async (dataset: Record<string, unknown>, prompt: Record<string, unknown>): Promise<unknown> => {
    const { benchmarks, faults } = await prepare(benchmark('a', dataset, prompt));
    return faults.length > 0 ? faults : benchmarks[0]!.shots;
  };

  it('of the own dataset are one more than wanted, with their numbers, whatever limit and ids choose', async () => {
    const dataset = uploaded('a.jsonl', lines(9));
    expect(await shotsOf({ ...dataset, limit: 1 }, { num_fewshot: 2, template: 'Q: {{ input }}' })).toEqual([
      { ordinal: 1, user: 'Q: q1', target: 't1' },
      { ordinal: 2, user: 'Q: q2', target: 't2' },
      { ordinal: 3, user: 'Q: q3', target: 't3' },
    ]);
    expect(await shotsOf({ ...dataset, ids: [7] }, { num_fewshot: 1 })).toMatchObject([{ ordinal: 1 }, { ordinal: 2 }]);
    // In the order of the dataset's own shuffle.
    const { benchmarks } = await prepare(benchmark('a', { ...dataset, shuffle: 3 }, { num_fewshot: 3 }));
    const order = [0, 1, 2, 3].map((i) => readIndexEntry(indexes.at(-1)!, i).ordinal);
    expect(benchmarks[0]!.shots.map(({ ordinal }) => ordinal)).toEqual(order);
    expect(order).not.toEqual([1, 2, 3, 4]);
  });

  it('are chosen by the seed alone', async () => {
    const dataset = uploaded('a.jsonl', lines(50));
    const random = (seed: number, count = 5): Promise<unknown> =>
      shotsOf(dataset, { num_fewshot: count, fewshot: { sampler: 'random', seed } });
    const first = (await random(1)) as unknown[];
    expect(await random(1)).toEqual(first);
    expect(((await random(1, 9)) as unknown[]).slice(0, 6)).toEqual(first);
    expect(await random(2)).not.toEqual(first);
  });

  it('are all there are for the sampler lm_eval, in the order of the lines', async () => {
    const dataset = { ...uploaded('a.jsonl', lines(5)), limit: 2, shuffle: 3 };
    const own = (await shotsOf(dataset, { num_fewshot: 2, fewshot: { sampler: 'lm_eval' } })) as { ordinal: number; user: string }[];
    expect(own.map(({ ordinal, user }) => [ordinal, user])).toEqual([1, 2, 3, 4, 5].map((i) => [i, `q${i}`]));
    const other = { ...uploaded('s.jsonl', lines(3)), sampler: 'lm_eval' };
    expect(await shotsOf(dataset, { num_fewshot: 3, fewshot: other })).toEqual([1, 2, 3].map((i) => ({ user: `q${i}`, target: `t${i}` })));
    expect(await shotsOf(dataset, { num_fewshot: 5, fewshot: { sampler: 'lm_eval' } })).toEqual([
      { place: 'benchmarks[0].prompt.num_fewshot', problem: 'is 5, which needs 6 samples, but a.jsonl has 5; lower it' },
    ]);
  });

  it('of the sampler lm_eval have a bound over all benchmarks', async () => {
    const large = uploaded('l.jsonl', lines(8).replaceAll('q', 'q'.repeat(500_000)));
    const prompt = { num_fewshot: 1, fewshot: { ...large, sampler: 'lm_eval' } };
    const { benchmarks, faults } = await prepare(
      benchmark('a', { uri: `inline:${lines(1)}` }, prompt),
      benchmark('b', { uri: `inline:${lines(1)}` }, prompt),
    );
    expect(benchmarks[0]!.shots).toHaveLength(8);
    expect(faults).toMatchObject([
      { place: 'benchmarks[1].prompt.fewshot.sampler', problem: expect.stringMatching(/^is lm_eval, .*l\.jsonl has more than \d+ bytes/) },
    ]);
  });

  it('are those that are named, in this order', async () => {
    const dataset = uploaded('a.jsonl', lines(5));
    const other = uploaded('s.jsonl', lines(6));
    const shown = async (fewshot: object, count = 2): Promise<unknown> => shotsOf(dataset, { num_fewshot: count, fewshot });
    expect(await shown({ ...other, ids: [5, '2', 4] })).toEqual([
      { user: 'q5', target: 't5' },
      { user: 'q2', target: 't2' },
    ]);
    expect(await shown({ ids: [4, 1, 3] })).toMatchObject([{ ordinal: 4 }, { ordinal: 1 }, { ordinal: 3 }]);
    const [missing] = (await shown({ ...other, ids: [5, 7] })) as { problem: string }[];
    expect(missing!.problem).toMatch(/^has no sample with the id "7" \(prompt.fewshot.ids\)/);
    // The same content under another name: one of them may be the sample itself.
    expect(await shown({ ...uploaded('same.jsonl', lines(5)), ids: [1, 2] })).toEqual([
      {
        place: 'benchmarks[0].prompt.num_fewshot',
        problem: 'is 2, which needs 3 of its own (a sample is never its own example), but fewshot.ids names 2; name more, or lower it',
      },
    ]);
  });

  it('are one text each where a template shows them', async () => {
    const dataset = { ...uploaded('a.jsonl', lines(5)), target_template: '{{ target | upcase }}' };
    const template = '{{ id }}: {{ question }} = {{ answer }}';
    const prompt = { template: 'Q {{ input }}', num_fewshot: 1, fewshot: { template } };
    expect(await shotsOf(dataset, prompt)).toEqual([
      { ordinal: 1, user: '1: Q q1 = T1', target: '' },
      { ordinal: 2, user: '2: Q q2 = T2', target: '' },
    ]);
    const [fault] = (await shotsOf(dataset, { ...prompt, fewshot: { template: '{{ reasoning }}' } })) as { problem: string }[];
    expect(fault!.problem).toMatch(/^prompt.fewshot.template: undefined variable: reasoning/);
  });

  it('of another dataset have no numbers, unless it is the same content', async () => {
    const dataset = uploaded('a.jsonl', lines(5));
    const other = uploaded('shots.csv', 'input,target\nx,y\nz,w\n');
    expect(await shotsOf(dataset, { num_fewshot: 2, fewshot: other })).toEqual([
      { user: 'x', target: 'y' },
      { user: 'z', target: 'w' },
    ]);
    expect(await shotsOf(dataset, { num_fewshot: 1, fewshot: uploaded('same.jsonl', lines(5)) })).toMatchObject([
      { ordinal: 1 },
      { ordinal: 2 },
    ]);
  });

  it('must be there, and fit', async () => {
    const dataset = uploaded('a.jsonl', lines(3));
    expect(await shotsOf(dataset, { num_fewshot: 3 })).toEqual([
      {
        place: 'benchmarks[0].prompt.num_fewshot',
        problem: 'is 3, which needs 4 of its own (a sample is never its own example), but a.jsonl has 3 samples; lower it',
      },
    ]);
    expect(await shotsOf(dataset, { num_fewshot: 3, fewshot: uploaded('s.jsonl', lines(2)) })).toEqual([
      { place: 'benchmarks[0].prompt.num_fewshot', problem: 'is 3, which needs 3, but s.jsonl has 2 samples; lower it' },
    ]);
    const large = uploaded('l.jsonl', lines(4).replaceAll('q', 'q'.repeat(400_000)));
    expect(await shotsOf(large, { num_fewshot: 3 })).toMatchObject([
      { place: 'benchmarks[0].prompt.num_fewshot', problem: expect.stringContaining('have more than 1048576 bytes') },
    ]);
    expect(await shotsOf(dataset, { num_fewshot: 1, fewshot: uploaded('s.jsonl', 'x\n') })).toMatchObject([{ place: 's.jsonl line 1' }]);
  });
});
