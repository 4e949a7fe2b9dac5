/** What was changed in evaluations, on its way into the audit log. */
import { expect, test } from 'vitest';
import { Changes } from '../../../../coordinator/audit/changes.ts';
import type { Call } from '../../../../coordinator/audit/entry.ts';
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
