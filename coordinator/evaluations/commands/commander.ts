/** Everything that can be commanded of evaluations, put together: one part for each kind of command. */
import type { Recovered } from '../../../shared/client/books.ts';
import type { SampleFilter } from '../../../shared/client/types.ts';
import type { Durability } from '../../../shared/domain/durability.ts';
import type { EvaluationState } from '../../../shared/domain/states.ts';
import type { Manifest } from '../../../shared/domain/manifest.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { Known } from '../catalog.ts';
import { Commands } from './commands.ts';
import { Control, type ControlParts } from './control.ts';
import type { Quotas } from '../namespaces/quotas.ts';
import type { Acknowledging } from '../../redis/acknowledger.ts';
import type { Recovery } from '../recovery.ts';
import { Removal } from './removal.ts';
import { Burial } from '../dead/burial.ts';
import { Recover } from './recover.ts';
import { Requeue } from './requeue.ts';
import type { SingleFlight } from '../single-flight.ts';
import { Skip } from './skip.ts';
import { Turns } from './turns.ts';

/** What a Commander is made of. */
export interface CommanderParts extends Omit<ControlParts, 'commands' | 'removal' | 'onChanged'> {
  flight: SingleFlight;
  quotas: Pick<Quotas, 'reopening'>;
  recovery: Recovery;
  logger: Logger;
  acknowledging: Acknowledging;
  /** Numbers of the samples that a filter means, ascending. */
  matchingUnits: (evaluationId: string, filter: SampleFilter) => AsyncIterable<number>;
  /** All its samples are closed now. */
  onFinalizing: (evaluationId: string) => void;
  instruments?: Pick<Instruments, 'deadLettersTotal'>;
  /** There may be something to plan. */
  onOpened: (evaluationId: string) => void;
  /** What the store says of it has changed, or it is gone; told on this coordinator, after the others were told. */
  onChanged: (evaluationId: string) => Promise<void>;
}

export class Commander {
  readonly control: Control;
  readonly removal: Removal;
  readonly #skip: Skip;
  readonly #requeue: Requeue;
  readonly #turns: Turns;
  readonly #recover: Recover;
  readonly #parts: CommanderParts;
  readonly #commands: Commands;
  readonly #burial: Burial;

  /** required: what the client demands of Redis, beyond what the coordinator's setting does. */
  constructor(parts: CommanderParts, required?: Durability) {
    const { store, ledger, clock, catalog, recovery, acknowledging } = parts;
    this.#parts = parts;
    const commands = new Commands({
      store,
      ledger,
      clock,
      mark: (manifest, reason) => recovery.mark(manifest, reason),
      acknowledge: (evaluationId, witness) => acknowledging.reach(evaluationId, witness, required),
    });
    this.#commands = commands;
    const onChanged = async (evaluationId: string): Promise<void> => {
      await ledger.notify(`u:${evaluationId}`);
      await catalog.renew(evaluationId);
      await parts.onChanged(evaluationId);
    };
    const after = ({ manifest: { evaluationId } }: Known, state: EvaluationState): void =>
      state === 'finalizing' ? parts.onFinalizing(evaluationId) : parts.onOpened(evaluationId);
    this.removal = new Removal({ ...parts, commands, onChanged });
    this.control = new Control({ ...parts, commands, removal: this.removal, onChanged });
    this.#skip = new Skip({ ...parts, commands, onSkipped: after });
    this.#requeue = new Requeue({ ...parts, commands, onRequeued: (known) => parts.onResumed(known), onChanged });
    const cancel = (evaluationId: string, reason: string): Promise<unknown> =>
      this.control.cancel({ evaluationId }, { reason, mode: 'abort' });
    this.#turns = new Turns({ ...parts, cancel });
    this.#recover = new Recover({ ...parts, commands });
    this.#burial = new Burial({ ...parts, commands, onBuried: after });
  }

  /** For one call, which demands a class. Throws when that cannot be reached; nothing was written then. */
  async demanding(required: Durability | undefined): Promise<Commander> {
    await this.#parts.acknowledging.demand(required);
    return required ? new Commander(this.#parts, required) : this;
  }

  skip(evaluationId: string, filter: SampleFilter, reason: string): ReturnType<Skip['skip']> {
    return this.#skip.skip(evaluationId, filter, reason);
  }

  requeue(evaluationId: string, filter: SampleFilter, reason: string): ReturnType<Requeue['requeue']> {
    return this.#requeue.requeue(evaluationId, filter, reason);
  }

  /** Gives up the tasks of an evaluation that are at their limits. */
  bury(evaluationId: string): Promise<void> {
    return this.#burial.bury(evaluationId);
  }

  /** What a command is worth that needs nothing but the store. */
  acknowledgeStored(evaluationId: string): Promise<Durability> {
    return this.#commands.acknowledge(evaluationId, { kind: 'nothing' });
  }

  recover(evaluationId: string, reason: string): Promise<Recovered> {
    return this.#recover.recover(evaluationId, reason);
  }

  /** Starts an accepted evaluation, or leaves it to wait for its turn. */
  start(manifest: Manifest): Promise<EvaluationState> {
    return this.#turns.start(manifest);
  }
}
