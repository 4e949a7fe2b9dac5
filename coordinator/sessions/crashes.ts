/** What an agent's crash means for the attempts that it had, by what its next life says of it. */
import type { PreviousLife } from '../../shared/rpc/messages.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { parseTaskId } from '../../shared/domain/ids.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import type { LastWords } from '../evaluations/dead/last-words.ts';
import type { Lease } from '../ledger/leases.ts';
import type { CrashEvidence, ReleaseItem } from '../ledger/types.ts';

/** An agent names so many running samples at most: then what it does not name may have run as well. */
const MAX_RUNNING = 1_000;

/** Who speaks, and what of the life before. */
export interface Survivor {
  name: string;
  /** The life of its process that speaks. */
  instanceId: string;
  previousLife?: PreviousLife | undefined;
}

export class Crashes {
  readonly #words: LastWords;
  readonly #logger: Logger;
  readonly #evidence = new WeakMap<PreviousLife, Promise<CrashEvidence>>();

  constructor(words: LastWords, logger: Logger) {
    this.#words = words;
    this.#logger = logger;
  }

  /**
   * Takes back an attempt that was lost with an earlier life: a crash of its task, unless it was not running then. One of the life that speaks
   * is lost without a crash: a result that its disk did not give back, say. `exit`: in the agent's words.
   */
  async itemOf({ name, instanceId: present, previousLife }: Survivor, lease: Lease, exit?: string): Promise<ReleaseItem> {
    const { sequence, attemptId, instanceId } = lease;
    if (previousLife?.instanceId !== instanceId) {
      const evidence = { agent: name, instanceId, ...(exit === undefined ? {} : { exit }) };
      return { sequence, kind: instanceId === present ? 'lost' : 'crash', attemptId, evidence };
    }
    const suspects = previousLife.running.filter((r) => r.attemptId === attemptId).map((r) => r.unit);
    const isComplete = previousLife.running.length < MAX_RUNNING;
    if (suspects.length === 0 && isComplete) return { sequence, kind: 'returned', attemptId };
    const evidence = await this.#of(name, previousLife);
    return { sequence, kind: 'crash', attemptId, evidence, ...(isComplete ? { suspects } : {}) };
  }

  /** Attempts that the life before was running, and that no lease of the agent names any more: they were taken for lost. By their evaluation. */
  async lateItems({ name, previousLife }: Omit<Survivor, 'instanceId'>, leased: ReadonlySet<string>): Promise<Map<string, ReleaseItem[]>> {
    const items = new Map<string, ReleaseItem[]>();
    const late = (previousLife?.running ?? []).filter((r) => !leased.has(r.attemptId));
    for (const [attemptId, own] of Map.groupBy(late, (r) => r.attemptId)) {
      const task = parseTaskId(own[0]!.taskId);
      if (!task) continue;
      const evidence = await this.#of(name, previousLife!);
      const suspects = previousLife!.running.length < MAX_RUNNING ? { suspects: own.map((r) => r.unit) } : {};
      const item: ReleaseItem = { sequence: task.sequence, kind: 'crashed', attemptId, evidence, ...suspects };
      items.set(task.evaluationId, [...(items.get(task.evaluationId) ?? []), item]);
    }
    return items;
  }

  /** Kept once for all attempts of that life. A store that takes nothing costs the words, not the session. */
  #of(name: string, life: PreviousLife): Promise<CrashEvidence> {
    let evidence = this.#evidence.get(life);
    if (!evidence) {
      evidence = this.#words.evidenceOf(name, life).catch((error: unknown) => {
        this.#logger.warn({ agent: name, error: AppError.from(error).message }, 'what the agent said before its crash could not be kept');
        return { agent: name, instanceId: life.instanceId };
      });
      this.#evidence.set(life, evidence);
    }
    return evidence;
  }
}
