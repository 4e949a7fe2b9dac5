/** What users do in a run: submits (one of them twice at the same time), a pause and its end, a cancel, questions, watchers who come and go. */
import { evaluationIdOf } from '../../../shared/domain/ids.ts';
import { BOUNDS } from '../recovery-times.ts';
import type { Rig } from './rig.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Of what will be cancelled one call of so many is not answered, not even when the cancel's bound is past: the cancel must stop it. */
const HELD_OF = 15;
const HELD_MS = BOUNDS['cancel to stop']! + 3_000;

interface Plan {
  tag: string;
  samples: number;
  atMs: number;
  /** Submitted by two clients at the same time, under one key. */
  twice?: boolean;
  pauseMs?: [from: number, to: number];
  cancelMs?: number;
}

/** The work of one run: 320 samples in four evaluations. */
export function planOf(rig: Rig, run: string): Plan[] {
  const by = (ms: number): number => rig.random(ms);
  return [
    { tag: `${run}e1`, samples: 120, atMs: 0 },
    { tag: `${run}e2`, samples: 80, atMs: by(800), twice: true },
    { tag: `${run}e3`, samples: 60, atMs: by(1_000), pauseMs: [1_200 + by(800), 2_500 + by(1_500)] },
    { tag: `${run}e4`, samples: 60, atMs: by(1_000), cancelMs: 1_500 + by(2_000) },
  ];
}

/** Does all of it; resolves when every command is answered, or nobody knows. */
export async function runWorkload(rig: Rig, plans: readonly Plan[]): Promise<void> {
  await Promise.all(plans.map((plan, n) => run(rig, plan, n)));
}

async function run(rig: Rig, plan: Plan, n: number): Promise<void> {
  const { clients } = rig;
  const { tag, samples, atMs, twice, pauseMs, cancelMs } = plan;
  const key = `key-${tag}`;
  const evaluation = evaluationIdOf('default', key);
  rig.evaluations.set(tag, evaluation);
  const startMs = performance.now();
  let heldUntil = Infinity;
  if (cancelMs) rig.isHeld = (own, unit) => own === tag && unit % HELD_OF === HELD_OF - 1 && performance.now() < heldUntil;
  const until = (ms: number): Promise<void> => sleep(Math.max(0, startMs + ms - performance.now()));
  await until(atMs);
  const submits = Array.from({ length: twice ? 2 : 1 }, (_, i) =>
    clients.submit(clients.client(n + i), { key, tag, samples }).catch(() => undefined),
  );
  const accepted = (await Promise.all(submits)).some((submitted) => submitted?.evaluation);
  // Nobody knows: the same again, as everybody does who wants it to be done.
  if (!accepted) await clients.submit(clients.client(n + 1), { key, tag, samples });
  clients.watch(`${tag}-steady`, evaluation, n);
  clients.watch(`${tag}-wandering`, evaluation, n + 1, 7);
  if (pauseMs) {
    await until(pauseMs[0]);
    await clients.command(clients.client(n), 'pause', evaluation);
    await until(pauseMs[1]);
    await clients.command(clients.client(n + 1), 'resume', evaluation);
  }
  if (cancelMs) {
    await until(cancelMs);
    const isDone = await clients.cancel(clients.client(n), evaluation);
    heldUntil = performance.now() + (isDone ? HELD_MS : 0);
  }
  for (let i = 0; i < 4; i++) {
    await clients.get(clients.client(n + i), evaluation);
    await sleep(400);
  }
}
