/** Health as it is told to whoever asks: names that are known, and an end for those who watch. */
import { describe, expect, test } from 'vitest';
import { Health, HEALTH_NAMES } from '../../../../coordinator/rpc/health-service.ts';
import { Handlers, type BareMethod } from '../../../../shared/rpc/handler.ts';
import { silentLogger } from '../../../../shared/telemetry/logger.ts';

function healthOf(watchMs?: number) {
  const health = new Health(watchMs);
  const handlers = new Handlers({ logger: silentLogger(), goingAway: new AbortController().signal, callerOf: () => undefined as never });
  health.service(handlers);
  const handle = (method: string): BareMethod['handle'] => handlers.bare.get(`/grpc.health.v1.Health/${method}`)!.handle;
  const watch = (service: string, { signal }: AbortController): AsyncGenerator<{ status: string }> =>
    handle('Watch')({ service } as never, { signal } as never) as AsyncGenerator<{ status: string }>;
  return { health, handle, watch };
}

describe('Watch', () => {
  test.each([
    ['', ['SERVING', 'NOT_SERVING']],
    ['assay.v1.AgentService', ['SERVING', 'NOT_SERVING']],
    ['liveness', ['SERVING']],
    ['nonsense', ['SERVICE_UNKNOWN']],
  ])('%j says each change, and ends with its call', async (service, wanted) => {
    const { health, watch } = healthOf();
    const call = new AbortController();
    const watching = watch(service, call);
    const said = [(await watching.next()).value?.status];
    const next = watching.next();
    health.leave();
    if (wanted.length > 1) said.push((await next).value?.status);
    expect(said).toEqual(wanted);
    const last = wanted.length > 1 ? watching.next() : next;
    call.abort();
    expect((await last).done).toBe(true);
    expect(health.watching).toBe(0);
  });

  test('keeps nobody who is gone, however many there were', async () => {
    const { health, watch } = healthOf();
    for (let i = 0; i < 300; i++) {
      const call = new AbortController();
      const watching = watch(i % 2 ? `name ${i}` : '', call);
      await watching.next();
      const end = watching.next();
      expect(health.watching).toBe(i % 2 ? 0 : 1);
      call.abort();
      await end;
    }
    expect(health.watching).toBe(0);
  });

  test('ends after its time', async () => {
    const { health, watch } = healthOf(20);
    for (const service of ['', 'nonsense', 'liveness']) {
      const said: string[] = [];
      for await (const { status } of watch(service, new AbortController())) said.push(status);
      expect(said).toHaveLength(1);
    }
    expect(health.watching).toBe(0);
  });
});

test('Check and List know the same names', async () => {
  const { health, handle } = healthOf();
  const check = (service: string): unknown => handle('Check')({ service } as never, undefined as never);
  for (const name of HEALTH_NAMES) expect(await check(name)).toEqual({ status: 'SERVING' });
  await expect(check('a secret name')).rejects.toThrow(/^no service of this name is served here$/);
  health.leave();
  const { statuses } = (await handle('List')({} as never, undefined as never)) as { statuses: Record<string, { status: string }> };
  expect(Object.keys(statuses)).toEqual([...HEALTH_NAMES]);
  expect(Object.entries(statuses).filter(([, { status }]) => status === 'SERVING')).toEqual([['liveness', { status: 'SERVING' }]]);
});
