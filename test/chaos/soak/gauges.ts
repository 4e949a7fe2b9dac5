/** Memory and file handles of the processes of a long run, read from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Process } from '../../support/fleet.ts';

const MIB = 1024 * 1024;
const TEN_MINUTES = 600_000;
/** Memory goes up and down with what is collected: its lows are what stays. */
const LOWS_OF_MS = 60_000;
/** Fewer lows say nothing. */
const LEAST_LOWS = 5;

interface Sample {
  atMs: number;
  rss: number;
  fds: number;
}

export class Gauges {
  readonly #samples = new Map<string, Sample[]>();

  /** By the process's id: one that was killed and started again begins anew. */
  read({ name, pid, running }: Process): void {
    if (!running) return;
    const key = `${name} ${pid}`;
    try {
      const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
      const own = this.#samples.get(key) ?? [];
      own.push({ atMs: performance.now(), rss, fds: readdirSync(`/proc/${pid}/fd`).length });
      this.#samples.set(key, own);
    } catch {
      // It has just ended.
    }
  }

  /** MiB in ten minutes, of what it kept in the second half of its life; undefined when that was too short to say anything. */
  slope({ name, pid }: Process): number | undefined {
    const all = this.#samples.get(`${name} ${pid}`) ?? [];
    const later = all.slice(Math.floor(all.length / 2));
    const lows = [...Map.groupBy(later, ({ atMs }) => Math.floor(atMs / LOWS_OF_MS)).values()].map((part) =>
      part.reduce((low, one) => (one.rss < low.rss ? one : low)),
    );
    if (lows.length < LEAST_LOWS) return undefined;
    // The median of the slopes between all pairs: one pause of the collector moves it little.
    const slopes = lows.flatMap((a, i) => lows.slice(i + 1).map((b) => (b.rss - a.rss) / (b.atMs - a.atMs))).toSorted((a, b) => a - b);
    return Math.round(((slopes[Math.floor(slopes.length / 2)]! * TEN_MINUTES) / MIB) * 100) / 100;
  }

  /** The most that each process had open in each half of its life. */
  fds(): Record<string, { first: number; second: number }> {
    const most = (part: readonly Sample[]): number => Math.max(0, ...part.map(({ fds }) => fds));
    return Object.fromEntries(
      [...this.#samples].map(([name, samples]) => {
        const half = Math.ceil(samples.length / 2);
        return [name, { first: most(samples.slice(0, half)), second: most(samples.slice(half)) }];
      }),
    );
  }
}
