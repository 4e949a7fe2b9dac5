import { expect, test } from 'vitest';
import { Breather } from '../../../../shared/runtime/breather.ts';

const work = (ms: number): void => {
  for (const until = performance.now() + ms; performance.now() < until;);
};

test('several that begin at once leave turns between their long pieces', async () => {
  const breather = new Breather({ maxMs: 5 });
  const order: string[] = [];
  const piece = (name: string): Promise<void> =>
    breather.run(() => {
      order.push(name);
      work(10);
    });
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('turn');
    }
  };
  await Promise.all([turn(), piece('a'), piece('b'), piece('c')]);
  const at = (name: string): number => order.indexOf(name);
  expect(order.slice(at('a') + 1, at('b'))).toContain('turn');
  expect(order.slice(at('b') + 1, at('c'))).toContain('turn');
});

test('short pieces go on without waiting', async () => {
  const breather = new Breather({ maxMs: 60_000 });
  let turned = false;
  setImmediate(() => (turned = true));
  for (let i = 0; i < 100; i++) expect(await breather.run(() => i)).toBe(i);
  await expect(
    breather.run(() => {
      throw new Error('boom');
    }),
  ).rejects.toThrow('boom');
  expect(turned).toBe(false);
});
