/** A stop ends in its time, whatever hangs. */
import { expect, test } from 'vitest';
import { StopLimit } from '../../../../shared/runtime/stop-limit.ts';
import { systemClock, type Clock } from '../../../../shared/runtime/clock.ts';
import { stopAll } from '../../../../shared/runtime/service.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const never = (): Promise<void> => new Promise(() => undefined);
const late: string[] = [];
const limitOf = (limitMs: number, clock: Clock = systemClock): StopLimit =>
  new StopLimit({ clock, limitMs, onLate: ({ message }) => void late.push(message) });

test('services that never stop keep the others from nothing, and share one limit', async () => {
  const stopped: string[] = [];
  const clock = new FakeClock();
  const limit = limitOf(300, clock);
  const service = (name: string, stop: () => Promise<void>) => limit.of(name, { start: async () => undefined, stop });
  const quick = (name: string) => service(name, async () => void stopped.push(name));
  await stopAll([quick('first'), service('hangs', never), service('hangs too', never), quick('last')]);
  expect(stopped).toEqual(['last', 'first']);
  expect(late.splice(0)).toEqual([expect.stringContaining('hangs too did not end'), expect.stringContaining('hangs did not end')]);
  // The second one that hangs has the least time, not the limit again.
  expect(clock.time).toBeLessThan(2 * 300);
});

test('what fails in time is told, and what fails later is not', async () => {
  const limit = limitOf(50);
  await expect(limit.wait('this', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await limit.wait('that', () => systemClock.sleep(200).then(() => Promise.reject(new Error('late'))));
});
