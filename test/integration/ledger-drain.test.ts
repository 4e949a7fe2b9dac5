/** The ledger's scripts on a real Redis: what drains, and what is given up meanwhile. */
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { Ledger } from '../../coordinator/ledger/ledger.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import type { Manifest } from '../../shared/domain/manifest.ts';
import { startRedis } from '../support/redis.ts';

const UNITS = 4;

test('what drains does not end before its dead letters are written down', async () => {
  const server = await startRedis();
  const redis = new Redis(redisOptions(server.url));
  try {
    await new Promise<void>((resolve) => void redis.once('ready', () => resolve()));
    const ledger = new Ledger(redis, 'test');
    const evaluationId = `ev_${'d'.repeat(26)}`;
    const group = { index: 0, firstUnit: 0, samples: UNITS, epochs: 1, scorers: ['match'] };
    const manifest = { evaluationId, units: UNITS, spec: {}, groups: [group] } as unknown as Manifest;
    await ledger.create(manifest, 'accepted', 1);
    await ledger.control(manifest, { action: 'start' });
    const state = async (): Promise<string> => (await ledger.snapshot(evaluationId))!.state;
    await ledger.plan(evaluationId, 0, [{ group: 0, route: 0, first: 0, end: 2, traceparent: '' }], [[0, 2]]);
    for (const [i, attemptId] of ['A', 'B', 'C'].entries()) {
      await ledger.grant(evaluationId, 'ag_1', [{ sequence: 0, incarnation: i + 1, attemptId }]);
      if (i === 2) await ledger.control(manifest, { action: 'drain', reason: 'enough' });
      await ledger.release(evaluationId, [{ sequence: 0, kind: 'crash', attemptId, evidence: { agent: 'north' } }]);
    }
    expect(await state()).toBe('running');
    expect(await ledger.task(evaluationId, 0)).toMatchObject({ state: 'doomed', evidence: [{ agent: 'north' }, {}, {}] });
    await ledger.control(manifest, { action: 'begin', command: 'bury', states: ['running'] });
    await ledger.close(manifest, [[0, 2]], 6, 'bury');
    await ledger.control(manifest, { action: 'end', command: 'bury', reason: '' });
    expect(await state()).toBe('finalizing');
    expect((await ledger.snapshot(evaluationId))!.counts).toEqual([UNITS, 0, 0, 0, 2, 2]);
  } finally {
    redis.disconnect();
    await server.stop();
  }
});
