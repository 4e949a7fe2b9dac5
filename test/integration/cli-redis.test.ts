/** The private Redis of the embedded mode: started, adopted after a crash, replaced when it is not as it should be. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { homeAt, prepareHome, type Home } from '../../cli/embedded/home.ts';
import { identityOf, isRunning, type ProcessIdentity } from '../../shared/runtime/process-identity.ts';
import { probeRedis, type RedisFacts } from '../../cli/embedded/redis-probe.ts';
import { startPrivateRedis, type PrivateRedis } from '../../cli/embedded/redis.ts';
import { redisBinary } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let home: Home;
const started: PrivateRedis[] = [];
beforeEach(async () => {
  home = homeAt(await mkdtemp(join(tmpdir(), 'assay-cli-redis-')));
  await prepareHome(home);
});
afterEach(async () => {
  for (const redis of started.splice(0)) await redis.stop();
  await rm(home.dir, { recursive: true, force: true });
});

async function start(recorded?: PrivateRedis, signal = new AbortController().signal): Promise<PrivateRedis> {
  const redis = await startPrivateRedis(home, process.env, signal, recorded?.identity);
  started.push(redis);
  return redis;
}

test('is durable, never evicts, and is reached by its socket alone', async () => {
  const redis = await start();
  const facts = (await probeRedis(redis.socket, 2_000)) as RedisFacts;
  expect(facts).toEqual({ pid: redis.identity.pid, dir: home.redis, appendOnly: true, maxMemoryPolicy: 'noeviction' });
  await redis.stop();
  expect(await isRunning(redis.identity)).toBe(false);
  expect(await probeRedis(redis.socket, 500)).toBeUndefined();
});

test('left by a crash is adopted', async () => {
  const first = await start();
  const second = await start(first);
  expect(second.adopted).toBe(true);
  expect(second.identity).toEqual(first.identity);
  await second.stop();
  expect(await isRunning(first.identity)).toBe(false);
});

test('at our socket with other settings is stopped and replaced', async () => {
  const socket = join(home.sockets, 'redis.sock');
  const other = spawn(redisBinary(), ['--port', '0', '--unixsocket', socket, '--dir', home.redis, '--appendonly', 'no', '--save', ''], {
    stdio: 'ignore',
  });
  const ended = once(other, 'exit');
  await waitFor(() => probeRedis(socket, 500), { what: 'the other Redis' });
  const redis = await start();
  await ended;
  expect(redis.adopted).toBe(false);
  expect(redis.identity.pid).not.toBe(other.pid);
});

test('that lost its socket is stopped before another one writes its file', async () => {
  const first = await start();
  await rm(first.socket);
  const second = await start(first);
  expect(second.adopted).toBe(false);
  expect(await isRunning(first.identity)).toBe(false);
});

test('killed with -9 is started again on its data', async () => {
  const first = await start();
  process.kill(first.identity.pid, 'SIGKILL');
  await waitFor(async () => !(await isRunning(first.identity)), { what: 'the end of Redis' });
  const second = await start(first);
  expect(second.adopted).toBe(false);
  expect(((await probeRedis(second.socket, 2_000)) as RedisFacts).pid).toBe((await identityOf(second.identity.pid)).pid);
});

test.each([
  ['while it reads its data', undefined],
  ['of a crashed run, while it reads its data', 'recorded'],
])('%s is ended by an interruption at once', async (_, left) => {
  // A file whose reading takes minutes.
  await writeFile(join(home.redis, 'appendonly.aof'), '*3\r\n$5\r\nDEBUG\r\n$5\r\nSLEEP\r\n$3\r\n600\r\n');
  const stop = new AbortController();
  const pid = async () =>
    Number(
      /^(\d+):M .*Server initialized|PID: (\d+)|pid=(\d+)/m
        .exec(await log())
        ?.slice(1)
        .find(Boolean) ?? 0,
    );
  const log = () => readFile(join(home.logs, 'redis.log'), 'utf8').catch(() => '');
  let crashed: ProcessIdentity | undefined;
  if (left) {
    const socket = join(home.sockets, 'redis.sock');
    const args = ['--port', '0', '--unixsocket', socket, '--dir', home.redis, '--appendonly', 'yes', '--save', ''];
    const child = spawn(redisBinary(), args, { stdio: 'ignore' });
    await waitFor(() => stat(socket).catch(() => undefined), { what: 'the crashed run’s Redis' });
    crashed = await identityOf(child.pid!);
  }
  const starting = startPrivateRedis(home, process.env, stop.signal, crashed);
  const interrupted = starting.catch((error: unknown) => error);
  const identity = crashed ?? (await identityOf(await waitFor(pid, { what: 'the pid of Redis', state: log })));
  expect(await isRunning(identity)).toBe(true);
  stop.abort(new Error('Ctrl-C'));
  expect(await interrupted).toMatchObject({ message: 'Ctrl-C' });
  expect(await isRunning(identity)).toBe(false);
});
