/**
 * The client library. A coordinator may go away at any moment and another one go on: unary calls are repeated (all of them
 * may be), streams go on where they broke (`streams.ts`).
 */
import { AppError } from '../domain/errors.ts';
import { assayProto } from '../rpc/load.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { auditMethods } from './audit-client.ts';
import { Calls } from './calls.ts';
import type { AssayClient, ClientOptions } from './client.ts';
import { DEADLINE_MS } from './deadlines.ts';
import { evaluationMethods } from './evaluation-client.ts';
import { identityMethods } from './identity-client.ts';
import { operatorMethods } from './operator-client.ts';
import { isRefused, isTlsProblem, notReady } from './reasons.ts';

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
    ...identityMethods(calls),
    ...auditMethods(calls),
    waitUntilReady: (timeoutMs, onRefused) => waitUntilReady(calls, timeoutMs, clock, onRefused),
    close: () => calls.close(),
  };
}

/** Time after which it is told that nobody listens: one that is restarted just now is there before. */
const REFUSED_TOLD_MS = 500;

/** `onRefused` is called once, when nobody has listened at any address for a moment, or TLS has not come about. */
async function waitUntilReady(calls: Calls, timeoutMs: number, clock: Clock, onRefused?: (why: string) => void): Promise<void> {
  const startMs = clock.monotonic();
  const endMs = startMs + timeoutMs;
  const refused = new Set<string>();
  let told = false;
  for (;;) {
    let last: string;
    const peer = calls.peer();
    try {
      const { status } = await calls.unary(peer, assayProto().health.Check, { service: '' }, DEADLINE_MS.health);
      if (status === 'SERVING') return;
      last = `it says ${status}`;
    } catch (error) {
      if (calls.closing.aborted) throw AppError.from(calls.closing.reason);
      last = AppError.from(error).message;
    }
    if (isRefused(last) || isTlsProblem(last)) refused.add(peer.address);
    else refused.delete(peer.address);
    const nowMs = clock.monotonic();
    if (!told && refused.size === new Set(calls.addresses).size && nowMs - startMs >= REFUSED_TOLD_MS) {
      told = true;
      onRefused?.(notReady(last).why);
    }
    const leftMs = endMs - nowMs;
    if (leftMs <= 0) {
      const { why, remedy } = notReady(last);
      throw new AppError(
        'unavailable',
        `no coordinator is ready at ${calls.addresses.join(', ')} after ${timeoutMs / 1000} s (${why}); ${remedy}`,
      );
    }
    calls.rotate();
    await clock.sleep(Math.min(50, leftMs), calls.closing).catch(() => undefined);
  }
}
