/** S1 what was acknowledged with a replica is on one: whoever looks there after the answer finds it. */
import type { History } from '../history/history.ts';
import type { Violation } from './violation.ts';

export function* replicated(history: History): Iterable<Violation> {
  const looks = Map.groupBy(history.of('replica'), ({ evaluation }) => evaluation);
  for (const ok of history.of('ok')) {
    const look = ok.replicas ? looks.get(ok.evaluation)?.find(({ t }) => t > ok.t) : undefined;
    if (look && (look.state === '' || (ok.op === 'pause' && look.state !== 'paused')))
      yield {
        invariant: 'S1',
        problem: `the ${ok.op} of ${ok.evaluation} was acknowledged with a replica, which does not have it`,
        evidence: [ok, look],
      };
  }
}
