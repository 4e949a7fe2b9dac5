import { expect, test } from 'vitest';
import { ModelError } from '../../../../agent/models/provider.ts';
import { ContextCache } from '../../../../agent/work/context-cache.ts';
import { MAX_COMPLETION_BYTES, runSample, type RunSampleOptions, type SampleEnd } from '../../../../agent/work/run-sample.ts';
import { unitResultSchema, type UnitResult } from '../../../../shared/domain/result.ts';
import { systemClock } from '../../../../shared/runtime/clock.ts';
import { assignmentOf } from '../../../support/fake-coordinator.ts';
import { noTools } from '../../../support/scorer-tools.ts';
import { ScriptedProvider } from '../../../support/scripted-provider.ts';

const { contextDigest, contextJson } = assignmentOf({ count: 1, retry: { max_retries: 2 } });
const context = new ContextCache(noTools()).get(contextDigest, contextJson);

function run(
  provider: ScriptedProvider,
  line = '{"input": "2+2", "target": "4"}',
  options: Partial<RunSampleOptions> = {},
): Promise<SampleEnd> {
  return runSample(
    { unit: 5, epoch: 2, ordinal: 9, line: Buffer.from(line), context },
    {
      provider,
      clock: systemClock,
      random: () => 0,
      signal: new AbortController().signal,
      acquire: () => Promise.resolve(() => undefined),
      inTurn: async (piece) => piece(),
      onRetry: () => undefined,
      isRefusal: (c) => c === 'quota',
      ...options,
    },
  );
}

const resultOf = (end: SampleEnd): UnitResult => {
  if (end.kind !== 'result') throw new Error(`no result: ${end.kind}`);
  return unitResultSchema.parse(JSON.parse(JSON.stringify(end.result)));
};

test('maps, renders, calls and scores', async () => {
  const provider = new ScriptedProvider(() => '4');
  const result = resultOf(await run(provider));
  expect(result).toMatchObject({
    unit: 5,
    epoch: 2,
    sampleId: 9,
    outcome: 'scored',
    completion: '4',
    calls: 1,
    retries: 0,
    usage: { inputTokens: 1 },
  });
  expect(result.scores).toMatchObject([{ scorer: 'exact', number: 1 }]);
  expect(provider.requests[0]).toMatchObject({
    model: 'm',
    messages: [{ role: 'user', content: 'Q: 2+2' }],
    sample: { id: 9, epoch: 2, target: ['4'] },
  });
});

test.each([
  ['no JSON', 'nonsense'],
  ['a missing field', '{"question": "2+2", "target": "4"}'],
])('a line with %s is errored, without a call', async (_, line) => {
  const provider = new ScriptedProvider();
  expect(resultOf(await run(provider, line))).toMatchObject({ outcome: 'errored', error: { class: 'sample_error' }, calls: 0, scores: [] });
  expect(provider.requests).toHaveLength(0);
});

test('retries are counted; the last failure’s class is kept', async () => {
  const classes: string[] = [];
  const provider = new ScriptedProvider(() => {
    throw new ModelError('server_error', 'HTTP 500', { httpStatus: 500 });
  });
  const result = resultOf(await run(provider, undefined, { onRetry: (c) => classes.push(c) }));
  expect(result).toMatchObject({ outcome: 'errored', error: { class: 'server_error', httpStatus: 500 }, calls: 3, retries: 2 });
  expect(classes).toEqual(['server_error', 'server_error']);
});

test('a refusal of the whole entry makes no result', async () => {
  const provider = new ScriptedProvider(() => {
    throw new ModelError('quota', 'no money', { httpStatus: 402 });
  });
  expect(await run(provider)).toEqual({ kind: 'refused' });
});

test('a scorer that crashes makes its unit errored, not wrong', async () => {
  const broken = {
    ...context,
    scorers: [
      {
        id: 'boom',
        score: () => {
          throw new Error('boom');
        },
      },
      ...context.scorers,
    ],
  };
  const end = await runSample(
    { unit: 0, epoch: 1, ordinal: 1, line: Buffer.from('{"input": "2+2", "target": "4"}'), context: broken },
    {
      provider: new ScriptedProvider(() => '4'),
      clock: systemClock,
      random: () => 0,
      signal: new AbortController().signal,
      acquire: () => Promise.resolve(() => undefined),
      inTurn: async (piece) => piece(),
      onRetry: () => undefined,
      isRefusal: () => false,
    },
  );
  expect(resultOf(end)).toMatchObject({
    outcome: 'errored',
    error: { class: 'scorer_error' },
    completion: '4',
    scores: [
      { scorer: 'boom', number: null, error: 'boom' },
      { scorer: 'exact', number: 1 },
    ],
  });
});

test('a completion that is too large is errored, once, and not kept', async () => {
  const provider = new ScriptedProvider(() => 'x'.repeat(MAX_COMPLETION_BYTES + 1));
  const result = resultOf(await run(provider));
  expect(result).toMatchObject({ outcome: 'errored', error: { class: 'too_large' }, calls: 1 });
  expect(result.completion).toBeUndefined();
});

test('aborted is no result', async () => {
  const provider = new ScriptedProvider();
  provider.hold();
  const controller = new AbortController();
  const end = run(provider, undefined, { signal: controller.signal });
  controller.abort(new Error('revoked'));
  await expect(end).rejects.toThrow('revoked');
});

test('the prompt is made in turn, and an abort meanwhile makes no call', async () => {
  const provider = new ScriptedProvider(() => '4');
  const turn = Promise.withResolvers<void>();
  const controller = new AbortController();
  const end = run(provider, undefined, {
    signal: controller.signal,
    inTurn: async (piece) => {
      await turn.promise;
      return piece();
    },
  });
  controller.abort(new Error('revoked'));
  turn.resolve();
  await expect(end).rejects.toThrow('revoked');
  expect(provider.requests).toHaveLength(0);
});
