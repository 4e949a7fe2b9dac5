import { expect, test } from 'vitest';
import { LedgerRetention, type LedgerPolicy } from '../../../../coordinator/evaluations/retention/ledger-retention.ts';
import type { RedisMemory } from '../../../../coordinator/redis/memory.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';

const NOW = 1_000_000_000;
const never = new AbortController().signal;

/** Evaluations e1, e2, … that ended one second after the other, the last one now; each ledger takes 100 bytes. */
function world(
  count: number,
  policy: Partial<LedgerPolicy>,
  memory: (left: number) => RedisMemory | undefined = () => undefined,
  unmarked: string[] = [],
) {
  const ids = Array.from({ length: count }, (_, i) => `e${i + 1}`);
  const there = new Set(ids);
  const asked: string[] = [];
  const counted: Record<string, number> = {};
  const retention = new LedgerRetention({
    ledgerPolicy: { keepMs: 3_600_000, ledgers: 100_000, bytes: undefined, ...policy },
    redisHeadroomPercent: 20,
    memory: async () => memory(there.size),
    index: {
      async *ended() {
        yield ids.map((evaluationId, i) => ({
          evaluationId,
          finishedAtMs: NOW - 1_000 * (ids.length - 1 - i),
          namespace: 'default',
          storedBytes: 1,
          keep: false,
        }));
      },
    },
    finalLedgers: {
      bytes: async (id) => (there.has(id) ? 100 : 0),
      forget: async (id) => {
        asked.push(id);
        return there.delete(id);
      },
    },
    isFinished: async (id) => !unmarked.includes(id),
    sharedNow: async () => NOW,
    logger: silentLogger(),
    instruments: { ledgersForgottenTotal: { add: (n, labels) => void (counted[String(labels?.['reason'])] = n) } },
  });
  return { retention, there, asked, counted, ids };
}

test.each([
  ['none where nothing is bounded', {}, 5, {}],
  ['the oldest beyond the number', { ledgers: 3 }, 3, { count: 2 }],
  ['the oldest beyond the bytes', { bytes: 250 }, 2, { bytes: 3 }],
  ['all of them', { ledgers: 0 }, 0, { count: 5 }],
  ['none that Redis has forgotten by itself', { ledgers: 2, keepMs: 1_500 }, 5, {}],
])('forgets %s', async (_, policy, left, reasons) => {
  const { retention, there, counted, ids } = world(5, policy);
  await retention.runOnce(never);
  expect([...there]).toEqual(ids.slice(5 - left));
  expect(counted).toEqual(reasons);
});

test('while Redis is about to refuse new evaluations, the oldest go until it is not', async () => {
  // 80 % may be taken, and at nine tenths of that room is made.
  const { retention, there, counted } = world(400, {}, (left) => ({ maxBytes: 1_000, usedBytes: 500 + left }));
  await retention.runOnce(never);
  expect(there.size).toBe(200);
  expect(counted).toEqual({ memory: 200 });
});

test('what is forgotten is not asked for again, and one round goes only so far', async () => {
  const { retention, there, asked } = world(2_500, { ledgers: 100 });
  for (const left of [1_500, 500, 100, 100]) {
    await retention.runOnce(never);
    expect(there.size).toBe(left);
  }
  expect(asked.length).toBe(2_400);
});

test('one whose end the store has not marked stays: the ledger is what says it', async () => {
  const { retention, there } = world(3, { ledgers: 0 }, undefined, ['e2']);
  await retention.runOnce(never);
  expect([...there]).toEqual(['e2']);
});

test('a Redis that does not say how full it is has room', async () => {
  const { retention, there } = world(3, {}, () => {
    throw new Error('not now');
  });
  await retention.runOnce(never);
  expect(there.size).toBe(3);
});
