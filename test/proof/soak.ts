/**
 * A long run with a fault every 20 seconds: memory of coordinators and agents does not grow after a warm-up, and file handles, keys of Redis
 * and files of the store are no more, when all is deleted, than they were after the first rounds. `SOAK_MINUTES`: another length than 30.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { redisOptions } from '../../coordinator/redis/options.ts';
import { check, describe } from '../chaos/checker/check.ts';
import { Nemesis, type FaultKind } from '../chaos/rig/faults.ts';
import { lookAtEnd } from '../chaos/rig/final.ts';
import { Rig } from '../chaos/rig/rig.ts';
import type { Process } from '../support/fleet.ts';
import { waitFor } from '../support/wait-for.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

const FAULT_EVERY_MS = 20_000;
const MIB = 1024 * 1024;
/** MiB in ten minutes. */
const MAX_SLOPE = 1;
const SAMPLES = 150;
/** Evaluations take turns with these datasets, so that the store's content does not grow. */
const TAGS = 5;
/** Coordinators live through it, so that their memory can be judged. */
const KINDS: readonly FaultKind[] = [
  'agent-kill',
  'agent-freeze',
  'coordinator-freeze',
  'redis-kill',
  'redis-wipe',
  'link-cut',
  'link-flap',
  'redislink-cut',
];

/** Handles beyond those of the first half of a process's life: connections that are on their way out, files that are open at a moment. */
const MORE_FDS = 16;
/** Keys and files beyond those after the first rounds: of jobs of what is over, which go when they are fetched next, of deletions under way. */
const MORE_LEFT = 25;

interface Sample {
  atMs: number;
  rss: number;
  fds: number;
}

export function run({ full, seed, log }: ClaimOptions): Promise<Claim> {
  const minutes = Number(process.env['SOAK_MINUTES'] ?? (full ? 30 : 3));
  return claim('soak', async (violations) => {
    const rig = await Rig.start({ seed, agents: 4, latencyMs: [20, 80] });
    const nemesis = new Nemesis(rig);
    const gauges = new Map<string, Sample[]>();
    const endMs = performance.now() + minutes * 60_000;
    try {
      const strikes = strikeUntil(rig, nemesis, endMs);
      let rounds = 0;
      let settled: Left | undefined;
      for (; performance.now() < endMs; rounds++) {
        await round(rig, rounds, violations);
        // Every dataset was there once.
        if (rounds === TAGS) settled = await leftOf(rig);
        for (const process of [...rig.coordinators, ...rig.agents]) sample(gauges, process);
        if (rounds % 10 === 0) log(`round ${rounds}, ${Math.round((endMs - performance.now()) / 60_000)} minutes left`);
      }
      const faults = await strikes;
      const slopes = Object.fromEntries([...gauges].flatMap(([name, samples]) => slopeOf(name, samples, minutes)));
      for (const [name, slope] of Object.entries(slopes))
        if (minutes >= 30 && slope > MAX_SLOPE) violations.push(`${name} grows by ${slope} MiB in ten minutes`);
      if (minutes >= 30 && Object.keys(slopes).length === 0)
        violations.push('no process has lived long enough to say anything of its memory');
      for (const [name, { first, second }] of Object.entries(fdsOf(gauges)))
        if (second > first + MORE_FDS) violations.push(`${name} had ${first} file handles at most, and later ${second}`);
      const left = await leftOf(rig);
      for (const what of ['keys', 'files'] as const)
        if (settled && left[what] > settled[what] + MORE_LEFT)
          violations.push(`${what}: ${settled[what]} after the first rounds, ${left[what]} at the end`);
      if (!settled) log(`fewer than ${TAGS + 1} rounds: nothing is said of keys and files`);
      if (left.evaluationKeys > 0 || left.evaluations > 0) violations.push(`left after all is deleted: ${JSON.stringify(left)}`);
      return { minutes, rounds, faults, mibPerTenMinutes: slopes, fds: fdsOf(gauges), ...left, settled };
    } finally {
      nemesis.stop();
      await rig.stop();
    }
  });
}

