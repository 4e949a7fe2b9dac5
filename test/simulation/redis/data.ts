/**
 * Redis's data and the commands on it that the coordinator uses, in memory, each done at once. Replies are as Redis gives them: numbers,
 * strings (a byte per character), null, lists. A copy of it is what a restart without the last second, or a replica, knows.
 */
import { addDecimals } from './decimals.ts';
import { formatNumber } from './lua-library.ts';

export type Reply = number | string | null | Reply[];

type Value =
  | { kind: 'string'; text: string }
  | { kind: 'hash'; map: Map<string, string> }
  | { kind: 'set'; set: Set<string> }
  | SortedSet
  | Stream;

interface SortedSet {
  kind: 'zset';
  scores: Map<string, number>;
}

interface Stream {
  kind: 'stream';
  entries: { ms: number; sequence: number; fields: string[] }[];
  last: [number, number];
}

/** What a Redis refuses. */
export class RedisError extends Error {}

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value';

const EMPTY: Readonly<Record<Value['kind'], () => Value>> = {
  string: () => ({ kind: 'string', text: '' }),
  hash: () => ({ kind: 'hash', map: new Map() }),
  set: () => ({ kind: 'set', set: new Set() }),
  zset: () => ({ kind: 'zset', scores: new Map() }),
  stream: () => ({ kind: 'stream', entries: [], last: [0, 0] }),
};

export class RedisData {
  readonly #now: () => number;
  readonly #publish: (channel: string, message: string) => void;
  #values = new Map<string, Value>();
  readonly #expiries = new Map<string, number>();
  /** Goes up with every command that writes. */
  writes = 0;

  /** now: milliseconds of this Redis's clock. */
  constructor(now: () => number, publish: (channel: string, message: string) => void) {
    this.#now = now;
    this.#publish = publish;
  }

  run(name: string, args: readonly string[]): Reply {
    const command = COMMANDS[name] ?? COMMANDS[name.toUpperCase()];
    if (!command) throw new RedisError(`ERR unknown command '${name}' in the simulation`);
    return command(this, args);
  }

