/** When what goes on in a session is told that it is over, on a clock that a test moves. */
import { expect, test } from 'vitest';
import type { OpenSession } from '../../../../coordinator/http/session/session.ts';
import { SessionWatch } from '../../../../coordinator/http/session/session-watch.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { waitFor } from '../../../support/wait-for.ts';

const HOURS_MS = 3_600_000;
const session = (expiresAtMs: number): OpenSession => ({ bearer: 'b', expiresAtMs });

function watchOf(find: (clock: FakeClock) => Promise<OpenSession | undefined>) {
  const clock = new FakeClock();
  let looks = 0;
  const watch = new SessionWatch({ sessions: { find: () => (looks++, find(clock)) }, clock });
  return { clock, watch, looks: () => looks };
}

/** Why it was over, and when. */
const overOf = (watch: SessionWatch, clock: FakeClock, expiresAtMs: number): Promise<[string, string | undefined, number]> =>
  new Promise((resolve) => watch.watch('c', session(expiresAtMs), ({ code, reason }) => resolve([code, reason, clock.time])));

test('at its end, to the moment', async () => {
  const { clock, watch } = watchOf(async () => session(90_500));
  expect(await overOf(watch, clock, 90_500)).toEqual(['unauthenticated', 'SESSION_OVER', 90_500]);
});

test('within a second of its being found no more, by one look for all calls, each told once', async () => {
  const { clock, watch, looks } = watchOf(async ({ time }) => (time < 3_000 ? session(HOURS_MS) : undefined));
  const told = await Promise.all([overOf(watch, clock, HOURS_MS), overOf(watch, clock, HOURS_MS)]);
  const expected = ['unauthenticated', 'SESSION_OVER', 3_000];
  expect([told, looks()]).toEqual([[expected, expected], 3]);
});

test('soon where it cannot be told; one look that fails is none', async () => {
  const down = (): Promise<never> => Promise.reject(new AppError('unavailable', 'no Redis'));
  const { clock, watch } = watchOf(({ time }) => (time === 1_000 || time >= 3_000 ? down() : Promise.resolve(session(HOURS_MS))));
  expect(await overOf(watch, clock, HOURS_MS)).toEqual(['unavailable', undefined, 4_000]);
  const stuck = watchOf(() => new Promise(() => undefined));
  expect(await overOf(stuck.watch, stuck.clock, HOURS_MS)).toEqual(['unavailable', undefined, 4_000]);
});

test('not at all when the call is over; the others’ look goes on, and a later call has one', async () => {
  let isOver = false;
  const { clock, watch, looks } = watchOf(async () => (isOver ? undefined : session(1e12)));
  const told: string[] = [];
  const leave = watch.watch('c', session(1e12), () => told.push('first'));
  const leaveOther = watch.watch('c', session(1e12), () => told.push('second'));
  leave();
  await waitFor(() => looks() > 2, { what: 'looks for the second' });
  leaveOther();
  const before = looks();
  isOver = true;
  expect((await overOf(watch, clock, 1e12))[0]).toBe('unauthenticated');
  expect([told, looks() - before]).toEqual([[], 1]);
});
