/**
 * Giving tasks up. The ledger dooms a task that has crashed too many agents, or lost its lease too often; here its end is made a command:
 * journaled, with the evidence, before its units are dead. So no requeue of these units can come before the record, and the letter is
 * there whatever Redis forgets. The sweep repeats what was broken off.
 */
import { isOpenCode, unitCode, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTask, UnitRange } from '../../ledger/types.ts';
import { MAX_LETTERS, MAX_WORDS_CHARS } from '../../store/control-records.ts';
import type { DeadLetterRecord, Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';
import type { Commands } from '../commands/commands.ts';
import { rangesOf } from '../journal.ts';
import { ownRanges } from '../plan-units.ts';
import type { SingleFlight } from '../single-flight.ts';
import { LastWords } from './last-words.ts';

/** Letters with the agents' last words, in one evaluation; later ones are without. */
const LETTERS_WITH_WORDS = 200;
const REASON = 'their tasks kept crashing agents, or losing their leases';

/** What a Burial is made of. */
export interface BurialParts {
  store: Store;
  ledger: Ledger;
  commands: Commands;
  flight: SingleFlight;
  logger: Logger;
  known: (evaluationId: string) => Promise<Known>;
  instruments?: Pick<Instruments, 'deadLettersTotal'>;
  /** Its state afterwards: it may be over. */
  onBuried: (known: Known, state: EvaluationState) => void;
}

export class Burial {
  readonly #options: BurialParts;
  readonly #words: LastWords;

  constructor(options: BurialParts) {
    this.#options = options;
    this.#words = new LastWords(options.store);
  }

  /** Gives up what is doomed, unless another coordinator is at it. What comes meanwhile is for the next sweep. */
  async bury(evaluationId: string): Promise<void> {
    await this.#options.flight.run('bury', evaluationId, async () => {
      const known = await this.#options.known(evaluationId);
      const all = await this.#options.ledger.tasks(evaluationId);
      const tasks = all.filter((t) => t.state === 'doomed').slice(0, MAX_LETTERS);
      if (tasks.length > 0) await this.#bury(known, tasks);
    });
  }

  async #bury(known: Known, tasks: readonly LedgerTask[]): Promise<void> {
    const { ledger, commands, logger, onBuried } = this.#options;
    const { manifest } = known;
    const { evaluationId } = manifest;
    const controls = await this.#options.store.controls(evaluationId);
    const written = controls.reduce((sum, c) => sum + (c.kind === 'dead' ? (c.letters?.length ?? 0) : 0), 0);
    const letters: DeadLetterRecord[] = [];
    for (const task of tasks) letters.push(await this.#letter(evaluationId, task, written + letters.length < LETTERS_WITH_WORDS));
    const units = await rangesOf(unitsOf(letters.flatMap((letter) => letter.units)));
    const { changed, state } = await commands.run(known, {
      states: ['running', 'paused'],
      record: () => (units.length > 0 ? { ...commands.record('dead', REASON), units, letters } : undefined),
      apply: async (command) => {
        const closed = await ledger.close(manifest, units, unitCode('dead'), command);
        return closed === undefined ? 'lost' : (await ledger.control(manifest, { action: 'end', command, reason: REASON })).answer;
      },
    });
    if (!changed) return;
    this.#options.instruments?.deadLettersTotal.add(letters.length);
    for (const { sequence, crashes, losses, attempts } of letters)
      logger.error(
        { evaluationId, sequence, crashes, losses, agents: attempts.map((a) => a.agent || a.agentId) },
        'a task was given up: it is a dead letter',
      );
    onBuried(known, state);
  }

  async #letter(evaluationId: string, task: LedgerTask, withWords: boolean): Promise<DeadLetterRecord> {
    const { sequence, group, setbacks, evidence } = task;
    const attempts: DeadLetterRecord['attempts'] = [];
    for (const e of evidence)
      attempts.push({
        attemptId: e.attemptId,
        agentId: e.agentId,
        agent: (e.agent ?? '').slice(0, 256),
        instanceId: e.instanceId ?? '',
        end: e.kind === 'crash' ? 'crash' : 'loss',
        atMs: e.atMs,
        exit: (e.exit ?? '').slice(0, MAX_WORDS_CHARS),
        output: withWords ? await this.#words.read(e.words) : '',
      });
    return { sequence, group, units: await rangesOf(this.#openUnits(evaluationId, ownRanges(task))), ...setbacks, attempts };
  }

  async *#openUnits(evaluationId: string, ranges: readonly UnitRange[]): AsyncGenerator<number> {
    for (const [first, end] of ranges) {
      const codes = await this.#options.ledger.unitCodes(evaluationId, first, end - first);
      for (const [i, code] of codes.entries()) if (isOpenCode(code)) yield first + i;
    }
  }
}

function* unitsOf(ranges: readonly UnitRange[]): Generator<number> {
  for (const [first, end] of ranges) for (let unit = first; unit < end; unit++) yield unit;
}
