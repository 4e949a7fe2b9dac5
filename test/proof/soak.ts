/**
 * A long run with a fault every 20 seconds, kills of all kinds of processes among them. What a coordinator and an agent that are never killed
 * keep in memory does not grow after a warm-up, nor do the file handles of any process; and when all is deleted, Redis and the store hold
 * nothing whose name was not there after the first rounds. `SOAK_MINUTES`: another length than 30.
 */
import { AppError } from '../../shared/domain/errors.ts';
import { evaluationIdOf } from '../../shared/domain/ids.ts';
import { check, describe } from '../chaos/checker/check.ts';
import { Nemesis, type FaultKind } from '../chaos/rig/faults.ts';
import { lookAtEnd } from '../chaos/rig/final.ts';
import { Rig } from '../chaos/rig/rig.ts';
import { keepHistory } from '../chaos/run.ts';
import { Gauges } from '../chaos/soak/gauges.ts';
import { leftOf, unexpectedOf, type Left } from '../chaos/soak/left.ts';
import { warmUp } from '../chaos/soak/warm-up.ts';
import { waitFor } from '../support/wait-for.ts';
import { claim, type Claim, type ClaimOptions } from './claim.ts';

const FAULT_EVERY_MS = 20_000;
/** MiB in ten minutes. */
const MAX_SLOPE = 1;
/** A shorter run says nothing of memory. */
const LEAST_MINUTES = 30;
const SAMPLES = 150;
/** Evaluations take turns with these datasets, so that the store's content does not grow. */
const TAGS = 5;
const KINDS: readonly FaultKind[] = [
  'agent-kill',
  'agent-freeze',
  'coordinator-kill',
  'coordinator-freeze',
  'redis-kill',
  'redis-wipe',
  'link-cut',
  'link-flap',
  'redislink-cut',
];

/** Handles beyond those of the first half of a process's life: connections that are on their way out, files that are open at a moment. */
const MORE_FDS = 16;
/** Until deletions that were under way have come to their end; what a submit that died has written is too young for a collection for ten minutes. */
const TIDY_MS = 900_000;
/** What a fault leaves behind: streams that are found dead, leases that nobody renewed. */
const AFTERMATH_MS = 1_500;
const DELETES = 10;

/** What a long run has not shown, because it came to too little: of the full form each is a violation. A third of the faults may find what suffers already, or take long. */
export function tooLittle({ minutes, rounds, faults }: { minutes: number; rounds: number; faults: number }): string[] {
  const leastFaults = Math.floor((minutes * 60_000) / FAULT_EVERY_MS / 3);
  return [
    ...(minutes >= LEAST_MINUTES ? [] : [`${minutes} minutes: memory is judged from ${LEAST_MINUTES} on`]),
    ...(rounds > TAGS ? [] : [`${rounds} rounds: all names that are left are judged from ${TAGS + 1} on`]),
    ...(faults >= leastFaults && faults > 0 ? [] : [`${faults} faults, and ${Math.max(1, leastFaults)} at least were to be`]),
  ];
}

/** Throws where it is no number above 0: nothing would run. */
export function minutesOf(text: string | undefined, full: boolean): number {
  const minutes = Number(text ?? (full ? LEAST_MINUTES : 3));
  if (text?.trim() === '' || !(minutes > 0 && minutes < Infinity)) throw new Error(`SOAK_MINUTES=${text}: it must be a number above 0`);
  return minutes;
}

export const run = (options: ClaimOptions): Promise<Claim> => soak(options, 'directory');

