import { expect, test } from 'vitest';
import { LogBook } from '../../../../agent/logs/log-book.ts';
import { LinePace } from '../../../../agent/session/line-pace.ts';
import { Redactor } from '../../../../shared/domain/redactor.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

test('a stream carries what was saved up, then so many bytes a second, and in the end what it still may', async () => {
  const clock = new FakeClock();
  const logs = new LogBook({ clock, redactor: new Redactor([]) });
  const pace = new LinePace({ logs, clock, bytesPerSecond: 1_000 });
  const over = new AbortController();
  const next = async (): Promise<number> => (await pace.next(over.signal)).length;
  const say = (lines: number): void => Array.from({ length: lines }, () => logs.say('', 'info', 'x'.repeat(436))).forEach(() => undefined);
  say(40);
  expect(await next(), 'eight seconds, of 500 bytes each').toBe(16);
  const from = clock.time;
  let sent = 0;
  while (sent < 20) sent += await next();
  expect((clock.time - from) / 1000).toBeGreaterThan(8);
  expect((clock.time - from) / 1000).toBeLessThan(12);
  clock.time += 60_000;
  expect(pace.rest()).toHaveLength(4);
  expect(pace.rest()).toEqual([]);
  const waiting = pace.next(over.signal);
  over.abort(new Error('over'));
  await expect(waiting).rejects.toThrow('over');
});
