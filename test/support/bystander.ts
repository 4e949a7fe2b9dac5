/** Somebody else, whose calls go on while a coordinator is attacked: how long they take, and what the coordinator's memory comes to. */
import { readFile } from 'node:fs/promises';
import type { AttackingProcess } from './attacking-process.ts';
import { Prober } from './prober.ts';

const TURNS = 4;
const QUIET_MS = 2_000;
const ATTACK_MS = 3_000;

export interface Seen {
  times: number[];
  failed: number;
  maxRssBytes: number;
}

const nothing = (): Seen => ({ times: [], failed: 0, maxRssBytes: 0 });

export const p99 = ({ times }: Seen): number => times.toSorted((x, y) => x - y)[Math.floor(0.99 * times.length)] ?? Infinity;

const rssOf = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) * 1024;
};

export class Bystander {
  readonly #prober: Prober;
  readonly #pid: number;
  #atFirstBytes = 0;

  private constructor(prober: Prober, pid: number) {
    this.#prober = prober;
    this.#pid = pid;
  }

  static async start({ address, pid }: { address: string; pid: number }, evaluationId: string): Promise<Bystander> {
    const bystander = new Bystander(new Prober(address, evaluationId), pid);
    const seen = nothing();
    await bystander.#look(3_000, seen);
    bystander.#atFirstBytes = seen.maxRssBytes;
    return bystander;
  }

  stop(): Promise<void> {
    return this.#prober.stop();
  }

  /** In turns, since the host may be busy with something else at one time more than at another; begun: the attackers, ended afterwards. */
  async beside(begin: () => AttackingProcess[]): Promise<{ quiet: Seen; attacked: Seen; grownBytes: number; line: string }> {
    const [quiet, attacked] = [nothing(), nothing()];
    await this.#look(QUIET_MS, quiet);
    const attackers = begin();
    for (let turn = 0; turn < TURNS; turn++) {
      for (const attacker of attackers) attacker.go();
      await this.#look(ATTACK_MS, attacked);
      for (const attacker of attackers) attacker.hold();
      await this.#look(QUIET_MS, quiet);
    }
    await Promise.all(attackers.map((attacker) => attacker.stop()));
    const mib = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    const line =
      `p99 ${p99(quiet).toFixed(1)} → ${p99(attacked).toFixed(1)} ms, ${quiet.times.length} and ${attacked.times.length} calls, ` +
      `memory ${mib(quiet.maxRssBytes)} → ${mib(attacked.maxRssBytes)} MiB`;
    return { quiet, attacked, grownBytes: attacked.maxRssBytes - this.#atFirstBytes, line };
  }

  /** A span of calls, added to what was seen of its kind. */
  async #look(ms: number, seen: Seen): Promise<void> {
    const fromMs = Date.now();
    while (Date.now() - fromMs < ms) {
      seen.maxRssBytes = Math.max(seen.maxRssBytes, await rssOf(this.#pid));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const probes = this.#prober.probes.filter(({ atMs }) => atMs >= fromMs);
    seen.times.push(...probes.filter(({ ok }) => ok).map((probe) => probe.ms));
    seen.failed += probes.filter(({ ok }) => !ok).length;
  }
}
