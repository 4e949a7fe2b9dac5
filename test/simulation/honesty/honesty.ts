/**
 * Model honesty: the simulated Redis, which runs translations of the ledger's scripts, against a real one, which runs the scripts. The same
 * random commands go to both; every answer, and all that is left in the end, must be equal.
 */
import { isDeepStrictEqual } from 'node:util';
import { Redis } from 'ioredis';
import { SingleFlight } from '../../../coordinator/evaluations/single-flight.ts';
import { Leases } from '../../../coordinator/ledger/leases.ts';
import { Ledger } from '../../../coordinator/ledger/ledger.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import { systemClock } from '../../../shared/runtime/clock.ts';
import { Random } from '../random.ts';
import { clientOf } from '../redis/client.ts';
import { RedisData } from '../redis/data.ts';
import { dumpOf, withTime } from './real.ts';
import { manifestOf, Sequence, type Side } from './sequence.ts';

/** Sequences under way at the same time: their round trips overlap. */
const AT_ONCE = 24;
const STEPS = 30;
const LEASE_MS = 2_000;
const STARTED_MS = 1_700_000_000_000;

export interface Honesty {
  sequences: number;
  commands: number;
  /** The first few differences, each with the seed and the step that showed it. */
  differences: string[];
  /** How often each kind of step was taken. */
  steps: Record<string, number>;
}

/** Runs `sequences` random sequences, numbered from `seed` on, on both. */
export async function checkHonesty({ sequences, seed, redisUrl }: { sequences: number; seed: number; redisUrl: string }): Promise<Honesty> {
  const redis = new Redis(redisUrl);
  const found: Honesty = { sequences, commands: 0, differences: [], steps: {} };
  try {
    const seeds = Array.from({ length: sequences }, (_, i) => seed + i);
    await forEachBounded(seeds, AT_ONCE, async (own) => {
      if (found.differences.length < 10) await compare(own, redis, found);
    });
    return found;
  } finally {
    redis.disconnect();
  }
}

async function compare(seed: number, redis: Redis, found: Honesty): Promise<void> {
  const random = new Random(seed);
  let nowMs = STARTED_MS;
  const data = new RedisData(
    () => nowMs,
    () => undefined,
  );
  const prefix = `s${seed}`;
  const sideOf = (connection: Redis): Side => ({
    ledger: new Ledger(connection, prefix),
    leases: new Leases(connection, prefix, LEASE_MS),
    flights: [new SingleFlight(connection, prefix, 'co_a', systemClock), new SingleFlight(connection, prefix, 'co_b', systemClock)],
  });
  const simulated = sideOf(clientOf({ send: async (work) => work(data) }));
  const real = sideOf(withTime(redis, () => nowMs));
  const manifest = manifestOf(seed, random);
  const sequence = new Sequence(manifest, random);
  const trail: string[] = [];
  for (let i = 0; i < STEPS; i++) {
    const step = i === 0 ? sequence.first() : await sequence.next(simulated);
    trail.push(step.name);
    found.commands++;
    const kind = step.name.split(/ \d/)[0]!;
    found.steps[kind] = (found.steps[kind] ?? 0) + 1;
    const [own, theirs] = [await outcomeOf(step.run(simulated)), await outcomeOf(step.run(real))];
    if (!isDeepStrictEqual(own, theirs))
      return void found.differences.push(`seed ${seed}, ${trail.join(', ')}: ${show(own)} and ${show(theirs)}`);
    nowMs += random.chance(0.2) ? random.below(3_000) : random.below(60);
  }
  const keys = (await redis.keys(`${prefix}:*`)).toSorted();
  if (!isDeepStrictEqual(data.keys(), keys))
    return void found.differences.push(`seed ${seed}: the keys are ${show(data.keys())} and ${show(keys)}`);
  for (const key of keys) {
    const [own, theirs] = [comparable(data.dump(key)), comparable(await dumpOf(redis, key))];
    if (!isDeepStrictEqual(own, theirs))
      found.differences.push(`seed ${seed}, ${trail.join(', ')}; ${key}: ${show(own)} and ${show(theirs)}`);
  }
  if (keys.length > 0) await redis.del(...keys);
}

async function outcomeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    const { code } = AppError.from(error);
    return { code };
  }
}

/** JSON within values is compared by what it says: in Lua, keys have no order. */
function comparable(value: unknown): unknown {
  if (typeof value === 'string' && /^[[{]/.test(value)) return JSON.parse(value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, comparable(v)]));
  return value;
}

const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 600) ?? 'nothing';
