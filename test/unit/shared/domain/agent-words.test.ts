import { expect, test } from 'vitest';
import { agentState } from '../../../../shared/domain/agent-words.ts';

const READY = { state: 'ready' as const, drainedByOperator: false, quarantined: false, models: [{ match: '*', suspended: 'auth' }] };

test('a ready agent that takes nothing, or nothing for some models, says why', () => {
  const of = (...suspended: string[]): string =>
    agentState({ ...READY, models: suspended.map((reason, i) => ({ match: `m${i}/*`, suspended: reason })) });
  expect([of(''), of('auth', 'auth'), of('', 'auth'), of('quota', '', 'auth'), of('', ...Array.from({ length: 5 }, () => 'auth'))]).toEqual(
    ['ready', 'ready (auth)', 'ready (m1/*: auth)', 'ready (m0/*: quota, m2/*: auth)', 'ready (m1/*: auth, m2/*: auth, m3/*: auth, …)'],
  );
});

test('what was done to an agent stands before what its models are', () => {
  const states = [{ state: 'draining' as const }, { state: 'draining' as const, drainedByOperator: true }, { state: 'gone' as const }];
  expect([...states, { quarantined: true }].map((more) => agentState({ ...READY, ...more }))).toEqual([
    ...['draining', 'drained', 'gone', 'quarantined'],
  ]);
});
