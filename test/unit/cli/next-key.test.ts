import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstWhere, nextRunKey } from '../../../cli/next-key.ts';
import type { Evaluation } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';

test('firstWhere finds the first true in a number of looks that grows with the logarithm', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 100_000 }), async (first) => {
      let looks = 0;
      const found = await firstWhere(async (n) => {
        looks++;
        return n >= first;
      });
      expect(found).toBe(first);
      expect(looks).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(first + 2)) + 2);
    }),
  );
});

const clientWith = (states: EvaluationState[]) => ({
  get: async (id: string): Promise<Evaluation> => {
    const n = states.findIndex((_, i) => evaluationIdOf('default', `run/sha256:x/${i}`) === id);
    if (n < 0) throw new AppError('not_found', 'no such evaluation');
    return { state: states[n] } as Evaluation;
  },
});

test.each<[string, EvaluationState[], number]>([
  ['nothing was run', [], 0],
  ['the first is unfinished', ['running'], 0],
  ['one is finished', ['succeeded'], 1],
  ['failed and cancelled are finished too', ['succeeded', 'failed', 'cancelled'], 3],
  ['the last is unfinished', ['succeeded', 'failed', 'cancelled', 'recovering'], 3],
])('the next run when %s', async (_, states, n) => {
  expect(await nextRunKey(clientWith(states), 'sha256:x', 'default')).toBe(`run/sha256:x/${n}`);
});

test('another error than not_found is no answer', async () => {
  const broken = { get: () => Promise.reject(new AppError('unavailable', 'gone')) };
  await expect(nextRunKey(broken, 'sha256:x', 'default')).rejects.toMatchObject({ code: 'unavailable' });
});
