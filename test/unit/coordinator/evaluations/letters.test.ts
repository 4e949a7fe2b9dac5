/** Dead letters from a journal. */
import { expect, test } from 'vitest';
import { lettersOf } from '../../../../coordinator/evaluations/dead/letters.ts';
import { closesOf } from '../../../../coordinator/evaluations/journal.ts';
import type { ControlRecord, DeadLetterRecord } from '../../../../coordinator/store/store.ts';

const letter = (sequence: number, ...units: [number, number][]): DeadLetterRecord => ({
  sequence,
  group: 0,
  units,
  crashes: 3,
  losses: 0,
  returns: 0,
  attempts: [],
});
const dead = (...letters: DeadLetterRecord[]): ControlRecord => ({
  kind: 'dead',
  atMs: 5,
  reason: '',
  units: letters.flatMap((l) => l.units),
  letters,
});
const requeue = (...units: [number, number][]): ControlRecord => ({ kind: 'requeue', atMs: 6, reason: '', units, grant: 1 });
const drop = (...tasks: number[]): ControlRecord => ({ kind: 'drop', atMs: 7, reason: '', tasks });

test('a letter lives until all of its units are requeued; dropped ones are told apart', () => {
  const journal = [dead(letter(1, [0, 4]), letter(2, [7, 8]))];
  expect(lettersOf(journal).map((l) => l.sequence)).toEqual([1, 2]);
  journal.push(requeue([1, 2], [7, 8]));
  expect(lettersOf(journal).map((l) => [l.sequence, l.units])).toEqual([
    [
      1,
      [
        [0, 1],
        [2, 4],
      ],
    ],
  ]);
  journal.push(drop(1));
  expect(lettersOf(journal)).toMatchObject([{ sequence: 1, isDropped: true, deadAtMs: 5 }]);
  // The same unit may die again, in another task.
  journal.push(dead(letter(9, [7, 8])), requeue([0, 4]));
  expect(lettersOf(journal)).toMatchObject([{ sequence: 9, isDropped: false }]);
  // A drop closes nothing and opens nothing.
  expect([...closesOf(journal, 8)!]).toEqual([0, 0, 0, 0, 0, 0, 0, 6]);
});

test('a record that was written twice is one letter; one of before letters is none', () => {
  expect(lettersOf([dead(letter(1, [0, 1])), dead(letter(1, [0, 1]))])).toHaveLength(1);
  expect(lettersOf([{ kind: 'dead', atMs: 1, reason: '', units: [[0, 1]] }])).toEqual([]);
});
