/** After a crash another agent is preferred, waited for a while, and not for ever. */
import { beforeEach, expect, test } from 'vitest';
import { Detours } from '../../../../coordinator/dispatch/detours.ts';
import type { FetchedJob } from '../../../../coordinator/queue/task-queue.ts';
import { SessionRegistry } from '../../../../coordinator/sessions/registry.ts';
import type { Session } from '../../../../coordinator/sessions/session.ts';
import type { Route } from '../../../../shared/domain/routing.ts';

const ROUTE = { id: 'route', model: 'm', labels: {} } as Route;
const jobOf = (jobId: string, avoid?: string[]): FetchedJob => ({
  ...{ jobId, evaluationId: 'ev', sequence: 1, incarnation: 2, traceparent: '', waitedMs: 0 },
  ...(avoid ? { avoid } : {}),
});

let time: number;
let others: Set<string>;
let detours: Detours;
beforeEach(() => {
  time = 0;
  others = new Set(['bad', 'good']);
  const othersServe = async (_: Route, agentIds: ReadonlySet<string>): Promise<boolean> => [...others].some((id) => !agentIds.has(id));
  detours = new Detours({ clock: { monotonic: () => time }, othersServe });
});

const waiting = async (...jobs: FetchedJob[]): Promise<string[]> => [...(await detours.waiting(ROUTE, jobs))];

test('a job waits for others, for some seconds in all, and begins anew after a long time', async () => {
  const jobs = [jobOf('one', ['bad']), jobOf('two')];
  expect(await waiting(...jobs)).toEqual(['one']);
  time = 4_000;
  expect(await waiting(...jobs)).toEqual(['one']);
  time = 6_000;
  expect(await waiting(...jobs)).toEqual([]);
  time = 30_000;
  expect(await waiting(...jobs)).toEqual(['one']);
});

test('where nobody else could take it, or nobody knows, it does not wait', async () => {
  expect(await waiting(jobOf('all', ['bad', 'good']))).toEqual([]);
  others.delete('good');
  expect(await waiting(jobOf('one', ['bad']))).toEqual([]);
  detours = new Detours({ clock: { monotonic: () => time }, othersServe: () => Promise.reject(new Error('no Redis')) });
  expect(await waiting(jobOf('one', ['bad']))).toEqual([]);
});

test('an agent that crashed over a task is the last choice, however idle it is', () => {
  const registry = new SessionRegistry();
  const add = (agentId: string, idle: number): void => {
    const roomFor = (): object | undefined => (idle > 0 ? { modelIndex: 0, room: idle, idle } : undefined);
    registry.add({ agentId, roomFor, isFit: () => true } as unknown as Session);
  };
  const picked = (...avoid: string[]): string | undefined => registry.pick(ROUTE, avoid)?.session.agentId;
  add('bad', 8);
  expect(picked('bad')).toBe('bad');
  add('good', 1);
  expect([picked(), picked('bad'), picked('good'), picked('bad', 'good')]).toEqual(['bad', 'good', 'bad', 'bad']);
  add('good', 0);
  expect(picked('bad')).toBe('bad');
  expect(registry.serves(ROUTE, new Set(['bad']))).toBe(true);
  expect(registry.serves(ROUTE, new Set(['bad', 'good']))).toBe(false);
});
