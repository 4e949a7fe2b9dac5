/**
 * A long run with a fault every 20 seconds: memory of coordinators and agents does not grow after a warm-up, and file handles, keys of Redis
 * and files of the store are back to the expected ones when all is deleted. `SOAK_MINUTES`: another length than 30.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { check, describe } from '../chaos/checker/check.ts';
import { Nemesis, type FaultKind } from '../chaos/rig/faults.ts';
import { lookAtEnd } from '../chaos/rig/final.ts';
import { Rig } from '../chaos/rig/rig.ts';
import type { Process } from '../support/fleet.ts';
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
      for (; performance.now() < endMs; rounds++) {
        await round(rig, rounds, violations);
        for (const process of [...rig.coordinators, ...rig.agents]) sample(gauges, process);
        if (rounds % 10 === 0) log(`round ${rounds}, ${Math.round((endMs - performance.now()) / 60_000)} minutes left`);
      }
      const faults = await strikes;
      const slopes = Object.fromEntries([...gauges].flatMap(([name, samples]) => slopeOf(name, samples, minutes)));
      for (const [name, slope] of Object.entries(slopes))
        if (minutes >= 30 && slope > MAX_SLOPE) violations.push(`${name} grows by ${slope} MiB in ten minutes`);
      const left = await leftOf(rig);
      if (left.evaluationKeys > 0 || left.evaluations > 0) violations.push(`left after all is deleted: ${JSON.stringify(left)}`);
      return { minutes, rounds, faults, mibPerTenMinutes: slopes, fds: fdsOf(gauges), ...left };
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

const fdsOf = (gauges: Map<string, Sample[]>): Record<string, number[]> =>
  Object.fromEntries([...gauges].map(([name, samples]) => [name, [samples[0]!.fds, samples.at(-1)!.fds]]));

/** When all evaluations are deleted. */
async function leftOf(rig: Rig): Promise<{ evaluationKeys: number; keys: number; evaluations: number }> {
  const redis = new Redis(rig.redis.url);
  try {
    const keys = await redis.keys('*');
    const evaluations = (await readdir(join(rig.storeUrl, 'evaluations'), { recursive: true })).filter((name) =>
      name.endsWith('manifest.json'),
    );
    return { evaluationKeys: keys.filter((key) => key.includes('{ev_')).length, keys: keys.length, evaluations: evaluations.length };
  } finally {
    redis.disconnect();
  }
}
