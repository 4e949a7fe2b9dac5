/** The checker refuses what is wrong: histories that were written by hand, each clean until the one thing is wrong. */
import { expect, test } from 'vitest';
import { check } from '../../chaos/checker/check.ts';
import { History, type HistoryEvent } from '../../chaos/history/history.ts';

const EVALUATION = 'ev';
const LEASE_MS = 1_500;
const [AGENT, OTHER, FIRST, SECOND] = ['agent0', 'agent1', 'coordinator 0', 'coordinator 1'];

const problems = (...events: HistoryEvent[]): string[] =>
  check(new History(events)).map(({ invariant, problem }) => `${invariant}: ${problem}`);

const began: HistoryEvent = { t: 0, who: 'rig', what: 'began', leaseMs: LEASE_MS };
const left: HistoryEvent = { t: 90_000, who: 'final', what: 'left', leases: 0, jobs: 0, tasks: 0, open: [] };
const submitted = (samples: number): HistoryEvent[] => [
  { t: 1, who: 'client', what: 'invoke', call: 1, op: 'submit', key: 'key', spec: 'spec', samples },
  { t: 2, who: 'client', what: 'ok', call: 1, op: 'submit', evaluation: EVALUATION, state: 'running' },
];
const fault = (kind: string, target: string, from: number, to: number): HistoryEvent[] => [
  { t: from, who: 'nemesis', what: 'fault', kind, target, phase: 'begin' },
  { t: to, who: 'nemesis', what: 'fault', kind, target, phase: 'end' },
];

/** Unit 0 of one attempt, from its grant to its acknowledgement. */
function attempt(name: string, t: number, { agent = AGENT, by = FIRST, grant = 1, until = 'acked' } = {}): HistoryEvent[] {
  const own = { evaluation: EVALUATION, attempt: name, units: [0] };
  const all: HistoryEvent[] = [
    { t, t0: t - 1, who: by, what: 'granted', sequence: 0, agent: `id of ${agent}`, grant, ...own },
    { t: t + 1, who: agent, what: 'taken', task: 'task', ...own },
    { t: t + 2, who: agent, what: 'begun', attempt: name, unit: 0 },
    { t: t + 2, who: 'model', what: 'called', evaluation: EVALUATION, unit: 0 },
    { t: t + 10, who: agent, what: 'finished', attempt: name, unit: 0, digest: 'digest' },
    { t: t + 12, t0: t + 11, who: by, what: 'stored', agent: `id of ${agent}`, grant, digests: ['digest'], ...own },
    { t: t + 14, t0: t + 13, who: by, what: 'committed', agent: `id of ${agent}`, refused: [], late: [], state: 'running', ...own },
    { t: t + 15, who: agent, what: 'acked', attempt: name, units: [0], lost: false },
  ];
  return all.slice(0, all.findIndex(({ what }) => what === until) + 1);
}

interface End {
  state?: 'succeeded' | 'cancelled';
  counts?: Partial<Record<'total' | 'scored' | 'unscored' | 'errored' | 'cancelled' | 'dead', number>>;
  by?: string;
}

const final = ({ state = 'succeeded', counts = {}, by = 'a' }: End = {}): HistoryEvent => ({
  ...{ t: 80_000, who: 'final', what: 'evaluation', evaluation: EVALUATION, key: 'key', state, correct: 0 },
  counts: { total: 1, scored: 1, unscored: 0, errored: 0, cancelled: 0, dead: 0, ...counts },
  served: [{ unit: 0, state: 'scored', value: 0 }],
  stored: [{ unit: 0, attempt: by, agent: `id of ${AGENT}`, grant: 1, digest: 'digest' }],
});

test('a history without a fault is clean', () => {
  expect(problems(began, ...submitted(1), ...attempt('a', 100), final(), left)).toEqual([]);
});

test('S3: fewer are planned than were submitted', () => {
  expect(problems(began, ...submitted(2), ...attempt('a', 100), final(), left)).toEqual(['S3: ev: 2 were submitted, and 1 planned']);
});

