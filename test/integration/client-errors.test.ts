/** What the client makes of errors with details, and of streams of the cluster that break. */
import { afterEach, describe, expect, test } from 'vitest';
import { connect } from '../../shared/client/connect.ts';
import type { ClientOptions } from '../../shared/client/client.ts';
import type { ClusterChange } from '../../shared/client/types.ts';
import { AppError, invalid } from '../../shared/domain/errors.ts';
import { systemClock, type Clock } from '../../shared/runtime/clock.ts';
import type { RpcServer, RpcServerOptions } from '../../coordinator/rpc/server.ts';
import type { EvaluationUseCases } from '../../coordinator/rpc/use-cases.ts';
import { evaluation, EVALUATION_ID, failure, operatorUseCases, startServer } from '../support/rpc.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).toReversed()) await clean();
});

async function serve(some: Partial<EvaluationUseCases> = {}, options: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await startServer(some, options);
  cleanups.push(() => server.stop());
  return server;
}

/** A client that does not wait, and says how long it would have. */
function clientOf(addresses: string[], options: Partial<ClientOptions> = {}) {
  const waits: number[] = [];
  let skippedMs = 0;
  const clock: Clock = {
    ...systemClock,
    monotonic: () => systemClock.monotonic() + skippedMs,
    sleep: async (ms) => {
      waits.push(ms);
      skippedMs += ms;
    },
  };
  const client = connect({ addresses, ...options }, { clock, random: () => 0.5 });
  cleanups.push(() => client.close());
  return { client, waits };
}

const busy = (retryAfterMs: number) => new AppError('unavailable', 'Redis: no answer', { retryAfterMs });
/** Fails so many times first. */
const after = (failures: number, error: AppError): Partial<EvaluationUseCases> & { asked: number } => {
  const cases = {
    asked: 0,
    get: async () => {
      if (++cases.asked <= failures) throw error;
      return evaluation();
    },
  };
  return cases;
};

describe('errors', () => {
  test('what a coordinator says of itself is what is told in the end, and not that none answers', async () => {
    const { address } = await serve({
      get: async () => {
        throw new AppError('unavailable', 'Redis: there is no connection');
      },
    });
    const told = /^Redis: there is no connection \(tried for [\d.]+ s at [^)]+\)$/;
    for (const addresses of [[address], [address, '127.0.0.1:1'], ['127.0.0.1:1', address]]) {
      const error = await failure(clientOf(addresses, { patienceMs: 300 }).client.get(EVALUATION_ID));
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(told) });
    }
  });

  test('faults, reason and details come through, and are not asked for again', async () => {
    const faults = [
      { place: 'epochs', problem: 'is 0; write a number from 1' },
      { place: 'models', problem: 'is missing' },
    ];
    let asked = 0;
    const { address } = await serve({
      submit: async () => {
        asked++;
        throw invalid('the spec', faults);
      },
      update: async () => {
        throw new AppError('failed_precondition', 'it is final', { reason: 'FINAL', details: { state: 'succeeded' } });
      },
    });
    const { client } = clientOf([address]);
    expect(await failure(client.submit({ spec: {}, idempotencyKey: 'k' }))).toMatchObject({ code: 'invalid', faults });
    expect(asked).toBe(1);
    expect(await failure(client.update(EVALUATION_ID, { priority: 1 }))).toMatchObject({
      reason: 'FINAL',
      details: { state: 'succeeded' },
    });
    // Its own arguments as well, all at once, under the names of the wire.
    const wrong = await failure(client.update('x', { priority: 99 }));
    expect(wrong.faults.map((fault) => fault.place)).toEqual(['evaluation_id', 'priority']);
  });
});

describe('retries', () => {
  test('wait as long as the coordinator asks for', async () => {
    const cases = after(2, busy(4000));
    const { client, waits } = clientOf([(await serve(cases)).address]);
    expect(await client.get(EVALUATION_ID)).toEqual(evaluation());
    expect(cases.asked).toBe(3);
    expect(waits).toHaveLength(2);
    for (const wait of waits) expect(wait).toBeGreaterThan(3900);
  });

  test('go to another coordinator without that wait', async () => {
    const [first, second] = [after(100, busy(20_000)), after(0, busy(0))];
    const { client, waits } = clientOf([(await serve(first)).address, (await serve(second)).address]);
    expect(await client.get(EVALUATION_ID)).toEqual(evaluation());
    expect([first.asked, second.asked]).toEqual([1, 1]);
    expect(Math.max(...waits)).toBeLessThan(1000);
  });

  test('never wait beyond their patience', async () => {
    const cases = after(100, busy(60_000));
    const { client, waits } = clientOf([(await serve(cases)).address], { patienceMs: 5000 });
    expect(await failure(client.get(EVALUATION_ID))).toMatchObject({ code: 'unavailable', retryAfterMs: 60_000 });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(5000);
    expect(cases.asked).toBe(2);
  });
});

describe('watchCluster', () => {
  const change = (timeMs: number, snapshot: boolean): ClusterChange => ({
    timeMs,
    snapshot,
    coordinators: [],
    agents: [],
    routes: [],
    removedCoordinatorIds: [],
    removedAgentIds: [],
    removedRoutes: [],
  });

  test('begins anew with a snapshot wherever it breaks, and ends only when it is told to', async () => {
    let opened = 0;
    const operator = operatorUseCases({
      async *watchCluster(signal) {
        opened++;
        yield change(opened, true);
        yield change(opened, false);
        if (opened === 1) throw new AppError('unavailable', 'Redis: no answer');
        if (opened === 2) return; // as a coordinator that goes away
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const { client } = clientOf([(await serve({}, { operator })).address]);
    const ends = new AbortController();
    const seen: [number, boolean][] = [];
    const error = await failure(
      (async () => {
        for await (const { timeMs, snapshot } of client.watchCluster({ signal: ends.signal }))
          if (seen.push([timeMs, snapshot]) === 6) ends.abort(new AppError('cancelled', 'enough'));
      })(),
    );
    expect(error).toMatchObject({ code: 'cancelled', message: 'enough' });
    expect(seen).toEqual(
      [1, 2, 3].flatMap((n) => [
        [n, true],
        [n, false],
      ]),
    );
  });
});
