/** A record's sums: bounded, by place, and blind to who ran what. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordFold } from '../../../../coordinator/evaluations/reading/record-fold.ts';
import { groupsOf, type Manifest } from '../../../../shared/domain/manifest.ts';
import { promptDigestOf, provenanceSchema, type Provenance } from '../../../../shared/domain/provenance.ts';
import type { UnitResult } from '../../../../shared/domain/result.ts';
import { parseSpec } from '../../../../shared/domain/spec.ts';

const SAMPLES = 40;
const spec = parseSpec({
  name: 'x',
  benchmarks: ['a', 'b'].map((benchmark) => ({
    benchmark,
    dataset: { uri: 'inline:{"input":"q","target":"t"}', shuffle: 3 },
    scorers: ['match'],
  })),
  models: [{ model: 'mock/m', generate_config: { seed: 5 } }],
});
const digest = `sha256:${'0'.repeat(64)}`;
const groups = groupsOf(spec, [SAMPLES, SAMPLES]);
const manifest: Manifest = {
  ...{ evaluationId: 'ev_x', namespace: 'default', idempotencyKey: 'k', createdAtMs: 0, specDigest: digest, spec, traceparent: '' },
  ...{ datasets: [digest, digest], sampleIndexes: [digest, digest], groups, units: 2 * SAMPLES },
};

const resultOf = (unit: number, provenance: Provenance | undefined, completion = `c${unit}`): UnitResult => ({
  ...{ unit, sampleId: unit % SAMPLES, epoch: 1, outcome: 'scored', completion, scores: [], calls: 1, retries: 0 },
  usage: { inputTokens: 1, outputTokens: 1 },
  timing: { startedAt: 0, modelMs: 0, totalMs: 0 },
  ...(provenance ? { provenance } : {}),
});

const recordOf = (provenanceOf: (unit: number) => Provenance | undefined, agentOf = (_unit: number): string => 'ag_1') => {
  const fold = new RecordFold(manifest);
  for (let unit = 0; unit < 2 * SAMPLES; unit++) fold.add(resultOf(unit, provenanceOf(unit)), agentOf(unit));
  return fold.record('succeeded');
};
const asked = (unit: number): Provenance => ({
  promptDigest: promptDigestOf({ messages: [`p${unit % SAMPLES}`] }),
  model: 'm',
  version: '1',
});

test('the digest is of what was asked, not of who answered', () => {
  const one = recordOf(asked);
  const two = recordOf(
    (unit) => ({ ...asked(unit), model: `m${unit % 2}`, fingerprint: 'f', version: '2' }),
    (unit) => `ag_${unit % 3}`,
  );
  expect([two.digest, two.prompts, two.completions]).toEqual([one.digest, one.prompts, one.completions]);
  expect(two.groups.map(({ drift }) => drift)).toEqual([true, true]);
  expect(two.assay.agents.map(({ agentId, version, units }) => `${agentId} ${version} ${units}`)).toEqual([
    'ag_0 2 27',
    'ag_1 2 27',
    'ag_2 2 26',
  ]);
  // Equal benchmarks were asked equally, wherever their units lie.
  expect(one.groups[1]!.prompts).toEqual(one.groups[0]!.prompts);
  expect(one.groups[0]).toMatchObject({ dataset: { uri: 'inline', digest }, seeds: { shuffle: 3, generate: 5 }, drift: false });
});

test('one other prompt, or two in each other’s place, is another digest', () => {
  const one = recordOf(asked).digest;
  fc.assert(
    fc.property(fc.nat(SAMPLES - 1), fc.nat(SAMPLES - 1), (a, b) => {
      const swapped = recordOf((unit) => asked(unit === a ? b : unit === b ? a : unit)).digest;
      expect(swapped === one).toBe(a === b);
      expect(recordOf((unit) => (unit === a ? undefined : asked(unit))).digest).not.toBe(one);
    }),
    { numRuns: 20 },
  );
});

test('of earlier agents nothing is made up', () => {
  const record = recordOf(() => undefined);
  expect(record.prompts.units).toBe(0);
  expect(record.completions.units).toBe(2 * SAMPLES);
  expect(record.assay.agents).toEqual([{ agentId: 'ag_1', units: 2 * SAMPLES }]);
  expect(record.groups[0]!.returned).toEqual([{ units: SAMPLES }]);
});

test('tables end, and say how much more there was', () => {
  const record = recordOf((unit) => ({ ...asked(unit), model: `m${unit}` }));
  expect(record.groups[0]!.returned).toHaveLength(20);
  expect(record.groups[0]).toMatchObject({ otherReturned: 20, drift: true });
});

test('a prompt’s digest depends on its content, not on the order of keys', () => {
  const one = promptDigestOf({ messages: [{ role: 'user', content: 'x' }], prefill: 'y' });
  expect(one).toBe(promptDigestOf({ prefill: 'y', messages: [{ content: 'x', role: 'user' }] }));
  expect(one).toMatch(/^[0-9a-f]{32}$/);
  const others = [{ messages: [{ role: 'user', content: 'xy' }] }, { messages: [{ role: 'system', content: 'x' }], prefill: 'y' }];
  for (const other of others) expect(promptDigestOf(other)).not.toBe(one);
  expect(() => provenanceSchema.parse({ model: 'm'.repeat(201) })).toThrow();
});
