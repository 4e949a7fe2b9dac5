/**
 * What agents send that no agent sends: counted by agent, told, and after too much of it the agent is put aside. The counts are those of this
 * coordinator since its start; that an agent was put aside is known to all.
 */
import type { Identity } from '../../../shared/domain/identity.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';

/**
 * lease: one that does not hold. unit: one that was not granted. malformed, too_large: a result. protocol: a message that is none, which ends the
 * stream.
 */
export type OffenceKind = 'lease' | 'unit' | 'malformed' | 'too_large' | 'protocol';

export interface Offence {
  agentId: string;
  /** The agent's name and address, for people. */
  agent: string;
  peer: string;
  /** Whose stream it came on, as that was verified: the rest the agent says of itself. */
  identity: Identity;
  kind: OffenceKind;
  /** How many results, or messages. */
  count: number;
  why: string;
  namespace?: string;
  /** The task. */
  target?: string;
  /** It may come about without ill will: it is told, and not held against the agent. */
  isHonest?: boolean;
}

/** So many within that time, and the agent gets no more work. One bad message is a bug; what goes on is an attack, or spoils as much as one. */
export const MOST_OFFENCES = 20;
const WINDOW_MS = 10 * 60_000;
/** Lines of the log within that time about one agent: all is counted, and what goes on fills no disk. */
export const MOST_LINES = 2 * MOST_OFFENCES;
/** Agents that are remembered. */
const MAX_AGENTS = 10_000;

interface Record {
  total: number;
  sinceMs: number;
  inWindow: number;
  linesSinceMs: number;
  lines: number;
}

export interface OffencesParts {
  clock: Pick<Clock, 'monotonic'>;
  onOffence: (offence: Offence) => void;
  /** There was too much of it. */
  onTooMany: (offence: Offence, reason: string) => void;
}

export class Offences {
  readonly #parts: OffencesParts;
  readonly #agents = new Map<string, Record>();

  constructor(parts: OffencesParts) {
    this.#parts = parts;
  }

  /** What was refused of an agent. */
  of(agentId: string): number {
    return this.#agents.get(agentId)?.total ?? 0;
  }

  /** Whether the log should have a line of it. */
  note(offence: Offence): boolean {
    const { clock, onOffence, onTooMany } = this.#parts;
    const now = clock.monotonic();
    const record = this.#agents.get(offence.agentId) ?? { total: 0, sinceMs: now, inWindow: 0, linesSinceMs: now, lines: 0 };
    this.#agents.delete(offence.agentId);
    if (this.#agents.size >= MAX_AGENTS) this.#agents.delete(this.#agents.keys().next().value!);
    this.#agents.set(offence.agentId, record);
    record.total += offence.count;
    onOffence(offence);
    if (now - record.linesSinceMs > WINDOW_MS) Object.assign(record, { linesSinceMs: now, lines: 0 });
    const isTold = ++record.lines <= MOST_LINES;
    if (offence.isHonest) return isTold;
    if (now - record.sinceMs > WINDOW_MS) Object.assign(record, { sinceMs: now, inWindow: 0 });
    record.inWindow += offence.count;
    if (record.inWindow < MOST_OFFENCES) return isTold;
    const seconds = Math.ceil((now - record.sinceMs) / 1000);
    const reason = `${record.inWindow} things were refused of it within ${seconds} s, the last: ${offence.why}`;
    Object.assign(record, { sinceMs: now, inWindow: 0 });
    onTooMany(offence, reason);
    return isTold;
  }
}
