/**
 * The client library. A coordinator may go away at any moment and another one go on: unary calls are repeated (all of them
 * may be), streams go on where they broke (`streams.ts`).
 */
import { AppError } from '../domain/errors.ts';
import { assayProto } from '../rpc/load.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { Calls } from './calls.ts';
import type { AssayClient, ClientOptions } from './client.ts';
import { DEADLINE_MS } from './deadlines.ts';
import { evaluationMethods } from './evaluation-client.ts';
import { operatorMethods } from './operator-client.ts';

/** Makes a client; dials at the first call. `invalid` if there is no address. */
export function connect(
  options: ClientOptions,
  { clock = systemClock, random = Math.random }: { clock?: Clock; random?: () => number } = {},
): AssayClient {
  if (options.addresses.length === 0) throw new AppError('invalid', 'no address of a coordinator is given (HOST:PORT or unix:/path)');
  const calls = new Calls(options, clock, random);
  return {
    ...evaluationMethods(calls),
    ...operatorMethods(calls),
    waitUntilReady: (timeoutMs) => waitUntilReady(calls, timeoutMs, clock),
    close: () => calls.close(),
  };
}

async function waitUntilReady(calls: Calls, timeoutMs: number, clock: Clock): Promise<void> {
  const endMs = clock.monotonic() + timeoutMs;
  for (;;) {
    let last: string;
    try {
      const { status } = await calls.unary(calls.peer(), assayProto().health.Check, { service: '' }, DEADLINE_MS.health);
      if (status === 'SERVING') return;
      last = `it says ${status}`;
    } catch (error) {
      if (calls.closing.aborted) throw AppError.from(calls.closing.reason);
      last = AppError.from(error).message;
    }
    const leftMs = endMs - clock.monotonic();
    if (leftMs <= 0) {
      throw new AppError(
        'unavailable',
        `no coordinator is ready at ${calls.addresses.join(', ')} after ${timeoutMs} ms (${reasonOf(last)}); start it, or correct the address`,
      );
    }
    calls.rotate();
    await clock.sleep(Math.min(50, leftMs), calls.closing).catch(() => undefined);
  }
}

/** What the transport wraps around the reason of a failed connection is of no use to people. */
const reasonOf = (message: string): string => /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(message)?.[1] ?? message;
