/** Keys that are rotated while their agents work, and keys that two processes have. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentKeys, readAgentKey } from '../../../../../agent/keys/key-file.ts';
import { proving } from '../../../../../agent/keys/proving.ts';
import { type AgentRecord } from '../../../../../coordinator/identity/agents/agent-record.ts';
import { newKeyPair, rotateBytes, signWith } from '../../../../../shared/domain/agent-key.ts';
import { AppError } from '../../../../../shared/domain/errors.ts';
import { LOCAL } from '../../../../../shared/domain/identity.ts';
import { silentLogger } from '../../../../../shared/telemetry/logger.ts';
import { MemorySwitches } from '../../../../support/memory-switches.ts';
import {
  a,
  b,
  clock,
  store,
  decisions,
  dir,
  DAY_MS,
  NOW,
  HELLO,
  coordinator,
  codeOf,
  textOf,
  joined,
  opened,
  challengeOf,
  proofBy,
  firstOf,
  end,
  begin,
} from '../../../../support/agent-keys-rig.ts';

beforeEach(begin);
afterEach(end);

describe('rotation', () => {
  const working = async (onDisk: AgentKeys, agentId: string, at = a) => {
    const stream = opened(agentId, at);
    const agentsSide = proving(stream.left, { keys: onDisk, clock, random: () => 0, logger: silentLogger() });
    const heard: string[] = [];
    void (async () => {
      for await (const message of agentsSide.messages) heard.push(message.kind);
    })().catch((error: Error) => heard.push(error.message));
    void agentsSide.send({ ...HELLO, agentId }).catch(() => undefined);
    const proven = await stream.open;
    const messages = proven.stream.messages[Symbol.asyncIterator]();
    expect((await messages.next()).value).toMatchObject({ kind: 'hello' });
    await proven.stream.send({
      kind: 'welcome',
      sessionId: 's',
      coordinatorId: 'c',
      heartbeatMs: 1,
      leaseMs: 1,
      resumedAttempts: [],
      lostAttempts: [],
    });
    return { ...stream, agentsSide, messages, heard };
  };
  /** Lets what is under way between the two come to its end: files are written meanwhile. */
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 2_000 && !(await isSo()); i++) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await isSo()).toBe(true);
  };

  test('in the last third of its life, beside what the stream carries; the old key is good for nothing then', async () => {
    const { agent, keys, onDisk } = await joined();
    const { agentId } = agent;
    const stream = await working(onDisk, agentId);
    const next = stream.messages.next();
    await until(() => stream.heard.includes('welcome'));
    await clock.advance(20 * DAY_MS);
    await until(() => a.book.known(agentId)?.keyNumber === 2);
    await until(() => readAgentKey(dir)!.privateKey !== keys.privateKey);
    await stream.agentsSide.send({ kind: 'accept', attemptIds: [] });
    expect((await next).value).toEqual({ kind: 'accept', attemptIds: [] });
    expect(stream.heard).toEqual(['welcome']);
    expect((await stat(join(dir, 'agent.key'))).mode & 0o777).toBe(0o600);
    await until(async () => (await readdir(dir)).join() === 'agent.key');
    expect(decisions).toEqual([expect.objectContaining({ outcome: 'ok', reason: 'its key was rotated' })]);
    clock.jump(15 * DAY_MS);
    const old = opened(agentId, b);
    await old.left.send(proofBy(keys.privateKey, await challengeOf(old), agentId));
    expect(await codeOf(old.open)).toBe('unauthenticated');
    await working(new AgentKeys(dir, readAgentKey(dir)!), agentId, b);
  });

  test('that was not answered is settled at the next connection, whichever key the coordinator knows', async () => {
    const { agent, keys, onDisk } = await joined();
    const { next, publicKey } = await onDisk.next();
    // It never came: the key that holds is asked for.
    await working(new AgentKeys(dir, readAgentKey(dir)!), agent.agentId);
    expect(readAgentKey(dir)!.privateKey).toBe(keys.privateKey);
    // It came, and the answer was lost: the next one is asked for.
    const kept = [...store.kinds.get('agents')!][0]![1] as object;
    await store.putSwitch('agents', agent.agentId, { ...kept, publicKey: publicKey.toString('base64'), keyNumber: 2 });
    await working(new AgentKeys(dir, readAgentKey(dir)!), agent.agentId, b);
    expect(readAgentKey(dir)!.privateKey).toBe(next);
  });

  test('is signed by both keys, or the stream ends; and undoes no revocation', async () => {
    const { agent, keys } = await joined();
    const { agentId } = agent;
    const rotate = async (by: string, possession: string) => {
      const stream = opened(agentId);
      const challenge = await challengeOf(stream);
      await stream.left.send(proofBy(keys.privateKey, challenge, agentId));
      const left = (await stream.open).stream.messages[Symbol.asyncIterator]();
      left.next().catch(() => undefined);
      const fresh = newKeyPair();
      const bytes = rotateBytes({ ...challenge, agentId }, fresh.publicKey);
      const [one, two] = [
        by === 'old' ? keys.privateKey : newKeyPair().privateKey,
        possession === 'new' ? fresh.privateKey : keys.privateKey,
      ];
      await stream.left.send({
        kind: 'rotateKey',
        publicKey: fresh.publicKey,
        signature: signWith(one, bytes),
        possession: signWith(two, bytes),
      });
      return stream;
    };
    for (const [by, possession] of [
      ['other', 'new'],
      ['old', 'old'],
    ] as const) {
      const stream = await rotate(by, possession);
      expect(await codeOf(stream.told.next())).toBe('unauthenticated');
    }
    // Each refusal stands in the audit log, with the agent that has proved its key; nothing was changed.
    const refusal = { outcome: 'denied', peer: 'here', target: agentId, identity: expect.objectContaining({ agentId }) as object };
    expect(decisions).toEqual(
      Array(2).fill(expect.objectContaining({ ...refusal, reason: expect.stringContaining('not signed') as string })),
    );
    expect(store.kinds.get('agents')!.get(agentId)).toMatchObject({ keyNumber: 1, publicKey: keys.publicKey.toString('base64') });
    // The revocation comes between the rotation's look at the record and its write.
    const put = store.putSwitch.bind(store);
    store.putSwitch = async (kind, name, value) => {
      store.putSwitch = put;
      await b.joins.revoke(LOCAL, agentId, NOW);
      await put(kind, name, value);
    };
    await rotate('old', 'new');
    await until(
      () => (store.kinds.get('agents')!.get(agentId) as AgentRecord).keyNumber === 2 && a.book.known(agentId)?.revokedAtMs !== undefined,
    );
    expect((store.kinds.get('agents')!.get(agentId) as AgentRecord).revokedBy).toBe('local');
    expect(await codeOf(opened(agentId, b).open)).toBe('unauthenticated');
  });

  test('an agent signs for no other fleet than the one that it has joined', async () => {
    const { agent, onDisk } = await joined();
    const elsewhere = new MemorySwitches('st_0000000000000002');
    elsewhere.kinds.set('agents', store.kinds.get('agents')!);
    const stream = opened(agent.agentId, coordinator(elsewhere));
    const left = proving(stream.left, { keys: onDisk, clock, random: () => 0, logger: silentLogger() });
    expect(await textOf(left.messages[Symbol.asyncIterator]().next())).toMatch(
      /has joined st_0000000000000001, and proves itself to no other/,
    );
    stream.right.abort(new AppError('cancelled', 'over'));
    stream.open.catch(() => undefined);
  });
});

