/** A simulated coordinator: the real core on simulated Redis, store, clock and network. */
import { createHash } from 'node:crypto';
import { Directory } from '../../../coordinator/cluster/directory.ts';
import { parseCoordinatorConfig } from '../../../coordinator/config.ts';
import { buildCore, type Core } from '../../../coordinator/core.ts';
import { SingleFlight } from '../../../coordinator/evaluations/single-flight.ts';
import type { EvaluationIndex } from '../../../coordinator/index/evaluation-index.ts';
import { FinalLedgers } from '../../../coordinator/ledger/final-ledgers.ts';
import { Ledger } from '../../../coordinator/ledger/ledger.ts';
import { Notices } from '../../../coordinator/notices.ts';
import { EventLog } from '../../../coordinator/progress/event-log.ts';
import { onePrimary } from '../../../coordinator/redis/primaries.ts';
import { RedisRestarts } from '../../../coordinator/redis/restarts.ts';
import { BUFFERED } from '../../../shared/domain/durability.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { startAll, stopAll } from '../../../shared/runtime/service.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import { SimClock, type Skew } from '../clock.ts';
import type { History } from '../history.ts';
import type { Connection, SimRedis } from '../redis/server.ts';
import { SimStore, type StoreFaults } from '../store/sim-store.ts';
import type { Disk } from '../store/disk.ts';
import { SimQueue } from '../task-queue.ts';
import { Life, type World } from '../world.ts';
import { WatchedLeases } from './leases.ts';
import { noLogger, noMetrics } from './metrics.ts';

const PREFIX = 'sim';
/** Longer than any task takes here, and shorter than clocks are wrong. */
const TASK_HARD_MS = 1_800_000;
/** Shorter than in production, in the same proportions. */
export const TIMES = { taskHardMs: TASK_HARD_MS, leaseMs: 3_000, heartbeatMs: 1_000, sweepMs: 1_000, acceptMs: 2_000, drainMs: 1_000 };

