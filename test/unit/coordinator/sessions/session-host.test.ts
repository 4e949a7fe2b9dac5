/** What a coordinator makes of a Hello: whose the attempts are, and whether it takes anybody. */
import { beforeEach, expect, test } from 'vitest';
import type { Lease } from '../../../../coordinator/ledger/leases.ts';
import { SessionHost, type SessionHostParts } from '../../../../coordinator/sessions/session-host.ts';
import { SessionRegistry } from '../../../../coordinator/sessions/registry.ts';
import { LOCAL, type Namespaces } from '../../../../shared/domain/identity.ts';
import { AppError } from '../../../../shared/domain/errors.ts';
import { WIRE_MINOR, WIRE_VERSION, type AgentMessage, type CoordinatorMessage } from '../../../../shared/rpc/messages.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';
import { duplexPair } from '../../../support/duplex-pair.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { waitFor } from '../../../support/wait-for.ts';

const AGENT = 'ag_0123456789abcdef';
const leaseOf = (evaluationId: string): Lease => ({
  evaluationId,
  sequence: 1,
  attemptId: `attempt of ${evaluationId}`,
  agentId: AGENT,
  instanceId: 'one',
});
const [WHOLE, DAMAGED] = [leaseOf('ev_whole'), leaseOf('ev_damaged')] as const;

let host: SessionHost;
let registry: SessionRegistry;
/** What reading the damaged evaluation throws. */
let damage: Error;
let renewed: string[];
/** What was taken back; and of whose crash an agent tells late, by evaluation. */
let released: unknown[];
let late: Map<string, unknown[]>;
beforeEach(() => {
  registry = new SessionRegistry();
  damage = new Error('controls/: EIO');
  renewed = [];
  released = [];
  late = new Map();
  const clock = new FakeClock();
  clock.time = 1_000_000;
  // The wall clock of this coordinator is an hour ahead of Redis's.
  clock.now = () => clock.time + 3_600_000;
  const find = async (evaluationId: string): Promise<object> => {
    if (evaluationId === DAMAGED.evaluationId) throw damage;
    return { manifest: { namespace: 'team-a' }, routes: [{ id: 'route', model: 'openai/x', labels: {}, namespace: 'team-a' }] };
  };
  const task = async (evaluationId: string): Promise<object> => {
    const { attemptId } = leaseOf(evaluationId);
    return {
      state: 'leased',
      attemptId,
      agentId: AGENT,
      route: 0,
      incarnation: 1,
      grant: 1,
      first: 0,
      end: 2,
      sinceMs: clock.time,
      ageMs: 700,
    };
  };
  const renew = async (leases: readonly Lease[]): Promise<boolean[]> => {
    renewed.push(...leases.map((lease) => lease.attemptId));
    return leases.map(() => true);
  };
  host = new SessionHost({
    coordinatorId: 'co',
    heartbeatMs: 5_000,
    leaseMs: 30_000,
    isDrained: () => false,
    isQuarantined: () => false,
    leaseKeys: { open: () => ({ problem: 'forged' }) },
    requireLeases: false,
    offences: { note: () => undefined, of: () => 0 },
    onGone: () => undefined,
    registry,
    ledger: { task },
    leases: { ofAgent: async () => [DAMAGED, WHOLE], renew, remove: async () => undefined },
    catalog: { dropIfOver: async () => undefined, find },
    planner: { release: async (_known: unknown, items: unknown[]) => void released.push(...items) },
    crashes: { lateItems: async () => late },
    duties: { onRoom: () => undefined, renew },
    clock,
    logger: silentLogger(),
    instruments: { sessionsTotal: { add: () => undefined } },
  } as unknown as SessionHostParts);
});

/** A stream on which an agent has said Hello. */
function hello(
  namespaces: Namespaces = '*',
  held = [WHOLE.attemptId, DAMAGED.attemptId],
): { told: CoordinatorMessage[]; send: (message: AgentMessage) => void; over: Promise<unknown>; end: () => void } {
  const { left, right, cut } = duplexPair<CoordinatorMessage, AgentMessage>();
  void host.serve(right, 'here', { ...LOCAL, namespaces });
  const told: CoordinatorMessage[] = [];
  const over = (async () => {
    try {
      for await (const message of left.messages) told.push(message);
      return undefined;
    } catch (error) {
      return error;
    }
  })();
  const send = (message: AgentMessage): void => void left.send(message).catch(() => undefined);
  const models = [{ match: 'openai/*', maxConnections: 2, lookAhead: 0 }];
  send({
    ...{ kind: 'hello', agentId: AGENT, instanceId: 'one', name: 'a', wireVersion: WIRE_VERSION, wireMinor: WIRE_MINOR, version: '0' },
    ...{ labels: {}, models, slots: 0, capabilities: [], host: {}, canSpare: true, number: 0 },
    heldAttempts: held,
  });
  return { told, send, over, end: cut };
}

const welcomed = (told: CoordinatorMessage[]): Promise<CoordinatorMessage> => waitFor(() => told[0], { what: 'the Welcome' });

