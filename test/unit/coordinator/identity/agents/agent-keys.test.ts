/** Join tokens, and proofs of keys: who is let in, and as whom. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEY_AGE_LIMIT_MS } from '../../../../../coordinator/identity/agents/agent-record.ts';
import { MAX_OF_EACH } from '../../../../../coordinator/identity/room.ts';
import { ATTEMPTS, JoinAttempts } from '../../../../../coordinator/identity/agents/join-attempts.ts';
import { newKeyPair, rotateBytes, signWith } from '../../../../../shared/domain/agent-key.ts';
import { newJoinToken } from '../../../../../shared/domain/api-token.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { LOCAL, type Identity } from '../../../../../shared/domain/identity.ts';
import type { AgentMessage } from '../../../../../shared/rpc/messages.ts';
import {
  a,
  b,
  clock,
  store,
  NOW,
  WISH,
  decisions,
  HELLO,
  codeOf,
  textOf,
  attempt,
  joined,
  opened,
  challengeOf,
  proofBy,
  firstOf,
  begin,
  type Challenge,
  end,
} from '../../../../support/agent-keys-rig.ts';

beforeEach(begin);
afterEach(end);

describe('join tokens', () => {
  test('of a hundred that present one at two coordinators at once, one is let in', async () => {
    const { secret } = await a.joins.invite(LOCAL, WISH, NOW);
    const runs = Array.from({ length: 100 }, (_, i) => codeOf((i % 2 ? a : b).joins.join(attempt(secret), NOW)));
    const outcomes = await Promise.all(runs);
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(outcomes.filter((code) => code === 'unauthenticated')).toHaveLength(99);
  });

  test('used, expired, wrong, without the key: refused in the same words; nothing is kept of the token but its hash', async () => {
    const invite = async (): Promise<string> => (await a.joins.invite(LOCAL, WISH, NOW)).secret;
    const [used, old, stolen] = [await invite(), await invite(), await invite()];
    expect(JSON.stringify([...store.kinds].map(([kind, all]) => [kind, [...all]]))).not.toContain('evj_');
    await a.joins.join(attempt(used), NOW);
    const other = newKeyPair();
    const refusals = [
      await textOf(b.joins.join(attempt(used), NOW)),
      await textOf(a.joins.join(attempt(newJoinToken()), NOW)),
      await textOf(a.joins.join(attempt('evj_x'), NOW)),
      await textOf(a.joins.join({ ...attempt(stolen), publicKey: other.publicKey }, NOW)),
      // A signature for another token.
      await textOf(a.joins.join({ ...attempt(used), secret: stolen }, NOW)),
    ];
    clock.jump(WISH.expiresInMs);
    refusals.push(await textOf(a.joins.join(attempt(old), NOW)));
    expect(new Set(refusals).size).toBe(1);
    expect(refusals[0]).toMatch(/the join token is not one of this fleet, is over, or was used/);
  });

  test('nobody gives namespaces that he has not; where it cannot be written down nothing is done', async () => {
    const admin: Identity = { ...LOCAL, name: 'a', kind: 'token', namespaces: ['team-b'] };
    expect(await codeOf(a.joins.invite(admin, WISH, NOW))).toBe('permission_denied');
    const { secret } = await a.joins.invite(LOCAL, WISH, NOW);
    const refuse = async (): Promise<void> => {
      throw new AppError('unavailable', 'full');
    };
    const keys = newKeyPair();
    expect(await codeOf(a.joins.join(attempt(secret, keys), refuse))).toBe('unavailable');
    expect(store.kinds.get('agents')?.size ?? 0).toBe(0);
    // The token is for that key from now on.
    expect(await codeOf(b.joins.join(attempt(secret), NOW))).toBe('unauthenticated');
    expect(await codeOf(b.joins.join(attempt(secret, keys), NOW))).toBe('ok');
  });

  test('whoever comes again with the same key has the same answer, anywhere and however often; any other key has none', async () => {
    const { secret } = await a.joins.invite(LOCAL, WISH, NOW);
    const keys = newKeyPair();
    const again = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? a : b).joins.join(attempt(secret, keys, 'one'), NOW)));
    expect(again).toEqual(again.map(() => again[0]));
    expect([store.kinds.get('agents')!.size, store.kinds.get('used-join-tokens')!.size]).toEqual([1, 1]);
    expect(await codeOf(b.joins.join(attempt(secret), NOW))).toBe('unauthenticated');
    clock.jump(WISH.expiresInMs);
    expect(await codeOf(b.joins.join(attempt(secret, keys), NOW))).toBe('unauthenticated');
  });

  test('a join that was broken off before the agent was written down comes to its end; it brings back no agent that was revoked', async () => {
    const { secret } = await a.joins.invite(LOCAL, WISH, NOW);
    const keys = newKeyPair();
    const create = store.createSwitch.bind(store);
    store.createSwitch = (kind, ...rest) =>
      kind === 'agents' ? Promise.reject(new AppError('unavailable', 'away')) : create(kind, ...rest);
    expect(await codeOf(a.joins.join(attempt(secret, keys), NOW))).toBe('unavailable');
    store.createSwitch = create;
    const { agentId } = store.kinds.get('used-join-tokens')!.values().next().value as { agentId: string };
    await store.putSwitch('revoked-agents', agentId, {});
    expect(await codeOf(b.joins.join(attempt(secret, keys), NOW))).toBe('unauthenticated');
    await store.removeSwitch('revoked-agents', agentId);
    const { agent } = await b.joins.join(attempt(secret, keys), NOW);
    expect(agent.agentId).toBe(agentId);
    await a.joins.revoke(LOCAL, agent.agentId, NOW);
    expect(await codeOf(b.joins.join(attempt(secret, keys), NOW))).toBe('unauthenticated');
    expect(store.kinds.get('agents')!.get(agent.agentId)).toMatchObject({ revokedBy: 'local' });
  });

  test('one that is revoked lets nobody in; one that was used is told of, with its agent; each is for those who have its namespaces', async () => {
    const told: string[] = [];
    const note = async ({ target }: { target: string }): Promise<void> => void told.push(target);
    const other: Identity = { ...LOCAL, name: 'b', kind: 'token', namespaces: ['team-b'] };
    const [one, used, old] = [
      await a.joins.invite(LOCAL, { ...WISH, name: 'gpu-7' }, NOW),
      await a.joins.invite(LOCAL, WISH, NOW),
      await a.joins.invite(LOCAL, { ...WISH, expiresInMs: 1_000 }, NOW),
    ];
    const { agent } = await a.joins.join(attempt(used.secret), NOW);
    clock.jump(1_000);
    const listed = async (by = LOCAL): Promise<string[]> => (await b.joins.invites(by, {})).items.map(({ id }) => id);
    expect(await listed()).toEqual([one.token.id]);
    expect(await listed(other)).toEqual([]);
    expect(JSON.stringify((await b.joins.invites(LOCAL, {})).items)).not.toContain('evj_');
    expect(await codeOf(b.joins.uninvite(other, one.token.id, note))).toBe('not_found');
    expect(await textOf(b.joins.uninvite(LOCAL, used.token.id, note))).toContain(`was used by ${agent.agentId}`);
    expect(told).toEqual([]);
    const revoked = await b.joins.uninvite(LOCAL, one.token.id, note);
    expect(revoked).toMatchObject({ name: 'gpu-7', revokedAtMs: clock.now(), revokedBy: 'local' });
    expect(told).toEqual([`${one.token.id} gpu-7`]);
    expect(await listed()).toEqual([]);
    expect(await textOf(a.joins.join(attempt(one.secret), NOW))).toMatch(/is not one of this fleet, is over, or was used/);
    clock.jump(1);
    expect((await a.joins.uninvite(LOCAL, one.token.id, NOW)).revokedAtMs).toBe(revoked.revokedAtMs);
    expect(await codeOf(a.joins.uninvite(LOCAL, old.token.id, NOW))).toBe('ok');
  });

  test('whoever is bound to pools and labels sees and ends what is bound to no more than these', async () => {
    const admin: Identity = { ...LOCAL, name: 'bound', kind: 'token', namespaces: ['team-a'] };
    const [own, other, zone] = [
      { ...admin, pools: ['h200', 'b200'] },
      { ...admin, pools: ['cpu'] },
      { ...admin, pools: ['h200'], labels: { zone: 'us' } },
    ];
    const { agent } = await joined();
    const { token } = await a.joins.invite(LOCAL, WISH, NOW);
    for (const by of [other, zone]) {
      expect((await a.joins.invites(by, {})).items).toEqual([]);
      expect(await codeOf(a.joins.uninvite(by, token.id, NOW))).toBe('not_found');
      for (const idOrName of [agent.agentId, agent.name]) expect(await codeOf(a.joins.revoke(by, idOrName, NOW))).toBe('not_found');
    }
    expect((await a.joins.invites(own, {})).items).toHaveLength(1);
    expect(await codeOf(a.joins.uninvite(own, token.id, NOW))).toBe('ok');
    expect(await codeOf(a.joins.revoke(own, agent.agentId, NOW))).toBe('ok');
  });

  test('of a join and a revocation at the same moment one has the last word', async () => {
    const first = await a.joins.invite(LOCAL, WISH, NOW);
    const join = async (): Promise<void> => void (await a.joins.join(attempt(first.secret), NOW));
    expect(await codeOf(b.joins.uninvite(LOCAL, first.token.id, join))).toBe('failed_precondition');
    expect(store.kinds.get('agents')!.size).toBe(1);
    const second = await a.joins.invite(LOCAL, WISH, NOW);
    const create = store.createSwitch.bind(store);
    store.createSwitch = async (...use) => {
      store.createSwitch = create;
      await b.joins.uninvite(LOCAL, second.token.id, NOW);
      return create(...use);
    };
    expect(await codeOf(a.joins.join(attempt(second.secret), NOW))).toBe('unauthenticated');
    expect(store.kinds.get('agents')!.size).toBe(1);
  });

  test('a namespace with as many as it may have takes nobody else’s room; what was over for an hour makes room', async () => {
    for (let i = 0; i < MAX_OF_EACH; i++)
      await store.putSwitch('join-tokens', String(i), { ...WISH, createdAtMs: 0, createdBy: 'x', expiresAtMs: clock.now() + 900_000 });
    expect(await textOf(a.joins.invite(LOCAL, { ...WISH, namespaces: ['team-b', 'team-a'] }, NOW))).toMatch(
      /there are 2000 join tokens in the namespace team-a; wait until/,
    );
    const { secret } = await a.joins.invite(LOCAL, { ...WISH, namespaces: ['team-b'] }, NOW);
    expect(await codeOf(a.joins.join(attempt(secret), NOW))).toBe('ok');
    clock.jump(900_000 + 3_600_000 + 1);
    await store.putSwitch('join-tokens', 'damaged', { name: 5 });
    // Each that is made takes some away of what is over.
    for (let i = 0; i < 50; i++) expect(await codeOf(a.joins.invite(LOCAL, WISH, NOW))).toBe('ok');
    expect(store.kinds.get('join-tokens')!.size).toBe(50);
    expect(store.kinds.get('used-join-tokens')!.size).toBe(0);
  });

  test('nor do its agents', async () => {
    const { agent } = await joined();
    const record = store.kinds.get('agents')!.get(agent.agentId);
    for (let i = 1; i < MAX_OF_EACH; i++) await store.putSwitch('agents', `ag_${String(i).padStart(16, '0')}`, record);
    const join = async (namespaces: string[] | '*'): Promise<string> =>
      textOf(a.joins.join(attempt((await a.joins.invite(LOCAL, { ...WISH, namespaces }, NOW)).secret), NOW));
    expect(await join(['team-a'])).toMatch(/there are 2000 agents in the namespace team-a/);
    expect(await join(['team-b'])).toBe('ok');
    expect(await join('*')).toBe('ok');
  });

  test('ten failed attempts of an address a minute, then waits that double; others are not held up', async () => {
    const attempts = new JoinAttempts(clock);
    const guess = (peer = 'x'): Promise<number | undefined> =>
      attempts
        .make(peer, async () => Promise.reject(new AppError('unauthenticated', 'no')))
        .then(
          () => undefined,
          (error: unknown) => AppError.from(error).retryAfterMs,
        );
    for (let i = 0; i < 50; i++) await attempts.make('nat', NOW);
    for (let i = 0; i < 50; i++) await codeOf(attempts.make('nat', async () => Promise.reject(new AppError('unavailable', 'the store'))));
    for (let i = 0; i < ATTEMPTS; i++) expect(await guess()).toBeUndefined();
    expect(await guess()).toBe(60_000);
    clock.jump(59_999);
    expect(await guess()).toBe(1);
    clock.jump(1);
    for (let i = 0; i < ATTEMPTS; i++) expect(await guess()).toBeUndefined();
    expect(await guess()).toBe(120_000);
    expect(await guess('y')).toBeUndefined();
  });

  test('many of one address at once are let in one after the other; of many guesses at once ten are looked at', async () => {
    const attempts = new JoinAttempts(clock);
    const gates: (() => void)[] = [];
    const slow = (peer: string, isGuess = false): Promise<string> =>
      codeOf(
        attempts.make(peer, async () => {
          await new Promise<void>((resolve) => void gates.push(resolve));
          if (isGuess) throw new AppError('unauthenticated', 'no');
        }),
      );
    const open = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) {
        for (const gate of gates.splice(0)) gate();
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const hosts = Array.from({ length: 50 }, () => slow('nat'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(gates).toHaveLength(ATTEMPTS);
    await open();
    expect(new Set(await Promise.all(hosts))).toEqual(new Set(['ok']));
    const guesses = Array.from({ length: 50 }, () => slow('x', true));
    await open();
    const codes = await Promise.all(guesses);
    expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(ATTEMPTS);
    expect(codes.filter((code) => code === 'resource_exhausted')).toHaveLength(40);
  });
});

describe('proofs', () => {
  test('what an agent joined with goes before what its Hello says', async () => {
    const { agent, keys } = await joined();
    const stream = opened(agent.agentId);
    const challenge = await challengeOf(stream);
    await stream.left.send(proofBy(keys.privateKey, challenge, agent.agentId));
    await stream.left.send({ ...HELLO, agentId: agent.agentId });
    const proven = await stream.open;
    expect(proven.identity).toMatchObject({ kind: 'agent', agentId: agent.agentId, name: 'host', namespaces: ['team-a'] });
    expect(await firstOf(proven)).toMatchObject({ agentId: agent.agentId, name: 'host', labels: { pool: 'h200', zone: 'eu', own: '1' } });
    expect(proven.proof()).toBe('key');
  });

  test('a proof that was seen, or is for another nonce, agent, server, version or key, is refused', async () => {
    const { agent, keys } = await joined();
    const [seen, other] = [opened(agent.agentId), await joined()];
    const before = await challengeOf(seen);
    const { agentId } = agent;
    const wrong: ((challenge: Challenge) => AgentMessage)[] = [
      () => proofBy(keys.privateKey, before, agentId),
      (challenge) => proofBy(keys.privateKey, { ...challenge, nonce: Buffer.alloc(32) }, agentId),
      (challenge) => proofBy(keys.privateKey, challenge, other.agent.agentId),
      (challenge) => proofBy(keys.privateKey, { ...challenge, server: 'st_0000000000000002' }, agentId),
      (challenge) => ({ ...(proofBy(keys.privateKey, challenge, agentId) as object), wireVersion: '1.1' }) as AgentMessage,
      (challenge) => proofBy(other.keys.privateKey, challenge, agentId),
      (challenge) => ({
        ...{ kind: 'proof', wireVersion: '1.3' },
        signature: signWith(keys.privateKey, rotateBytes({ ...challenge, agentId }, keys.publicKey)),
      }),
      () => ({ ...HELLO, agentId }),
    ];
    for (const make of wrong) {
      const stream = opened(agentId);
      await stream.left.send(make(await challengeOf(stream)));
      expect(await codeOf(stream.open)).toBe('unauthenticated');
    }
    const late = opened(agentId);
    await challengeOf(late);
    await clock.advance(10_000);
    expect(await codeOf(late.open)).toBe('deadline');
  });

  test('a Hello of another agent or version ends the stream; an id that has joined is nobody else’s, also on this machine', async () => {
    const { agent, keys } = await joined();
    for (const said of [{ agentId: 'ag_00000000000000ff' }, { wireMinor: 1 }]) {
      const stream = opened(agent.agentId);
      await stream.left.send(proofBy(keys.privateKey, await challengeOf(stream), agent.agentId));
      await stream.left.send({ ...HELLO, agentId: agent.agentId, ...said });
      expect(await codeOf(firstOf(await stream.open))).toBe('unauthenticated');
    }
    const claimed = opened(agent.agentId, b, LOCAL);
    await claimed.left.send({ ...HELLO, agentId: agent.agentId });
    expect(await textOf(firstOf(await claimed.open))).toMatch(/has joined: it is taken with its key alone/);
    // Each of them stands in the audit log, with whom it said to be.
    const denied = decisions.filter(({ outcome }) => outcome === 'denied').map(({ identity, target }) => [identity?.name, target]);
    expect(denied).toEqual([
      [agent.name, 'ag_00000000000000ff'],
      [agent.name, agent.agentId],
      [LOCAL.name, agent.agentId],
    ]);
    const free = opened('', b, LOCAL);
    await free.left.send({ ...HELLO, agentId: 'ag_00000000000000ff' });
    expect(await firstOf(await free.open)).toMatchObject({ agentId: 'ag_00000000000000ff', name: 'says so' });
  });

  test('revoked, or with a key that is too old, it is not challenged any more', async () => {
    const { agent } = await joined();
    const over: string[] = [];
    const { watch } = await a.book.verify({ bearer: `evk_${agent.agentId}`, peer: '' });
    watch((why) => over.push(why.message));
    expect(await codeOf(b.joins.revoke({ ...LOCAL, namespaces: ['team-b'] }, agent.agentId, NOW))).toBe('not_found');
    await a.joins.revoke(LOCAL, agent.name, NOW);
    expect(over).toEqual([expect.stringContaining('was revoked')]);
    expect(await codeOf(opened(agent.agentId, b).open)).toBe('unauthenticated');
    expect(await codeOf((async () => a.book.verify({ bearer: `evk_${agent.agentId}`, peer: '' }))())).toBe('unauthenticated');
    const old = await joined();
    clock.jump(KEY_AGE_LIMIT_MS);
    expect(await codeOf(opened(old.agent.agentId, b).open)).toBe('unauthenticated');
  });
});
