/** Commands while judges judge: nothing is judged after a cancel, no answer is generated again, and the books balance. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { JUDGE, JudgedFleet } from '../support/judged-fleet.ts';
import { chatAnswer } from '../support/model-endpoint.ts';
import { waitFor } from '../support/wait-for.ts';

const SAMPLES = 24;
/** Calls of the judge at the same time: two agents with two connections each. */
const AT_ONCE = 4;
let f: JudgedFleet;
beforeAll(async () => {
  f = await JudgedFleet.start();
});
afterAll(() => f.stop());
afterEach(() => {
  f.letGo();
  f.instead = undefined;
});

const grade = (letter: string) => chatAnswer('expert', `GRADE: ${letter}`);
const whole = { results: [{ metrics: { accuracy: 2 / 3 }, counts: { scored: SAMPLES } }], units: { scored: 2 * SAMPLES } };

test('cancelled: nothing is judged after it; what was cancelled is requeued, and only judged', async () => {
  f.hold();
  const id = await f.submit('cancel', SAMPLES);
  await f.between(id, AT_ONCE);
  expect(await f.client.cancelAll({ evaluationId: id }, { reason: 'enough' })).toMatchObject([{ changed: true }]);
  f.letGo();
  const report = await f.ended(id, 'cancelled');
  expect(report.units).toMatchObject({ total: 2 * SAMPLES, scored: SAMPLES, cancelled: SAMPLES });
  expect(report.results).toMatchObject([{ metrics: {}, counts: { total: SAMPLES, scored: 0, cancelled: SAMPLES, errored: 0 } }]);
  expect(report.stages).toMatchObject([{ counts: { scored: SAMPLES } }, { judge: JUDGE, counts: { cancelled: SAMPLES } }]);
  // The agents were told to let go of what they had begun.
  await waitFor(() => f.endpoint.inFlight === 0, { what: 'the end of the calls' });
  expect(f.asked).toEqual({ writer: SAMPLES, judge: AT_ONCE });
  const requeued = await f.client.requeue(id, { states: ['cancelled'] });
  // The recovery by which it is reopened may still be under way.
  expect(requeued).toMatchObject({ requeued: SAMPLES, state: expect.toBeOneOf(['running', 'recovering']) as unknown });
  expect(await f.ended(id)).toMatchObject(whole);
  expect(f.asked).toEqual({ writer: SAMPLES, judge: AT_ONCE + SAMPLES });
});

test('drained: the calls under way are counted, the rest is cancelled', async () => {
  f.hold();
  const id = await f.submit('drain', SAMPLES);
  await f.between(id, AT_ONCE);
  await f.client.cancelAll({ evaluationId: id }, { mode: 'drain', reason: 'enough' });
  f.letGo();
  const report = await f.ended(id, 'cancelled');
  const judged = f.asked['judge']!;
  // Those under way, and what else their tasks had.
  expect(judged).toBeGreaterThanOrEqual(AT_ONCE);
  expect(report.units).toMatchObject({ scored: SAMPLES + judged, cancelled: SAMPLES - judged });
  expect(report.results).toMatchObject([{ counts: { scored: judged, cancelled: SAMPLES - judged } }]);
  expect(f.asked['writer']).toBe(SAMPLES);
});

test('paused and resumed: every verdict is asked for once', async () => {
  f.hold();
  const id = await f.submit('pause', SAMPLES);
  await f.between(id, AT_ONCE);
  await f.client.pause({ evaluationId: id }, 'lunch');
  f.letGo();
  await f.until(id, 'what runs to be counted', (e) => e.inFlight === 0);
  expect(f.asked['judge']).toBeLessThan(SAMPLES);
  await f.client.resume({ evaluationId: id });
  expect(await f.ended(id)).toMatchObject(whole);
  expect(f.asked).toEqual({ writer: SAMPLES, judge: SAMPLES });
});

test('the judge’s route is paused: what runs is counted, answers go on, and it says so', async () => {
  f.hold();
  const id = await f.submit('route', SAMPLES);
  await waitFor(() => f.asked['judge'] === AT_ONCE, { what: 'calls of the judge' });
  const route = (await f.client.routes()).items.find(({ model }) => model === JUDGE)!;
  expect(await f.client.pauseRoute(route.route, { reason: 'quota' })).toMatchObject({ paused: true });
  f.letGo();
  const { groups } = await f.until(id, 'all answers', (e) => e.inFlight === 0 && e.groups[0]!.counts.scored === SAMPLES);
  expect(groups[1]!.counts.scored).toBe(f.asked['judge']);
  expect(f.asked['judge']).toBeLessThan(SAMPLES);
  expect((await f.client.routes()).items.find(({ model }) => model === JUDGE)).toMatchObject({
    paused: true,
    reason: expect.stringContaining('quota'),
  });
  await f.client.pauseRoute(route.route, { undo: true });
  expect(await f.ended(id)).toMatchObject(whole);
  expect(f.asked).toEqual({ writer: SAMPLES, judge: SAMPLES });
});

test('an agent of the judge is drained: the other one takes what it had not begun', async () => {
  f.hold();
  const id = await f.submit('agent', SAMPLES);
  await f.between(id, AT_ONCE);
  expect(await f.client.drainAgent('judge-a', { reason: 'GPU' })).toMatchObject({ state: 'draining' });
  f.letGo();
  const report = await f.ended(id);
  expect(report).toMatchObject(whole);
  expect(f.asked).toEqual({ writer: SAMPLES, judge: SAMPLES });
  await f.client.drainAgent('judge-a', { undo: true });
  expect(await f.client.get(id)).toMatchObject({ setbacks: { crashes: 0, losses: 0 } });
});

test('nobody serves the judge: the answers finish, the route says why nothing more happens; with an agent it goes on', async () => {
  const id = await f.submit('nobody', SAMPLES, { model_roles: { grader: 'openai/expert' } });
  const { state } = await f.until(id, 'all answers', ({ groups }) => groups[0]!.counts.scored === SAMPLES);
  expect(state).toBe('running');
  const seen = async () => (await f.client.routes({ withoutAgent: true })).items.find(({ model }) => model === 'openai/expert');
  await waitFor(async () => (await seen())?.open === SAMPLES, { what: 'its route to be told' });
  expect(await seen()).toMatchObject({ agents: 0, evaluationIds: [id], requirement: expect.stringContaining('openai/expert') });
  f.instead = (model) => (model === 'expert' ? grade('C') : undefined);
  const expert = await f.agent('expert', 'openai/expert');
  expect((await f.ended(id)).results).toMatchObject([{ metrics: { accuracy: 1 }, counts: { scored: SAMPLES } }]);
  expect(f.asked).toEqual({ writer: SAMPLES, expert: SAMPLES });
  await expert.signal('SIGTERM');
});
