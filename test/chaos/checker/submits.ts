/** S1 what was accepted is kept; S2 one key is one evaluation; S16 what was answered can be read from then on. */
import { isFinal } from '../../../shared/domain/states.ts';
import type { EventOf, History } from '../history/history.ts';
import type { Violation } from './violation.ts';

export function* acceptedKept(history: History): Iterable<Violation> {
  const [left] = history.of('left');
  const there = new Set([...history.of('evaluation').map(({ evaluation }) => evaluation), ...(left?.open ?? [])]);
  const deleted = new Set(okOf(history, 'delete').map(({ evaluation }) => evaluation));
  for (const ok of okOf(history, 'submit'))
    if (!there.has(ok.evaluation) && !deleted.has(ok.evaluation))
      yield { invariant: 'S1', problem: `${ok.evaluation} was accepted and is gone`, evidence: [ok] };
}

export function* submittedOnce(history: History): Iterable<Violation> {
  const invoked = new Map(history.of('invoke').map((event) => [event.call, event]));
  const byKey = Map.groupBy(okOf(history, 'submit'), ({ call }) => invoked.get(call)?.key ?? '');
  for (const [key, oks] of byKey) {
    if (new Set(oks.map(({ evaluation }) => evaluation)).size > 1)
      yield { invariant: 'S2', problem: `the key ${key} has several evaluations`, evidence: oks };
    if (new Set(oks.map(({ call }) => invoked.get(call)?.spec)).size > 1)
      yield { invariant: 'S2', problem: `the key ${key} was accepted with several specs`, evidence: oks };
  }
  for (const fail of history.of('fail').filter(({ op, code }) => op === 'submit' && code === 'already_exists')) {
    const own = invoked.get(fail.call)!;
    if (![...invoked.values()].some(({ key, spec }) => key === own.key && spec !== own.spec))
      yield { invariant: 'S2', problem: `the key ${own.key} was refused, and nobody has another spec under it`, evidence: [own, fail] };
  }
  for (const [key, found] of Map.groupBy(history.of('evaluation'), (event) => event.key)) {
    if (found.length > 1) yield { invariant: 'S2', problem: `the key ${key} has several evaluations`, evidence: found };
    if (![...invoked.values()].some((event) => event.key === key))
      yield { invariant: 'S2', problem: `nobody has submitted ${key}`, evidence: found };
  }
}

/** After an OK no later question is answered with less. */
export function* readYourWrites(history: History): Iterable<Violation> {
  const answers = history.of('ok');
  const fails = history.of('fail');
  const invoked = new Map(history.of('invoke').map((event) => [event.call, event]));
  for (const ok of okOf(history, 'submit')) {
    const lost = fails.filter(({ call, code }) => {
      const asked = invoked.get(call);
      return asked?.op === 'get' && asked.evaluation === ok.evaluation && asked.t > ok.t && code === 'not_found';
    });
    if (lost[0]) yield { invariant: 'S16', problem: `${ok.evaluation} was accepted, and then not known`, evidence: [ok, lost[0]] };
  }
  for (const [evaluation, oks] of Map.groupBy(okOf(history, 'cancel'), (event) => event.evaluation)) {
    const later = answers.find(
      ({ op, call, state, evaluation: own }) =>
        op === 'get' &&
        own === evaluation &&
        invoked.get(call)!.t > oks[0]!.t &&
        !isFinal(state) &&
        !['finalizing', 'recovering'].includes(state),
    );
    if (later) yield { invariant: 'S16', problem: `${evaluation} was cancelled, and is ${later.state}`, evidence: [oks[0]!, later] };
  }
  // Paused stays paused until somebody resumes it.
  for (const ok of okOf(history, 'pause')) {
    if (ok.state !== 'paused') continue;
    const resumed = [...invoked.values()].find(
      ({ op, evaluation, t }) => op !== 'get' && op !== 'submit' && evaluation === ok.evaluation && t > ok.t,
    );
    const granted = history.of('granted').find((g) => g.evaluation === ok.evaluation && g.t0 > ok.t && g.t < (resumed?.t ?? Infinity));
    if (granted) yield { invariant: 'S16', problem: `${ok.evaluation} was paused, and is handed out`, evidence: [ok, granted] };
  }
}

function okOf(history: History, op: EventOf<'ok'>['op']): EventOf<'ok'>[] {
  return history.of('ok').filter((event) => event.op === op);
}
