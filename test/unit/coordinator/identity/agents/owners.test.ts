/** Whose an agent's id is: who came with it first, who follows him, and who never does. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OwnerWish } from '../../../../../coordinator/identity/agents/owner-records.ts';
import { Owners } from '../../../../../coordinator/identity/agents/owners.ts';
import { identityOf, type TokenRecord } from '../../../../../coordinator/identity/token-record.ts';
import { LOCAL, type Identity, type Namespaces } from '../../../../../shared/domain/identity.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { begin, clock, codeOf, coordinator, decisions, end, HELLO, opened, store, textOf } from '../../../../support/agent-keys-rig.ts';

const AGENT = 'ag_00000000000000aa';
const NOW_MS = 1_000_000;

let records: Map<string, string>;
let tokens: TokenRecord[];
let kept: number[];
let owners: Owners;
beforeEach(begin);
afterEach(end);
beforeEach(() => {
  records = new Map();
  tokens = [];
  kept = [];
  const put = async ({ agentId, text, instead, keepMs }: OwnerWish): Promise<string | undefined> => {
    const held = records.get(agentId);
    if (held !== undefined && held !== text && held !== instead) return held;
    records.set(agentId, text);
    kept.push(keepMs);
    return undefined;
  };
  owners = new Owners({ records: { put }, tokens: { all: async () => tokens }, clock: { now: () => NOW_MS } });
});

function token(name: string, namespaces: Namespaces, more: Partial<TokenRecord> = {}): Identity & { record: TokenRecord } {
  const id = `tk_${tokens.length}`;
  const kept = namespaces === '*' ? ('*' as const) : [...namespaces];
  const record: TokenRecord = {
    ...{ hash: id, id, name, scopes: ['agent'], namespaces: kept, createdAtMs: 0, createdBy: 'root', expiresAtMs: 2 * NOW_MS },
    ...more,
  };
  tokens.push(record);
  return { ...identityOf(record), record };
}

const jwt = (name: string, origin: string, namespaces: Namespaces = ['a']): Identity => ({
  ...{ name, kind: 'jwt', scopes: new Set(['agent'] as const), namespaces, origin },
});

const claims = (by: Identity): Promise<string> => codeOf(owners.claim(AGENT, by));

test('the first comer has it, all others are refused, and are not told whose it is', async () => {
  const [victim, other, wider] = [token('hosts-a', ['a']), token('hosts-z', ['zzz']), token('all', '*')];
  expect([await claims(victim), await claims(other), await claims(wider), await claims(jwt('x', 'i', '*'))]).toEqual([
    'ok',
    ...Array.from({ length: 3 }, () => 'permission_denied'),
  ]);
  expect(await claims(victim)).toBe('ok');
  const said = await textOf(owners.claim(AGENT, other));
  expect(said).toMatch(/give this agent a spool of its own/);
  expect(said).not.toMatch(/hosts-a|tk_0/);
  expect(await codeOf(owners.claim('ag_00000000000000bb', other))).toBe('ok');
});

test('a token that is over makes room for one that reaches as far, and for no other', async () => {
  for (const over of [{ revokedAtMs: 1 }, { expiresAtMs: NOW_MS }]) {
    records.clear();
    const victim = token('hosts', ['a', 'b']);
    await owners.claim(AGENT, victim);
    Object.assign(victim.record, over);
    const [fewer, next] = [token('fewer', ['a']), token('next', ['a', 'b', 'c'])];
    expect([await claims(token('z', ['zzz'])), await claims(fewer), await claims(next)]).toEqual([
      'permission_denied',
      'permission_denied',
      'ok',
    ]);
  }
});

test('the next token of its name follows while the old one still holds; a name that a stranger gave does not', async () => {
  await owners.claim(AGENT, token('hosts', ['a', 'b']));
  expect([
    await claims(token('hosts', ['zzz'])),
    await claims(token('hosts', ['a', 'zzz'])),
    await claims(token('hosts', ['a'], { createdBy: 'admin of a' })),
  ]).toEqual(Array.from({ length: 3 }, () => 'permission_denied'));
  expect(await claims(token('hosts', ['a', 'b'], { createdBy: 'another admin' }))).toBe('ok');
  // For less, by the same hand.
  expect(await claims(token('hosts', ['b'], { createdBy: 'another admin' }))).toBe('ok');
});

test('a JWT is the same by issuer and name, whatever it says of namespaces', async () => {
  await owners.claim(AGENT, jwt('gpu', 'https://one', ['a']));
  expect([await claims(jwt('gpu', 'https://two')), await claims(jwt('cpu', 'https://one'))]).toEqual([
    'permission_denied',
    'permission_denied',
  ]);
  expect(await claims(jwt('gpu', 'https://one', ['b']))).toBe('ok');
});

test("the coordinator's own token takes any id, and keeps it only while it is used", async () => {
  const before = token('hosts', ['a']);
  await owners.claim(AGENT, before);
  expect([await claims(LOCAL), await claims(LOCAL), await claims(before)]).toEqual(['ok', 'ok', 'permission_denied']);
  expect(kept.at(-1)).toBeLessThan(kept[0]!);
});

test('what is renewed and has become another one’s stays with that one; what cannot be read is nobody’s', async () => {
  const before = token('hosts', ['a']);
  const next = token('hosts', ['a']);
  await owners.claim(AGENT, before);
  await owners.claim(AGENT, next);
  const held = records.get(AGENT);
  await owners.renew(AGENT, before);
  expect(records.get(AGENT)).toBe(held);
  records.set(AGENT, 'what a later release writes');
  expect(await claims(before)).toBe('permission_denied');
});

test('two that take it from each other end', async () => {
  let times = 0;
  const put = async (): Promise<string> => JSON.stringify({ owner: `token tk_${times++}`, namespaces: ['a'] });
  const torn = new Owners({ records: { put }, tokens: { all: async () => [] }, clock: { now: () => 0 } });
  expect(await codeOf(torn.claim(AGENT, LOCAL))).toBe('unavailable');
  expect(times).toBeLessThan(10);
});

test('an id is claimed with the Hello, and renewed each minute while its agent is heard of; a refusal is told', async () => {
  const heard: string[] = [];
  const stubs = {
    claim: async (agentId: string, { name }: Identity) => {
      heard.push(`claim ${agentId} ${name}`);
      if (name === 'other') throw new AppError('permission_denied', 'not yours');
    },
    renew: async (agentId: string, { name }: Identity) => {
      heard.push(`renew ${agentId} ${name}`);
      throw new AppError('unavailable', 'no Redis');
    },
  };
  const at = coordinator(store, () => undefined, stubs);
  const own = opened(AGENT, at, token('hosts', ['a']));
  const messages = (await own.open).stream.messages[Symbol.asyncIterator]();
  const said = async (message: Parameters<typeof own.left.send>[0]): Promise<void> => {
    void own.left.send(message);
    expect((await messages.next()).value).toEqual(message);
  };
  const beat = { kind: 'heartbeat' as const, sequence: 1, heldAttempts: [] };
  await said({ ...HELLO, agentId: AGENT });
  await said(beat);
  for (let minute = 0; minute < 2; minute++) {
    await clock.advance(60_000);
    await said(beat);
    await said(beat);
  }
  const renewed = `renew ${AGENT} hosts`;
  expect(heard).toEqual([`claim ${AGENT} hosts`, renewed, renewed]);
  const other = opened(AGENT, at, token('other', ['a']));
  const refused = (await other.open).stream.messages[Symbol.asyncIterator]();
  void other.left.send({ ...HELLO, agentId: AGENT });
  expect(await codeOf(refused.next())).toBe('permission_denied');
  expect(decisions).toMatchObject([{ identity: { name: 'other' }, outcome: 'denied', target: AGENT, reason: 'not yours' }]);
});
