/**
 * Commands of people and services: pause, resume, cancel, update, delete; for one evaluation, or for those of a filter. What they do
 * to single samples is in skip.ts and requeue.ts.
 */
import type { CancelMode } from '../../../shared/client/client.ts';
import type { EvaluationChanges, EvaluationChoice, EvaluationFilter, EvaluationOutcome } from '../../../shared/client/types.ts';
import type { Durability } from '../../../shared/domain/durability.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { EVALUATION_STATES, isFinal, type EvaluationState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { LedgerTask } from '../../ledger/types.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog, Known } from '../catalog.ts';
import type { Carried, Commands } from './commands.ts';
import type { Removal } from './removal.ts';
import { setAside } from './set-aside.ts';
import { ALWAYS, checkChanges } from './settings.ts';

const OPEN = ['accepted', 'running', 'paused'] as const;
const FINAL = EVALUATION_STATES.filter(isFinal);
const NOT_FINAL = EVALUATION_STATES.filter((s) => !isFinal(s));
/** What one command by a filter may touch, and how many at the same time. */
const MAX_CHOSEN = 10_000;
const AT_ONCE = 8;

/** What Control is made of. */
export interface ControlParts {
  store: Store;
  ledger: Ledger;
  catalog: Catalog;
  commands: Commands;
  removal: Removal;
  clock: Clock;
  /** An accepted evaluation; throws `not_found`. */
  known: (evaluationId: string) => Promise<Known>;
  /** Ids of the evaluations that a filter means. */
  find: (filter: EvaluationFilter) => AsyncIterable<string>;
  /** It was cancelled while these tasks were in its window. */
  onCancelled: (known: Known, tasks: readonly LedgerTask[]) => void;
  /** There may be tasks that wait without a job, or under another priority. */
  onResumed: (known: Known) => void;
  /** What the store says of it has changed, or it is gone. */
  onChanged: (evaluationId: string) => Promise<void>;
}

export class Control {
  readonly #options: ControlParts;

  constructor(options: ControlParts) {
    this.#options = options;
  }

