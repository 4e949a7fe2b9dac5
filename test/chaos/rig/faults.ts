/** The faults that a run may take. Each begins, lasts, and ends by itself; `rig.heal` mends what is left of any of them. */
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Process } from '../../support/fleet.ts';
import type { RedisSentinels } from '../../support/redis-sentinel.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Rig } from './rig.ts';

export const FAULTS = [
  'agent-kill',
  'agent-freeze',
  'agent-drain',
  'coordinator-kill',
  'coordinator-freeze',
  'coordinator-drain',
  'redis-kill',
  'redis-power',
  'redis-wipe',
  'link-stall',
  'link-cut',
  'link-flap',
  'redislink-stall',
  'redislink-cut',
  'redislink-lost-reply',
  'redislink-slow',
] as const;
/** Once on a rig with sentinels: its primary is killed; after a second in which its replica got nothing. */
export const FAILOVERS = ['redis-failover', 'redis-failover-behind'] as const;
export type FaultKind = (typeof FAULTS)[number] | (typeof FAILOVERS)[number];

/** What a rig with sentinels bears beside its failover. */
export const FAULTS_BESIDE = FAULTS.filter((kind) => !kind.startsWith('redis'));

/** Longer than a lease and both looks at it. */
const PAST_LEASE_MS = 2_200;
/** Sentinels need a second to see that the primary is down, and some to agree. */
const FAILOVER_MS = 30_000;
/** What a power cut takes of an append-only file that is synced every second. */
const UNSYNCED_MS = 1_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

export class Nemesis {
  readonly #rig: Rig;
  readonly #spared: ReadonlySet<string>;
  readonly #busy = new Set<string>();
  /** Sizes of Redis's append-only file, the latest last. */
  readonly #sizes: { atMs: number; path: string; bytes: number }[] = [];
  readonly #measure: NodeJS.Timeout;

  /** spared: names of processes that are never killed or told to go. */
  constructor(rig: Rig, { spared = [] }: { spared?: readonly string[] } = {}) {
    this.#rig = rig;
    this.#spared = new Set(spared);
    this.#measure = setInterval(() => void this.#size().catch(() => undefined), 100);
  }

  stop(): void {
    clearInterval(this.#measure);
  }

  /** Strikes, and resolves when the fault is over. False: what it would strike is suffering already. */
  async strike(kind: FaultKind): Promise<boolean> {
    const { random, agents, coordinators, redisLinks, recorder } = this.#rig;
    const n = kind.startsWith('coordinator') || kind.startsWith('redislink') ? random(coordinators.length) : random(agents.length);
    const target = kind.startsWith('redis-')
      ? 'redis'
      : kind.startsWith('redislink')
        ? `redislink ${n}`
        : kind.startsWith('link')
          ? `link ${n}`
          : kind.startsWith('agent')
            ? `agent${n}`
            : `coordinator ${n}`;
    if (this.#busy.has(target) || (this.#spared.has(target) && !kind.endsWith('freeze'))) return false;
    this.#busy.add(target);
    const note = (phase: 'begin' | 'end'): void => recorder.note('nemesis', { what: 'fault', kind, target, phase });
    try {
      if (kind !== 'redis-wipe') note('begin'); // a wipe notes both by itself
      if (kind.startsWith('redis-')) await this.#redis(kind);
      else if (kind.startsWith('redislink')) await this.#line(kind, [redisLinks[n]!]);
      else if (kind.startsWith('link')) await this.#line(kind, this.#rig.links[n]!);
      else await this.#process(kind, kind.startsWith('agent') ? agents[n]! : coordinators[n]!);
    } finally {
      if (kind !== 'redis-wipe') note('end');
      this.#busy.delete(target);
    }
    return true;
  }

  async #process(kind: FaultKind, process: Process): Promise<void> {
    const { random } = this.#rig;
    if (!process.running) return;
    if (kind.endsWith('freeze')) {
      globalThis.process.kill(process.pid, 'SIGSTOP');
      await sleep(PAST_LEASE_MS + random(1_500));
      globalThis.process.kill(process.pid, 'SIGCONT');
      return;
    }
    await process.signal(kind.endsWith('kill') ? 'SIGKILL' : 'SIGTERM');
    await sleep(200 + random(1_000));
    // Whether it gets ready is seen at the end.
    await process.start(false);
  }

  async #redis(kind: FaultKind): Promise<void> {
    const { redis, sentinels, random } = this.#rig;
    if (kind === 'redis-wipe') return this.#rig.wipe();
    if (sentinels) return this.#failOver(sentinels, kind);
    await redis.kill9();
    if (kind === 'redis-power') await this.#cutPower();
    await sleep(100 + random(500));
    await redis.restart();
  }

  async #failOver({ primary, replica, link, primaryPort }: RedisSentinels, kind: FaultKind): Promise<void> {
    if (kind === 'redis-failover-behind') {
      link.stall('down');
      await sleep(1_000);
    }
    await primary.kill9();
    await waitFor(async () => (await primaryPort().catch(() => 0)) === replica.port, {
      what: 'the failover',
      timeoutMs: FAILOVER_MS,
      everyMs: 50,
    });
  }

  async #line(kind: FaultKind, proxies: Rig['redisLinks']): Promise<void> {
    const { random } = this.#rig;
    const ms = 500 + random(2_000);
    const way = random(2) === 0 ? 'up' : 'down';
    switch (kind) {
      case 'link-stall':
      case 'redislink-stall':
        for (const proxy of proxies) proxy.stall(way);
        await sleep(ms);
        break;
      case 'link-cut':
      case 'redislink-cut':
        for (const proxy of proxies) proxy.cut();
        await sleep(ms);
        break;
      case 'link-flap':
        for (let n = 0; n < 5; n++) {
          for (const proxy of proxies) proxy.drop();
          await sleep(200 + random(200));
        }
        break;
      case 'redislink-lost-reply':
        for (const proxy of proxies) proxy.dropAfter(0, 'down');
        await sleep(300);
        break;
      default:
        for (const proxy of proxies) proxy.delay(80, { jitterMs: 60 });
        await sleep(ms);
    }
    for (const proxy of proxies) proxy.heal();
  }

  async #size(): Promise<void> {
    const folder = join(this.#rig.redis.dir, 'appendonlydir');
    const name = (await readdir(folder)).find((file) => file.endsWith('.incr.aof'));
    if (!name) return;
    const path = join(folder, name);
    this.#sizes.push({ atMs: performance.now(), path, bytes: (await stat(path)).size });
    if (this.#sizes.length > 600) this.#sizes.shift();
  }

  /** The file as a disk may have it after a power cut: without what was not synced yet. */
  async #cutPower(): Promise<void> {
    const before = this.#sizes.findLast(({ atMs }) => atMs <= performance.now() - UNSYNCED_MS);
    if (before) await truncate(before.path, Math.min(before.bytes, (await stat(before.path)).size));
  }
}
