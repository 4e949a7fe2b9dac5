import { expect, test } from 'vitest';
import { closesOf, journalOf, rangesOf, runsOf, settingsOf, unitsIn } from '../../../../coordinator/evaluations/journal.ts';
import type { ControlRecord } from '../../../../coordinator/store/store.ts';

type Units = [number, number][];
const at = { atMs: 1, reason: '' };
const skip = (...units: Units): ControlRecord => ({ kind: 'skip', ...at, units });
const dead = (...units: Units): ControlRecord => ({ kind: 'dead', ...at, units });
const requeue = (...units: Units): ControlRecord => ({ kind: 'requeue', ...at, units, grant: 1 });
const cancel: ControlRecord = { kind: 'cancel', ...at, reason: 'enough' };

test('what was commanded last holds, and nothing from before a requeue', () => {
  expect(journalOf([])).toMatchObject({ isPaused: false, wasPaused: false, ended: undefined, draining: undefined, requeues: 0 });
  expect(journalOf([{ kind: 'pause', ...at }])).toMatchObject({ isPaused: true, wasPaused: true });
  expect(
    journalOf([
      { kind: 'pause', ...at },
      { kind: 'resume', ...at },
    ]),
  ).toMatchObject({ isPaused: false, wasPaused: true });
  expect(journalOf([{ kind: 'drain', ...at, reason: 'x' }, cancel]).ended).toEqual({ kind: 'cancel', reason: 'enough' });
  expect(journalOf([{ kind: 'drain', ...at, reason: 'x' }]).draining).toBe('x');
  const lifted = journalOf([{ kind: 'pause', ...at }, { kind: 'drain', ...at }, cancel, requeue([0, 1])]);
  expect(lifted).toMatchObject({ isPaused: false, wasPaused: true, ended: undefined, draining: undefined, requeues: 1 });
  expect(journalOf([requeue([0, 1]), { kind: 'fail', ...at, reason: 'errors' }]).ended).toEqual({ kind: 'fail', reason: 'errors' });
});

test('of each setting the latest holds, also after a requeue', () => {
  const update = (changes: object): ControlRecord => ({ kind: 'update', ...at, changes });
  expect(settingsOf([update({ priority: 1, tags: ['a'] }), requeue([0, 1]), update({ tags: [] })])).toEqual({
    changes: { priority: 1, tags: [] },
    updates: 2,
  });
});

test('units closed without a result: skips and deaths, and ends that were lifted for others only', () => {
  const closes = (...controls: ControlRecord[]): number[] | undefined => {
    const codes = closesOf(controls, 6);
    return codes && [...codes];
  };
  expect(closes()).toBeUndefined();
  expect(closes(cancel)).toBeUndefined();
  expect(closes(skip([1, 3]), dead([2, 4]))).toEqual([0, 5, 5, 6, 0, 0]);
  expect(closes(skip([1, 3]), requeue([2, 3]))).toEqual([0, 5, 0, 0, 0, 0]);
  expect(closes(cancel, requeue([0, 2]))).toEqual([0, 0, 5, 5, 5, 5]);
  expect(closes(dead([5, 6]), cancel, requeue([0, 2]), cancel)).toEqual([0, 0, 5, 5, 5, 6]);
  expect(closes(skip([4, 99]))).toEqual([0, 0, 0, 0, 5, 5]);
  expect([...runsOf(Uint8Array.of(5, 5, 0, 5, 6, 5), 5)]).toEqual([
    [0, 2],
    [3, 4],
    [5, 6],
  ]);
  expect([...runsOf(new Uint8Array(3), 5)]).toEqual([]);
});

test('units in any order become ascending runs', async () => {
  expect(await rangesOf([])).toEqual([]);
  expect(await rangesOf([1, 2, 3, 7])).toEqual([
    [1, 4],
    [7, 8],
  ]);
  expect(await rangesOf([7, 3, 2, 2, 1, 8])).toEqual([
    [1, 4],
    [7, 9],
  ]);
  expect(
    unitsIn([
      [1, 4],
      [7, 9],
    ]),
  ).toBe(5);
});
