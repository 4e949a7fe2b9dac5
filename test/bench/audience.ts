/**
 * An audience: `node test/bench/audience.ts [WATCHERS] [PAGES] [SECONDS] [EVALUATIONS]` (default 1,000, 50, 20 and 1). So many gRPC watchers and pages look at
 * evaluations of one coordinator, whose agent does 500 samples a second; then 20 more readers stop reading an evaluation with many events, and read
 * again. Prints one line of JSON: how late events came before, during and after, the coordinator's memory, what each process took of a core, and how
 * late timers of this process came meanwhile, which has nothing to do: where they are late, others have the machine.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { redisOptions } from '../../coordinator/redis/connect.ts';
import { Fleet } from '../support/fleet.ts';
import { mockSpec, sums } from '../support/mock-evaluation.ts';
import { freePort } from '../support/ports.ts';
import { Prober } from '../support/prober.ts';
import { floodEvents, StalledWatcher } from '../support/stalled-watcher.ts';
import { waitFor } from '../support/wait-for.ts';
import { Lags, type Lag } from './audience/lags.ts';
import type { Paged } from './audience/pages.ts';
import type { Watched } from './audience/watchers.ts';

const [watchers = 1_000, pages = 50, seconds = 20, evaluations = 1] = process.argv.slice(2).map(Number);
const CONNECTIONS = 20;
const STALLED = 20;
/** Events a second of the evaluation that is not read; twenty times as many as one has. */
const FLOOD = 200;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const rssMiB = (pid: number): number => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);

