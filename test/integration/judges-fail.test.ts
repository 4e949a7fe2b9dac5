/** Judges that fail: by killing their agents, by errors, by saying nothing. And what is decided by the scores of those that do not. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { JUDGE, JudgedFleet, numberIn, WRITER } from '../support/judged-fleet.ts';
import { chatAnswer } from '../support/model-endpoint.ts';
import { runCommandIn } from '../support/run-command.ts';

const SAMPLES = 12;
const POISON = 5;
const POISONED = SAMPLES + POISON;
let f: JudgedFleet;
beforeAll(async () => {
  f = await JudgedFleet.start();
});
afterAll(() => f.stop());
afterEach(() => {
  f.instead = undefined;
});

const cli = async (...args: string[]) => runCommandIn(f.fleet.dir, [...args, '--address', f.address]);
const asked = (model: string, number: number): number =>
  f.endpoint.calls.filter((call) => call.model === model && numberIn(call.prompt) === number).length;
const whole = { results: [{ metrics: { accuracy: 2 / 3 }, counts: { scored: SAMPLES, dead: 0, errored: 0 } }] };

test('a judge’s call that kills every agent is a dead letter of its own: the answer stays, replayed it is judged, and not generated again', async () => {
  // One agent, so that it is known whom a call kills; started again as by a service manager.
  await f.judges.get('judge-b')!.signal('SIGTERM');
  const agent = f.judges.get('judge-a')!;
  let isPoison = true;
  f.instead = async (model, prompt) => {
    if (model !== 'judge' || numberIn(prompt) !== POISON || !isPoison) return undefined;
    await agent.kill9();
    await agent.start();
    return undefined;
  };
  const id = await f.submit('poison', SAMPLES);
  const report = await f.ended(id);
  expect(report.results).toMatchObject([{ counts: { total: SAMPLES, scored: SAMPLES - 1, dead: 1, errored: 0 } }]);
  expect(report.units).toMatchObject({ scored: 2 * SAMPLES - 1, dead: 1 });
  const letters = await f.client.deadLetters({ evaluationId: id });
  expect(letters.items).toMatchObject([{ units: [POISONED], crashes: 3, model: JUDGE, benchmark: 'sums' }]);
  const { taskId } = letters.items[0]!;
  const shown = (await cli('dead-letters', 'show', taskId)).stdout;
  expect(shown).toContain('judge-a');
  expect(shown).toContain(JUDGE);
  expect(shown).toMatch(/^judges +the answers of \S+, for the scorer model_graded_qa$/m);
  expect((await f.client.sample(id, { unit: POISON })).result).toMatchObject({ state: 'scored', completion: 'right' });

  // Still poison.
  expect(await cli('dead-letters', 'replay', '--task', taskId, '--json')).toMatchObject({ code: 0 });
  await f.ended(id);
  const [again] = (await f.client.deadLetters({ evaluationId: id })).items;
  expect(again).toMatchObject({ units: [POISONED], crashes: 3 });
  expect(asked('judge', POISON)).toBe(6);
  // Accepted as lost it stays counted; mended, its unit may be requeued all the same.
  expect(await cli('dead-letters', 'drop', '--task', again!.taskId, '--json')).toMatchObject({ code: 0 });
  expect((await f.client.deadLetters({ evaluationId: id })).items).toEqual([]);
  expect((await f.client.get(id)).counts).toMatchObject({ scored: 2 * SAMPLES - 1, dead: 1 });
  isPoison = false;
  expect(await cli('requeue', id, '--state', 'dead')).toMatchObject({ code: 0 });
  expect(await f.ended(id)).toMatchObject(whole);
  expect(f.asked['writer']).toBe(SAMPLES);
  await f.judges.get('judge-b')!.start();
}, 240_000);

test('retries and failures of a judge are its own; failed calls are requeued by the stage alone', async () => {
  const failing = new Set([1, 2]);
  const once = new Set<number>();
  f.instead = (model, prompt) => {
    const n = numberIn(prompt);
    if (model !== 'judge') return undefined;
    if (failing.has(n)) return { status: 400, body: '{"error":{"message":"no"}}' };
    if (n % 4 !== 3 || once.has(n)) return undefined;
    once.add(n);
    return { status: 503, body: '{"error":{"message":"busy"}}' };
  };
  const id = await f.submit('retries', SAMPLES, { retry: { max_retries: 3 } });
  const report = await f.ended(id);
  expect(report.results).toMatchObject([{ counts: { scored: SAMPLES - 2, errored: 2 } }]);
  expect(report.usageByModel).toMatchObject({ [WRITER]: { calls: SAMPLES, retries: 0 }, [JUDGE]: { calls: SAMPLES + 3, retries: 3 } });
  expect(report.stages).toMatchObject([{ counts: { scored: SAMPLES } }, { counts: { scored: SAMPLES - 2, errored: 2 } }]);
  expect(report.errors).toEqual({ request: 2 });
  // Whether answers were tried again is said of answers.
  expect(report.retryBias).toBeUndefined();
  failing.clear();
  expect(await cli('requeue', id, '--stage', 'judge')).toMatchObject({ code: 0 });
  expect(await f.ended(id)).toMatchObject(whole);
  expect(f.asked['writer']).toBe(SAMPLES);
});

test('a sample errs once, whether its answer fails or its judges do: fail_on_error counts samples', async () => {
  const refused = { status: 400, body: '{"error":{"message":"no"}}' };
  f.instead = (model, prompt) => {
    const n = numberIn(prompt);
    return (model === 'writer' ? n === 0 : n === 1) ? refused : undefined;
  };
  const judges = { name: 'model_graded_qa', args: { model: [JUDGE, 'openai/judge-2'] } };
  const scorers = [judges, { name: 'model_graded_fact', args: { model: JUDGE } }];
  // A quarter of 12 would be 3.
  const second = await f.agent('second', 'openai/judge-2');
  const id = await f.submit('errors', SAMPLES, { fail_on_error: 0.25, scorers });
  const report = await f.ended(id);
  expect(report.units).toMatchObject({ total: 4 * SAMPLES, errored: 4 + 3 });
  expect(report.errors).toEqual({ no_answer: 3, request: 4 });
  expect(report.results).toMatchObject([{ counts: { errored: 2 } }, { counts: { errored: 2 } }]);
  const failed = await f.submit('too-many', SAMPLES, { fail_on_error: 2, scorers });
  expect(await f.ended(failed, 'failed')).toMatchObject({ state: 'failed' });
  expect((await f.client.get(failed)).reason).toBe(`2 of ${SAMPLES} samples errored; fail_on_error: 2 bears 1`);
  await second.signal('SIGTERM');
});

test('gate and compare go by the judged scores; what was not graded is neither right nor wrong', async () => {
  const before = await f.submit('before', SAMPLES);
  await f.ended(before);
  // Sample 1 is judged otherwise, of sample 2 nothing is said.
  f.instead = (model, prompt) => {
    const said = { 1: 'GRADE: I', 2: 'I cannot tell.' }[numberIn(prompt)];
    return model === 'judge' && said ? chatAnswer(model, said) : undefined;
  };
  const after = await f.submit('after', SAMPLES);
  const report = await f.ended(after);
  expect(report.results).toMatchObject([{ metrics: { accuracy: 6 / 11 }, counts: { scored: 11, unscored: 1, errored: 0 } }]);
  expect((await f.client.sample(after, { unit: 2 })).result).toMatchObject({
    state: 'scored',
    scores: [
      { scorer: 'model_graded_qa', value: '', number: null, explanation: expect.stringMatching(/^grade_parse_failure: .*I cannot tell/) },
    ],
  });

  expect(await cli('gate', before, '--min', 'model_graded_qa.accuracy>=0.6')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^pass/),
  });
  expect(await cli('gate', after, '--min', 'model_graded_qa.accuracy>=0.6')).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^FAIL/),
  });
  expect(await cli('gate', after, '--baseline', before, '--max-drop', '0.05')).toMatchObject({ code: 3 });
  expect(await cli('gate', after, '--baseline', before, '--max-drop', '0.1')).toMatchObject({ code: 0 });
  const compared = JSON.parse((await cli('compare', before, after, '--json')).stdout) as Record<string, unknown>;
  const row = { benchmark: 'sums', model: WRITER, scorer: 'model_graded_qa', kind: 'paired', samples: 11, onlyBaseline: 1 };
  expect(compared).toMatchObject({ candidates: [{ rows: [{ ...row, flipped: [{ sampleId: 's1', baseline: 1, candidate: 0 }] }] }] });
});
