/**
 * What agents send that no agent sends: counted by agent and by identity, told, and after too much of it the agent is put aside. The counts are those of this
 * coordinator since its start; that an agent was put aside is known to all.
 */
import { describeProof, type Identity } from '../../../shared/domain/identity.ts';
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
/** So many of all agents of one identity, whatever their ids: a token may have as many as it makes up. */
export const MOST_OF_IDENTITY = 5 * MOST_OFFENCES;
const WINDOW_MS = 10 * 60_000;
/** Lines of the log within that time about one agent: all is counted, and what goes on fills no disk. */
export const MOST_LINES = 2 * MOST_OFFENCES;
/** Agents that are remembered, and identities. */
const MAX_AGENTS = 10_000;
/** By which somebody reaches for what is not his: no fleet does so by a fault of its specs. */
const REACHING: ReadonlySet<OffenceKind> = new Set(['lease', 'unit', 'protocol']);

interface Window {
  sinceMs: number;
  inWindow: number;
}

interface Record extends Window {
  total: number;
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
  /** In the order of their last offence. */
  readonly #identities = new Map<string, Window>();

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
    keepLatest(this.#agents, offence.agentId, record);
    record.total += offence.count;
    onOffence(offence);
    if (now - record.linesSinceMs > WINDOW_MS) Object.assign(record, { linesSinceMs: now, lines: 0 });
    const isTold = ++record.lines <= MOST_LINES;
    if (offence.isHonest) return isTold;
    count(record, offence, now);
    const ofIdentity = this.#ofIdentity(offence, now);
    if (record.inWindow >= MOST_OFFENCES) {
      const reason = reasonOf('it', record, offence, now);
      Object.assign(record, { sinceMs: now, inWindow: 0 });
      onTooMany(offence, reason);
    } else if (ofIdentity && ofIdentity.inWindow >= MOST_OF_IDENTITY)
      onTooMany(offence, reasonOf(`agents of ${describeProof(offence.identity)}`, ofIdentity, offence, now));
    return isTold;
  }

  /** What stands against the identity; undefined: against none. The next ids of one that has gone on too long have no allowance of their own. */
  #ofIdentity(offence: Offence, now: number): Window | undefined {
    const { identity, kind } = offence;
    if (!hasManyAgents(identity) || !REACHING.has(kind)) return undefined;
    const name = describeProof(identity);
    const window = this.#identities.get(name) ?? { sinceMs: now, inWindow: 0 };
    keepLatest(this.#identities, name, window);
    return count(window, offence, now);
  }
}

/** Whether its agents choose their ids: not those that have joined, and the operator's own are not put aside together. */
export const hasManyAgents = ({ kind }: Identity): boolean => kind !== 'local' && kind !== 'agent';

function count(window: Window, { count: more }: Offence, now: number): Window {
  if (now - window.sinceMs > WINDOW_MS) Object.assign(window, { sinceMs: now, inWindow: 0 });
  window.inWindow += more;
  return window;
}

function keepLatest<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  if (map.size >= MAX_AGENTS) map.delete(map.keys().next().value!);
  map.set(key, value);
}

const reasonOf = (whose: string, { inWindow, sinceMs }: Window, { why }: Offence, now: number): string =>
  `${inWindow} things were refused of ${whose} within ${Math.ceil((now - sinceMs) / 1000)} s, the last: ${why}`;
