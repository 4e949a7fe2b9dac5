/** What an agent's word on an attempt that it lost makes of it. */
import { expect, test } from 'vitest';
import type { LastWords } from '../../../../coordinator/evaluations/dead/last-words.ts';
import type { Lease } from '../../../../coordinator/ledger/leases.ts';
import { Crashes, type Survivor } from '../../../../coordinator/sessions/crashes.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';

const crashes = new Crashes({ evidenceOf: async (agent: string) => ({ agent }) } as unknown as LastWords, silentLogger());
const lease: Lease = { evaluationId: 'ev_one', sequence: 3, attemptId: 'a', agentId: 'ag', instanceId: 'before' };
const survivor = (more: Partial<Survivor>): Survivor => ({ name: 'north', instanceId: 'now', ...more });
const life = (units: number[]): Survivor['previousLife'] => ({
  instanceId: 'before',
  seenAtMs: 0,
  lastOutput: '',
  running: units.map((unit) => ({ attemptId: 'a', taskId: 'ev_one-3', unit })),
});

test('an attempt of a life before is a crash; of its suspects alone, where they are known', async () => {
  expect(await crashes.itemOf(survivor({}), lease)).toMatchObject({ kind: 'crash', evidence: { agent: 'north', instanceId: 'before' } });
  expect(await crashes.itemOf(survivor({ previousLife: life([7]) }), lease)).toMatchObject({ kind: 'crash', suspects: [7] });
  expect(await crashes.itemOf(survivor({ previousLife: life([]) }), lease)).toMatchObject({ kind: 'returned' });
});

test('a result that the disk did not give back is no crash of an agent that lives', async () => {
  const item = await crashes.itemOf(survivor({ instanceId: 'before' }), lease, 'a result could not be read back');
  expect(item).toMatchObject({
    kind: 'lost',
    evidence: { agent: 'north', instanceId: 'before', exit: 'a result could not be read back' },
  });
});
