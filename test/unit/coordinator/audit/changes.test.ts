/** What was changed in evaluations, on its way into the audit log. */
import { expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { Changes } from '../../../../coordinator/audit/changes.ts';
import type { Call } from '../../../../coordinator/audit/entry.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

test('is written together, kept while it cannot be, and counted beyond what can be kept', async () => {
  const clock = new SteppedClock();
  let isFull = false;
  const [written, troubles]: [Call[], unknown[]] = [[], []];
  const changes = new Changes({
    record: async (call) => {
      if (isFull) throw new Error('no room');
      written.push(call);
    },
    clock,
    onTrouble: (error) => troubles.push(error),
  });
  const change = (target: string): Call => ({ who: 'ci', by: 'token', method: '/a/B', peer: 'p', outcome: 'ok', target });
  await changes.start();
  changes.record(change('one'));
  expect(written).toEqual([]);
  await clock.advance(1_000);
  expect(written.map(({ target }) => target)).toEqual(['one']);
  isFull = true;
  for (let i = 0; i < 5_003; i++) changes.record(change(String(i)));
  await clock.advance(2_000);
  expect(troubles.length).toBeGreaterThan(0);
  isFull = false;
  await changes.stop();
  expect(written).toHaveLength(5_001);
  expect(written.at(-1)).toMatchObject({ more: 3 });
});

test('takes none of the room that is kept for those who may make some', async () => {
  const store = new MemoryAudit();
  const log = new AuditLog({ store, coordinatorId: 'co_1', clock: new SteppedClock(), onTrouble: () => undefined });
  const call: Call = { who: 'ci', by: 'token', method: '/a/B', peer: 'p', outcome: 'ok' };
  await log.record(call);
  [store.mood, store.reserved] = ['full', 1];
  await expect(log.recordDone(call)).rejects.toMatchObject({ code: 'unavailable' });
  expect(store.reserved).toBe(1);
  await log.record(call);
  expect(store.reserved).toBe(0);
});
