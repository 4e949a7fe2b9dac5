/** What somebody beside the store has noted of the audit log. */
import { expect, test } from 'vitest';
import { AuditLog } from '../../../../coordinator/audit/audit-log.ts';
import { AuditReader } from '../../../../coordinator/audit/audit-reader.ts';
import type { Call, Head } from '../../../../coordinator/audit/entry.ts';
import { MemoryAudit } from '../../../support/memory-audit.ts';
import { SteppedClock } from '../../../support/stepped-clock.ts';

const call: Call = { who: 'ops', by: 'token', method: '/a/B', peer: 'p', outcome: 'ok' };

test('a coordinator that is alone: its end is missed though no other chain tells of it', async () => {
  const store = new MemoryAudit();
  const heads: Record<string, Head> = {};
  const onWritten = (chain: string, head: Head): void => void (heads[chain] = head);
  const log = new AuditLog({ store, coordinatorId: 'co_1', clock: new SteppedClock(), onTrouble: () => undefined, onWritten });
  for (let i = 0; i < 3; i++) await log.record(call);
  const problems = async (noted: Record<string, Head>): Promise<string[]> => {
    const found: string[] = [];
    for await (const step of new AuditReader(store, async () => noted).verify([], new AbortController().signal))
      if (step.kind === 'problem') found.push(step.problem.problem);
    return found;
  };
  expect(await problems(heads)).toEqual([]);
  const [pieces] = store.kept.values();
  pieces!.delete(Math.max(...pieces!.keys()));
  expect(await problems({})).toEqual([]);
  expect(await problems(heads)).toEqual(['is the last one: Redis has seen 4 lines, the end was cut off']);
  // What was not written is not noted.
  store.mood = 'sick';
  const before = { ...heads };
  await log.record(call).catch(() => undefined);
  expect(heads).toEqual(before);
});
