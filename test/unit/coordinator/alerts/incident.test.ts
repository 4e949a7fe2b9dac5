/** The life of an incident: whatever is seen when, its beginnings and ends take turns, and each holds as long as it should. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepOf, type Incident, type Ongoing } from '../../../../coordinator/alerts/incident.ts';

const incident: Incident = { key: 'agent_lost:a', kind: 'agent_lost', namespace: '', summary: 's', facts: {} };

test('beginning and end take turns, none before its time', () => {
  const looks = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 50 })), { maxLength: 60 });
  fc.assert(
    fc.property(looks, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (seen, afterMs, clearMs) => {
      let known: Ongoing | undefined;
      let nowMs = 0;
      /** Since when it was seen, or not seen, at each look. */
      let sameSinceMs = 0;
      let last: boolean | undefined;
      const told: string[] = [];
      for (const [isSeen, passedMs] of seen) {
        nowMs += passedMs;
        if (isSeen !== last) [last, sameSinceMs] = [isSeen, nowMs];
        const step = stepOf(known, isSeen ? incident : undefined, { nowMs, afterMs, clearMs });
        if (!step) continue;
        known = step.next;
        if (!step.tell) continue;
        told.push(step.tell);
        expect(step.tell).toBe(isSeen ? 'opened' : 'resolved');
        expect(nowMs - sameSinceMs).toBeGreaterThanOrEqual(isSeen ? afterMs : clearMs);
      }
      expect(told).toEqual(told.map((_, i) => (i % 2 === 0 ? 'opened' : 'resolved')));
      expect(known?.state === 'open').toBe(told.at(-1) === 'opened');
    }),
  );
});