describe('twins', () => {
  /** Connects with the key of an agent that has joined. */
  const connecting = async () => {
    const { agent, keys } = await joined();
    const { agentId } = agent;
    return async (of: { instanceId?: string; processId?: string }, at = a) => {
      const stream = opened(agentId, at);
      await stream.left.send(proofBy(keys.privateKey, await challengeOf(stream), agentId));
      await stream.left.send({ ...HELLO, agentId, ...of });
      const proven = await stream.open;
      await firstOf(proven);
      const endOf = (): Promise<unknown> => stream.told.next().catch((error: unknown) => AppError.from(error));
      return { endOf, proof: () => proven.proof(), agentId };
    };
  };
  const SUPERSEDED = { code: 'failed_precondition', reason: 'SUPERSEDED' };

  test.each(['here', 'at another coordinator'])('the later one goes on, %s; a process that connects again is no twin', async (where) => {
    const connect = await connecting();
    const one = await connect({ instanceId: 'one' });
    const again = await connect({ instanceId: 'one' }, where === 'here' ? a : b);
    expect(await one.endOf()).toMatchObject({ code: 'cancelled' });
    expect(decisions).toEqual([]);
    const twin = await connect({ instanceId: 'two' }, a);
    expect(await again.endOf()).toMatchObject(SUPERSEDED);
    expect(twin.proof()).toBe('key, superseded a twin');
    expect(decisions).toEqual([expect.objectContaining({ target: twin.agentId, reason: expect.stringContaining('same key') as string })]);
  });

  test('a copied spool has the same instance; the process is another one', async () => {
    const connect = await connecting();
    const one = await connect({ instanceId: 'same', processId: 'p1' });
    const twin = await connect({ instanceId: 'same', processId: 'p2' });
    expect(await one.endOf()).toMatchObject(SUPERSEDED);
    expect(twin.proof()).toBe('key, superseded a twin');
    expect(decisions).toHaveLength(1);
  });

  test('two that say to be one process are told by their taking turns; one that connects again now and then is not', async () => {
    const connect = await connecting();
    const same = { instanceId: 'same', processId: 'same' };
    const turn = async (afterMs: number): Promise<unknown> => {
      const before = await connect(same);
      await clock.advance(afterMs);
      await connect(same);
      return before.endOf();
    };
    for (let i = 0; i < 10; i++) expect(await turn(20_000)).toMatchObject({ code: 'cancelled' });
    await clock.advance(60_000);
    for (let i = 0; i < 4; i++) expect(await turn(0)).toMatchObject({ code: 'cancelled' });
    expect(decisions).toEqual([]);
    expect(await turn(0)).toMatchObject(SUPERSEDED);
    expect(decisions.length).toBeGreaterThan(0);
  });
});
