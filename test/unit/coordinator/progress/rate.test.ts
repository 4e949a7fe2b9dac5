import { expect, test } from 'vitest';
import { rateOf } from '../../../../coordinator/progress/events.ts';

const NOW = 1_000_000;
const progress = (agoMs: number, scored: number): { json: string } => ({
  json: JSON.stringify({ k: 'p', t: NOW - agoMs, c: [100, scored, 1, 0, 0, 0], g: [], f: 0, a: 0 }),
});
const state = { json: JSON.stringify({ k: 's', t: NOW, s: 'running', r: '' }) };

test('units a second until now, by what is not older than a minute', () => {
  expect(rateOf([state, progress(1_000, 30), progress(10_000, 10), progress(70_000, 0)], NOW)).toBe(2);
});

test('nothing is told by one event, old ones, or a requeue', () => {
  for (const events of [
    [],
    [state],
    [progress(1_000, 5)],
    [progress(61_000, 50), progress(62_000, 0)],
    [progress(1_000, 0), progress(2_000, 9)],
  ])
    expect(rateOf(events, NOW)).toBe(0);
  expect(rateOf([progress(-10, 5), progress(-5, 1)], NOW)).toBe(0);
});
