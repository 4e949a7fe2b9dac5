/**
 * Steps between which every promise that can go on has gone on. A turn of the event loop for each would cost as much as the step; between
 * two immediates of one turn promises go on as well, so a turn has many of them.
 */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const STEPS_PER_TURN = 128;

/** Somebody waits for the next turn: it comes after one more step, as if each had its own. */
let isAwaited = false;

const { setImmediate: nextTurn } = timers;
Object.assign(timers, {
  setImmediate: (...args: Parameters<typeof nextTurn>) => {
    isAwaited = true;
    return nextTurn(...args);
  },
});
syncBuiltinESMExports();

/** When every promise that can go on has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Takes steps until one gives an answer. */
export function eachSettled<T>(step: () => T | undefined): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let isOver = false;
    let left = 0;
    const take = (): void => {
      left = isAwaited ? 0 : left - 1;
      isAwaited = false;
      try {
        const answer = step();
        if (answer === undefined) {
          if (left === 0) setImmediate(turn);
          return;
        }
        isOver = true;
        resolve(answer);
      } catch (error) {
        isOver = true;
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    // What follows from a step are microtasks, and so is the step.
    const begin = (): void => {
      if (!isOver && left > 0) queueMicrotask(take);
    };
    const turn = (): void => {
      left = STEPS_PER_TURN;
      queueMicrotask(take);
      for (let i = 1; i < STEPS_PER_TURN; i++) setImmediate(begin);
    };
    left = 1;
    take();
  });
}
