/** When an agent that slept takes its leases for lost: by the age of their last renewal, and no earlier than they run out. */
import { beforeEach, expect, test } from 'vitest';
import { Fence } from '../../../../agent/session/fence.ts';

const [LEASE_MS, BEAT_MS, LOOK_MS] = [30_000, 10_000, 1_000];

let fence: Fence;
let passed: number;
beforeEach(() => {
  passed = 0;
  const look = (): number => {
    const ms = passed;
    passed = 0;
    return ms;
  };
  fence = new Fence({ look }, () => LOOK_MS);
  fence.hello();
  fence.welcomed(LEASE_MS);
});

/** Awake for so long; says whether it was fenced. */
function awake(ms: number): boolean {
  for (let at = 0; at < ms; at += LOOK_MS) if (asleep(LOOK_MS)) return true;
  return false;
}
function asleep(ms: number): boolean {
  passed = ms;
  return fence.look() !== undefined;
}
/** So many heartbeats, answered up to that one. */
function beats(from: number, to: number, answeredTo = to): void {
  for (let sequence = from; sequence <= to; sequence++) {
    fence.sent(sequence);
    if (sequence <= answeredTo) fence.acknowledged(sequence);
    expect(awake(BEAT_MS)).toBe(false);
  }
}

test('a sleep that is shorter than a lease, after heartbeats that nobody answered: the age of the last renewal counts', () => {
  beats(1, 3, 1);
  expect(asleep(20_000)).toBe(false); // an answer to the third may lie unread
  expect(awake(3_000)).toBe(true);
});

test('… and so does a stream that was broken before the sleep', () => {
  beats(1, 1);
  expect(awake(15_000)).toBe(false);
  expect(asleep(20_000)).toBe(true);
  // Once is enough.
  expect(awake(60_000)).toBe(false);
});

test('a sleep within what the last renewal leaves changes nothing, nor does being awake without a coordinator for ever', () => {
  beats(1, 3);
  expect(asleep(20_000)).toBe(false);
  expect(awake(300_000)).toBe(false);
});

test('a slow coordinator: what it answered while this process slept is read before anything is judged', () => {
  beats(1, 3, 1);
  expect(asleep(20_000)).toBe(false);
  fence.sent(4);
  expect(fence.look()).toBeUndefined();
  fence.acknowledged(3);
  expect(awake(BEAT_MS)).toBe(false);
});

test('a new Welcome renews, and heartbeats of the stream before count for nothing', () => {
  beats(1, 2, 0);
  fence.hello();
  fence.acknowledged(2);
  fence.welcomed(LEASE_MS);
  expect(asleep(25_000)).toBe(false);
  fence.hello();
  fence.welcomed(LEASE_MS);
  expect(awake(100_000)).toBe(false);
  expect(asleep(LEASE_MS + 2 * LOOK_MS)).toBe(true);
});

test('before the first Welcome there is nothing to lose', () => {
  const early = new Fence({ look: () => 1_000_000 }, () => LOOK_MS);
  expect(early.look()).toBeUndefined();
});
