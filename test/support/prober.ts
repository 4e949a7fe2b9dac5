/**
 * Asks a coordinator again and again, from a process of its own: what somebody beside the load sees. `node prober.ts ADDRESS ID [LANES]`: so many
 * ask beside each other, over one connection.
 */
import { once } from 'node:events';
import { fork } from 'node:child_process';
import { connect } from '../../shared/client/connect.ts';

export interface Probe {
  /** ms since the epoch, when it was asked. */
  atMs: number;
  ms: number;
  ok: boolean;
}

const EVERY_MS = 25;

export class Prober {
  readonly probes: Probe[] = [];
  readonly #child: ReturnType<typeof fork>;

  constructor(address: string, evaluationId: string, lanes = 1) {
    this.#child = fork(import.meta.filename, [address, evaluationId, String(lanes)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#child.on('message', (probe) => this.probes.push(probe as Probe));
  }

  /** The share `p` of the times of answers that were asked for within a span; undefined without any. */
  percentile(p: number, fromMs: number, toMs: number): number | undefined {
    const times = this.probes.filter(({ atMs, ok }) => ok && atMs >= fromMs && atMs < toMs).map(({ ms }) => ms);
    return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(p * times.length))];
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }
}

if (import.meta.main) {
  const [address, evaluationId, lanes] = process.argv.slice(2) as [string, string, string];
  const client = connect({ addresses: [address], patienceMs: 0 });
  process.on('disconnect', () => process.exit());
  const ask = async (): Promise<never> => {
    // Not all at the same moment.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * EVERY_MS));
    for (;;) {
      const startedAt = performance.now();
      const atMs = Date.now();
      const ok = await client.get(evaluationId).then(
        () => true,
        () => false,
      );
      process.send!({ atMs, ms: performance.now() - startedAt, ok } satisfies Probe);
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  await Promise.all(Array.from({ length: Number(lanes) }, ask));
}