test('S3: samples are dead, and nothing has made them so', () => {
  const lost = { counts: { total: 2, dead: 1 } };
  expect(problems(began, ...submitted(2), ...attempt('a', 100), final(lost), left)).toEqual([
    'S3: ev: 1 are lost as dead, and no task of it was doomed',
  ]);
  const crash: HistoryEvent = { t: 50, who: FIRST, what: 'releasing', evaluation: EVALUATION, sequence: 1, kind: 'crash', attempt: 'c' };
  expect(problems(began, ...submitted(2), ...attempt('a', 100), crash, crash, crash, final(lost), left)).toEqual([]);
});

const watch: HistoryEvent = { t: 100, who: 'watcher', what: 'watch', evaluation: EVALUATION, cursor: '' };
const over: HistoryEvent = { t: 40_000, who: 'final', what: 'over', evaluations: [EVALUATION] };
const isOver = [began, ...submitted(1), ...attempt('a', 100), over, final(), left];

test('S10: a watch that never hears of the end', () => {
  const waits = 'S10: watcher ev is over, and the watch still waits for the end';
  const stopped = (t: number): HistoryEvent => ({ t, who: 'watcher', what: 'stopped', evaluation: EVALUATION });
  expect(problems(...isOver, watch)).toEqual([waits]);
  expect(problems(...isOver, watch, stopped(61_000))).toEqual([waits]);
  // It was sent away before its time was over.
  expect(problems(...isOver, watch, stopped(41_000))).toEqual([]);
  expect(problems(...isOver, watch, { t: 45_000, who: 'watcher', what: 'broke', evaluation: EVALUATION, code: 'unavailable' })).toEqual([
    'S10: watcher ev is over, and the watch failed with unavailable',
  ]);
});

const cancel = (t: number): HistoryEvent[] => [
  { t: t - 5, who: 'client', what: 'invoke', call: 2, op: 'cancel', evaluation: EVALUATION },
  { t, who: 'client', what: 'ok', call: 2, op: 'cancel', evaluation: EVALUATION, state: 'cancelled' },
];
const cancelledEnd = final({ state: 'cancelled', counts: { total: 2, cancelled: 1 } });

test('S11: a recovery counts what was finished after a cancel', () => {
  const head = [began, ...submitted(2), ...attempt('a', 100, { until: 'finished' })];
  const restored: HistoryEvent = { t: 301, t0: 300, who: SECOND, what: 'restored', evaluation: EVALUATION, units: [0] };
  // Its coordinator died before it told of the frame; the agent has told of the result.
  expect(problems(...head, ...cancel(105), restored, cancelledEnd, left)).toEqual([
    'S11: ev unit 0 was finished after its cancel, and counts',
    'S11: ev unit 0 was restored after its cancel',
  ]);
  expect(problems(...head, ...cancel(200), restored, cancelledEnd, left)).toEqual([]);
});

const release = (t: number, who = FIRST): HistoryEvent => ({
  ...{ t, who, what: 'releasing', evaluation: EVALUATION, sequence: 0, kind: 'lost', attempt: 'a' },
});
const renewed = (t: number): HistoryEvent => ({ t, t0: t, who: FIRST, what: 'renewed', attempts: ['a'] });
/** The first attempt is taken back at 5 s although its lease was renewed, and the second does it. */
const again = (taken = 5_000): HistoryEvent[] => [
  ...[began, ...submitted(1), ...attempt('a', 100, { until: 'called' })],
  ...[1_000, 2_000, 3_000, 4_000].map(renewed),
  { ...release(taken), kind: 'handback' } as HistoryEvent,
  ...attempt('b', taken + 100, { agent: OTHER, by: SECOND, grant: 2 }),
  { ...final({ by: 'b' }), stored: [{ unit: 0, attempt: 'b', agent: `id of ${OTHER}`, grant: 2, digest: 'digest' }] } as HistoryEvent,
  left,
];

