/**
 * One command on one evaluation: announced in the ledger, written into the journal, carried out in the ledger. Others wait meanwhile,
 * and the evaluation does not end. A command that is broken off anywhere is found by the sweep, and a recovery does what the journal
 * says; so an acknowledged command outlives everything, and a repeated one does no harm.
 */
import { randomBytes } from 'node:crypto';
import type { Report } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ControlAnswer } from '../../ledger/types.ts';
import type { ControlRecord, Store } from '../../store/store.ts';
import type { Known } from '../catalog.ts';

/** How long a command waits for a recovery, or for another command. */
const TRIES = 120;
const WAIT_MS = 250;

export interface Command {
  /** In which states it can be carried out; in another it changes nothing. */
  states: readonly EvaluationState[];
  /** What goes into the journal, or undefined: it is not wanted after all. */
  record: (begun: ControlAnswer) => ControlRecord | undefined;
  /** The scripts, the last of which ends the command. */
  apply: (command: string) => Promise<ControlAnswer['answer']>;
}

/** state: after it. isUnsure: a recovery has carried it out instead. */
export interface Carried {
  changed: boolean;
  state: EvaluationState;
  isUnsure: boolean;
}

export class Commands {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #mark: (manifest: Manifest, reason: string) => Promise<void>;

  /** mark: asks for a recovery. */
  constructor(options: { store: Store; ledger: Ledger; clock: Clock; mark: (manifest: Manifest, reason: string) => Promise<void> }) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.#mark = options.mark;
  }

  static newName = (): string => randomBytes(8).toString('hex');

  record<K extends ControlRecord['kind']>(kind: K, reason: string): { kind: K; atMs: number; reason: string } {
    return { kind, atMs: this.#clock.now(), reason: reason.slice(0, 1_000) };
  }

  /** The state as the ledger says, or the report once the ledger is over. */
  async stateOf(evaluationId: string): Promise<EvaluationState> {
    const [look] = await this.#ledger.looks([evaluationId]);
    if (look && (isFinal(look.state) || !(await this.#store.isFinished(evaluationId)))) return look.state;
    const report = await this.#store.report(evaluationId);
    return report ? (JSON.parse(report.toString('utf8')) as Report).state : 'recovering';
  }

  /** Carries a command out. `unavailable` when neither can be said within the budget of tries. */
  async run({ manifest }: Known, command: Command): Promise<Carried> {
    const { evaluationId } = manifest;
    let isJournaled = false;
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) await this.#clock.sleep(WAIT_MS);
      const state = await this.stateOf(evaluationId);
      if (state === 'recovering') continue;
      if (isJournaled || isFinal(state)) return { changed: isJournaled, state, isUnsure: isJournaled };
      const name = Commands.newName();
      const begun = await this.#ledger.control(manifest, { action: 'begin', command: name, states: command.states }).catch(ifGone);
      if (!begun || begun.answer === 'busy' || begun.state === 'recovering') continue;
      if (!begun.done) return { changed: false, state: begun.state, isUnsure: false };
      const record = command.record(begun);
      if (!record) {
        const { state: after } = await this.#ledger.control(manifest, { action: 'end', command: name, reason: '' });
        return { changed: false, state: after, isUnsure: false };
      }
      const answer = await this.#carry(manifest, record, () => command.apply(name));
      if (answer === 'done' || answer === 'no')
        return { changed: answer === 'done', state: await this.stateOf(evaluationId), isUnsure: false };
      // A recovery came between; it may have read the journal before the record was there.
      isJournaled = true;
      await this.#mark(manifest, 'a command met a recovery');
    }
    const what = isJournaled ? 'the command is written down; ask for the state, or repeat it to see it done' : 'repeat the command';
    throw new AppError('unavailable', `${evaluationId} is being recovered, or busy with another command; ${what}`, { retryAfterMs: 1_000 });
  }

  async #carry(manifest: Manifest, record: ControlRecord, apply: () => Promise<ControlAnswer['answer']>): Promise<ControlAnswer['answer']> {
    try {
      await this.#store.appendControl(manifest.evaluationId, record);
      // A ledger that is gone meanwhile is being recovered, with the record that is there now.
      return (await apply().catch(ifGone)) ?? 'lost';
    } catch (error) {
      // Nobody knows what was done: the journal decides.
      await this.#mark(manifest, 'a command was broken off').catch(() => undefined);
      throw error;
    }
  }
}

/** A ledger that is gone is being recovered. */
export function ifGone(error: unknown): undefined {
  if (AppError.from(error).code !== 'not_found') throw error;
}