test('how long an attempt has run is what Redis says, whatever the clock of this coordinator', async () => {
  const { told, end } = hello();
  await welcomed(told);
  const [session] = registry.all();
  expect(session!.held.get(WHOLE.attemptId)!.assignedAtMs).toBe(1_000_000 - 700);
  end();
});

test('an evaluation that cannot be read keeps no agent away, and costs it no result', async () => {
  const { told, send, end } = hello();
  expect(await welcomed(told)).toMatchObject({ kind: 'welcome', lostAttempts: [] });
  const [session] = registry.all();
  expect([...session!.held.keys()]).toEqual([WHOLE.attemptId]);
  // It is renewed, what is reported of it is neither taken nor refused, and it is not told to be lost.
  renewed = [];
  const results = [{ unit: 0, content: Buffer.from('{}') }];
  const { attemptId, evaluationId } = DAMAGED;
  send({ kind: 'report', reports: [{ attemptId, evaluationId, taskId: `${evaluationId}-1`, results, traceparent: '' }] });
  send({ kind: 'heartbeat', sequence: 1, heldAttempts: [WHOLE.attemptId, attemptId] });
  await waitFor(() => told.length > 1, { what: 'an answer' });
  expect(told.slice(1)).toEqual([{ kind: 'heartbeatAck', sequence: 1, lostAttempts: [] }]);
  expect(renewed.toSorted()).toEqual([DAMAGED.attemptId, WHOLE.attemptId].toSorted());
  end();
});

test('where the store is away, the agent comes again', async () => {
  damage = new AppError('unavailable', 'the store is away');
  expect(await hello().over).toMatchObject({ code: 'unavailable' });
});

test('a coordinator that leaves tells its agents, and takes nobody', async () => {
  const { told, end } = hello();
  await welcomed(told);
  host.leave('the coordinator stops');
  await waitFor(() => told.length > 1, { what: 'the Drain' });
  expect(told[1]).toEqual({ kind: 'drain', reason: 'the coordinator stops' });
  const again = hello();
  expect(await again.over).toMatchObject({ code: 'unavailable' });
  expect(again.told).toEqual([]);
  end();
});

test('an agent whose identity covers less than before gets back what is its own, and gives back the rest', async () => {
  const { told, end } = hello(['team-b'], [WHOLE.attemptId]);
  expect(await welcomed(told)).toMatchObject({ resumedAttempts: [], lostAttempts: [WHOLE.attemptId] });
  expect(released).toEqual([{ sequence: 1, kind: 'returned', attemptId: WHOLE.attemptId }]);
  expect(registry.all()[0]!.held.size).toBe(0);
  expect(renewed).toEqual([]);
  end();
  await waitFor(() => registry.size === 0, { what: 'it to leave' });
  const again = hello(['team-a'], [WHOLE.attemptId]);
  expect(await welcomed(again.told)).toMatchObject({ resumedAttempts: [WHOLE.attemptId], lostAttempts: [] });
  expect(registry.all()[0]!.offer.namespaces).toEqual(['team-a']);
  again.end();
});

test("whoever uses an agent's name in another namespace takes nothing of its work, and tells of no crash there", async () => {
  late = new Map([[WHOLE.evaluationId, [{ sequence: 1, kind: 'crashed', attemptId: WHOLE.attemptId }]]]);
  const { told, end } = hello(['team-b'], []);
  expect(await welcomed(told)).toMatchObject({ resumedAttempts: [], lostAttempts: [] });
  expect(released).toEqual([]);
  end();
  await waitFor(() => registry.size === 0, { what: 'it to leave' });
  const own = hello(['team-a'], [WHOLE.attemptId]);
  await welcomed(own.told);
  expect(released).toEqual(late.get(WHOLE.evaluationId));
  own.end();
});

test('whoever is of fewer namespaces ends no stream of the agent that is here, and comes in when that has left', async () => {
  const here = hello(['team-a', 'team-b']);
  await welcomed(here.told);
  expect(await hello(['team-a']).over).toMatchObject({ code: 'unavailable' });
  expect(registry.all()[0]!.offer.namespaces).toEqual(['team-a', 'team-b']);
  expect(released).toEqual([]);
  here.end();
  await waitFor(() => registry.size === 0, { what: 'it to leave' });
  const next = hello(['team-a'], [WHOLE.attemptId]);
  expect(await welcomed(next.told)).toMatchObject({ resumedAttempts: [WHOLE.attemptId] });
  // The same one, or one of more, takes its place at once.
  const other = hello(['team-b', 'team-a'], [WHOLE.attemptId]);
  expect(await welcomed(other.told)).toMatchObject({ resumedAttempts: [WHOLE.attemptId] });
  expect(await next.over).toMatchObject({ code: 'cancelled' });
  other.end();
});

test('what is in flight with an agent is what it holds less what is counted', async () => {
  const { told, end } = hello(['team-a'], [WHOLE.attemptId]);
  await welcomed(told);
  const session = registry.all()[0]!;
  const held = session.held.get(WHOLE.attemptId)!;
  expect(session.samples).toBe(held.end - held.first);
  held.done.add(held.first);
  expect(session.samples).toBe(held.end - held.first - 1);
  end();
});
