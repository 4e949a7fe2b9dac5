import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventFromWire, eventToWire, evaluationFromWire, evaluationToWire } from '../../../../shared/client/codec-evaluation.ts';
import { connect } from '../../../../shared/client/connect.ts';
import { resultsFromWire, resultToWire } from '../../../../shared/client/codec-results.ts';
import type { Cost, Evaluation, GroupProgress, SampleResult, WatchEvent } from '../../../../shared/client/types.ts';
import { EVALUATION_STATES, type Counts } from '../../../../shared/domain/states.ts';
import type { StreamResultsResponse } from '../../../../shared/rpc/gen/assay/v1/StreamResultsResponse.ts';
import { sampleRoutes } from '../../../../shared/http/sample-routes.ts';
import { assayProto } from '../../../../shared/rpc/load.ts';

const { WatchEvaluation, GetEvaluation, StreamResults } = assayProto().evaluation;
const nat = fc.nat(2 ** 31 - 1);
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const counts: fc.Arbitrary<Counts> = fc.record({ total: nat, scored: nat, unscored: nat, errored: nat, cancelled: nat, dead: nat });
const tokens = fc.record({ inputTokens: fc.maxSafeNat(), outputTokens: fc.maxSafeNat() });
const counted = fc.record({
  benchmark: text,
  model: text,
  counts,
  scorers: fc.array(fc.record({ scorer: text, n: nat, sum: number, sumOfSquares: number }), { maxLength: 3 }),
  retries: nat,
});
const group: fc.Arbitrary<GroupProgress> = fc.oneof(
  counted,
  fc.tuple(counted, tokens).map(([own, more]) => ({ ...own, ...more })),
);
const price = fc.record({ costUsd: number, inputUsdPerMillion: number, outputUsdPerMillion: number }, { requiredKeys: [] });
const cost: fc.Arbitrary<Cost> = fc.record(
  {
    models: fc.array(
      fc.tuple(fc.record({ model: text }), tokens, price).map(([own, taken, prices]) => ({ ...own, ...taken, ...prices })),
      { maxLength: 3 },
    ),
    costUsd: number,
    priceTableVersion: text,
  },
  { requiredKeys: ['models', 'priceTableVersion'] },
);
const metadata = fc.dictionary(
  text.filter((key) => key !== '__proto__'),
  fc.oneof(text, nat, fc.boolean(), fc.constant(null)),
  { maxKeys: 3 },
);
const limits = fc.record({ time: number, working: number, tokens: fc.maxSafeNat() }, { requiredKeys: [] });
const state = fc.constantFrom(...EVALUATION_STATES);
const evaluation: fc.Arbitrary<Evaluation> = fc.record({
  evaluationId: text,
  name: text,
  state,
  createdAtMs: fc.maxSafeNat(),
  counts,
  groups: fc.array(group, { maxLength: 3 }),
  specDigest: text,
  reason: text,
  inFlight: nat,
  agents: nat,
  routes: fc.array(fc.record({ route: text, requirement: text, open: nat }), { maxLength: 3 }),
  cursor: text,
  namespace: text,
  owner: text,
  tags: fc.array(text, { maxLength: 3 }),
  metadata,
  priority: nat,
  finishedAtMs: fc.maxSafeNat(),
  maxSamples: nat,
  limits,
  setbacks: fc.record({ crashes: nat, losses: nat, returns: nat }),
  keep: fc.boolean(),
  cost,
});
const head = { cursor: text, timeMs: fc.maxSafeNat() };
const event: fc.Arbitrary<WatchEvent> = fc.oneof(
  fc.record({ ...head, kind: fc.constant('snapshot' as const), evaluation, resync: fc.boolean() }),
  fc.record({
    ...head,
    kind: fc.constant('progress' as const),
    groups: fc.array(group, { maxLength: 3 }),
    counts,
    inFlight: nat,
    agents: nat,
  }),
  fc.record({ ...head, kind: fc.constant('state' as const), state, reason: text }),
);
const result: fc.Arbitrary<SampleResult> = fc.record({
  unit: nat,
  benchmark: text,
  model: text,
  sampleId: text,
  epoch: nat,
  state: fc.constantFrom('pending', 'scored', 'unscored', 'errored', 'cancelled', 'dead'),
  completion: text,
  reasoning: text,
  scores: fc.array(fc.record({ scorer: text, value: text, number: fc.option(number), answer: text, explanation: text, error: text }), {
    maxLength: 3,
  }),
  errorClass: text,
  errorMessage: text,
  usage: fc.record({ inputTokens: fc.maxSafeNat(), outputTokens: nat, calls: nat, retries: nat, reasoningTokens: nat }),
  stopReason: text,
  modelMs: number,
  totalMs: number,
  agentId: text,
});

