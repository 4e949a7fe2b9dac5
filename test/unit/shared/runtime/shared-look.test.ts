/** One look at a time, and each sees what was there when it asked. */
import { expect, test } from 'vitest';
import { SharedLook } from '../../../../shared/runtime/shared-look.ts';

function looks() {
  const under: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let value = 0;
  const shared = new SharedLook(() => {
    const seen = value;
    return new Promise<number>((resolve, reject) => void under.push({ resolve: () => resolve(seen), reject }));
  });
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  return { shared, under, settled, set: (next: number) => void (value = next) };
}

test('who asks while one is under way shares the next one', async () => {
  const { shared, under, settled, set } = looks();
  const first = shared.look();
  set(1);
  const others = Array.from({ length: 100 }, () => shared.look());
  await settled();
  expect(under).toHaveLength(1);
  under[0]!.resolve();
  expect(await first).toBe(0);
  await settled();
  expect(under).toHaveLength(2);
  set(2);
  const last = shared.look();
  under[1]!.resolve();
  expect(new Set(await Promise.all(others))).toEqual(new Set([1]));
  await settled();
  under[2]!.resolve();
  expect(await last).toBe(2);
  // Nothing is kept of what is over.
  void shared.look();
  expect(under).toHaveLength(4);
});

test('one that fails fails for those who share it, and the next one is made', async () => {
  const { shared, under, settled } = looks();
  const first = shared.look();
  const second = shared.look();
  under[0]!.reject(new Error('the store'));
  await expect(first).rejects.toThrow('the store');
  await settled();
  under[1]!.resolve();
  expect(await second).toBe(0);
});
