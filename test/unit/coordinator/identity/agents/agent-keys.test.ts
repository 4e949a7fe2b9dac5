/** Join tokens, and proofs of keys: who is let in, and as whom. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEY_AGE_LIMIT_MS } from '../../../../../coordinator/identity/agents/agent-record.ts';
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
    expect(await codeOf(a.joins.join(attempt(secret), refuse))).toBe('unavailable');
    expect(await codeOf(a.joins.join(attempt(secret), NOW))).toBe('ok');
  });

  test('ten failed attempts of an address a minute, then waits that double; others are not held up', () => {
    const attempts = new JoinAttempts(clock);
    const wait = (): number | undefined => {
      try {
        attempts.begin('x');
        return undefined;
      } catch (error) {
        return AppError.from(error).retryAfterMs;
      }
    };
    for (let i = 0; i < 50; i++) attempts.begin('nat')();
    for (let i = 0; i < ATTEMPTS; i++) expect(wait()).toBeUndefined();
    expect(wait()).toBe(60_000);
    clock.jump(59_999);
    expect(wait()).toBe(1);
    clock.jump(1);
    for (let i = 0; i < ATTEMPTS; i++) expect(wait()).toBeUndefined();
    expect(wait()).toBe(120_000);
    expect(() => attempts.begin('y')).not.toThrow();
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
