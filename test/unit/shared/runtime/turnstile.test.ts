import { expect, test } from 'vitest';
import { Turnstile } from '../../../../shared/runtime/turnstile.ts';

test('so many at a time, in the order in which they came, also past one that fails; more than may wait are sent away', async () => {
  const turnstile = new Turnstile({ places: 2, maxWaiting: 3 });
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = gates.map((gate, i) =>
    turnstile
      .pass(async () => {
        begun.push(i);
        await gate.promise;
        return i;
      })
      .catch((error: unknown) => (error as Error).message),
  );
  expect(begun).toEqual([0, 1]);
  expect(turnstile.waiting).toBe(3);
  await expect(turnstile.pass(async () => 'never')).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 2_000 });

  gates[1]!.reject(new Error('broke'));
  expect(await all[1]).toBe('broke');
  expect(begun).toEqual([0, 1, 2]);
  for (const i of [0, 2, 3, 4]) gates[i]!.resolve();
  expect(await Promise.all(all)).toEqual([0, 'broke', 2, 3, 4]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(turnstile.waiting).toBe(0);
  expect(await turnstile.pass(async () => 'again')).toBe('again');
});
