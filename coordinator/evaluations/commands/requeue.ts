/**
 * Opening closed samples again. Of an evaluation that is not over, the ledger takes back what it has counted of them and plans them
 * again. A final one is reopened: the store forgets its end, and a recovery rebuilds its ledger from what still counts.
 */
import type { SampleFilter } from '../../../shared/client/types.ts';
import type { Durability } from '../../../shared/domain/durability.ts';
import { AppError, invalid } from '../../../shared/domain/errors.ts';
import { groupOfUnit } from '../../../shared/domain/manifest.ts';
import { isFinal, isOpenCode, UNIT_STATES, unitCode, type EvaluationState, type UnitState } from '../../../shared/domain/states.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { ReopenedUnit, UnitRange } from '../../ledger/types.ts';
import type { ResultIndex, Store } from '../../store/store.ts';
import type { Catalog, Known } from '../catalog.ts';
import { claimGeneration } from '../claim-generation.ts';
import { Commands, ifGone } from './commands.ts';
import { judgeRangesOf, unionOf } from '../judging/judge-ranges.ts';
import { rangesOf, unitsIn } from '../journal.ts';
import type { Quotas, TakeRoom } from '../namespaces/quotas.ts';
import type { Recovery } from '../recovery.ts';
import { countedOf, readResult } from '../reported.ts';
import type { SingleFlight } from '../single-flight.ts';
import { readUnitCodes } from '../unit-codes.ts';

const AGAIN: UnitState[] = ['errored', 'dead'];
const ALLOWED: readonly UnitState[] = ['errored', 'dead', 'cancelled', 'unscored'];
const TRIES = 80;
const WAIT_MS = 250;
/** One script: units, and from the first to the last. */
const BATCH_UNITS = 500;
const BATCH_SPAN = 4_096;
/** Results that are passed over before the reader is sent on. */
const PASS_UNITS = 2_048;
const IS_OVER = [unitCode('cancelled'), unitCode('dead')];
const HAS_RESULT = [unitCode('scored'), unitCode('unscored'), unitCode('errored')];
const ALL = UNIT_STATES.map(unitCode);
/** Of judges' calls: one that closes while it is looked at is opened in the next pass. */
const PASSES = 5;

/** What Requeue is made of. */
export interface RequeueParts {
  store: Store;
  ledger: Ledger;
  catalog: Catalog;
  commands: Commands;
  quotas: Pick<Quotas, 'reopening'>;
  recovery: Recovery;
  flight: SingleFlight;
  clock: Clock;
  known: (evaluationId: string) => Promise<Known>;
  matchingUnits: (evaluationId: string, filter: SampleFilter) => AsyncIterable<number>;
  /** There are units to plan. */
  onRequeued: (known: Known) => void;
  /** A final one is not final any more. */
  onChanged: (evaluationId: string) => Promise<void>;
}

interface Requeued {
  requeued: number;
  state: EvaluationState;
  /** Where the command has waited for it already. */
  durability?: Durability;
}

export class Requeue {
  readonly #options: RequeueParts;

  constructor(options: RequeueParts) {
    this.#options = options;
  }

  /**
   * Without states in the filter: the errored and dead ones. Scored units are never run again, but for the calls of judges about an answer that
   * is: what they said is of one that is gone.
   */
  async requeue(evaluationId: string, filter: SampleFilter, reason: string): Promise<Required<Requeued>> {
    const { commands, quotas, clock, known: find } = this.#options;
    const known = await find(evaluationId);
    const chosen = check(filter);
    for (let tries = 0; tries < TRIES; tries++) {
      if (tries > 0) await clock.sleep(WAIT_MS);
      const state = await commands.stateOf(evaluationId);
      if (state === 'recovering' || state === 'finalizing') continue;
      if (state === 'accepted') throw new AppError('failed_precondition', `${evaluationId} has not begun; nothing of it was run yet`);
      const done = await quotas.reopening(known.manifest, (take) =>
        isFinal(state) ? this.#reopen(known, chosen, reason, take) : this.#open(known, chosen, reason, take),
      );
      if (done) return { ...done, durability: done.durability ?? (await commands.acknowledgeState(evaluationId, done.state)) };
    }
    throw new AppError('unavailable', `${evaluationId} is being recovered, or its report is being written; repeat`, {
      retryAfterMs: 1_000,
    });
  }