/** User and system time of a process, seconds. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const started = (file: string, ...args: string[]): ChildProcess =>
  fork(join(import.meta.dirname, 'audience', file), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

async function ask<T>(child: ChildProcess): Promise<T> {
  const answer = once(child, 'message');
  child.send({});
  const [told] = (await answer) as [T];
  return told;
}

const fleet = await Fleet.start();
const children: ChildProcess[] = [];
try {
  const http = `127.0.0.1:${await freePort()}`;
  const profile: Record<string, string> = process.env['PROFILE']
    ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${process.env['PROFILE']}` }
    : {};
  const coordinator = await fleet.coordinator({ args: ['--http', http], env: profile });
  // 50 calls at a time, each of a tenth of a second: 500 a second.
  const models = [{ match: 'mock/*', provider: 'mock', max_connections: 50, look_ahead: 100, options: { latency_ms: 98, accuracy: 0.5 } }];
  const agent = await fleet.agent('bench', [coordinator.address], { models });
  const client = fleet.client(coordinator.address);
  const digest = await client.uploadBytes(sums(20_000));
  const submit = async (key: string, more: Record<string, unknown>): Promise<string> =>
    (await client.submit({ spec: mockSpec(digest, more), idempotencyKey: key })).evaluation.evaluationId;
  const ids: string[] = [];
  for (let i = 0; i < evaluations; i++)
    ids.push(
      await submit(`watched ${i}`, {
        name: `watched ${i}`,
        models: ['one', 'two', 'three', 'four'].map((model) => ({ model: `mock/${model}` })),
      }),
    );
  const unread = await submit('unread', { name: 'unread', models: [{ model: 'elsewhere/one' }] });

  // What happened when, for what pages are told of several events at once.
  const times = new Map<string, number[]>(ids.map((id) => [id, []]));
  let counted = 0;
  for (const id of ids)
    void (async () => {
      let closed = 0;
      for await (const event of client.watch(id)) {
        if (event.kind === 'progress') {
          const now =
            event.counts.total -
            Object.values(event.counts)
              .slice(1)
              .reduce((sum, n) => sum - n, event.counts.total);
          counted += now - closed;
          closed = now;
        }
        times.get(id)![Number(event.cursor.split('-')[1])] = event.timeMs;
      }
    })().catch(() => undefined);

  const each = (number: number): string[] => Array.from({ length: number }, (_, i) => ids[i % ids.length]!);
  const grpc = started('watchers.ts', coordinator.address, String(CONNECTIONS), ...each(watchers));
  const sse = started('pages.ts', `http://${http}`, ...each(pages).map((id) => `/evaluations/${id}/events`));
  children.push(grpc, sse);
  await waitFor(
    async () => {
      const [{ open }, paged] = [await ask<Watched>(grpc), await ask<Paged>(sse)];
      return open === watchers && paged.open === pages;
    },
    { what: 'all pictures', timeoutMs: 60_000, everyMs: 500 },
  );
  say(`${watchers} watchers and ${pages} pages have their pictures`);
  const prober = new Prober(coordinator.address, ids[0]!);
  const processes: Record<string, number> = {
    coordinator: coordinator.pid,
    agent: agent.pid,
    redis: fleet.redis.pid(),
    watchers: grpc.pid!,
    pages: sse.pid!,
    bench: process.pid,
  };

  /** How old the oldest news was in each message: pages are told at most twice a second. */
  const oldest = (messages: Paged['messages']): Lag => {
    const lags = new Lags();
    const before = new Map<number, number>();
    for (const [page, id, number, atMs] of messages) {
      const previous = before.get(page) ?? number;
      const at = times.get(id)![Math.min(previous + 1, number)];
      if (number > previous && at !== undefined) lags.add(atMs - at);
      before.set(page, Math.max(number, previous));
    }
    return lags.take();
  };

  // What the machine is busy with otherwise shows here.
  const timers = new Lags();
  let dueMs = performance.now() + 10;
  const timer = setInterval(() => {
    timers.add(performance.now() - dueMs);
    dueMs = performance.now() + 10;
  }, 10);

  const phase = async (name: string, work: Promise<unknown> = sleep(seconds * 1000)): Promise<Record<string, unknown>> => {
    await Promise.all([ask(grpc), ask(sse)]);
    timers.take();
    const [cpu, countedBefore, atMs] = [Object.values(processes).map(cpuOf), counted, Date.now()];
    await Promise.all([work, sleep(seconds * 1000)]);
    const took = (Date.now() - atMs) / 1000;
    const shares = Object.entries(processes).map(([of, pid], i) => [of, Number(((cpuOf(pid) - cpu[i]!) / took).toFixed(2))] as const);
    const [watched, paged] = [await ask<Watched>(grpc), await ask<Paged>(sse)];
    const ms = (p: number): number => Math.round(prober.percentile(p, atMs, Date.now()) ?? -1);
    const figures = {
      seconds: Number(took.toFixed(1)),
      samplesPerSecond: Math.round((counted - countedBefore) / took),
      watchers: watched,
      pages: { lag: paged.lag, oldestNews: oldest(paged.messages), open: paged.open, ended: paged.ended },
      unaryMs: { p50: ms(0.5), p99: ms(0.99) },
      timersLateMs: timers.take(),
      coordinatorMiB: rssMiB(coordinator.pid),
      busyCores: Object.fromEntries(shares),
    };
    say(`${name}: ${JSON.stringify(figures)}`);
    return figures;
  };

  await sleep(3_000);
  const before = await phase('before');
  const stalled = Array.from({ length: STALLED }, () => new StalledWatcher(coordinator.address, unread));
  await waitFor(() => stalled.every(({ events }) => events.length > 0), { what: 'the pictures of those that stop', timeoutMs: 30_000 });
  const redis = new Redis(redisOptions(fleet.redis.url));
  await once(redis, 'ready');
  const flood = async (): Promise<void> => {
    for (let i = 0; i < seconds * 10; i++) {
      await floodEvents(redis, unread, FLOOD / 10);
      await sleep(100);
    }
  };
  const during = await phase('during', flood());
  const heldAtEnd = rssMiB(coordinator.pid);
  for (const watcher of stalled) watcher.read();
  const last = await floodEvents(redis, unread, 1);
  await waitFor(() => stalled.every(({ events }) => events.at(-1)!.cursor === last), {
    what: 'those that stopped to have the last event',
    timeoutMs: 60_000,
  });
  const after = await phase('after');
  const resynced = stalled.filter(({ events }) => events.some((event) => event.kind === 'snapshot' && event.resync)).length;
  for (const watcher of stalled) watcher.close();
  clearInterval(timer);
  redis.disconnect();
  await prober.stop();
  process.stdout.write(
    `${JSON.stringify({ watchers, pages, ...{ before, during, after }, stalled: { readers: STALLED, resynced, coordinatorMiBAtEnd: heldAtEnd } })}\n`,
  );
  if (process.env['PROFILE']) await coordinator.signal('SIGTERM');
} finally {
  for (const child of children) child.kill('SIGKILL');
  await fleet.stop();
}
process.exit(0);
