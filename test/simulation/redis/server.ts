/**
 * The Redis of a simulated world, the jobs of BullMQ within it: one memory, which may restart, lose its last moments, or be wiped. A
 * connection carries commands in order; one whose answer gets lost leaves its caller without any word of its effect.
 */
import type { Redis } from 'ioredis';
import type { Life, World } from '../world.ts';
import { clientOf } from './client.ts';
import { RedisData, type Reply } from './data.ts';
import type { Books } from '../books.ts';
import { Jobs } from './jobs.ts';

const TIMEOUT_MS = 10_000;

export class SimRedis {
  readonly world: World;
  data: RedisData;
  jobs: Jobs;
  readonly books: Books;
  runId = 'run0';
  #runs = 0;
  #isUp = true;
  /** What was known a while ago: a power loss, or a failover to a replica that was behind, goes back to it. */
  #before: { data: ReadonlyMap<string, unknown>; jobs: unknown; books: unknown } | undefined;
  readonly #connections = new Set<Connection>();
  readonly #onMissed: () => void;
  /** How probable it is that a command, or its answer, is lost with its connection. */
  lossRate = 0;
  slownessMs = 0;
  /** How wrong its clock is. */
  skewMs = 0;

  /** onMissed: something was published that a living process was to hear, while its connection was not there. */
  constructor(world: World, books: Books, onMissed: () => void = () => undefined) {
    this.world = world;
    this.books = books;
    this.#onMissed = onMissed;
    this.data = new RedisData(this.#now, (_, message) => this.#publish(message));
    this.jobs = new Jobs(this.#now);
  }

  /** One connection of a process. */
  connect(life: Life): Connection {
    const connection = new Connection(this, life);
    this.#connections.add(connection);
    return connection;
  }

  #now = (): number => this.world.now + this.skewMs;

  #publish(message: string): void {
    for (const connection of this.#connections) {
      if (connection.isDead) this.#connections.delete(connection);
      else if (connection.subscription === 'none') this.#onMissed();
      else if (connection.subscription) connection.hear(message);
    }
  }

  latency(): number {
    return 0.1 + this.world.random.next() * 0.4 + this.slownessMs * this.world.random.next();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Remembers what is known now, as what a failover or a power loss goes back to. */
  fallBehind(): void {
    this.#before = { data: this.data.copy(), jobs: this.jobs.copy(), books: this.books.copy() };
  }

  /** Breaks all connections; nobody connects until `start`. lose: comes back as it was at `fallBehind`. */
  crash(lose: boolean): void {
    this.#isUp = false;
    if (lose && this.#before) {
      this.data.restore(this.#before.data);
      this.jobs.restore(this.#before.jobs);
      this.books.restore(this.#before.books);
    }
    this.#before = undefined;
    for (const connection of this.#connections) connection.break();
  }

  start(): void {
    this.runId = `run${++this.#runs}`;
    this.#isUp = true;
    for (const connection of this.#connections) connection.renew();
  }

  /** FLUSHALL: neither the connections nor the run's id change. */
  wipe(): void {
    for (const key of this.data.keys()) this.data.drop(key);
    this.jobs.restore(new Jobs(this.#now).copy());
    this.books.wipe();
  }
}

export class Connection {
  readonly client: Redis;
  readonly #server: SimRedis;
  readonly #life: Life;
  readonly #listeners = new Map<string, (() => void)[]>();
  readonly #waiting = new Set<(error: Error) => void>();
  #lastAt = 0;
  #isReady: boolean;
  /** What hears of notices: what the connection was subscribed for, whether it is so now or not. */
  #take: ((message: string) => void) | undefined;
  /** Of the connection that is there; the server knows nothing of it after the next one. */
  #subscribed: object | undefined;
  /** It has asked for it. */
  #session: object | undefined;

  constructor(server: SimRedis, life: Life) {
    this.#server = server;
    this.#life = life;
    this.#isReady = server.isUp;
    this.client = clientOf({
      send: (work) => this.send<Reply>((s) => work(s.data)),
      onScript: (data, lua, keys, argv, reply) => server.books.note(data, lua, keys, argv, reply),
      info: () => `run_id:${server.runId}`,
      on: (event, listener) => void this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]),
      status: () => (this.#isReady ? 'ready' : 'reconnecting'),
    });
  }

  /** Has the server do something, after what this connection asked before. */
  send<T>(work: (server: SimRedis) => T): Promise<T> {
    const { world } = this.#server;
    if (!this.#isReady) return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    const at = Math.max(this.#lastAt, world.time + this.#server.latency());
    this.#lastAt = at;
    return new Promise((resolve, reject) => {
      const lose = (error: Error): void => {
        this.#waiting.delete(lose);
        this.#life.act(() => reject(error));
      };
      this.#waiting.add(lose);
      const isLost = world.random.chance(this.#server.lossRate);
      const isLostBefore = isLost && world.random.chance(0.5);
      world.after(at - world.time, () => {
        // Of a connection that broke: nobody knows whether this was done.
        const isBroken = !this.#waiting.has(lose);
        if (isBroken && (!this.#server.isUp || world.random.chance(0.5))) return;
        if (isLostBefore) return void world.after(TIMEOUT_MS, () => lose(new Error('Command timed out')));
        let settle: () => void;
        try {
          const result = work(this.#server);
          settle = () => resolve(result);
        } catch (error) {
          settle = () => reject(error instanceof Error ? error : new Error(String(error)));
        }
        if (isBroken) return;
        if (isLost) return void world.after(TIMEOUT_MS, () => lose(new Error('Command timed out')));
        this.#waiting.delete(lose);
        this.#life.act(settle);
      });
    });
  }

  get isDead(): boolean {
    return this.#life.dead;
  }

  /** Undefined: it was never subscribed. `none`: not since it broke. */
  get subscription(): object | 'none' | undefined {
    return this.#take && (this.#subscribed ?? 'none');
  }

  /** Hears of every notice from when the server knows of it; the library does it again after a break, and what came between is lost. */
  subscribe(take: (message: string) => void): Promise<void> {
    if (!this.#isReady) return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    this.#take = take;
    return new Promise((resolve, reject) => {
      const lose = (error: Error): void => {
        this.#waiting.delete(lose);
        this.#life.act(() => reject(error));
      };
      this.#waiting.add(lose);
      this.#subscribe(() => {
        this.#waiting.delete(lose);
        resolve();
      });
    });
  }

  #subscribe(done: () => void): void {
    const own = {};
    this.#session = own;
    this.#server.world.after(this.#server.latency(), () => {
      if (this.#session !== own) return;
      this.#subscribed = own;
      this.#life.act(done);
    });
  }

  hear(message: string): void {
    const { world, lossRate } = this.#server;
    const own = this.#subscribed;
    if (world.random.chance(lossRate)) return;
    world.after(this.#server.latency(), () => this.#subscribed === own && this.#life.act(() => this.#take?.(message)));
  }

  break(): void {
    this.#isReady = false;
    this.#session = undefined;
    this.#subscribed = undefined;
    for (const lose of [...this.#waiting]) lose(new Error('the connection broke before the answer came'));
    this.#tell('close');
  }

  /** The library connects again by itself, a moment later. */
  renew(): void {
    this.#server.world.after(50 + this.#server.world.random.next() * 200, () => {
      if (!this.#server.isUp || this.#life.dead || this.#isReady) return;
      this.#isReady = true;
      if (this.#take) this.#subscribe(() => undefined);
      this.#tell('ready');
    });
  }

  #tell(event: string): void {
    for (const listener of this.#listeners.get(event) ?? []) this.#life.act(listener);
  }
}
