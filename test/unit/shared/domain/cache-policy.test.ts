import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cachePolicyOf, cacheSchema } from '../../../../shared/domain/cache-policy.ts';
import { groupsOf, taskContextOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import { parseSpec, readSpec } from '../../../../shared/domain/spec.ts';

const specWith = (cache: unknown): Record<string, unknown> => ({
  name: 'x',
  benchmarks: [{ benchmark: 'b', dataset: { uri: 'file:x.jsonl' }, scorers: ['match'] }],
  models: [{ model: 'mock/m' }],
  ...(cache === undefined ? {} : { cache }),
});

test('true is a week of completions, each epoch its own; false and nothing are no cache', () => {
  expect(cachePolicyOf(true, 'n')).toEqual({ namespace: 'n', expirySeconds: 604_800, perEpoch: true, scopes: {} });
  expect(cachePolicyOf(cacheSchema.parse({}), 'n')).toEqual(cachePolicyOf(true, 'n'));
  for (const none of [undefined, false]) expect(cachePolicyOf(none, 'n')).toBeUndefined();
});

test('durations are Inspect’s', () => {
  const seconds = (expiry: string): number | undefined => cachePolicyOf(cacheSchema.parse({ expiry }), 'n')!.expirySeconds;
  expect(['5s', '3m', '12h', '1D', '2W', '1M', '1Y'].map(seconds)).toEqual([5, 180, 43_200, 86_400, 1_209_600, 2_592_000, 31_536_000]);
  expect(seconds('never')).toBeUndefined();
});

test('what is no cache is refused, with its place', () => {
  fc.assert(
    fc.property(fc.string(), (expiry) => {
      const isRight = expiry === 'never' || /^[1-9]\d{0,5}[smhDWMY]$/.test(expiry);
      expect(cacheSchema.safeParse({ expiry }).success).toBe(isRight);
    }),
  );
  for (const cache of [1, 'yes', [], { expiry: '7 days' }, { expires: '1W' }, { scopes: { a: 1 } }, { per_epoch: 'no' }]) {
    const read = readSpec(specWith(cache));
    if (!('faults' in read)) throw new Error(`taken: ${JSON.stringify(cache)}`);
    expect(read.faults.map(({ place }) => place).join()).toMatch(/^cache/);
  }
});

test('agents are told of it only where the spec asks for it; it needs no later agent', () => {
  const told = (cache: unknown) => {
    const spec = parseSpec(specWith(cache));
    const groups = groupsOf(spec, [1]);
    const manifest = { evaluationId: 'ev_x', namespace: 'n', spec, groups } as unknown as Manifest;
    return [taskContextOf(manifest, groups[0]!).cache, groups[0]!.route] as const;
  };
  expect(told(undefined)[0]).toBeUndefined();
  expect(told({ expiry: 'never', scopes: { a: 'b' } })[0]).toEqual({ namespace: 'n', perEpoch: true, scopes: { a: 'b' } });
  expect(told(true)[1]).toEqual(told(undefined)[1]);
});