test.each([
  ['no fault at all', []],
  ['another agent', fault('agent-kill', OTHER, 4_000, 4_500)],
  ['the line of another agent', fault('link-cut', 'link 1', 4_000, 4_500)],
  ['a coordinator that had nothing to do with it', fault('coordinator-kill', 'coordinator 2', 4_000, 4_500)],
  ['the line to Redis of such a coordinator', fault('redislink-cut', 'redislink 2', 4_000, 4_500)],
  ['its own coordinator, after it was taken back', fault('coordinator-kill', FIRST, 5_050, 5_090)],
])('S8: a sample is run again, and the only fault is of %s', (_, faults) => {
  expect(problems(...again(), ...faults)).toEqual(['S8: ev 0 was run again without a reason']);
});

test('S8: a sample is run again long after the fault of its coordinator was over', () => {
  const late = [5_000, 6_000, 7_000, 8_000].map(renewed);
  const old = fault('coordinator-freeze', FIRST, 200, 400);
  expect(problems(...again(9_000), ...late, ...old)).toEqual(['S8: ev 0 was run again without a reason']);
});

test.each([
  ['its agent', fault('agent-kill', AGENT, 4_000, 4_500)],
  ['the line of its agent', fault('link-cut', 'link 0', 4_000, 4_500)],
  ['its coordinator', fault('coordinator-kill', FIRST, 4_000, 4_500)],
  ['the line to Redis of its coordinator', fault('redislink-cut', 'redislink 0', 4_000, 4_500)],
  ['Redis', fault('redis-wipe', 'redis', 4_000, 4_001)],
])('S8: a fault of %s is a reason', (_, faults) => {
  expect(problems(...again(), ...faults)).toEqual([]);
});

test.each([
  ['the next attempt', 2],
  ['the next attempt, with a number that was issued again,', 1],
])('S6: a late result is counted while the frame of %s waits in the store', (_, grant) => {
  const first = attempt('a', 100, { until: 'finished' });
  const second = attempt('b', 200, { agent: OTHER, by: SECOND, grant });
  const [commit, ack] = second.splice(-2);
  const own = { evaluation: EVALUATION, attempt: 'a', units: [0], agent: `id of ${AGENT}` };
  const lateResult: HistoryEvent[] = [
    { t: 232, t0: 231, who: FIRST, what: 'stored', grant: 1, digests: ['digest'], ...own },
    { t: 240, t0: 239, who: FIRST, what: 'committed', refused: [], late: [], state: 'running', ...own },
  ];
  const committedAt = (t: number): HistoryEvent[] => [{ ...commit!, t0: t - 1, t } as HistoryEvent, { ...ack!, t: t + 1 }];
  const head = [began, ...submitted(1), ...first, { ...release(150), kind: 'handback' } as HistoryEvent, ...second, ...lateResult];
  const tail = [
    { ...final(), stored: [{ unit: 0, attempt: 'b', agent: `id of ${OTHER}`, grant, digest: 'digest' }] } as HistoryEvent,
    left,
  ];
  const s6 = (events: HistoryEvent[]): string[] => problems(...events).filter((problem) => problem.startsWith('S6'));
  expect(s6([...head, ...committedAt(260), ...tail])).toEqual(['S6: ev 0: a late result was counted']);
  // It had been counted before: then the late one was only acknowledged.
  expect(s6([...head, ...committedAt(220), ...tail])).toEqual([]);
  // Its answer was lost, and what is told is the repetition; the same fault of another coordinator is no excuse.
  expect(s6([...head, ...committedAt(260), ...fault('redislink-lost-reply', 'redislink 1', 205, 250), ...tail])).toEqual([]);
  expect(s6([...head, ...committedAt(260), ...fault('redislink-lost-reply', 'redislink 2', 205, 250), ...tail])).toHaveLength(1);
});
