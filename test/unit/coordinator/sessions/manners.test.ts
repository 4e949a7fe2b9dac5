import { expect, test } from 'vitest';
import { Manners } from '../../../../coordinator/sessions/manners.ts';
import type { Clock } from '../../../../shared/runtime/clock.ts';

function manners(of: { refused?: number; isQuarantined?: boolean } = {}) {
  let [now, waitedMs, refused] = [0, 0, of.refused ?? 0];
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    soon: (work) => work(),
    sleep: async (ms) => {
      waitedMs += ms;
      now += ms;
    },
  };
  const parts = { refused: () => refused, isQuarantined: () => of.isQuarantined ?? false, clock };
  const one = new Manners(parts);
  return {
    /** How long the next message waits. */
    after: async (kind: 'report' | 'heartbeat' | 'credit', more = 0): Promise<number> => {
      refused += more;
      waitedMs = 0;
      await one.heard(kind);
      return waitedMs;
    },
  };
}

test('who sends nothing wrong never waits', async () => {
  const { after } = manners({ refused: 50 });
  for (let i = 0; i < 1_000; i++) expect(await after('report')).toBe(0);
  for (let i = 0; i < 50; i++) expect(await after('heartbeat')).toBe(0);
});

test('what was refused is waited for once, by its number, and never longer than a second', async () => {
  const { after } = manners();
  expect(await after('report', 1)).toBe(10);
  expect(await after('credit')).toBe(0);
  expect(await after('report', 30)).toBe(300);
  expect(await after('report', 100_000)).toBe(1_000);
});

test('who is put aside is heard fifty times a second', async () => {
  const { after } = manners({ isQuarantined: true });
  expect(await after('credit')).toBe(20);
  expect(await after('report', 10)).toBe(100);
});

test('heartbeats are heard a hundred times a second', async () => {
  const { after } = manners();
  let ms = 0;
  for (let i = 0; i < 300; i++) ms += await after('heartbeat');
  expect(ms).toBeGreaterThanOrEqual(1_900);
  expect(ms).toBeLessThanOrEqual(2_100);
});
