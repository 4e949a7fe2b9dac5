/** How much of what agents report may wait for the store: of one session, and of all. */
import { expect, test } from 'vitest';
import { ReportBudget } from '../../../../coordinator/sessions/report-budget.ts';
import { Reports, type ReportsParts } from '../../../../coordinator/sessions/reports.ts';
import type { HeldAttempt } from '../../../../coordinator/sessions/session-types.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';

const MIB = 1 << 20;

/** Sessions of agents that hold one attempt each, over a store that answers when it is told to. */
function sessions(count: number, budget: ReportBudget) {
  const answers: (() => void)[] = [];
  const all = Array.from({ length: count }, (_, i) => {
    const held = new Map([['a', { attemptId: 'a', first: 0, end: 1_000, done: new Set() } as unknown as HeldAttempt]]);
    const commit = async (): Promise<object> => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return { attemptId: 'a', units: [], lost: false, taskOver: false, counted: 0, errored: 0 };
    };
    const proved = { check: () => undefined, onMisdeed: () => undefined, isQuarantined: () => false };
    const parts = { agentId: `ag${i}`, held, budget, duties: { commit }, ...proved, onAck: () => undefined, logger: silentLogger() };
    return new Reports(parts as unknown as ReportsParts);
  });
  const report = (i: number, bytes: number): void =>
    all[i]!.take({
      attemptId: 'a',
      evaluationId: 'ev',
      taskId: 'ev-1',
      traceparent: '',
      results: [{ unit: 0, content: Buffer.alloc(bytes) }],
    });
  return { all, report, answer: () => answers.shift()!() };
}

test('all sessions share one budget: who has something waiting is read no more, until there is room in all', async () => {
  const { all, report, answer } = sessions(3, new ReportBudget(4 * MIB));
  report(0, 3 * MIB);
  expect(all.map((r) => r.isFull)).toEqual([false, false, false]);
  report(1, 2 * MIB);
  // The third one has brought nothing: it is heard.
  expect(all.map((r) => r.isFull)).toEqual([true, true, false]);
  let hasRoom = false;
  const room = all[1]!.room().then(() => (hasRoom = true));
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  answer();
  await room;
  expect(all.map((r) => r.isFull)).toEqual([false, false, false]);
});

test('one session alone has a bound of its own, and room when its own is taken, whatever others have', async () => {
  const { all, report, answer } = sessions(2, new ReportBudget(40 * MIB));
  report(0, 33 * MIB);
  expect(all[0]!.isFull).toBe(true);
  report(1, 8 * MIB);
  const room = all[0]!.room();
  answer();
  await room;
  expect(all.map((r) => r.isFull)).toEqual([false, false]);
});
