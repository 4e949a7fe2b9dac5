/** Time that passes by sleeping alone: a sleeper wakes in the next turn of the loop, unless its signal comes first. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../shared/runtime/clock.ts';

export class FakeClock implements Clock {
  time = 0;
  readonly sleeps: number[] = [];
  now = (): number => this.time;
  monotonic = (): number => this.time;

  soon = (work: () => void): void => void setTimeout(work, 0);

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const until = this.time + ms;
    await setImmediate(undefined, { signal }).catch(() => signal?.throwIfAborted());
    this.sleeps.push(ms);
    this.time = Math.max(this.time, until);
  }
}
