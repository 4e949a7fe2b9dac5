/** The page of the cluster: what it says of Redis, of limits and of the store, and what it says where nothing is told. */
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { openAt } from '../support/page.ts';
import type { ScopesRig } from '../support/scopes-rig.ts';
import { said, type Visits } from '../support/visits.ts';

/** `around`: what there is once tests run. */
export function clusterInPages(around: () => { rig: ScopesRig; visits: Visits }): void {
  test('the cluster for whoever operates it: Redis as it stands now, what bounds callers and work, the store', async () => {
    const { rig, visits } = around();
    const { page, context, faults } = await visits.visit((await rig.token('operator-2', ['operate'], '*')).secret, '/cluster');
    const panel = (name: string): Locator => page.locator('.panel', { has: page.getByRole('heading', { name }) });
    const redis = panel('Redis');
    await redis.getByText('noeviction: it refuses, and keeps what it has').waitFor();
    await redis.getByText(/^(redis|valkey) \d+\.\d+\.\d+, standalone$/).waitFor();
    await redis.getByText('primary, no replica').waitFor();
    await redis.getByText('append-only file, synced every second (everysec)').waitFor();
    await redis.getByText(/^\d+\.\d (MiB|KiB), no bound$/).waitFor();
    await redis.getByText(/^\d+(\.\d)? ms$/).waitFor();
    for (const text of ['one message by gRPC', '4 MiB', 'streams of one identity at a time, by HTTP', '200', '10,000'])
      await panel('Limits').getByText(text, { exact: true }).first().waitFor();
    await panel('Store').getByText('directory', { exact: true }).waitFor();
    await panel('Store')
      .getByText(/ free$/)
      .waitFor();
    await panel('Coordinators').getByText('development').waitFor();
    expect(await visits.unreadable(page, 'cluster')).toEqual([]);
    await rig.setRedis({ maxmemory: '1gb', 'maxmemory-policy': 'allkeys-lru', appendonly: 'no' });
    await redis.getByText('allkeys-lru: it drops queues and counts').waitFor();
    await redis.getByText('none: a restart forgets what is queued and counted').waitFor();
    await redis.getByText(/ of 1\.0 GiB \(\d+ %\)$/).waitFor();
    expect(await visits.unreadable(page, 'cluster-unsafe')).toEqual([]);
    await rig.setRedis({ appendonly: 'yes', 'maxmemory-policy': 'noeviction', maxmemory: '0' });
    await redis.getByText('noeviction: it refuses, and keeps what it has').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('what a coordinator does not tell is not made up: one of an earlier release, a server that withholds, one that does not answer', async () => {
    const { rig, visits } = around();
    const { page, context, faults } = await visits.visit((await rig.token('operator-3', ['operate'], '*')).secret, '/agents');
    const change = (more: object): string => {
      const coordinators = [
        { coordinatorId: 'co_1', version: '0.1.0', address: 'one:4510', startedAtMs: 1, seenAtMs: 2, agents: 0, inFlight: 0 },
      ];
      const store = { measuredAtMs: 0, finished: 0, finishedBytes: 0, kept: 0, keptBytes: 0, policy: {} };
      const nothing = { agents: [], routes: [], removedCoordinatorIds: [], removedAgentIds: [], removedRoutes: [] };
      return `event: change\ndata: ${JSON.stringify({ timeMs: 1, snapshot: true, coordinators, store, ...nothing, ...more })}\n\n`;
    };
    const answer = async (more: object): Promise<void> => {
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await page.route('**/cluster/events', (route) =>
        route.fulfill({ headers: { 'content-type': 'text/event-stream' }, body: `retry: 60000\n\n${change(more)}` }),
      );
      await openAt(page, `${rig.url}/cluster`);
    };
    await answer({});
    await said(page, 'This coordinator does not say.').waitFor();
    await said(page, 'These coordinators do not say.').waitFor();
    await answer({ redis: { measuredAtMs: Date.now(), servers: [{ address: 'managed:6379', version: '7.2.4', usedBytes: 5_000_000 }] } });
    await said(page, '4.8 MiB; its bound is not told').waitFor();
    expect(await visits.unreadable(page, 'cluster-withheld')).toEqual([]);
    const shard = {
      kind: 'valkey',
      version: '8.1.1',
      mode: 'cluster',
      role: 'primary',
      replicas: 1,
      policy: 'noeviction',
      aof: true,
      appendfsync: 'everysec',
    };
    const servers = [1, 2].map((n) => ({
      address: `shard-${n}:6379`,
      ...shard,
      usedBytes: n * 2 ** 28,
      maxBytes: 2 ** 30,
      latencyUs: n * 400,
    }));
    const lost = { address: 'shard-3:6379', problem: 'Redis: there is no connection to it for the moment' };
    await answer({ redis: { measuredAtMs: Date.now(), servers: [...servers, lost] } });
    await said(page, 'there is no connection to it for the moment').waitFor();
    expect(await visits.unreadable(page, 'cluster-shards')).toEqual([]);
    expect(faults).toEqual([]);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await context.close();
  });
}
