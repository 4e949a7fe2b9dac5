/**
 * What the coordinator's parts see of a simulated Redis: the methods of ioredis that they call. How a command gets there, how long it takes
 * and whether its answer comes back is the matter of `send`.
 */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { RedisData, Reply } from './data.ts';
import { runScript } from './eval.ts';

/** Carries one command to the server and its answer back; rejects when nothing can be said of its effect. */
export type Send = (work: (data: RedisData) => Reply) => Promise<Reply>;

export interface ClientOptions {
  send: Send;
  /** What INFO says. */
  info?: () => string;
  on?: (event: string, listener: () => void) => void;
  status?: () => string;
  /** A script has run, at this moment. */
  onScript?: (data: RedisData, lua: string, keys: readonly string[], argv: readonly string[], reply: Reply) => void;
}

/** Stands in for a connection of ioredis. */
export function clientOf(options: ClientOptions): Redis {
  return new SimulatedClient(options) as unknown as Redis;
}

/** Scripts by their digest, as a server keeps them; all servers of this process know the same ones. */
const scripts = new Map<string, string>();
const digested = new Set<string>();

class SimulatedClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get status(): string {
    return this.#options.status?.() ?? 'ready';
  }

  on(event: string, listener: () => void): this {
    this.#options.on?.(event, listener);
    return this;
  }

  #send(work: (data: RedisData) => Reply): Promise<Reply> {
    return this.#options.send(work);
  }

  #run(name: string, ...args: (string | number)[]): Promise<Reply> {
    return this.#send((data) => data.run(name, args.map(String)));
  }

  evalsha(digest: string, count: number, ...args: (string | number)[]): Promise<Reply> {
    const lua = scripts.get(digest);
    return lua === undefined ? Promise.reject(new Error('NOSCRIPT')) : this.#script(lua, count, args);
  }

  eval(lua: string, count: number, ...args: (string | number)[]): Promise<Reply> {
    if (!digested.has(lua)) {
      digested.add(lua);
      scripts.set(createHash('sha1').update(lua).digest('hex'), lua);
    }
    return this.#script(lua, count, args);
  }

  #script(lua: string, count: number, args: readonly (string | number)[]): Promise<Reply> {
    const texts = args.map(String);
    const [keys, argv] = [texts.slice(0, count), texts.slice(count)];
    return this.#send((data) => {
      const reply = runScript(data, lua, keys, argv);
      this.#options.onScript?.(data, lua, keys, argv, reply);
      return reply;
    });
  }

  async info(): Promise<string> {
    await this.#run('TIME');
    return this.#options.info?.() ?? '';
  }

  time = (): Promise<Reply> => this.#run('TIME');
  get = (key: string): Promise<Reply> => this.#run('GET', key);
  set = (...args: (string | number)[]): Promise<Reply> => this.#run('SET', ...args);
  del = (...keys: string[]): Promise<Reply> => this.#run('DEL', ...keys);
  publish = (channel: string, message: string): Promise<Reply> => this.#run('PUBLISH', channel, message);
  hget = (key: string, field: string): Promise<Reply> => this.#run('HGET', key, field);
  hdel = (key: string, ...fields: string[]): Promise<Reply> => this.#run('HDEL', key, ...fields);
  hmget = (key: string, ...fields: string[]): Promise<Reply> => this.#run('HMGET', key, ...fields);
  zrem = (key: string, ...members: string[]): Promise<Reply> => this.#run('ZREM', key, ...members);
  zscan = (key: string, ...args: (string | number)[]): Promise<Reply> => this.#run('ZSCAN', key, ...args);
  xrange = (key: string, ...args: (string | number)[]): Promise<Reply> => this.#run('XRANGE', key, ...args);
  xrevrange = (key: string, ...args: (string | number)[]): Promise<Reply> => this.#run('XREVRANGE', key, ...args);

  async hgetall(key: string): Promise<Record<string, string>> {
    const flat = (await this.#run('HGETALL', key)) as string[];
    const found: Record<string, string> = {};
    for (let i = 0; i < flat.length; i += 2) found[flat[i]!] = flat[i + 1]!;
    return found;
  }

  async getrangeBuffer(key: string, from: number, to: number): Promise<Buffer> {
    return Buffer.from((await this.#run('GETRANGE', key, from, to)) as string, 'latin1');
  }

  /** Only what is asked of several keys at once. */
  pipeline(): { hmget: (key: string, ...fields: string[]) => unknown; exec: () => Promise<[null, Reply][]> } {
    const asked: string[][] = [];
    const pipeline = {
      hmget: (...args: string[]) => {
        asked.push(args);
        return pipeline;
      },
      exec: async (): Promise<[null, Reply][]> => {
        const answers = (await this.#send((data) => asked.map((args) => data.run('HMGET', args)))) as Reply[];
        return answers.map((answer) => [null, answer]);
      },
    };
    return pipeline;
  }
}
