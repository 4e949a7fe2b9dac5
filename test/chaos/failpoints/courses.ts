/** What an evaluation goes through while a coordinator has a failpoint: whoever gets no answer asks again. */
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { AssayClient } from '../../../shared/client/client.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Operation } from '../history/history.ts';
import { lookAtEnd } from '../rig/final.ts';
import { harm } from '../rig/harm.ts';
import type { Rig } from '../rig/rig.ts';

const SAMPLES = 14;
/** As many as an agent takes: what it runs, and what waits in it for another one. */
const FEW = 6;
const END_MS = 40_000;
/** Until a lease, both looks at it, and a failpoint's delay are over. */
const PAST_LEASE_MS = 3_000;
/** A failpoint's delay, and some sweeps. */
const SPARED_MS = 6_000;
/** Some heartbeats and sweeps. */
const STRUCK_MS = 10_000;
const TRIES = 5;

export interface Course {
  rig: Rig;
  client: AssayClient;
  tag: string;
  evaluation: string;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function submit({ rig: { clients }, client, tag, evaluation }: Course, samples: number): Promise<void> {
  const asked = () => clients.submit(client, { key: tag, tag, samples });
  if (!(await asked()).evaluation) await asked();
  clients.watch('one', evaluation, 0);
}

async function ended(
  { client, evaluation }: Course,
  onState: (state: EvaluationState) => Promise<unknown> = async () => undefined,
): Promise<void> {
  await waitFor(
    async () => {
      const { state } = await client.get(evaluation);
      await onState(state);
      return isFinal(state);
    },
    { what: 'the evaluation to end', timeoutMs: END_MS, everyMs: 50 },
  );
}

/** Submitted, paused, resumed, finished; where the failpoint is a matter of time, with one sample that runs until it has struck. */
export async function plain(course: Course, isTimed: boolean): Promise<void> {
  const { rig, client, evaluation, tag } = course;
  const until = isTimed ? performance.now() + STRUCK_MS : 0;
  rig.isHeld = (own, unit) => own === tag && unit === SAMPLES - 1 && rig.isArmed && performance.now() < until;
  await submit(course, SAMPLES);
  await rig.clients.command(client, 'pause', evaluation);
  await rig.clients.command(client, 'resume', evaluation);
  await ended(course, async (state) => {
    if (state === 'paused') await rig.clients.command(client, 'resume', evaluation); // its answer was lost
  });
  await lookAtEnd(rig, { isLast: false });
}

/**
 * Samples are spared for an agent that comes, skipped while they run, and requeued; an agent dies, and its lease ends; Redis is wiped; what was skipped
 * is requeued when all is over; and all of it is deleted.
 */
export async function troubled(course: Course): Promise<void> {
  const { rig, client, evaluation, tag } = course;
  const [first, second] = rig.agents;
  let isHeld = (_unit: number): boolean => true;
  rig.isHeld = (own, unit) => own === tag && isHeld(unit);
  const run = (units: number[], op: Operation, work: () => Promise<{ state: EvaluationState }>): Promise<void> =>
    insisted(op, () => rig.clients.call(op, { evaluation, units }, async () => ({ evaluation, state: (await work()).state })));
  const requeue = (units: number[]): Promise<void> =>
    run(units, 'requeue', () => client.requeue(evaluation, { units, states: ['cancelled'] }));
  const running = (calls: number, timeoutMs = END_MS): Promise<unknown> =>
    waitFor(() => rig.endpoint.inFlight >= calls, { what: `${calls} calls`, timeoutMs, everyMs: 20 });
  try {
    await harm(rig, 'agent-drain', [second!.name], async () => {
      await second!.signal('SIGTERM');
      await submit(course, FEW);
      await running(rig.options.connections);
      await second!.start();
    });
    // What waits in the first goes to the second; nobody has promised when.
    await running(FEW, SPARED_MS).catch(() => undefined);

    await run([0, 2], 'skip', () => client.skip(evaluation, { units: [0, 2] }));
    isHeld = (unit) => unit > 2;
    await waitFor(() => rig.endpoint.inFlight <= FEW - 3, { what: 'late results', timeoutMs: END_MS, everyMs: 20 });
    await sleep(300);
    await requeue([0]);

    await harm(rig, 'agent-kill', [first!.name], async () => {
      await first!.kill9();
      await sleep(PAST_LEASE_MS);
      await first!.start();
    });
    await rig.wipe();
    await sleep(500);
    isHeld = () => false;
    await ended(course);
    await requeue([2]);
    await ended(course);
    await lookAtEnd(rig, { isLast: false });
    await insisted('delete', () => isGone(course));
  } finally {
    isHeld = () => false;
  }
}

async function isGone({ rig, client, evaluation }: Course): Promise<boolean> {
  await rig.clients.call('delete', { evaluation }, async () => {
    const [outcome] = await client.delete({ evaluationId: evaluation });
    if (outcome?.problem) throw new AppError('failed_precondition', outcome.problem);
    return { evaluation, state: outcome?.state ?? 'succeeded' };
  });
  return await client.get(evaluation).then(
    () => false,
    (error: unknown) => AppError.from(error).code === 'not_found',
  );
}

async function insisted(what: string, ask: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await ask()) return;
    await sleep(200);
  }
  throw new Error(`${what}: not done`);
}
