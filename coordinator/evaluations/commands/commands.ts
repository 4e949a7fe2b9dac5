/**
 * One command on one evaluation: announced in the ledger, written into the journal, carried out in the ledger. Others wait meanwhile,
 * and the evaluation does not end. A command that is broken off anywhere is found by the sweep, and a recovery does what the journal
 * says; so an acknowledged command outlives everything, and a repeated one does no harm.
 */
import { randomBytes } from 'node:crypto';
import type { Report } from '../../../shared/client/types.ts';
import type { Durability } from '../../../shared/domain/durability.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import { isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ControlAnswer } from '../../ledger/types.ts';
import type { Witness } from '../../redis/barrier.ts';
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

/** state: after it. isUnsure: a recovery has carried it out instead. durability: how Redis holds it. */
export interface Carried {
  changed: boolean;
  state: EvaluationState;
  isUnsure: boolean;
  durability: Durability;
}

/** What Commands are made of. */
export interface CommandsParts {
  store: Store;
  ledger: Ledger;
  clock: Clock;
  /** Asks for a recovery. */
  mark: (manifest: Manifest, reason: string) => Promise<void>;
  /** After a write to Redis: waits for what is demanded of it. */
  acknowledge: (evaluationId: string, witness: Witness) => Promise<Durability>;
}

export class Commands {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #mark: CommandsParts['mark'];
  /** After a write to Redis: waits for what is demanded of it. */
  readonly acknowledge: CommandsParts['acknowledge'];

  constructor(options: CommandsParts) {
    this.#store = options.store;
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.#mark = options.mark;
    this.acknowledge = options.acknowledge;
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

  /** As it stands: for a command that had nothing to do, or that a recovery has carried out. A ledger of an older generation has missed that. */
  async acknowledgeState(evaluationId: string, state: EvaluationState): Promise<Durability> {
    if (isFinal(state)) return this.acknowledge(evaluationId, { kind: 'nothing' });
    return this.acknowledge(evaluationId, { kind: 'there', generation: await this.#store.generation(evaluationId) });
  }

  /** Carries a command out. `unavailable` when neither can be said within the budget of tries. */
  async run(known: Pick<Known, 'manifest'>, command: Command): Promise<Carried> {
    const { name, ...carried } = await this.#run(known, command);
    const { evaluationId } = known.manifest;
    const durability = await (name === undefined
      ? this.acknowledgeState(evaluationId, carried.state)
      : this.acknowledge(evaluationId, { kind: 'command', name }));
    return { ...carried, durability };
  }

  /** name: under which the ledger has ended it, where it did. */
  async #run({ manifest }: Pick<Known, 'manifest'>, command: Command): Promise<Omit<Carried, 'durability'> & { name?: string }> {
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
      if (answer === 'done') return { changed: true, state: await this.stateOf(evaluationId), isUnsure: false, name };
      if (answer === 'no') return { changed: false, state: await this.stateOf(evaluationId), isUnsure: false };
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
