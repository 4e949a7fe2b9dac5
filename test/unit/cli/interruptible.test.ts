import { describe, expect, test } from 'vitest';
import { endOf } from '../../../cli/commands/cancel.ts';
import { Interrupted } from '../../../cli/exit.ts';
import { interruptible } from '../../../cli/interruptible.ts';
import type { AssayClient } from '../../../shared/client/client.ts';
import type { WatchEvent } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { allOf } from '../../support/mock-evaluation.ts';

const ID = 'ev_a';
const never = (): Promise<never> => new Promise(() => undefined);
const state = (name: 'running' | 'cancelled'): WatchEvent => ({ kind: 'state', state: name, reason: '', cursor: '', timeMs: 0 });

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => (signal.aborted ? resolve(signal) : signal.addEventListener('abort', resolve, { once: true })));

/** Answers nothing; its watch gives the events and then waits for its signal, as the real one does. */
const silent = (events: WatchEvent[] = []): AssayClient => ({
  uploadFile: never,
  uploadBytes: never,
  submit: never,
  get: never,
  cancel: never,
  report: never,
  validate: never,
  list: never,
  update: never,
  pause: never,
  resume: never,
  cancelAll: never,
  delete: never,
  samples: never,
  sample: never,
  skip: never,
  requeue: never,
  verify: never,
  record: never,
  recover: never,
  deadLetters: never,
  deadLetter: never,
  why: never,
  course: never,
  replayDeadLetters: never,
  dropDeadLetters: never,
  agents: never,
  agent: never,
  drainAgent: never,
  routes: never,
  whyRoute: never,
  events: never,
  pauseRoute: never,
  createToken: never,
  tokens: never,
  revokeToken: never,
  createJoinToken: never,
  joinTokens: never,
  revokeJoinToken: never,
  join: never,
  revokeAgent: never,
  whoAmI: never,
  namespaces: never,
  namespace: never,
  setNamespace: never,
  auditEntries: never,
  verifyAudit: never,
  waitUntilReady: never,
  async *watch(_id, { signal } = {}) {
    yield* events;
    await aborted(signal!);
    throw AppError.from(signal!.reason);
  },
  async *collectGarbage({ signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *recordSamples(_id, { signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *results(_id, { signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *logs(_subject, { signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *agentLogs(_agent, { signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *watchList(_filter, { signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  async *watchCluster({ signal } = {}) {
    yield* [];
    await aborted(signal!);
  },
  close: () => undefined,
});

const calls: [string, (client: AssayClient) => Promise<unknown>][] = [
  ['uploadFile', (c) => c.uploadFile('x')],
  ['uploadBytes', (c) => c.uploadBytes(new Uint8Array())],
  ['submit', (c) => c.submit({ spec: {}, idempotencyKey: 'k' })],
  ['get', (c) => c.get(ID)],
  ['cancel', (c) => c.cancel(ID)],
  ['report', (c) => c.report(ID)],
  ['validate', (c) => c.validate({ spec: {} })],
  ['list', (c) => c.list()],
  ['update', (c) => c.update(ID, {})],
  ['pause', (c) => c.pause({ evaluationId: ID })],
  ['resume', (c) => c.resume({ evaluationId: ID })],
  ['cancelAll', (c) => c.cancelAll({ evaluationId: ID })],
  ['delete', (c) => c.delete({ evaluationId: ID })],
  ['samples', (c) => c.samples(ID)],
  ['sample', (c) => c.sample(ID, { unit: 1 })],
  ['skip', (c) => c.skip(ID, { units: [1] })],
  ['requeue', (c) => c.requeue(ID)],
  ['agents', (c) => c.agents()],
  ['agent', (c) => c.agent('a')],
  ['drainAgent', (c) => c.drainAgent('a')],
  ['routes', (c) => c.routes()],
  ['whyRoute', (c) => c.whyRoute('r')],
  ['events', (c) => c.events()],
  ['pauseRoute', (c) => c.pauseRoute('r')],
  ['createToken', (c) => c.createToken({ name: 'ci', scopes: ['read'], namespaces: '*' })],
  ['tokens', (c) => c.tokens()],
  ['revokeToken', (c) => c.revokeToken('tk_a')],
  ['createJoinToken', (c) => c.createJoinToken({ namespaces: '*' })],
  ['joinTokens', (c) => c.joinTokens()],
  ['revokeJoinToken', (c) => c.revokeJoinToken('jt_a')],
  ['join', (c) => c.join({ secret: 'evj_a', publicKey: Buffer.alloc(32), signature: Buffer.alloc(64), name: 'a' })],
  ['revokeAgent', (c) => c.revokeAgent('ag_a')],
  ['whoAmI', (c) => c.whoAmI()],
  ['namespaces', (c) => c.namespaces()],
  ['namespace', (c) => c.namespace('a')],
  ['setNamespace', (c) => c.setNamespace('a', {})],
  ['auditEntries', (c) => c.auditEntries()],
  ['verifyAudit', (c) => c.verifyAudit()],
  ['watchCluster', (c) => allOf(c.watchCluster())],
  ['watchList', (c) => allOf(c.watchList())],
  ['waitUntilReady', (c) => c.waitUntilReady(1e6)],
  ['watch', (c) => allOf(c.watch(ID))],
  ['logs', (c) => allOf(c.logs({ evaluationId: ID }))],
  ['agentLogs', (c) => allOf(c.agentLogs('a'))],
  ['results', (c) => allOf(c.results(ID))],
];

test.each(calls)('%s ends with the reason of the interruption, under way or not begun', async (_, call) => {
  const stop = new AbortController();
  const reason = new Interrupted();
  const client = interruptible(silent(), stop.signal);
  const before = call(client);
  stop.abort(reason);
  await expect(before).rejects.toBe(reason);
  await expect(call(client)).rejects.toBe(reason);
});

describe('the end of a cancelled evaluation', () => {
  const signal = new AbortController().signal;
  test('is its final state', async () => {
    expect(await endOf(interruptible(silent([state('running'), state('cancelled')]), signal), ID, signal)).toBe('cancelled');
  });

  test('that does not come is told: the cancel is kept', async () => {
    const waiting = endOf(interruptible(silent([state('running')]), signal), ID, signal, 20);
    await expect(waiting).rejects.toMatchObject({
      code: 'deadline',
      message: expect.stringMatching(/not final within 0\.02 s; the cancel is kept/),
    });
  });

  test('is not waited for after Ctrl-C', async () => {
    const stop = new AbortController();
    const waiting = endOf(interruptible(silent(), stop.signal), ID, stop.signal);
    stop.abort(new Interrupted());
    await expect(waiting).rejects.toBeInstanceOf(Interrupted);
  });
});
