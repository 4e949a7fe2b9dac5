/**
 * Lines that one agent sends on one stream: those about attempts that came on it go to their evaluations, those about the agent itself to its ring.
 * What it says of others, and what is more than it may say, is left out.
 */
import { leftOutWords, type AgentLine, type LogLine } from '../../shared/domain/log-line.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { LogWriter } from '../evaluations/logs/log-writer.ts';
import type { AgentLogs } from './agent-logs.ts';

/** What an agent may say a second, of texts. */
export const LOG_BYTES_PER_SECOND = 16 << 10;
/** It may have saved so much. */
const BURST_BYTES = 256 << 10;
/** Attempts that are over may still be spoken of: of the last so many. */
const MAX_OVER = 512;

/** How often it is told that lines were left out. */
const SAY_MS = 10_000;

export interface LogSinks {
  evaluations: Pick<LogWriter, 'add'>;
  agents: Pick<AgentLogs, 'add'>;
}

export interface ToldLinesParts {
  agentId: string;
  agent: string;
  /** What the agent holds, by attempt. */
  held: ReadonlyMap<string, { taskId: string }>;
  isQuarantined: () => boolean;
  sinks: LogSinks;
  clock: Clock;
}

export class ToldLines {
  readonly #parts: ToldLinesParts;
  /** Tasks by attempt: the last ones that were given to the agent. */
  readonly #given = new Map<string, string>();
  /** Lines that nobody will read, since that was said last. */
  #leftOut = 0;
  #saidAt = -Infinity;
  #room = BURST_BYTES;
  #at: number;

  constructor(parts: ToldLinesParts) {
    this.#parts = parts;
    this.#at = parts.clock.monotonic();
  }

  /** The agent is given an attempt, of which it may speak from now on. */
  given(attemptId: string, taskId: string): void {
    this.#given.set(attemptId, taskId);
    for (const oldest of this.#given.keys()) if (this.#given.size > MAX_OVER) this.#given.delete(oldest);
  }

  take(lines: readonly AgentLine[]): void {
    const { agentId, agent, held, isQuarantined, sinks } = this.#parts;
    if (isQuarantined()) return;
    this.#refill();
    const own: LogLine[] = [];
    const byEvaluation = new Map<string, LogLine[]>();
    for (const line of lines) {
      const bytes = Buffer.byteLength(line.text);
      if (bytes > this.#room) {
        this.#leftOut++;
        continue;
      }
      this.#room -= bytes;
      if (line.attemptId === '') {
        own.push({ ...line, agentId, agent, taskId: '' });
        continue;
      }
      const taskId = held.get(line.attemptId)?.taskId ?? this.#given.get(line.attemptId);
      const evaluationId = taskId && parseTaskId(taskId)?.evaluationId;
      if (!taskId || !evaluationId) {
        this.#leftOut++;
        continue;
      }
      const some = byEvaluation.get(evaluationId) ?? [];
      byEvaluation.set(evaluationId, some);
      some.push({ ...line, agentId, agent, taskId });
    }
    for (const [evaluationId, some] of byEvaluation) sinks.evaluations.add(evaluationId, some);
    sinks.agents.add(agentId, [...own, ...this.#gap()]);
  }

  /** What was left out, among the agent's own lines; not at every message. */
  #gap(): LogLine[] {
    const { agentId, agent, clock } = this.#parts;
    if (this.#leftOut === 0 || clock.monotonic() - this.#saidAt < SAY_MS) return [];
    const text = leftOutWords(this.#leftOut, 'too many at a time, or about attempts that it was not given on this stream');
    this.#leftOut = 0;
    this.#saidAt = clock.monotonic();
    return [{ timeMs: clock.now(), level: 'warn', text, agentId, agent, taskId: '', attemptId: '' }];
  }

  #refill(): void {
    const now = this.#parts.clock.monotonic();
    this.#room = Math.min(BURST_BYTES, this.#room + ((now - this.#at) / 1000) * LOG_BYTES_PER_SECOND);
    this.#at = now;
  }
}
