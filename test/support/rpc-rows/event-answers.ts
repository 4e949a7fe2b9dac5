/** Events, whatever is asked for. */
import type { EventUseCases } from '../../../coordinator/rpc/use-cases.ts';

const incident = {
  ...{ incident: 'i1', kind: 'dead_letters', severity: 'warning' as const, namespace: 'team-a' },
  ...{ summary: 'two', facts: { deadLetters: '2' } },
};

export const events: EventUseCases = {
  list: async () => ({
    ...{ ongoing: [{ ...incident, open: true, sinceMs: 3, absentMs: 0 }], open: 1, waiting: 0 },
    ...{ items: [{ ...incident, id: 'i1:opened', status: 'opened', startedMs: 3, atMs: 3 }], nextToken: 'more' },
  }),
};
