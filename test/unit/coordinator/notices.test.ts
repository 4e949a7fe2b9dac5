/** Notices at the start of a coordinator: it waits for Redis's answer, and not for ever. */
import { expect, test } from 'vitest';
import { Notices, type NoticeHandlers } from '../../../coordinator/notices.ts';
import type { RedisClient } from '../../../coordinator/redis/connect.ts';
import { createLogger } from '../../../shared/telemetry/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const noticesOn = (subscribe: () => Promise<unknown>): { notices: Notices; clock: FakeClock } => {
  const clock = new FakeClock();
  const redis = { on: () => undefined, subscribe } as unknown as RedisClient;
  const logger = createLogger({ name: 'test', level: 'silent' });
  return { notices: new Notices({ redis, channel: 'n', handlers: {} as NoticeHandlers, clock, logger }), clock };
};

test('a node that never answers SUBSCRIBE ends the start after ten seconds', async () => {
  const { notices, clock } = noticesOn(() => new Promise(() => undefined));
  await expect(notices.start()).rejects.toMatchObject({ code: 'deadline', message: 'SUBSCRIBE at Redis did not end within 10000 ms' });
  expect(clock.time).toBe(10_000);
});

test('what Redis says to it is what the start says', async () => {
  await noticesOn(async () => 1).notices.start();
  await expect(noticesOn(async () => Promise.reject(new Error('Connection is closed.'))).notices.start()).rejects.toThrow('closed');
});
