/** Tests wait for facts, never for time. */
import { inspect } from 'node:util';

export interface WaitOptions {
  /** Default 30 s: generous, as a loaded machine must not make a test fail. */
  timeoutMs?: number;
  /** What is waited for, as in "timed out waiting for …". */
  what: string;
  /** Default 10 ms. */
  everyMs?: number;
  /** Looked at only to tell what was there when the time was up. */
  state?: () => unknown;
}

/**
 * Resolves with the first truthy value of `predicate`; a predicate that throws counts as "not yet". After the limit it
 * throws, with the last value, the last error and the last state.
 */
export async function waitFor<T>(predicate: () => T | Promise<T>, options: WaitOptions): Promise<NonNullable<T>> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const end = performance.now() + timeoutMs;
  let last: string;
  do {
    try {
      const value = await predicate();
      if (value) return value;
      last = `the last value was ${inspect(value, { depth: 4 })}`;
    } catch (error) {
      last = `the last look failed: ${error instanceof Error ? error.message : String(error)}`;
    }
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? 10));
  } while (performance.now() < end);
  const state = options.state ? `; the state was ${inspect(await options.state(), { depth: 6 })}` : '';
  throw new Error(`timed out after ${timeoutMs} ms waiting for ${options.what}; ${last}${state}`);
}