export function soak({ full, seed, log }: ClaimOptions, store: 'directory' | 's3'): Promise<Claim> {
  const minutes = minutesOf(process.env['SOAK_MINUTES'], full);
  return claim(`soak, ${store}`, async (violations) => {
    const rig = await Rig.start({ seed, store, agents: 4, latencyMs: [20, 80] });
    // They live through all of it, so that their memory can be judged.
    const lasting = [rig.coordinators[0]!, rig.agents[0]!];
    const nemesis = new Nemesis(rig, { spared: lasting.map(({ name }) => name) });
    const gauges = new Gauges();
    const calm: Calm = { since: Promise.resolve() };
    const pids = lasting.map(({ pid }) => pid);
    try {
      await warmUp(rig);
      // What mends is called seldom; it takes its memory, too, when it is called first.
      for (const kind of [...KINDS, ...KINDS]) {
        await strikeOnce(rig, nemesis, kind);
        await round(rig, 0, violations);
      }
      log('is warm');
      const endMs = performance.now() + minutes * 60_000;
      const strikes = strikeUntil(rig, nemesis, calm, endMs);
      // Awaited below; a round that breaks off must not leave it unheard.
      strikes.catch(() => undefined);
      let rounds = 0;
      let settled: Left | undefined;
      for (; performance.now() < endMs; rounds++) {
        // A history begins when nothing of before it is under way: it would not know of the fault.
        await calm.since;
        await round(rig, rounds, violations);
        // Every dataset was there once.
        if (rounds === TAGS) settled = await leftOf(rig);
        for (const process of [...rig.coordinators, ...rig.agents]) gauges.readFds(process);
        await gauges.readMemory(lasting);
        if (rounds % 10 === 0) log(`round ${rounds}, ${Math.round((endMs - performance.now()) / 60_000)} minutes left`);
      }
      const faults = await strikes;
      const slopes = Object.fromEntries(lasting.map((process) => [process.name, gauges.slope(process)]));
      for (const [i, { name, pid }] of lasting.entries()) {
        if (pid !== pids[i]) violations.push(`${name} has ended, and nobody has killed it`);
        else if (minutes >= LEAST_MINUTES && !((slopes[name] ?? Infinity) <= MAX_SLOPE))
          violations.push(`${name} grows by ${slopes[name] ?? 'nobody knows how many'} MiB in ten minutes`);
      }
      for (const [name, { first, second }] of Object.entries(gauges.fds()))
        if (second > first + MORE_FDS) violations.push(`${name} had ${first} file handles at most, and later ${second}`);
      const notShown = tooLittle({ minutes, rounds, faults });
      if (full) violations.push(...notShown);
      let left = await leftOf(rig);
      const isTidy = async (): Promise<boolean> => {
        // What was removed leaves its report, and in S3 its log, until a collection finds them old enough; nobody works now, so they may be young.
        for await (const step of rig.clients.client().collectGarbage({ graceMs: 0 })) void step;
        return unexpectedOf((left = await leftOf(rig)), settled).length === 0;
      };
      await waitFor(isTidy, { what: 'nothing to be left', timeoutMs: TIDY_MS, everyMs: 500 }).catch(() => undefined);
      const unexpected = unexpectedOf(left, settled);
      if (unexpected.length > 0)
        violations.push(`left after all is deleted: ${unexpected.length} names, such as ${unexpected.slice(0, 10).join(', ')}`);
      const counts = { keys: left.keys.length, files: left.files.length };
      const mib = Object.fromEntries(lasting.map((process) => [process.name, gauges.memory(process)]));
      return { minutes, rounds, faults, notShown, mibPerTenMinutes: slopes, mib, fds: gauges.fds(), ...counts };
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
  if (broken.length > 0) {
    const kept = await keepHistory(`soak-${rig.options.store}-${n}`, await rig.history(), rig);
    violations.push(`round ${n}, ${kept}: ${describe(broken).slice(0, 2_000)}`);
  }
  for (let tries = 1; ; tries++) {
    const problem = await client.delete({ evaluationId: evaluation }).then(
      ([outcome]) => outcome?.problem,
      (error: unknown) => {
        const { code, message } = AppError.from(error);
        // Done by the call before, whose answer was lost.
        return code === 'not_found' && tries > 1 ? undefined : message;
      },
    );
    if (!problem) return;
    if (tries === DELETES) throw new Error(`round ${n}: not deleted: ${problem}`);
    await sleep(500);
  }
}

/** When the fault that is under way, if one is, and what it leaves behind, are over. */
interface Calm {
  since: Promise<unknown>;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** One fault, mended; whether there was one. */
async function strikeOnce(rig: Rig, nemesis: Nemesis, kind: FaultKind): Promise<boolean> {
  const struck = await nemesis.strike(kind);
  await rig.heal();
  await sleep(AFTERMATH_MS);
  return struck;
}

async function strikeUntil(rig: Rig, nemesis: Nemesis, calm: Calm, endMs: number): Promise<number> {
  let faults = 0;
  const strike = async (): Promise<void> => {
    if (await strikeOnce(rig, nemesis, KINDS[rig.random(KINDS.length)]!)) faults++;
  };
  while (performance.now() + FAULT_EVERY_MS < endMs) {
    await sleep(FAULT_EVERY_MS);
    await (calm.since = strike());
  }
  return faults;
}
