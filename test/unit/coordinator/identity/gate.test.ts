/** What the gate makes of headers, and what it tells of. */
import { expect, test } from 'vitest';
import { ownToken, thisMachine, type Authenticator } from '../../../../coordinator/identity/authenticator.ts';
import { Gate, type Decision, type OnDecision } from '../../../../coordinator/identity/gate.ts';
import { agentBearer } from '../../../../shared/domain/agent-key.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { LOCAL } from '../../../../shared/domain/identity.ts';

const TOKEN = 'a-token-of-some-length';
const GET = '/assay.v1.EvaluationService/GetEvaluation';
const DRAIN = '/assay.v1.OperatorService/DrainAgent';
const COLLECT = '/assay.v1.OperatorService/CollectGarbage';
const reader: Authenticator = {
  takes: ({ bearer }) => bearer === 'reader',
  verify: () => ({ identity: { name: 'r', kind: 'token', scopes: new Set(['read']), namespaces: ['a'] }, watch: () => () => undefined }),
};

function gateOf(onDecision?: OnDecision, authenticators = [ownToken(TOKEN), reader]) {
  const decisions: Decision[] = [];
  const gate = new Gate({ authenticators, onDecision: onDecision ?? ((decision) => void decisions.push(decision)) });
  const admit = (authorization: unknown[], method = GET): Promise<string> =>
    gate.admit(method, { authorization, peer: 'p' }).then(
      ({ identity }) => identity.name,
      (error: unknown) => AppError.from(error).code,
    );
  return { gate, decisions, admit };
}

test.each<[string, unknown[]]>([
  ['none', []],
  ['two', [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]],
  ['two, one of them empty', [`Bearer ${TOKEN}`, '']],
  ['bytes', [Buffer.from(`Bearer ${TOKEN}`)]],
  ['a line break', [`Bearer ${TOKEN}\n`]],
  ['a tab', [`Bearer\t${TOKEN}`]],
  ['a letter before', [`xBearer ${TOKEN}`]],
  ['too long', [`Bearer ${'x'.repeat(16_385)}`]],
  ['one that nobody takes', ['Bearer x']],
])('of headers: %s is refused', async (_name, authorization) => {
  const { admit, decisions } = gateOf();
  expect(await admit(authorization)).toBe('unauthenticated');
  expect(decisions).toMatchObject([{ method: GET, peer: 'p', outcome: 'denied' }]);
  expect(decisions[0]).not.toHaveProperty('identity');
  expect(JSON.stringify(decisions)).not.toContain(TOKEN);
});

test('who names an agent with a key is turned away by the shape of that alone: whether it has joined is not looked up', async () => {
  let asked = 0;
  const keys: Authenticator = {
    takes: ({ bearer }) => bearer?.startsWith('evk_') === true,
    verify: () => {
      asked++;
      throw new AppError('unauthenticated', 'no such agent');
    },
  };
  const { gate, decisions, admit } = gateOf(undefined, [keys, reader]);
  const header = `Bearer ${agentBearer('ag_0123456789abcdef')}`;
  expect(await admit([header])).toBe('unauthenticated');
  expect([asked, decisions[0]?.reason]).toEqual([0, 'an agent proves its key to AgentService/Connect alone; other calls want a token']);
  await expect(gate.admit('/assay.v1.AgentService/Connect', { authorization: [header], peer: 'p' })).rejects.toThrow('no such agent');
  expect(asked).toBe(1);
});

test('one good header is taken, in the letters that HTTP allows', async () => {
  const { admit, decisions } = gateOf();
  for (const header of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `BEARER  ${TOKEN} `]) expect(await admit([header])).toBe('local');
  expect(await admit(['Bearer reader'])).toBe('r');
  expect(decisions).toEqual([]);
});

test('whoever comes without a token is local only where that is given; what has another one’s shape is that one', async () => {
  const { admit } = gateOf(undefined, [reader, thisMachine()]);
  expect(await admit([])).toBe('local');
  expect(await admit(['Bearer whatever'])).toBe('local');
  expect(await admit(['Bearer reader'])).toBe('r');
  expect(await admit(['Bearer reader'], DRAIN)).toBe('permission_denied');
  expect(await admit(['Bearer a', 'Bearer b'])).toBe('unauthenticated');
});

test('what is in no rule is open to nobody', async () => {
  const { admit } = gateOf();
  for (const method of ['/assay.v1.EvaluationService/NewMethod', 'toString', '__proto__', ''])
    expect(await admit([`Bearer ${TOKEN}`], method)).toBe('permission_denied');
});

test('a privileged call is told of before it is made; what cannot be told is not made', async () => {
  const { admit, decisions } = gateOf();
  expect(await admit([`Bearer ${TOKEN}`], COLLECT)).toBe('local');
  expect(decisions).toEqual([{ identity: LOCAL, method: COLLECT, peer: 'p', outcome: 'ok', reason: '' }]);
  // Of this one its handler tells, who knows whom it is about.
  expect(await admit([`Bearer ${TOKEN}`], DRAIN)).toBe('local');
  expect(decisions).toHaveLength(1);
  const full = gateOf(async () => Promise.reject(new Error('no space left')));
  expect(await full.admit([`Bearer ${TOKEN}`], COLLECT)).toBe('unavailable');
  await expect(full.gate.allowed({ identity: LOCAL, method: DRAIN, peer: 'p', target: 'ag_1 gpu' })).rejects.toThrow(
    'must be written into the audit log before it is made, and that cannot be done now, so nothing was done',
  );
  expect(await full.admit([`Bearer ${TOKEN}`])).toBe('local');
  expect(await full.admit(['Bearer x'])).toBe('unauthenticated');
  await expect(full.gate.allowed({ identity: LOCAL, method: GET, peer: 'p' })).resolves.toBeUndefined();
});
