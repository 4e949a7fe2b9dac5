/**
 * What agents have told of themselves to other coordinators: asked of the one that has it, over the notices of Redis. Questions and answers are
 * sealed, since lines may quote anything, and Redis keeps none of them. A lost one is asked again.
 */
import { z } from 'zod';
import { AppError } from '../../shared/domain/errors.ts';
import { newInstanceId } from '../../shared/domain/ids.ts';
import { LINE_LEVELS, type LogLine } from '../../shared/domain/log-line.ts';
import { raceSignal } from '../../shared/runtime/abort.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { AgentLogs } from '../sessions/agent-logs.ts';

/** An answer that takes longer was lost. */
const ANSWER_MS = 2_000;
const TRIES = 3;
/** Of one answer; the next question is for what comes behind it. */
const MOST_LINES = 200;
const MOST_CHARS = 32_000;
/** Questions that wait here at a time. */
const MOST_WAITING = 200;
/** Answers a second: who asks more often is not heard. */
const MOST_ANSWERS = 100;

export interface NumberedLine {
  number: number;
  line: LogLine;
}

/** What is sealed and unsealed with a key that all coordinators have. */
export interface Seals {
  seal(text: string, about: string): string | undefined;
  unseal(text: string, about: string): string | undefined;
}

const LINE = z.object({
  ...{ agentId: z.string(), agent: z.string(), taskId: z.string(), attemptId: z.string(), timeMs: z.number() },
  ...{ level: z.enum(LINE_LEVELS), text: z.string(), unit: z.number().optional() },
});
const SAID = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ask'), id: z.string(), from: z.string(), agentId: z.string(), after: z.number() }),
  z.object({ kind: z.literal('answer'), id: z.string(), lines: z.array(z.object({ number: z.number(), line: LINE })).max(MOST_LINES) }),
]);
type Said = z.infer<typeof SAID>;

export interface LineRelayParts {
  coordinatorId: string;
  logs: Pick<AgentLogs, 'after'>;
  seals: () => Seals;
  notify: (notice: string) => Promise<void>;
  clock: Clock;
}

export class LineRelay {
  readonly #parts: LineRelayParts;
  readonly #waiting = new Map<string, (lines: NumberedLine[]) => void>();
  #answers = 0;
  #sinceMs = -Infinity;

  constructor(parts: LineRelayParts) {
    this.#parts = parts;
  }

  /** Lines of an agent that another coordinator has, after a number; the first of them where there are many. */
  async ask(coordinatorId: string, agentId: string, after: number, signal: AbortSignal): Promise<NumberedLine[]> {
    const { clock, coordinatorId: from } = this.#parts;
    if (this.#waiting.size >= MOST_WAITING)
      throw new AppError('resource_exhausted', 'too many ask for lines of agents elsewhere; try again');
    for (let tries = 0; tries < TRIES; tries++) {
      const id = newInstanceId();
      const answer = Promise.withResolvers<NumberedLine[]>();
      this.#waiting.set(id, answer.resolve);
      const over = new AbortController();
      try {
        await this.#say(coordinatorId, { kind: 'ask', id, from, agentId, after });
        const late = clock.sleep(ANSWER_MS, over.signal).then(
          () => undefined,
          () => undefined,
        );
        const lines = await raceSignal(Promise.race([answer.promise, late]), signal);
        if (lines) return lines;
      } finally {
        over.abort();
        this.#waiting.delete(id);
      }
    }
    throw new AppError('unavailable', `the coordinator ${coordinatorId}, to which the agent is connected, does not answer; ask again`);
  }

  /** A notice of another coordinator, or of this one: `TO:SEALED`. */
  take(notice: string): void {
    const { coordinatorId, seals } = this.#parts;
    const colon = notice.indexOf(':');
    if (notice.slice(0, colon) !== coordinatorId) return;
    const said = saidOf(seals().unseal(notice.slice(colon + 1), coordinatorId));
    if (said?.kind === 'ask') void this.#answer(said).catch(() => undefined); // it is asked again
    if (said?.kind === 'answer') this.#waiting.get(said.id)?.(said.lines);
  }

  async #answer({ id, from, agentId, after }: Extract<Said, { kind: 'ask' }>): Promise<void> {
    const { logs, clock } = this.#parts;
    if (clock.monotonic() - this.#sinceMs > 1_000) [this.#answers, this.#sinceMs] = [0, clock.monotonic()];
    if (++this.#answers > MOST_ANSWERS) return;
    let chars = 0;
    const lines = (logs.after(agentId, after) ?? [])
      .slice(0, MOST_LINES)
      .filter(({ line }, i) => (chars += line.text.length) <= MOST_CHARS || i === 0);
    await this.#say(from, { kind: 'answer', id, lines: [...lines] });
  }

  async #say(to: string, said: Said): Promise<void> {
    const { seals, notify } = this.#parts;
    const text = seals().seal(JSON.stringify(said), to);
    if (text === undefined) throw new AppError('unavailable', 'there is no key yet that coordinators share; ask again');
    await notify(`l:${to}:${text}`);
  }
}

function saidOf(text: string | undefined): Said | undefined {
  if (text === undefined) return undefined;
  try {
    return SAID.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