const CONFIG = await parseCoordinatorConfig(
  [
    // Lines for people decide nothing, and would only move what seeds are known to show.
    ...['--keep-log-bytes', '0'],
    ...['--redis', 'redis://127.0.0.1', '--store', '/store', '--key-prefix', PREFIX],
    ...Object.entries(TIMES).flatMap(([name, ms]) => [
      `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      String(ms),
    ]),
  ],
  {},
);

export interface Surroundings {
  world: World;
  history: History;
  redis: SimRedis;
  disk: Disk;
  storeFaults: StoreFaults;
  logger?: Logger;
}

/** One place where a coordinator runs; it may be killed and started again. */
export class SimCoordinator {
  readonly name: string;
  readonly #around: Surroundings;
  /** What is to be told when this life ends. */
  readonly #onEnd = new Set<() => void>();
  readonly skew: Skew = { ms: 0 };
  life: Life;
  core: Core | undefined;
  /** Takes new calls and streams. */
  isServing = false;
  #lives = 0;

  constructor(name: string, around: Surroundings) {
    this.name = name;
    this.#around = around;
    this.life = new Life(around.world, name);
  }

  /** Begins a life. */
  start(): void {
    const { world, history, redis, disk, storeFaults, logger = noLogger } = this.#around;
    const life = new Life(world, `${this.name}.${this.#lives++}`);
    this.life = life;
    // It waits for Redis, as a real one does.
    if (!redis.isUp) return void world.after(100, () => this.life === life && !life.dead && this.start());
    const clock = new SimClock(life, this.skew);
    const [ledgerLine, queueLine] = [redis.connect(life), redis.connect(life)];
    const { client } = ledgerLine;
    const restarts = new RedisRestarts(client, onePrimary(client), PREFIX);
    const ledger = new Ledger(client, PREFIX, { isSettled: () => restarts.settled });
    const core = buildCore(CONFIG, {
      coordinatorId: `co_${life.name.replace('.', '_')}`,
      address: () => this.name,
      store: new SimStore(disk, life, storeFaults),
      ledger,
      finalLedgers: new FinalLedgers(client, ledger),
      leases: new WatchedLeases(client, PREFIX, TIMES.leaseMs, history),
      queue: new SimQueue(queueLine) as never,
      events: new EventLog(client, (id) => ledger.key(id, 'events'), clock),
      flight: new SingleFlight(client, PREFIX, life.name, clock),
      directory: new Directory(client, PREFIX),
      index: noIndex(),
      // What an acknowledgement promises beyond the store is shown on real servers.
      acknowledging: { promised: BUFFERED, demand: async () => undefined, reach: async () => BUFFERED },
      random: keyBytes(life.name),
      restarts,
      isOurs: () => true,
      check: async () => undefined,
      clock,
      logger: logger.child({ at: life.name }),
      metrics: noMetrics,
    });
    this.core = core;
    client.on('close', () => {
      restarts.unsettle();
      core.connectionLost();
    });
    client.on('ready', () => core.connectionBack());
    const handlers = { ...core.notices, onToken: () => undefined, onAgentKey: () => undefined, onProved: () => undefined };
    const notices = new Notices({ redis: noticesOf(redis.connect(life)) as never, channel: 'n', handlers, clock, logger });
    void core
      .look()
      .then(() => startAll([notices, ...core.background]))
      .then(
        () => {
          if (this.life !== life) return;
          core.connectionBack();
          this.isServing = true;
        },
        // As a supervisor does: it begins anew.
        () => this.life === life && world.after(1_000, () => this.life === life && this.start()),
      );
  }

  /** Calls `told` if this life ends before the returned function was called. */
  onEnd(told: () => void): () => void {
    this.#onEnd.add(told);
    return () => this.#onEnd.delete(told);
  }

  #end(): void {
    this.isServing = false;
    this.core = undefined;
    this.life.kill();
    for (const told of [...this.#onEnd]) told();
    this.#onEnd.clear();
  }

  kill(): void {
    this.#end();
  }

  /** As SIGTERM: sessions go elsewhere, then everything comes to its end. */
  async stop(): Promise<void> {
    const { core, life } = this;
    if (!core || !this.isServing) return;
    this.isServing = false;
    const clock = new SimClock(life, this.skew);
    core.sessions.leave('the coordinator stops');
    const until = clock.monotonic() + TIMES.drainMs;
    while (core.registry.size > 0 && clock.monotonic() < until) await clock.sleep(50);
    await stopAll(core.background).catch(() => undefined);
    await core.settle(TIMES.drainMs);
    if (this.life === life && !life.dead) this.#end();
  }
}

/** Keys of leases: the same in every run, others in every life; they leave the world's chances as they are. */
function keyBytes(life: string): (bytes: number) => Buffer {
  let drawn = 0;
  return (bytes) => createHash('sha256').update(`${life} ${drawn++}`).digest().subarray(0, bytes);
}

/** The connection on which notices come. */
function noticesOf(connection: Connection): object {
  let take: (channel: string, notice: string) => void = () => undefined;
  return {
    on: (_event: string, listener: typeof take) => void (take = listener),
    subscribe: () => connection.subscribe((notice) => take('n', notice)),
    removeAllListeners: () => void (take = () => undefined),
  };
}

/** Nobody lists evaluations here: an index that holds nothing, and misses nothing. */
function noIndex(): EvaluationIndex {
  const index = {
    unfinished: async () => new Map<string, never>(),
    get: () => undefined,
    put: () => undefined,
    remove: () => undefined,
    missing: () => [],
    longestUnchecked: () => [],
    async *ids() {},
    async *ended() {},
    find: () => {
      throw new AppError('unimplemented', 'no index in the simulation');
    },
    close: () => undefined,
  };
  return index as unknown as EvaluationIndex;
}
