/** Looks of many askers: each has places of its own, and those who wait take turns. */
import { beforeEach, expect, test } from 'vitest';
import fc from 'fast-check';
import { FairLooks } from '../../../../shared/runtime/fair-looks.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let clock: FakeClock;
let looks: FairLooks;
beforeEach(() => {
  clock = new FakeClock();
  looks = new FairLooks({ clock, places: 4, placesOfEach: 2, inVain: 10, inVainPerSecond: 1 });
});

const settle = (): Promise<void> => new Promise(setImmediate);
const codeOf = (run: Promise<void>): Promise<string> =>
  run.then(
    () => 'ok',
    (error: unknown) => AppError.from(error).code,
  );

/** Looks that are under way until they are told to end. */
function slow() {
  const open: { who: string; end: (found: boolean) => void }[] = [];
  const look = (who: string): Promise<string> =>
    codeOf(looks.look(who, () => new Promise((end) => void open.push({ who, end: (found) => end(found) }))));
  return { open, look, names: () => open.map(({ who }) => who).join('') };
}

test('one asker has his places and as many in line, and no more; others are let in beside him, and then take turns', async () => {
  const { open, look, names } = slow();
  const greedy = Array.from({ length: 10 }, () => look('a'));
  await settle();
  expect(names()).toBe('aa');
  const others = [look('b'), look('c'), look('d'), look('e'), look('d')];
  await settle();
  expect(names()).toBe('aabc');
  for (let i = 0; i < 9; i++) {
    open[i]?.end(true);
    await settle();
  }
  // The line of a was there first, but each has one turn before anybody has another.
  expect(names()).toBe('aabcadead');
  expect(await Promise.all(others)).toEqual(Array(5).fill('ok'));
  expect((await Promise.all(greedy)).toSorted()).toEqual([...Array(4).fill('ok'), ...Array(6).fill('unavailable')]);
});

test('looks in vain are bounded for each; what is found, or could not be looked for, costs nothing', async () => {
  const once = (who: string, found: boolean): Promise<string> => codeOf(looks.look(who, async () => found));
  for (let i = 0; i < 50; i++) expect(await once('a', true)).toBe('ok');
  const away = async (): Promise<boolean> => {
    throw new AppError('internal', 'away');
  };
  for (let i = 0; i < 50; i++) expect(await codeOf(looks.look('a', away))).toBe('internal');
  for (let i = 0; i < 10; i++) expect(await once('a', false)).toBe('ok');
  expect(await once('a', false)).toBe('unavailable');
  expect(await once('b', false)).toBe('ok');
  clock.time += 2_000;
  for (const code of ['ok', 'ok', 'unavailable']) expect(await once('a', false)).toBe(code);
  clock.time += 3_600_000;
  for (let i = 0; i < 10; i++) expect(await once('a', false)).toBe('ok');
  expect(await once('a', false)).toBe('unavailable');
});

test('never more at the same time than there are places, of all and of each; and every look comes to its end', async () => {
  const asked = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 3 })), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(asked, async (all) => {
      const fair = new FairLooks({ clock, places: 3, placesOfEach: 2, inVain: 1_000, inVainPerSecond: 1 });
      const inside: string[] = [];
      const run = async (who: string, turns: number): Promise<boolean> => {
        inside.push(who);
        expect(inside.length).toBeLessThanOrEqual(3);
        expect(inside.filter((one) => one === who).length).toBeLessThanOrEqual(2);
        for (let i = 0; i < turns; i++) await Promise.resolve();
        inside.splice(inside.indexOf(who), 1);
        if (turns === 3) throw new AppError('internal', 'away');
        return turns === 0;
      };
      const codes = await Promise.all(all.map(([who, turns]) => codeOf(fair.look(who, () => run(who, turns)))));
      expect(inside).toEqual([]);
      for (const code of codes) expect(['ok', 'internal', 'unavailable']).toContain(code);
      expect(await codeOf(fair.look('z', async () => true))).toBe('ok');
    }),
    { numRuns: 200 },
  );
});