  /** Of a running or paused one; undefined: it has changed under our hands. */
  async #open(known: Known, filter: SampleFilter, reason: string, take?: TakeRoom): Promise<Requeued | undefined> {
    const { store, ledger, commands, matchingUnits, onRequeued } = this.#options;
    const { manifest } = known;
    const { evaluationId } = manifest;
    const [before] = await ledger.looks([evaluationId]);
    const ranges = await rangesOf(matchingUnits(evaluationId, filter));
    if (ranges.length === 0) return { requeued: 0, state: await commands.stateOf(evaluationId) };
    const judges = judgeRangesOf(manifest.groups, ranges);
    const all = unionOf(ranges, judges);
    if (take) await take(await this.#closedIn(evaluationId, all));
    // As it stands before the record that sets results aside.
    const index = await store.openResults(evaluationId, { voided: 'last' });
    try {
      let requeued: number | undefined;
      const carried = await commands.run(known, {
        states: ['running', 'paused'],
        // Nobody may have requeued since the look: then all results of these units are older than this grant.
        record: ({ grant, requeues }) =>
          requeues === before?.requeues ? { ...commands.record('requeue', reason), units: all, grant } : undefined,
        apply: async (command) => {
          requeued = await this.#openUnits(known, ranges, { codes: filter.states!.map(unitCode), index, command });
          // Answers first: no call about them is planned from here on.
          for (let pass = 1, more = 1; requeued !== undefined && more > 0 && pass <= PASSES && judges.length > 0; pass++) {
            const opened = await this.#openUnits(known, judges, { codes: ALL, index, command, anew: true });
            more = opened ?? 0;
            requeued = opened === undefined ? undefined : requeued + opened;
          }
          return requeued === undefined
            ? 'lost'
            : (await ledger.control(manifest, { action: 'end', command, reason, requeued: true })).answer;
        },
      });
      if (!carried.changed) return undefined;
      onRequeued(known);
      return { requeued: requeued ?? unitsIn(all), state: carried.state, durability: carried.durability };
    } finally {
      await index.close();
    }
  }

  /** What may be opened of these units; the others are open, and counted. */
  async #closedIn(evaluationId: string, ranges: readonly UnitRange[]): Promise<number> {
    let closed = 0;
    for (const [start, end] of ranges) {
      for (let first = start; first < end; first += BATCH_SPAN)
        for (const code of await this.#options.ledger.unitCodes(evaluationId, first, Math.min(BATCH_SPAN, end - first)))
          if (!isOpenCode(code)) closed++;
    }
    return closed;
  }

