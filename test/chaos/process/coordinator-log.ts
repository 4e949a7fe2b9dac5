/** Writes down what a coordinator asks of its ledger and store, and what the answers say. */
import type { Leases } from '../../../coordinator/ledger/leases.ts';
import type { Ledger } from '../../../coordinator/ledger/ledger.ts';
import type { Store } from '../../../coordinator/store/store.ts';
import { digestOf, now, type Note } from './log.ts';
import type { Around } from './ports.ts';

type Args<P, K extends keyof P> = P[K] extends (...args: infer A) => unknown ? A : never;
type Answer<P, K extends keyof P> = P[K] extends (...args: never[]) => Promise<infer R> ? R : never;

export function logging(note: Note): Around {
  return async (place, args, call) => {
    const t0 = now();
    if (place === 'ledger.release') {
      const [evaluation, items] = args as Args<Ledger, 'release'>;
      for (const { sequence, kind, attemptId } of items) note({ what: 'releasing', evaluation, sequence, kind, attempt: attemptId ?? '' });
    }
    if (place === 'ledger.spare') {
      const [evaluation, { attemptId: attempt, units }] = args as Args<Ledger, 'spare'>;
      note({ what: 'sparing', evaluation, attempt, units: [...units] });
    }
    const answer = await call();
    tell(note, { place, args, answer, t0 });
    return answer;
  };
}

function tell(note: Note, { place, args, answer, t0 }: { place: string; args: readonly unknown[]; answer: unknown; t0: number }): void {
  switch (place) {
    case 'ledger.grant': {
      const [evaluation, agent, grants] = args as Args<Ledger, 'grant'>;
      for (const [i, { answer: what, units, grant }] of (answer as Answer<Ledger, 'grant'>).entries()) {
        const { sequence, attemptId: attempt } = grants[i]!;
        if (what === 'granted') note({ what: 'granted', t0, evaluation, sequence, attempt, agent, grant, units });
      }
      return;
    }
    case 'ledger.commit': {
      const [evaluation, reports] = args as Args<Ledger, 'commit'>;
      const { verdicts, state = '' } = answer as Answer<Ledger, 'commit'>;
      for (const [i, { attemptId: attempt, agentId: agent, units }] of reports.entries()) {
        const { refused, late } = verdicts[i]!;
        note({ what: 'committed', t0, evaluation, attempt, agent, units: units.map(({ unit }) => unit), refused, late, state });
      }
      return;
    }
    case 'ledger.release': {
      const [evaluation, items] = args as Args<Ledger, 'release'>;
      for (const [i, { answer: what }] of (answer as Answer<Ledger, 'release'>).entries()) {
        const { sequence, kind, attemptId = '' } = items[i]!;
        note({ what: 'released', t0, evaluation, sequence, kind, attempt: attemptId, answer: what });
      }
      return;
    }
    case 'ledger.restore':
    case 'ledger.reopen': {
      const [evaluation, units] = args as Args<Ledger, 'restore'>;
      const what = place === 'ledger.restore' ? 'restored' : 'reopened';
      return note({ what, t0, evaluation, units: units.map(({ unit }) => unit) });
    }
    case 'ledger.create': {
      const [{ evaluationId: evaluation }, , generation, more] = args as Args<Ledger, 'create'>;
      if (answer) note({ what: 'made', t0, evaluation, generation, anew: more?.rebuild ?? false });
      return;
    }
    case 'ledger.control': {
      const [{ evaluationId: evaluation }, { action }] = args as Args<Ledger, 'control'>;
      const { done, state } = answer as Answer<Ledger, 'control'>;
      if (action !== 'tell') note({ what: 'controlled', t0, evaluation, action, done, state });
      return;
    }
    case 'leases.renew': {
      const [leases] = args as Args<Leases, 'renew'>;
      const renewed = answer as Answer<Leases, 'renew'>;
      const attempts = leases.flatMap(({ attemptId }, i) => (renewed[i] ? [attemptId] : []));
      if (attempts.length > 0) note({ what: 'renewed', t0, attempts });
      return;
    }
    case 'leases.expired': {
      const attempts = (answer as Answer<Leases, 'expired'>).map(({ attemptId }) => attemptId);
      if (attempts.length > 0) note({ what: 'looked', t0, attempts });
      return;
    }
    case 'store.appendResults': {
      const [evaluation, frames] = args as Args<Store, 'appendResults'>;
      for (const { attemptId: attempt, agentId: agent, grant, results } of frames)
        note({
          what: 'stored',
          t0,
          evaluation,
          attempt,
          agent,
          grant,
          units: results.map(({ unit }) => unit),
          digests: results.map(({ content }) => digestOf(content)),
        });
      return;
    }
    default:
  }
}
