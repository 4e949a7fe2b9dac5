/** How much one identity may have open: each bound just below it, at it and above it. */
import { expect, test } from 'vitest';
import { IdentityCalls, MAX_STREAMS } from '../../../../coordinator/rpc/limits/identity-calls.ts';
import { LOCAL, type Identity } from '../../../../shared/domain/identity.ts';

const GET = '/assay.v1.EvaluationService/GetEvaluation';
const identity = (tokenId: string): Identity => ({ name: 'ci', kind: 'token', scopes: new Set(['read']), namespaces: ['a'], tokenId });
const TOO_MANY = expect.objectContaining({ code: 'resource_exhausted' });

test('one service may watch a thousand evaluations', () => {
  expect(MAX_STREAMS).toBeGreaterThanOrEqual(1_000);
});

test('streams and calls, by identity: others have theirs, and what has ended makes room', () => {
  const calls = new IdentityCalls({ calls: 4, streams: 2 });
  const ci = identity('tk_1');
  const streams = [calls.enter(ci, GET, true), calls.enter(ci, GET, true)];
  expect(() => calls.enter(ci, GET, true)).toThrow(TOO_MANY);
  const short = [calls.enter(ci, GET, false), calls.enter(ci, GET, false)];
  expect(() => calls.enter(ci, GET, false)).toThrow(/"ci" has 4 calls open at this coordinator/);
  calls.enter(identity('tk_2'), GET, true);
  streams[0]!();
  streams[0]!();
  calls.enter(ci, GET, true);
  expect(() => calls.enter(ci, GET, true)).toThrow(TOO_MANY);
  for (const leave of short) leave();
  expect(() => calls.enter(ci, GET, true)).toThrow(/2 streams/);
  calls.enter(ci, GET, false);
});

test('streams of agents, and what comes from the operator or the own machine, are not among them', () => {
  const calls = new IdentityCalls({ calls: 0, streams: 0 });
  expect(() => calls.enter(LOCAL, GET, true)).not.toThrow();
  expect(() => calls.enter(identity('tk_1'), '/assay.v1.AgentService/Connect', true)).not.toThrow();
  expect(() => calls.enter(identity('tk_1'), GET, false)).toThrow(TOO_MANY);
});