async function* overTheWire(messages: Iterable<StreamResultsResponse>) {
  for (const message of messages) yield StreamResults.responseDeserialize(StreamResults.responseSerialize(message));
}

async function joined(messages: Iterable<StreamResultsResponse>): Promise<SampleResult[]> {
  const all: SampleResult[] = [];
  for await (const r of resultsFromWire(overTheWire(messages))) all.push(r);
  return all;
}

describe('round trips over the wire', () => {
  test('evaluations', () => {
    fc.assert(
      fc.property(evaluation, (e) => {
        const wire = GetEvaluation.responseDeserialize(GetEvaluation.responseSerialize({ evaluation: evaluationToWire(e) }));
        expect(evaluationFromWire(wire.evaluation)).toEqual(e);
      }),
    );
  });
  test('events', () => {
    fc.assert(
      fc.property(event, (e) => {
        expect(eventFromWire(WatchEvaluation.responseDeserialize(WatchEvaluation.responseSerialize(eventToWire(e))))).toEqual(e);
      }),
    );
  });
  test('results', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(result, { maxLength: 4 }), async (results) => {
        expect(await joined(results.flatMap((r) => [...resultToWire(r)]))).toEqual(results);
      }),
    );
  });
});

describe('long results', () => {
  const base = fc.sample(result, { numRuns: 1, seed: 1 })[0]!;
  test('are cut between code points into messages below 1 MiB, and joined', async () => {
    for (const completion of ['a'.repeat(700_001), '😀'.repeat(400_000), `x${'😀'.repeat(400_000)}`, '漢'.repeat(900_000)]) {
      const messages = [...resultToWire({ ...base, completion })];
      for (const message of messages) {
        expect(StreamResults.responseSerialize(message).length).toBeLessThan(1 << 20);
        expect(message.result!.completion!.isWellFormed()).toBe(true);
      }
      expect(messages.map((m) => m.more)).toEqual([...messages.slice(1).map(() => true), false]);
      expect((await joined(messages))[0]!.completion === completion).toBe(true);
    }
  });
  test('reasoning of any length comes whole beside a completion of any length', async () => {
    for (const [completion, reasoning] of [
      ['a'.repeat(300_000), '漢'.repeat(700_001)],
      ['', '😀'.repeat(400_000)],
      ['漢'.repeat(600_000), 'short'],
      ['a'.repeat(150_000), 'b'.repeat(150_000)],
    ] as const) {
      const messages = [...resultToWire({ ...base, completion, reasoning })];
      for (const message of messages) expect(StreamResults.responseSerialize(message).length).toBeLessThan(1 << 20);
      const [whole, ...others] = await joined(messages);
      expect(others).toEqual([]);
      expect({ completion: whole!.completion === completion, reasoning: whole!.reasoning === reasoning }).toEqual({
        completion: true,
        reasoning: true,
      });
    }
  });
  test('explanations of many scorers together stay below the limit', () => {
    const score = { scorer: 's', value: 'C', number: 1, answer: '漢'.repeat(200_000), explanation: '漢'.repeat(200_000), error: '' };
    const [message] = [
      ...resultToWire({
        ...base,
        scores: Array.from({ length: 50 }, () => score),
        errorMessage: '漢'.repeat(500_000),
        completion: '漢'.repeat(300_000),
      }),
    ];
    expect(StreamResults.responseSerialize(message!).length).toBeLessThan(4 << 20);
  });
  test('an end in the middle is unavailable, a wrong continuation internal', async () => {
    const [first, second] = [...resultToWire({ ...base, completion: 'a'.repeat(700_000) })];
    await expect(joined([first!])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(joined([first!, { ...second!, result: { ...second!.result, unit: base.unit + 1 } }])).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

test('what an older coordinator passes over in a command is never sent to it, and is no part of its body', async () => {
  const client = connect({ addresses: ['127.0.0.1:1'] });
  const id = `ev_${'a'.repeat(26)}`;
  const filters = { agents: [], startedFromMs: 0, startedToMs: 5, metadata: { topic: 'a' } };
  for (const [key, value] of Object.entries(filters)) {
    const refused = { code: 'invalid', message: expect.stringMatching(new RegExp(`filter\\.${key}: .*units`)) };
    await expect(client.requeue(id, { [key]: value })).rejects.toMatchObject(refused);
    await expect(client.skip(id, { units: [1], [key]: value })).rejects.toMatchObject(refused);
    const bodies = sampleRoutes().flatMap(({ path, body }) => (/samples.(skip|requeue)$/.test(path) ? [body] : []));
    expect(bodies.map((body) => body?.safeParse({ filter: { [key]: value } }).success)).toEqual([false, false]);
    expect(bodies.map((body) => body?.safeParse({ filter: { units: [1] } }).success)).toEqual([true, true]);
  }
  client.close();
});
