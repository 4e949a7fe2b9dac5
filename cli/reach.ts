/** The ways to a coordinator: a given address, a stack that already runs in ASSAY_HOME, or a stack of our own. */
import type { AssayClient, ClientOptions } from '../shared/client/client.ts';
import { AppError } from '../shared/domain/errors.ts';
import { connectionOf, refuseDurability, type EvaluationFlags } from './connection.ts';
import { homeAt, homeDirOf, homeExists } from './embedded/home.ts';
import { liveStackAddress, Stack, type StackOptions } from './embedded/stack.ts';
import { parseRef, resolveRef } from './evaluation-ref.ts';
import { interruptible } from './interruptible.ts';
import type { Shell } from './shell.ts';

export interface Reached {
  /** Its calls end at once when `signal` aborts. */
  client: AssayClient;
  /** Aborted by Ctrl-C, or when a part of our own stack has died; the reason says which. */
  signal: AbortSignal;
  /** Our own stack: it ends when we end. */
  stack?: Stack;
}

const READY_LIMIT_MS = 30_000;
/** A first contact that takes longer than this is told; one that takes longer than the limit has failed. */
const CONTACT_SAID_MS = 2_000;
const CONTACT_LIMIT_MS = 10_000;
/** A coordinator of our own is there or has died, which is noticed otherwise. */
const STACK_PATIENCE_MS = 10_000;

/** Runs `work` with a client of the given coordinators. */
export async function withCoordinator<T>(connection: ClientOptions, shell: Shell, work: (reached: Reached) => Promise<T>): Promise<T> {
  const client = await clientOf({ onRefused: saidOnce(shell), ...connection }, shell.interrupted);
  let said = false;
  const say = (why: string): void => {
    if (!said) shell.say(`waiting for a coordinator at ${connection.addresses.join(', ')}${why} …`);
    said = true;
  };
  const notice = setTimeout(() => say(''), CONTACT_SAID_MS);
  try {
    // One that is just starting is waited for; where nobody listens that is said at once.
    await client.waitUntilReady(CONTACT_LIMIT_MS, (why) => say(` (${why}), for ${CONTACT_LIMIT_MS / 1000} s at most`));
    clearTimeout(notice);
    return await work({ client, signal: shell.interrupted });
  } finally {
    clearTimeout(notice);
    client.close();
  }
}

/** A refusal for want of room is told once; the call is repeated meanwhile. */
function saidOnce(shell: Shell): (refusal: AppError) => void {
  let said = false;
  return (refusal) => {
    if (!said) shell.say(`waiting for room: ${refusal.message} (trying again for a while)`);
    said = true;
  };
}

/** gRPC takes a while to load; who only mistypes a command need not wait for it. */
async function clientOf(options: ClientOptions, signal: AbortSignal): Promise<AssayClient> {
  const { connect } = await import('../shared/client/connect.ts');
  return interruptible(connect(options), signal);
}

/** Runs `work` with a stack of our own, which is stopped afterwards. When a part dies, its death is the error. */
export async function withStack<T>(options: StackOptions, work: (reached: Reached & { stack: Stack }) => Promise<T>): Promise<T> {
  const stack = await Stack.start(options);
  const signal = AbortSignal.any([options.shell.interrupted, stack.failure]);
  const client = await clientOf({ addresses: [stack.address], patienceMs: STACK_PATIENCE_MS, onRefused: saidOnce(options.shell) }, signal);
  try {
    await client.waitUntilReady(READY_LIMIT_MS);
    return await work({ client, signal, stack });
  } catch (error) {
    throw stack.failure.aborted ? stack.failure.reason : error;
  } finally {
    client.close();
    await stack.stop();
  }
}

/**
 * For commands about evaluations that are there: the given coordinators, else the stack that runs in ASSAY_HOME, else a
 * stack of our own without an agent, just to read what earlier runs have left.
 */
export async function withEvaluations<T>(
  connection: ClientOptions | undefined,
  shell: Shell,
  command: string,
  work: (reached: Reached) => Promise<T>,
): Promise<T> {
  if (connection) return withCoordinator(connection, shell, work);
  const home = homeAt(homeDirOf(shell.env));
  const live = await liveStackAddress(home);
  if (live) return withCoordinator({ addresses: [live] }, shell, work);
  if (!(await homeExists(home))) {
    throw new AppError(
      'not_found',
      `nothing has been run in ${home.dir} yet. Name a coordinator with --address (or ASSAY_ADDRESS), or the folder with ASSAY_HOME`,
    );
  }
  return withStack({ home, shell, command, agents: [] }, work);
}

/** The same for one evaluation, by what was typed for it: `work` gets its id. */
export async function withEvaluation<T>(
  typed: string,
  flags: EvaluationFlags,
  shell: Shell,
  command: string,
  work: (reached: Reached, evaluationId: string) => Promise<T>,
): Promise<T> {
  const ref = parseRef(typed);
  const connection = connectionOf(flags, shell.env);
  refuseDurability(flags, connection);
  return withEvaluations(connection, shell, command, async (reached) =>
    work(reached, await resolveRef(reached.client, ref, flags.namespace)),
  );
}

/** For commands about the fleet: the given coordinators, else the stack that runs in ASSAY_HOME. A stack of our own has no fleet. */
export async function withFleet<T>(
  connection: ClientOptions | undefined,
  shell: Shell,
  command: string,
  work: (reached: Reached) => Promise<T>,
  options: Pick<ClientOptions, 'patienceMs' | 'onRefused'> = {},
): Promise<T> {
  const live = connection ? undefined : await liveStackAddress(homeAt(homeDirOf(shell.env)));
  const reachable = connection ?? (live ? { addresses: [live] } : undefined);
  if (!reachable)
    throw new AppError(
      'invalid',
      `${command} needs a coordinator: name it with --address (or ASSAY_ADDRESS), or start one with \`assay dev\``,
    );
  return withCoordinator({ ...reachable, ...options }, shell, work);
}
