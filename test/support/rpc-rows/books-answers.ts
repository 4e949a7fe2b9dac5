/** Books as a coordinator might answer. */
import type { Books } from '../../../shared/client/books.ts';
import { evaluation } from '../rpc.ts';

/** Books in which every field says something. */
export const booksOf = (evaluationId: string): Books => ({
  evaluationId,
  state: 'running',
  balanced: false,
  counts: evaluation().counts,
  groups: [{ benchmark: 'b', model: 'm', counts: evaluation().counts }],
  frames: {
    frames: 1,
    results: 2,
    voidFrames: 3,
    refused: 4,
    setAside: 5,
    uncounted: 6,
    countedThoughRefused: 7,
    copies: 8,
    unitsWithSeveral: 9,
    agreed: 10,
    differed: 11,
    repeatedExecutions: 12,
    calls: 13,
    retries: 14,
    repeatedCalls: 15,
  },
  requeues: 1,
  requeuedUnits: 2,
  generations: 3,
  attempts: 4,
  agents: { ag_0000000000000001: 3 },
  differences: [{ place: 'ledger.counts.scored', expected: '3', found: '2' }],
  moreDifferences: 1,
  notCompared: ['the report: there is none yet'],
});
