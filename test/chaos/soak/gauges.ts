/** Memory and file handles of the processes of a long run, read from outside. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Process } from '../../support/fleet.ts';
import { waitFor } from '../../support/wait-for.ts';
import { COLLECTED } from '../process/collecting.ts';

const MIB = 1024 * 1024;
const TEN_MINUTES = 600_000;
/** Memory is measured so often, and at most so long is waited for a process that collects. */
const EVERY_MS = 60_000;
const COLLECT_MS = 30_000;
/** Fewer measurements say nothing. */
const LEAST = 5;

interface Memory {
  atMs: number;
  rss: number;
}

export class Gauges {
  readonly #fds = new Map<string, number[]>();
  readonly #memory = new Map<string, Memory[]>();
  #measuredMs = -Infinity;

  /** By the process's id: one that was killed and started again begins anew. */
  readFds({ name, pid, running }: Process): void {
    if (!running) return;
    try {
      const own = this.#fds.get(`${name} ${pid}`) ?? [];
      own.push(readdirSync(`/proc/${pid}/fd`).length);
      this.#fds.set(`${name} ${pid}`, own);
    } catch {
      // It has just ended.
    }
  }

  /** What these processes keep when they have collected all garbage: once a minute, however often it is asked for. Nobody may kill them. */
  async readMemory(processes: readonly Process[]): Promise<void> {
    const atMs = performance.now();
    if (atMs < this.#measuredMs + EVERY_MS) return;
    this.#measuredMs = atMs;
    for (const process of processes) {
      const before = process.output.length;
      globalThis.process.kill(process.pid, 'SIGUSR2');
      await waitFor(() => process.output.includes(COLLECTED, before), { what: `${process.name} to collect`, timeoutMs: COLLECT_MS });
      const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))![1]) * 1024;
      const key = `${process.name} ${process.pid}`;
      this.#memory.set(key, [...(this.#memory.get(key) ?? []), { atMs, rss }]);
    }
  }

  /** MiB in ten minutes, of what it kept in the second half of its life; undefined when that was too short to say anything. */
  slope({ name, pid }: Process): number | undefined {
    const all = this.#memory.get(`${name} ${pid}`) ?? [];
    const later = all.slice(Math.floor(all.length / 2));
    if (later.length < LEAST) return undefined;
    // The median of the slopes between all pairs: what is under way at one of the moments moves it little.
    const slopes = later.flatMap((a, i) => later.slice(i + 1).map((b) => (b.rss - a.rss) / (b.atMs - a.atMs))).toSorted((a, b) => a - b);
    return Math.round(((slopes[Math.floor(slopes.length / 2)]! * TEN_MINUTES) / MIB) * 100) / 100;
  }

  /** MiB that each measurement has found. */
  memory({ name, pid }: Process): number[] {
    return (this.#memory.get(`${name} ${pid}`) ?? []).map(({ rss }) => Math.round((rss / MIB) * 10) / 10);
  }

  /** The most that each process had open in each half of its life. */
  fds(): Record<string, { first: number; second: number }> {
    const most = (part: readonly number[]): number => Math.max(0, ...part);
    return Object.fromEntries(
      [...this.#fds].map(([name, counts]) => {
        const half = Math.ceil(counts.length / 2);
        return [name, { first: most(counts.slice(0, half)), second: most(counts.slice(half)) }];
      }),
    );
  }
}
