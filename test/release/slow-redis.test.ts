/** A Redis that answers late, and one that ends itself because its disk is full: nothing is lost, nothing storms, all goes on. */
import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterEach, expect, test } from 'vitest';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { Commanded } from '../support/commanded.ts';
import { half, sleep, wellAgain } from '../support/sickness.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

test('answers come half a second late: no more commands than before, no lease lost, calls are answered', async () => {
  let proxy!: TcpProxy;
  const commanded = await Commanded.start({
    redis: { tcp: true },
    prepare: async ({ redis }) => {
      proxy = await TcpProxy.start({ target: { port: redis.port } });
      ends.push(() => proxy.close());
    },
    args: () => ['--redis', `redis://${proxy.address}`, '--lease-ms', '9000', '--heartbeat-ms', '1000', '--sweep-ms', '200'],
  });
  ends.push(() => commanded.stop());
  const redis = new Redis(redisOptions(commanded.fleet.redis.url));
  ends.push(() => redis.disconnect());
  const perSecond = async (seconds: number): Promise<number> => {
    const count = async (): Promise<number> => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))![1]);
    const before = await count();
    await sleep(seconds * 1000);
    return ((await count()) - before) / seconds;
  };
  await commanded.agent('one', [commanded.coordinator.address], 16);
  const id = await half(commanded);
  const well = await perSecond(1.5);
  proxy.delay(250);
  expect(await commanded.client.get(id)).toMatchObject({ state: 'running' });
  const slow = await perSecond(2);
  expect(slow, `commands a second; before: ${well}`).toBeLessThan(2 * well);
  const other = await commanded.submit(4, { models: [{ model: 'openai/two' }] });
  expect(await commanded.client.cancel(other)).toMatch(/finalizing|cancelled/);
  await wellAgain(commanded, id);
});

test('it ends itself on a full disk (appendfsync always): UNAVAILABLE, and all goes on when it is started with room', async () => {
  const commanded = await Commanded.start({ redis: { appendfsync: 'always', prefix: ['sh', '-c', 'trap "" XFSZ; exec "$0" "$@"'] } });
  ends.push(() => commanded.stop());
  await commanded.agent('one', [commanded.coordinator.address], 16);
  const id = await half(commanded);
  commanded.ledger.disconnect();
  const { redis } = commanded.fleet;
  const pid = redis.pid();
  execFileSync('prlimit', ['--pid', String(pid), '--fsize=1:']);
  await waitFor(() => !alive(pid), { what: 'Redis to end itself' });
  const refused = await commanded.hasty.get(id).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'unavailable' });
  commanded.held = () => false;
  await sleep(500);
  await redis.restart();
  await wellAgain(commanded, id);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