  cancel(which: EvaluationChoice, { reason, mode }: { reason: string; mode: CancelMode }): Promise<EvaluationOutcome[]> {
    return this.#each(which, NOT_FINAL, async (known) =>
      outcome(known, await (mode === 'drain' ? this.#drain(known, reason) : this.#abort(known, reason))),
    );
  }

  pause(which: EvaluationChoice, reason: string): Promise<EvaluationOutcome[]> {
    const { commands, ledger } = this.#options;
    return this.#each(which, NOT_FINAL, async (known) => {
      const carried = await commands.run(known, {
        states: ['running'],
        record: () => commands.record('pause', reason),
        apply: async (command) => (await ledger.control(known.manifest, { action: 'pause', reason, command })).answer,
      });
      return outcome(known, carried, ['paused'], 'nothing is left to pause');
    });
  }

  resume(which: EvaluationChoice, reason: string): Promise<EvaluationOutcome[]> {
    const { commands, ledger, onResumed } = this.#options;
    return this.#each(which, ['paused'], async (known) => {
      const carried = await commands.run(known, {
        states: ['paused'],
        record: () => commands.record('resume', reason),
        apply: async (command) => (await ledger.control(known.manifest, { action: 'resume', reason, command })).answer,
      });
      if (carried.changed) onResumed(known);
      return outcome(known, carried, ['running', 'finalizing'], 'it is not paused');
    });
  }

  /** Throws `failed_precondition` for a named one that is not final. `before`: is told of all that a filter means, before anything is done. */
  async delete(which: EvaluationChoice, before?: (evaluationIds: readonly string[]) => Promise<void>): Promise<EvaluationOutcome[]> {
    if ('filter' in which && isEmpty(which.filter))
      throw invalid('DeleteEvaluation', [{ place: 'filter', problem: 'is empty; say which evaluations are to be removed for good' }]);
    return this.#each(which, FINAL, (known) => this.#options.removal.delete(known.manifest.evaluationId), before);
  }

  /** Tags, metadata and keep can be set for ever, all else until the end. */
  async update(evaluationId: string, changes: EvaluationChanges): Promise<Durability> {
    checkChanges(changes);
    const { commands, ledger, store, removal, known: find, onChanged, onResumed } = this.#options;
    const known = await find(evaluationId);
    const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as EvaluationChanges;
    if (Object.keys(said).length === 0) return commands.acknowledge(evaluationId, { kind: 'nothing' });
    const record = { ...commands.record('update', ''), changes: said };
    const carried = await commands.run(known, {
      states: OPEN,
      record: () => record,
      apply: async (command) => (await ledger.control(known.manifest, { action: 'end', command, reason: '', updated: true })).answer,
    });
    if (!carried.changed) {
      const late = Object.keys(said).filter((name) => !ALWAYS.includes(name));
      if (late.length > 0)
        throw new AppError(
          'failed_precondition',
          `${evaluationId} is ${carried.state}: ${late.join(', ')} cannot be changed any more; tags, metadata and keep can`,
        );
      if (said.keep === undefined) await store.appendControl(evaluationId, record);
      else await removal.keep(evaluationId, record);
    }
    await onChanged(evaluationId);
    if (carried.changed) onResumed(await find(evaluationId));
    return carried.durability;
  }

  async #abort(known: Known, reason: string): Promise<Carried> {
    const { store, commands, ledger, onCancelled } = this.#options;
    const { manifest } = known;
    const carried = await commands.run(known, {
      states: OPEN,
      record: () => commands.record('cancel', reason),
      apply: async (command) => {
        const tasks = await ledger.tasks(manifest.evaluationId);
        const { answer } = await ledger.control(manifest, { action: 'cancel', reason, command });
        if (answer === 'done') onCancelled(known, tasks);
        return answer;
      },
    });
    await setAside({ store, ledger, commands }, known);
    return carried;
  }

  async #drain(known: Known, reason: string): Promise<Carried> {
    const { commands, ledger, onCancelled } = this.#options;
    const carried = await commands.run(known, {
      states: OPEN,
      record: () => commands.record('drain', reason),
      apply: async (command) => (await ledger.control(known.manifest, { action: 'drain', reason, command })).answer,
    });
    if (carried.state === 'finalizing') onCancelled(known, []);
    return carried;
  }

  /** One that is named throws; those of a filter have their problem in their outcome. */
  async #each(
    which: EvaluationChoice,
    states: readonly EvaluationState[],
    work: (known: Known) => Promise<EvaluationOutcome>,
    before: (evaluationIds: readonly string[]) => Promise<void> = async () => undefined,
  ): Promise<EvaluationOutcome[]> {
    const { known, find, commands } = this.#options;
    if ('evaluationId' in which) return [await work(await known(which.evaluationId))];
    const ids: string[] = [];
    for await (const id of find({ ...which.filter, states: which.filter.states?.length ? which.filter.states : [...states] })) {
      if (ids.push(id) > MAX_CHOSEN)
        throw new AppError('resource_exhausted', `the filter means more than ${MAX_CHOSEN} evaluations; narrow it. Nothing was done`);
    }
    if (ids.length > 0) await before(ids);
    const outcomes: EvaluationOutcome[] = [];
    const one = async (evaluationId: string): Promise<EvaluationOutcome> => {
      try {
        return await work(await known(evaluationId));
      } catch (error) {
        const state = await commands.stateOf(evaluationId).catch((): EvaluationState => 'recovering');
        return { evaluationId, state, changed: false, problem: AppError.from(error).message };
      }
    };
    const left = ids.entries();
    const worker = async (): Promise<void> => {
      for (const [i, id] of left) outcomes[i] = await one(id);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return outcomes;
  }
}

/** wanted: states in which nothing had to be done; in others `problem` says why nothing could be. */
function outcome(
  known: Known,
  { changed, state, durability }: Carried,
  wanted?: readonly EvaluationState[],
  problem = '',
): EvaluationOutcome {
  const isFine = changed || !wanted || wanted.includes(state);
  return { evaluationId: known.manifest.evaluationId, state, changed, problem: isFine ? '' : `it is ${state}: ${problem}`, durability };
}

const isEmpty = (filter: EvaluationFilter): boolean =>
  Object.entries(filter).every(
    ([name, value]) =>
      name === 'namespace' || value === undefined || (Object.keys(Object(value)).length === 0 && typeof value !== 'number'),
  );