  /** Opens what is closed of these units with one of the codes (`anew`: what is open too, see reopen.lua); undefined when the command was broken off. */
  async #openUnits(
    { manifest }: Known,
    ranges: readonly UnitRange[],
    { codes, index, command, anew = false }: { codes: readonly number[]; index: ResultIndex; command: string; anew?: boolean },
  ): Promise<number | undefined> {
    const { ledger } = this.#options;
    const results = new Results(index);
    let opened = 0;
    let batch: ReopenedUnit[] = [];
    const flush = async (): Promise<boolean> => {
      const own = batch;
      batch = [];
      const done = own.length === 0 ? 0 : await ledger.reopen(manifest.evaluationId, own, command);
      opened += done ?? 0;
      return done !== undefined;
    };
    try {
      for (const [start, end] of ranges) {
        for (let first = start; first < end; first += BATCH_SPAN) {
          const found = await ledger.unitCodes(manifest.evaluationId, first, Math.min(BATCH_SPAN, end - first));
          for (const [i, code] of found.entries()) {
            const unit = first + i;
            if ((isOpenCode(code) && !anew) || !codes.includes(code)) continue;
            if (batch.length >= BATCH_UNITS || (batch.length > 0 && unit - batch[0]!.unit >= BATCH_SPAN))
              if (!(await flush())) return undefined;
            const content = HAS_RESULT.includes(code) ? await results.at(unit) : undefined;
            const result = content && readResult(manifest, unit, content);
            const counted = result && countedOf(manifest, result);
            batch.push(
              counted
                ? { ...counted, code, anew }
                : { unit, code, group: groupOfUnit(manifest.groups, unit).index, retries: 0, values: [], anew },
            );
          }
        }
      }
      return (await flush()) ? opened : undefined;
    } finally {
      await results.close();
    }
  }

  /** Of a final one; undefined: its end is still being written, or somebody else is at it. */
  async #reopen(known: Known, filter: SampleFilter, reason: string, take?: TakeRoom): Promise<Requeued | undefined> {
    const { store, catalog, commands, recovery, flight, matchingUnits, onChanged } = this.#options;
    const { manifest } = known;
    const { evaluationId } = manifest;
    let done: Requeued | undefined;
    let isOpen = false;
    // Not while its report is written, or it is removed.
    await flight.run('finalize', evaluationId, async () => {
      const state = await commands.stateOf(evaluationId);
      if (!isFinal(state) || !(await store.isFinished(evaluationId))) return;
      const chosen = await rangesOf(this.#stillClosedSo(known, await rangesOf(matchingUnits(evaluationId, filter)), filter.states!));
      const ranges = unionOf(chosen, judgeRangesOf(manifest.groups, chosen));
      done = { requeued: unitsIn(ranges), state };
      if (ranges.length === 0) return;
      if (take) await take(unitsIn(ranges));
      const generation = await store.generation(evaluationId);
      const aside = await this.#closedBeside(known, ranges);
      const command = Commands.newName();
      await this.#setRecovering(known, command, reason);
      await store.reopen(evaluationId);
      // Above all grants of this generation and those before.
      const grant = (generation + 1) * 2 ** 32 - 1;
      await store.appendControl(evaluationId, {
        ...commands.record('requeue', reason),
        units: ranges,
        grant,
        ...(aside.length > 0 ? { aside } : {}),
      });
      await this.#endReopening(known, command, reason);
      isOpen = true;
    });
    if (!isOpen || !done) return done;
    catalog.activate(manifest, 'recovering');
    await onChanged(evaluationId);
    await recovery.recover(evaluationId, reason || 'samples were requeued');
    return { ...done, state: await commands.stateOf(evaluationId) };
  }

  /** What was matched may have been looked up a while ago; whatever the store says now decides, so that no scored unit is run again. */
  async *#stillClosedSo({ manifest }: Known, ranges: readonly UnitRange[], states: readonly UnitState[]): AsyncGenerator<number> {
    const { store } = this.#options;
    const written = await store.unitCodes(manifest.evaluationId);
    if (written) {
      const table = await readUnitCodes(written, manifest.units);
      const wanted = states.map(unitCode);
      for (const [first, end] of ranges)
        for (const [i, code] of table.codes(first, end - first).entries()) if (wanted.includes(code)) yield first + i;
      return;
    }
    // Of release 0.1, which wrote no states.
    const index = await store.openResults(manifest.evaluationId, { voided: 'last' });
    const results = new Results(index);
    const isOver = states.includes('cancelled') || states.includes('dead');
    try {
      for (const [first, end] of ranges) {
        for (let unit = first; unit < end; unit++) {
          const content = await results.at(unit);
          const result = content && readResult(manifest, unit, content);
          if (result ? states.includes(result.outcome) || (isOver && result.outcome !== 'scored') : isOver) yield unit;
        }
      }
    } finally {
      await results.close();
      await index.close();
    }
  }

  /** Those that were cancelled or given up, and are not requeued: a coordinator may have died between a refusal and its void. */
  async #closedBeside({ manifest }: Known, ranges: readonly UnitRange[]): Promise<[first: number, end: number][]> {
    const written = await this.#options.store.unitCodes(manifest.evaluationId);
    if (!written) return [];
    const table = await readUnitCodes(written, manifest.units);
    return rangesOf(unitsBeside(ranges, manifest.units, (first, count) => table.codes(first, count)));
  }

  /** From here on no sweep takes it for final; a recovery waits for the command's end. */
  async #setRecovering({ manifest }: Known, command: string, reason: string): Promise<void> {
    const { ledger, store } = this.#options;
    const answer = await ledger.control(manifest, { action: 'reopen', command, reason }).catch(ifGone);
    if (answer?.done) return;
    // Redis knows nothing of it, or nothing of its end. Nothing is granted under this generation: the recovery claims one of its own.
    const generation = await claimGeneration(store, manifest.evaluationId);
    await ledger.forget(manifest.evaluationId);
    await ledger.create(manifest, 'recovering', generation, { command });
  }

  /** Whatever has come between: it is recovered once more, with the record that is there now. */
  async #endReopening({ manifest }: Known, command: string, reason: string): Promise<void> {
    const { ledger, store } = this.#options;
    const { evaluationId } = manifest;
    const answer = await ledger.control(manifest, { action: 'end', command, reason }).catch(ifGone);
    if (answer?.done) return;
    const [look] = await ledger.looks([evaluationId]);
    if (look && isFinal(look.state)) await ledger.forget(evaluationId);
    else if (look) await ledger.control(manifest, { action: 'recover', reason, generation: 0 }).catch(ifGone);
    await store.reopen(evaluationId);
  }
}