  /** A copy of everything, to go back to. */
  copy(): ReadonlyMap<string, unknown> {
    return structuredClone(new Map([...this.#values, ...[...this.#expiries].map(([key, at]): [string, unknown] => [`\0${key}`, at])]));
  }

  restore(copy: ReadonlyMap<string, unknown>): void {
    const all = structuredClone(copy) as Map<string, Value>;
    this.#values = new Map([...all].filter(([key]) => !key.startsWith('\0')));
    this.#expiries.clear();
    for (const [key, at] of all) if (key.startsWith('\0')) this.#expiries.set(key.slice(1), at as unknown as number);
  }

  keys(): string[] {
    return [...this.#values.keys()].filter((key) => this.#alive(key)).toSorted();
  }

  /** A key's value in a form that can be compared: what Redis keeps in no order is sorted. */
  dump(key: string): unknown {
    const value = this.#get(key);
    switch (value?.kind) {
      case 'string':
        return value.text;
      case 'hash':
        return Object.fromEntries([...value.map].toSorted(byFirst));
      case 'set':
        return [...value.set].toSorted();
      case 'zset':
        return byScore(value);
      case 'stream':
        return value.entries.map((e) => [`${e.ms}-${e.sequence}`, e.fields]);
      default:
        return undefined;
    }
  }

  now(): number {
    return this.#now();
  }

  publish(channel: string, message: string): void {
    this.#publish(channel, message);
  }

  #alive(key: string): boolean {
    const at = this.#expiries.get(key);
    if (at === undefined || at > this.#now()) return true;
    this.drop(key);
    return false;
  }

  #get(key: string): Value | undefined {
    return this.#alive(key) ? this.#values.get(key) : undefined;
  }

  drop(key: string): boolean {
    this.#expiries.delete(key);
    return this.#values.delete(key);
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  expire(key: string, atMs: number | undefined): boolean {
    if (!this.has(key)) return false;
    if (atMs === undefined) return this.#expiries.delete(key);
    this.#expiries.set(key, atMs);
    return true;
  }

  set(key: string, value: Value): void {
    this.#values.set(key, value);
  }

  find<K extends Value['kind']>(key: string, kind: K): Extract<Value, { kind: K }> | undefined {
    const value = this.#get(key);
    if (value && value.kind !== kind) throw new RedisError(WRONG_TYPE);
    return value as Extract<Value, { kind: K }> | undefined;
  }

  /** Made where it is not there. */
  at<K extends Value['kind']>(key: string, kind: K): Extract<Value, { kind: K }> {
    this.writes++;
    const there = this.find(key, kind);
    if (there) return there;
    const value = EMPTY[kind]();
    this.#values.set(key, value);
    return value as Extract<Value, { kind: K }>;
  }
}

const byFirst = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Members with their scores, by score and then by name. */
function byScore(set: SortedSet | undefined): [string, number][] {
  return [...(set?.scores ?? [])].toSorted((a, b) => a[1] - b[1] || byFirst(a, b));
}

function pairsOf(args: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let i = 0; i < args.length; i += 2) pairs.push([args[i]!, args[i + 1]!]);
  return pairs;
}

const edge = (text: string): number => (text === '-inf' ? -Infinity : text === '+inf' ? Infinity : Number(text));

const parseId = (text: string, sequence: number): [number, number] => {
  const [ms = '0', own] = text.split('-');
  return [Number(ms), own === undefined ? sequence : Number(own)];
};

function rangeOf(data: RedisData, key: string, from: string, to: string): Reply[] {
  const [low, high] = [from === '-' ? [0, 0] : parseId(from, 0), to === '+' ? [Infinity, Infinity] : parseId(to, Infinity)];
  return (data.find(key, 'stream')?.entries ?? [])
    .filter((e) => e.ms > low[0]! || (e.ms === low[0] && e.sequence >= low[1]!))
    .filter((e) => e.ms < high[0]! || (e.ms === high[0] && e.sequence <= high[1]!))
    .map((e) => [`${e.ms}-${e.sequence}`, e.fields]);
}

function dropIfEmpty(data: RedisData, key: string, size: number): void {
  if (size === 0) data.drop(key);
}

const COMMANDS: Record<string, (data: RedisData, args: readonly string[]) => Reply> = {
  TIME: (data) => [String(Math.floor(data.now() / 1000)), String(Math.floor((data.now() % 1000) * 1000))],
  PUBLISH: (data, [channel, message]) => {
    data.publish(channel!, message!);
    return 0;
  },
  DEL: (data, keys) => {
    data.writes++;
    return keys.filter((key) => data.has(key) && data.drop(key)).length;
  },
  EXISTS: (data, keys) => keys.filter((key) => data.has(key)).length,
  EXPIRE: (data, [key, seconds]) => Number(data.expire(key!, data.now() + Number(seconds) * 1000)),
  PEXPIRE: (data, [key, ms]) => Number(data.expire(key!, data.now() + Number(ms))),
  PERSIST: (data, [key]) => Number(data.expire(key!, undefined)),
  GET: (data, [key]) => data.find(key!, 'string')?.text ?? null,
  SET: (data, [key, text, ...options]) => {
    if (options.includes('NX') && data.has(key!)) return null;
    data.drop(key!);
    data.at(key!, 'string').text = text!;
    const px = options.indexOf('PX');
    if (px >= 0) data.expire(key!, data.now() + Number(options[px + 1]));
    return 'OK';
  },
  GETRANGE: (data, [key, from, to]) => (data.find(key!, 'string')?.text ?? '').slice(Number(from), Number(to) + 1),
  SETRANGE: (data, [key, offset, part]) => {
    const value = data.at(key!, 'string');
    const before = value.text.padEnd(Number(offset), '\0');
    value.text = before.slice(0, Number(offset)) + part! + before.slice(Number(offset) + part!.length);
    return value.text.length;
  },
  HGET: (data, [key, field]) => data.find(key!, 'hash')?.map.get(field!) ?? null,
  HMGET: (data, [key, ...fields]) => fields.map((field) => data.find(key!, 'hash')?.map.get(field) ?? null),
  HGETALL: (data, [key]) => [...(data.find(key!, 'hash')?.map ?? [])].flat(),
  HKEYS: (data, [key]) => [...(data.find(key!, 'hash')?.map.keys() ?? [])],
  HEXISTS: (data, [key, field]) => Number(data.find(key!, 'hash')?.map.has(field!) ?? false),
  HSET: (data, [key, ...fields]) => {
    const { map } = data.at(key!, 'hash');
    const before = map.size;
    for (const [field, value] of pairsOf(fields)) map.set(field, value);
    return map.size - before;
  },
  HDEL: (data, [key, ...fields]) => {
    data.writes++;
    const map = data.find(key!, 'hash')?.map;
    const gone = fields.filter((field) => map?.delete(field)).length;
    if (map) dropIfEmpty(data, key!, map.size);
    return gone;
  },
  HINCRBY: (data, [key, field, amount]) => {
    const { map } = data.at(key!, 'hash');
    const sum = Number(map.get(field!) ?? 0) + Number(amount);
    map.set(field!, String(sum));
    return sum;
  },
  HINCRBYFLOAT: (data, [key, field, amount]) => {
    const { map } = data.at(key!, 'hash');
    const sum = addDecimals(map.get(field!) ?? '0', amount!);
    map.set(field!, sum);
    return sum;
  },
  SADD: (data, [key, ...members]) => {
    const { set } = data.at(key!, 'set');
    const before = set.size;
    for (const member of members) set.add(member);
    return set.size - before;
  },
  SCARD: (data, [key]) => data.find(key!, 'set')?.set.size ?? 0,
  SMEMBERS: (data, [key]) => [...(data.find(key!, 'set')?.set ?? [])],
  ZADD: (data, [key, ...members]) => {
    const { scores } = data.at(key!, 'zset');
    const before = scores.size;
    for (const [score, member] of pairsOf(members)) scores.set(member, Number(score));
    return scores.size - before;
  },
  ZREM: (data, [key, ...members]) => {
    data.writes++;
    const scores = data.find(key!, 'zset')?.scores;
    const gone = members.filter((member) => scores?.delete(member)).length;
    if (scores) dropIfEmpty(data, key!, scores.size);
    return gone;
  },
  ZSCORE: (data, [key, member]) => {
    const score = data.find(key!, 'zset')?.scores.get(member!);
    return score === undefined ? null : formatNumber(score, 17);
  },
  ZCARD: (data, [key]) => data.find(key!, 'zset')?.scores.size ?? 0,
  ZRANGEBYSCORE: (data, [key, low, high, limit, offset, count]) => {
    const within = byScore(data.find(key!, 'zset'))
      .filter(([, score]) => score >= edge(low!) && score <= edge(high!))
      .map(([member]) => member);
    return limit ? within.slice(Number(offset), Number(offset) + Number(count)) : within;
  },
  ZREMRANGEBYSCORE: (data, [key, low, high]) => {
    const set = data.find(key!, 'zset');
    const gone = byScore(set).filter(([, score]) => score >= edge(low!) && score <= edge(high!));
    for (const [member] of gone) set!.scores.delete(member);
    if (set) dropIfEmpty(data, key!, set.scores.size);
    return gone.length;
  },
  ZSCAN: (data, [key, , , pattern = '*']) => {
    const fits = new RegExp(`^${pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
    const found = byScore(data.find(key!, 'zset')).filter(([member]) => fits.test(member));
    return ['0', found.flatMap(([member, score]) => [member, formatNumber(score, 17)])];
  },
  XADD: (data, [key, ...rest]) => {
    const stream = data.at(key!, 'stream');
    const at = rest[0] === 'MAXLEN' ? 3 : 0;
    const [ms, sequence] = parseId(rest[at]!, 0);
    if (ms < stream.last[0] || (ms === stream.last[0] && sequence <= stream.last[1]))
      throw new RedisError('ERR The ID specified in XADD is equal or smaller than the target stream top item');
    stream.last = [ms, sequence];
    stream.entries.push({ ms, sequence, fields: rest.slice(at + 1) });
    if (at > 0) stream.entries.splice(0, stream.entries.length - 2 * Number(rest[2]));
    return rest[at]!;
  },
  XRANGE: (data, [key, from, to, , count = '1000000']) => rangeOf(data, key!, from!, to!).slice(0, Number(count)),
  XREVRANGE: (data, [key, to, from, , count = '1000000']) => rangeOf(data, key!, from!, to!).toReversed().slice(0, Number(count)),
};
