/** One run of process chaos: a seed decides the work and the faults; the history of it is held against what is promised. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check } from './checker/check.ts';
import type { Violation } from './checker/violation.ts';
import type { History } from './history/history.ts';
import { FAILOVERS, FAULTS, FAULTS_BESIDE, Nemesis, type FaultKind } from './rig/faults.ts';
import { lookAtEnd } from './rig/final.ts';
import type { Rig } from './rig/rig.ts';
import { planOf, runWorkload } from './rig/workload.ts';

/** Faults of a run; some hit what suffers already, and are left out. */
const STRIKES = 5;
/** When the last one begins. */
const SPAN_MS = 5_000;

export interface Run {
  seed: number;
  store: 'directory' | 's3';
  faults: FaultKind[];
  violations: Violation[];
  history: History;
}

/** On a rig where nothing is under way. `kinds`: instead of a choice by the seed. */
export async function runChaos(rig: Rig, seed: number, kinds?: readonly FaultKind[]): Promise<Run> {
  rig.begin(seed);
  const nemesis = new Nemesis(rig);
  try {
    const schedule = (kinds ?? chosen(rig)).map((kind) => ({ kind, atMs: 700 + rig.random(SPAN_MS) }));
    const work = runWorkload(rig, planOf(rig, `r${seed}`));
    const struck = await Promise.all(
      schedule.map(async ({ kind, atMs }) => {
        await new Promise((resolve) => void setTimeout(resolve, atMs));
        return (await nemesis.strike(kind)) ? [kind] : [];
      }),
    );
    await rig.heal();
    await work;
    await lookAtEnd(rig);
    const history = await rig.history();
    return { seed, store: rig.options.store, faults: struck.flat(), violations: check(history), history };
  } finally {
    nemesis.stop();
  }
}

/** By the run's seed. */
function chosen({ sentinels, random }: Rig): FaultKind[] {
  const kinds = sentinels ? FAULTS_BESIDE : FAULTS;
  const failovers = sentinels ? [FAILOVERS[random(FAILOVERS.length)]!] : [];
  return [...failovers, ...Array.from({ length: STRIKES - failovers.length }, () => kinds[random(kinds.length)]!)];
}

/**
 * Keeps the history of a run that broke a promise, and what its processes printed beside it; returns where. `node test/chaos/replay.ts FILE`
 * checks it again.
 */
export async function keepHistory(name: string, history: History, rig: Rig): Promise<string> {
  const folder = join(import.meta.dirname, '../../test-results/histories');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.jsonl`);
  await history.write(path);
  await writeFile(join(folder, `${name}.log`), rig.output);
  return path;
}
