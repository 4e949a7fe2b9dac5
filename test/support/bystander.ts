/** Somebody else, whose calls go on while a coordinator is attacked: how long they take, and what the coordinator's loop and memory come to. */
import { readFile } from 'node:fs/promises';
import type { AttackingProcess } from './attacking-process.ts';
import { Prober } from './prober.ts';

const TURNS = 5;
const SPAN_MS = 2_500;
/** Between a span and the next: what an attacker has left behind is no part of the quiet. */
const SETTLE_MS = 300;
/** Who asks beside each other: thousands of calls in all. */
const LANES = 8;

/** What was seen of several spans of one kind. */
export interface Seen {
  /** p99 of the calls of each span, and how late the loop ran in it, by its own p99: ms. */
  p99s: number[];
  loops: number[];
  calls: number;
  failed: number;
  maxRssBytes: number;
}

const nothing = (): Seen => ({ p99s: [], loops: [], calls: 0, failed: 0, maxRssBytes: 0 });

const median = (values: readonly number[]): number => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? Infinity;

/** Of one span by another's noise nothing follows: the one in the middle speaks for them. */
export const p99 = ({ p99s }: Seen): number => median(p99s);

const rssOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
};

export interface Attacked {
  pid: number;
  address: string;
  /** Where its metrics are read. */
  http: string;
}

export class Bystander {
  readonly #of: Attacked;
  readonly #prober: Prober;
  #atFirstBytes = 0;

  private constructor(of: Attacked, evaluationId: string) {
    this.#of = of;
    this.#prober = new Prober(of.address, evaluationId, LANES);
  }

  static async start(of: Attacked, evaluationId: string): Promise<Bystander> {
    const bystander = new Bystander(of, evaluationId);
    const seen = nothing();
    for (let i = 0; i < 2; i++) await bystander.#look(seen);
    bystander.#atFirstBytes = seen.maxRssBytes;
    return bystander;
  }

  stop(): Promise<void> {
    return this.#prober.stop();
  }

  /** In turns, since the host may be busy with something else at one time more than at another; begun: the attackers, ended afterwards. */
  async beside(begin: () => AttackingProcess[]): Promise<{ quiet: Seen; attacked: Seen; grownBytes: number; line: string }> {
    const [quiet, attacked] = [nothing(), nothing()];
    await this.#look(quiet);
    const attackers = begin();
    for (let turn = 0; turn < TURNS; turn++) {
      for (const attacker of attackers) attacker.go();
      await this.#look(attacked);
      for (const attacker of attackers) attacker.hold();
      await this.#look(quiet);
    }
    await Promise.all(attackers.map((attacker) => attacker.stop()));
    const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    const line =
      `p99 ${p99(quiet).toFixed(1)} → ${p99(attacked).toFixed(1)} ms of ${quiet.calls} and ${attacked.calls} calls ` +
      `(${attacked.p99s.map((ms) => ms.toFixed(0)).join(', ')}), loop ${median(quiet.loops).toFixed(1)} → ${median(attacked.loops).toFixed(1)} ms, ` +
      `memory ${mib(quiet.maxRssBytes)} → ${mib(attacked.maxRssBytes)} MiB`;
    return { quiet, attacked, grownBytes: attacked.maxRssBytes - this.#atFirstBytes, line };
  }

  /** One span of calls, added to what was seen of its kind. */
  async #look(seen: Seen): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    await this.#loopDelayMs(); // counts from here
    const fromMs = Date.now();
    while (Date.now() - fromMs < SPAN_MS) {
      seen.maxRssBytes = Math.max(seen.maxRssBytes, await rssOf(this.#of.pid));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const toMs = Date.now();
    seen.loops.push(await this.#loopDelayMs());
    const probes = this.#prober.probes.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
    seen.p99s.push(this.#prober.percentile(0.99, fromMs, toMs) ?? Infinity);
    seen.calls += probes.length;
    seen.failed += probes.filter(({ ok }) => !ok).length;
  }

  /** Its p99 since it was read before. */
  async #loopDelayMs(): Promise<number> {
    const metrics = await (await fetch(`http://${this.#of.http}/metrics`)).text();
    return Number(/^assay_event_loop_delay_seconds\{.*quantile="0\.99".*\} (\S+)/m.exec(metrics)?.[1]) * 1000;
  }
}