/** Cancelled and dead units outside these ranges, which ascend. */
function* unitsBeside(ranges: readonly UnitRange[], units: number, codes: (first: number, count: number) => Uint8Array): Generator<number> {
  let first = 0;
  for (const [start, end] of [...ranges, [units, units] as const]) {
    for (const [i, code] of codes(first, start - first).entries()) if (IS_OVER.includes(code)) yield first + i;
    first = end;
  }
}

/** Results in unit order, for one who wants some of them. */
class Results {
  readonly #index: ResultIndex;
  #iterator: AsyncIterator<{ unit: number; content: Buffer }> | undefined;
  #next: { unit: number; content: Buffer } | undefined;

  constructor(index: ResultIndex) {
    this.#index = index;
  }

  /** Units must be asked for in ascending order. */
  async at(unit: number): Promise<Buffer | undefined> {
    if (!this.#iterator || (this.#next && unit - this.#next.unit > PASS_UNITS)) {
      await this.close();
      this.#iterator = this.#index.results(unit)[Symbol.asyncIterator]();
      await this.#step();
    }
    while (this.#next && this.#next.unit < unit) await this.#step();
    return this.#next?.unit === unit ? this.#next.content : undefined;
  }

  async #step(): Promise<void> {
    const step = await this.#iterator!.next();
    this.#next = step.done ? undefined : step.value;
  }

  async close(): Promise<void> {
    await this.#iterator?.return?.();
    this.#iterator = undefined;
  }
}

function check(filter: SampleFilter): SampleFilter {
  const states = filter.states?.length ? filter.states : AGAIN;
  const wrong = states.filter((s) => !ALLOWED.includes(s));
  if (wrong.length > 0)
    throw invalid('RequeueSamples', [
      { place: 'filter.states', problem: `${wrong.join(', ')} cannot be requeued; ${ALLOWED.join(', ')} can` },
    ]);
  return { ...filter, states };
}