/** One evaluation to its end, held against the promise, and its removal. */
async function round(rig: Rig, n: number, violations: string[]): Promise<void> {
  rig.begin(n + 1);
  const { clients } = rig;
  const tag = `s${n % TAGS}`;
  const evaluation = evaluationIdOf('default', tag);
  rig.evaluations.set(tag, evaluation);
  const client = clients.client(n);
  const submit = () => clients.submit(client, { key: tag, tag, samples: SAMPLES });
  if (!(await submit()).evaluation) await submit();
  clients.watch('one', evaluation, n, 20);
  await lookAtEnd(rig, { isLast: false });
  // An agent may be away at this moment, with results in its spool.
  const broken = check(await rig.history()).filter(({ invariant }) => invariant !== 'L2');
  if (broken.length > 0) violations.push(`round ${n}: ${describe(broken).slice(0, 2_000)}`);
  await client.delete({ evaluationId: evaluation });
}

async function strikeUntil(rig: Rig, nemesis: Nemesis, endMs: number): Promise<number> {
  let faults = 0;
  while (performance.now() + FAULT_EVERY_MS < endMs) {
    await new Promise((resolve) => void setTimeout(resolve, FAULT_EVERY_MS));
    if (await nemesis.strike(KINDS[rig.random(KINDS.length)]!)) faults++;
    await rig.heal();
  }
  return faults;
}

/** By the process's id: one that was killed and started again begins anew. */
function sample(gauges: Map<string, Sample[]>, { name, pid, running }: Process): void {
  if (!running) return;
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  const key = `${name} ${pid}`;
  gauges.set(key, [...(gauges.get(key) ?? []), { atMs: performance.now(), rss, fds: readdirSync(`/proc/${pid}/fd`).length }]);
}

/** The line through the second half of what a process has lived, if that is long enough to say anything. */
function slopeOf(name: string, samples: readonly Sample[], minutes: number): [string, number][] {
  const settled = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [settled[0], settled.at(-1)];
  if (!first || !last || last.atMs - first.atMs < minutes * 15_000) return [];
  const mean = (of: (s: Sample) => number): number => settled.reduce((sum, s) => sum + of(s), 0) / settled.length;
  const [t, rss] = [mean((s) => s.atMs), mean((s) => s.rss)];
  const slope = settled.reduce((sum, s) => sum + (s.atMs - t) * (s.rss - rss), 0) / settled.reduce((sum, s) => sum + (s.atMs - t) ** 2, 0);
  return [[name, Math.round(((slope * 600_000) / MIB) * 100) / 100]];
}

/** The most that a process had open in each half of its life. */
const fdsOf = (gauges: Map<string, Sample[]>): Record<string, { first: number; second: number }> =>
  Object.fromEntries(
    [...gauges].map(([name, samples]) => {
      const half = Math.ceil(samples.length / 2);
      const most = (part: Sample[]): number => Math.max(0, ...part.map(({ fds }) => fds));
      return [name, { first: most(samples.slice(0, half)), second: most(samples.slice(half)) }];
    }),
  );

interface Left {
  evaluationKeys: number;
  keys: number;
  evaluations: number;
  /** Of the whole store. */
  files: number;
}

/** When all evaluations are deleted. */
async function leftOf(rig: Rig): Promise<Left> {
  const redis = new Redis(redisOptions(rig.redis.url));
  redis.on('error', () => undefined);
  try {
    // It may have been killed a moment ago.
    await waitFor(async () => (await redis.ping().catch(() => '')) === 'PONG', { what: 'Redis', timeoutMs: 30_000 });
    const keys = await redis.keys('*');
    const entries = await readdir(rig.storeUrl, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const evaluations = files.filter(
      ({ name, parentPath }) => name === 'manifest.json' && parentPath.startsWith(join(rig.storeUrl, 'evaluations')),
    );
    return {
      evaluationKeys: keys.filter((key) => key.includes('{ev_')).length,
      keys: keys.length,
      evaluations: evaluations.length,
      files: files.length,
    };
  } finally {
    redis.disconnect();
  }
}
