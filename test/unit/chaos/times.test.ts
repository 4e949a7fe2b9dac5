/** Times of recovery have bounds that can be missed: by the worst of a few, where nothing else was wrong. */
import { expect, test } from 'vitest';
import { History, type HistoryEvent } from '../../chaos/history/history.ts';
import { BOUNDS, leasesLostWithCoordinators, recoveryTimes, slowerThanBound, unjudged } from '../../chaos/recovery-times.ts';

const fault = (kind: string, target: string, from: number, to: number): HistoryEvent[] => [
  { t: from, who: 'nemesis', what: 'fault', kind, target, phase: 'begin' },
  { t: to, who: 'nemesis', what: 'fault', kind, target, phase: 'end' },
];
/** An agent loses its stream with a coordinator, and has a new one so much later. */
const reconnected = (ms: number): HistoryEvent[] => [
  ...fault('coordinator-kill', 'coordinator 0', 10_000, 10_500),
  { t: 10_010, who: 'agent0', what: 'parted' },
  { t: 10_000 + ms, who: 'agent0', what: 'welcomed' },
];
const slow = BOUNDS['coordinator loss']! + 100;

test('one that is too slow among many quick ones is too slow', () => {
  expect(slowerThanBound({ 'coordinator loss': [...Array.from({ length: 50 }, () => 300), slow] })).toEqual([
    `coordinator loss: ${slow} ms at p99, and the bound is 3000 ms`,
  ]);
  expect(slowerThanBound({ 'coordinator loss': [300, 3_000], 'Redis wiped': [60_000] })).toEqual([]);
});

test('a fault that comes by itself has a bound; what met another one, or a machine without time, is only told', () => {
  const of = (...more: HistoryEvent[]) => recoveryTimes(new History([...reconnected(slow), ...more]));
  expect(of()).toEqual({ all: { 'coordinator loss': [slow] }, alone: { 'coordinator loss': [slow] } });
  const met = { all: { 'coordinator loss': [slow] }, alone: {} };
  expect(of(...fault('redislink-cut', 'redislink 1', 11_000, 11_500))).toEqual(met);
  expect(of(...fault('redislink-cut', 'redislink 1', 8_000, 9_000))).toEqual(met);
  expect(of({ t: 12_000, who: 'rig', what: 'slept', ms: 900 })).toEqual(met);
  expect(of(...fault('redislink-cut', 'redislink 1', 20_000, 20_500)).alone).toEqual({ 'coordinator loss': [slow] });
});

test('what never went on is slower than any bound, as soon as the bound has passed without another fault', () => {
  const gone = reconnected(slow).slice(0, 3);
  const of = (...events: HistoryEvent[]) => recoveryTimes(new History(events)).alone;
  expect(of(...gone)).toEqual({ 'coordinator loss': [Infinity] });
  expect(slowerThanBound(of(...gone, ...fault('redislink-cut', 'redislink 1', 20_000, 20_500)))).toEqual([
    'coordinator loss: Infinity ms at p99, and the bound is 3000 ms',
  ]);
  expect(of(...gone, ...fault('redislink-cut', 'redislink 1', 11_000, 11_500))).toEqual({});

  const taken: HistoryEvent = { t: 9_000, who: 'agent0', what: 'taken', task: 'task', units: [0], evaluation: 'ev', attempt: 'a' };
  const begun: HistoryEvent = { t: 9_100, who: 'agent0', what: 'begun', attempt: 'a', unit: 0 };
  const cancel: HistoryEvent = { t: 9_200, who: 'client', what: 'invoke', call: 1, op: 'cancel', evaluation: 'ev' };
  for (const [kind, blow] of [
    ['agent loss', fault('agent-kill', 'agent0', 10_000, 10_100)],
    ['Redis restart', fault('redis-kill', 'redis', 10_000, 10_100)],
  ] as const) {
    expect(of(taken, begun, ...blow)).toEqual({ [kind]: [Infinity] });
    // Nobody takes back what a cancel has closed.
    expect(of(taken, begun, cancel, ...blow)).toEqual({});
  }
});

test('a cancel has a time where there were calls to stop, and none where there were not', () => {
  const call = (what: 'called' | 'answered', unit: number, t: number): HistoryEvent => ({
    t,
    who: 'model',
    evaluation: 'ev',
    unit,
    ...(what === 'called' ? { what } : { what, ok: false }),
  });
  const ok: HistoryEvent = { t: 10_000, who: 'client', what: 'ok', call: 1, op: 'cancel', evaluation: 'ev', state: 'cancelled' };
  const asked: HistoryEvent = { t: 9_700, who: 'client', what: 'invoke', call: 1, op: 'cancel', evaluation: 'ev' };
  const of = (...events: HistoryEvent[]) => recoveryTimes(new History([asked, ok, ...events])).alone;
  expect(of(call('called', 0, 9_000), call('answered', 0, 9_500))).toEqual({});
  expect(of(call('called', 0, 9_000), call('answered', 0, 9_900))).toEqual({ 'cancel to stop': [0] });
  expect(of(call('called', 0, 9_000), call('answered', 0, 10_500))).toEqual({ 'cancel to stop': [500] });
  expect(of(call('called', 0, 9_000), call('called', 1, 9_000), call('answered', 0, 10_500))).toEqual({ 'cancel to stop': [Infinity] });
});

test('a kind with a bound of which no time is there is named', () => {
  expect(unjudged({})).toEqual(Object.keys(BOUNDS));
  expect(unjudged({ 'agent loss': [1], 'coordinator loss': [] })).not.toContain('agent loss');
  expect(unjudged({ 'agent loss': [1], 'coordinator loss': [] })).toContain('coordinator loss');
});

test('a lease that is lost with a coordinator is seen', () => {
  const own = { evaluation: 'ev', attempt: 'a' };
  const lost: HistoryEvent[] = [
    { t: 9_000, who: 'agent0', what: 'taken', task: 'task', units: [0], ...own },
    { t: 12_000, who: 'coordinator 1', what: 'releasing', sequence: 0, kind: 'lost', ...own },
  ];
  const of = (...more: HistoryEvent[]) => leasesLostWithCoordinators(new History([...reconnected(300), ...more]));
  expect(of(...lost)).toEqual({ losses: 1, leases: 1 });
  expect(of()).toEqual({ losses: 1, leases: 0 });
  // That of an agent which was killed besides says nothing.
  expect(of(...lost, ...fault('agent-kill', 'agent0', 10_100, 10_200))).toEqual({ losses: 0, leases: 0 });
});
