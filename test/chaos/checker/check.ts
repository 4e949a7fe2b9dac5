/** The checker: holds a history against everything that is promised. */
import type { History } from '../history/history.ts';
import { conserved, durableFirst, provenance, recomputed } from './books.ts';
import { allEnded, cancelled, nothingLeft } from './ends.ts';
import { boundedExecutions, deadByCrashes, notAgain } from './executions.ts';
import { fenced, oneOwner } from './fencing.ts';
import { replicated } from './replicas.ts';
import { acceptedKept, readYourWrites, submittedOnce } from './submits.ts';
import type { Check, Violation } from './violation.ts';
import { leasesKept, warranted } from './warranted.ts';
import { heardTheEnd } from './watches.ts';
import { oneHistory, terminalStays } from './watching.ts';

const CHECKS: readonly Check[] = [
  durableFirst,
  acceptedKept,
  replicated,
  submittedOnce,
  conserved,
  recomputed,
  provenance,
  fenced,
  oneOwner,
  boundedExecutions,
  notAgain,
  warranted,
  leasesKept,
  terminalStays,
  oneHistory,
  heardTheEnd,
  cancelled,
  deadByCrashes,
  readYourWrites,
  allEnded,
  nothingLeft,
];

export const check = (history: History): Violation[] => CHECKS.flatMap((one) => [...one(history)]);

/** For people: what is broken, and the first lines that show it. */
export const describe = (violations: readonly Violation[]): string =>
  violations
    .slice(0, 10)
    .map(({ invariant, problem, evidence }) =>
      [`${invariant}: ${problem}`, ...evidence.slice(0, 4).map((e) => `    ${JSON.stringify(e).slice(0, 400)}`)].join('\n'),
    )
    .join('\n');
