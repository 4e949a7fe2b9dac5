/** What agents tell of themselves, and not of tasks: the last lines of each, in memory. */
import type { LogLine } from '../../shared/domain/log-line.ts';

const MAX_LINES = 500;
const MAX_BYTES = 64 << 10;
/** Agents whose lines are kept; of more, those go that have said nothing for the longest time. */
const MAX_AGENTS = 1_000;

interface Ring {
  lines: { number: number; line: LogLine }[];
  bytes: number;
  last: number;
}

export class AgentLogs {
  readonly #rings = new Map<string, Ring>();
  readonly #listeners = new Set<(agentId: string) => void>();

  add(agentId: string, lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    const ring = this.#rings.get(agentId) ?? { lines: [], bytes: 0, last: 0 };
    // The last one to speak is the last one to go.
    this.#rings.delete(agentId);
    this.#rings.set(agentId, ring);
    for (const line of lines) {
      ring.lines.push({ number: ++ring.last, line });
      ring.bytes += line.text.length;
    }
    while (ring.lines.length > MAX_LINES || ring.bytes > MAX_BYTES) ring.bytes -= ring.lines.shift()!.line.text.length;
    for (const oldest of this.#rings.keys()) if (this.#rings.size > MAX_AGENTS) this.#rings.delete(oldest);
    for (const listener of this.#listeners) listener(agentId);
  }

  /** The lines after a number that are here, each with its number; undefined: nothing was ever heard of such an agent. */
  after(agentId: string, number: number): readonly { number: number; line: LogLine }[] | undefined {
    return this.#rings.get(agentId)?.lines.filter((entry) => entry.number > number);
  }

  /** The id of an agent that has said something under this name or id last. */
  find(idOrName: string): string | undefined {
    if (this.#rings.has(idOrName)) return idOrName;
    return [...this.#rings].findLast(([, ring]) => ring.lines.at(-1)?.line.agent === idOrName)?.[0];
  }

  /** Calls `listener` for each agent that says something, until the function that it returns is called. */
  onLines(listener: (agentId: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
