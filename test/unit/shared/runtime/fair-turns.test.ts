import { expect, test } from 'vitest';
import { FairTurns } from '../../../../shared/runtime/fair-turns.ts';

/** A clock whose time and turns a test makes. */
function steppedTurns() {
  let now = 0;
  let next: (() => void)[] = [];
  const clock = { monotonic: () => now, soon: (work: () => void) => void next.push(work) };
  return {
    turns: new FairTurns({ maxMs: 1, clock }),
    pass: (ms: number): void => void (now += ms),
    /** One turn of the loop. */
    turn: (): void => {
      const works = next;
      next = [];
      for (const work of works) work();
    },
  };
}

test('pieces run at once while there is time in a turn, then one a turn', () => {
  const { turns, pass, turn } = steppedTurns();
  const done: number[] = [];
  const run = (n: number): void => turns.run(['a'], () => (done.push(n), pass(0.6)));
  for (const n of [1, 2, 3, 4]) run(n);
  expect(done).toEqual([1, 2]);
  turn();
  expect(done).toEqual([1, 2, 3]);
  run(5);
  expect(done).toEqual([1, 2, 3]); // behind what waits
  turn();
  turn();
  expect(done).toEqual([1, 2, 3, 4, 5]);
  turn();
  run(6);
  expect(done.at(-1)).toBe(6);
});

test('turns are fair among the widest owners, then among those of each', () => {
  const { turns, pass, turn } = steppedTurns();
  const done: string[] = [];
  turns.run(['x'], () => pass(1));
  for (const [peer, connection, call] of ['a1x', 'a1y', 'a1z', 'a2x', 'b1x', 'b1y'])
    turns.run([peer, connection], () => void done.push(`${peer}${connection}${call}`));
  for (let i = 0; i < 6; i++) turn();
  expect(done).toEqual(['a1x', 'b1x', 'a2x', 'b1y', 'a1y', 'a1z']);
});

test('who passes waits for no turn while there is time, and for his own after that', async () => {
  const { turns, pass, turn } = steppedTurns();
  expect(turns.pass(['a'])).toBeUndefined();
  pass(1);
  let passed = false;
  const waits = turns.pass(['a'])?.then(() => (passed = true));
  await Promise.resolve();
  expect(passed).toBe(false);
  turn();
  await waits;
  expect(passed).toBe(true);
});

test('what throws holds up nothing that waits', () => {
  const { turns, pass, turn } = steppedTurns();
  const done: number[] = [];
  turns.run(['a'], () => pass(1));
  turns.run(['a'], () => {
    throw new Error('broken');
  });
  turns.run(['b'], () => void done.push(1));
  expect(turn).toThrow('broken');
  turn();
  expect(done).toEqual([1]);
});
