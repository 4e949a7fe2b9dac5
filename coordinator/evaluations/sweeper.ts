/**
 * The sweep: every second each coordinator compares the store's unfinished evaluations with Redis and does whatever the
 * difference asks for. Everything else is only faster than the sweep, never more right.
 */
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Logger } from '../../shared/telemetry/logger.ts';
import { AppError } from '../../shared/domain/errors.ts';
import { digestOf } from '../../shared/domain/ids.ts';
import { isFinal } from '../../shared/domain/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Seen } from './catalog.ts';
import type { Finalizer } from './finalizer.ts';
import type { Planner } from './planner.ts';
import type { Recovery } from './recovery.ts';
import type { SingleFlight } from './single-flight.ts';
import type { Turns } from './commands/turns.ts';

/** A submit that was never accepted is forgotten after this long under our eyes: clocks of hosts differ, and a submit may be under way. */
const STAGED_MS = 5 * 60_000;
/** Recoveries and reports under way at the same time. */
const WORKING_AT_ONCE = 4;

/** A command that does not move for this long is broken off: its coordinator is gone. */
const COMMAND_MS = 10_000;

/** What a Sweeper is made of. */
export interface SweeperParts {
  store: Store;
  ledger: Ledger;
  catalog: Catalog;
  planner: Planner;
  finalizer: Finalizer;
  recovery: Recovery;
  flight: SingleFlight;
  turns: Pick<Turns, 'start'>;
  /** Gives up the tasks that are at their limits. */
  bury: (evaluationId: string) => Promise<void>;
  clock: Clock;
  logger: Logger;
  starved: () => ReadonlySet<string>;
}

export class Sweeper {
  readonly #options: SweeperParts;
  readonly #working = new Map<string, Promise<void>>();
  #turns: Promise<void> | undefined;
  /** Commands under way, and since when they have not moved. */
  #commands = new Map<string, { command: string; sinceMs: number }>();
  /** What is not accepted, and since when it was seen so, by the clock that never jumps. */
  readonly #staged = new Map<string, number>();

  constructor(options: SweeperParts) {
    this.#options = options;
  }

  async runOnce(): Promise<void> {
    const all = await this.#options.catalog.refresh();
    const stuck = this.#stuckCommands(all);
    this.#takeTurns(all);
    const there = new Set(all.map((seen) => seen.manifest.evaluationId));
    for (const evaluationId of this.#staged.keys()) if (!there.has(evaluationId)) this.#staged.delete(evaluationId);
    for (const seen of all) {
      try {
        if (stuck.has(seen)) await this.#options.recovery.mark(seen.manifest, 'a command was broken off');
        await this.#look(seen);
      } catch (error) {
        this.#options.logger.warn({ evaluationId: seen.manifest.evaluationId, error: AppError.from(error).message }, 'sweep');
      }
    }
  }

  #stuckCommands(all: readonly Seen[]): Set<Seen> {
    const now = this.#options.clock.monotonic();
    const commands = new Map<string, { command: string; sinceMs: number }>();
    const stuck = new Set<Seen>();
    for (const seen of all) {
      const { command, manifest } = seen;
      if (command === '') continue;
      const before = this.#commands.get(manifest.evaluationId);
      const sinceMs = before?.command === command ? before.sinceMs : now;
      commands.set(manifest.evaluationId, { command, sinceMs });
      if (now - sinceMs >= COMMAND_MS) stuck.add(seen);
    }
    this.#commands = commands;
    return stuck;
  }

  async #look(seen: Seen): Promise<void> {
    const { store, ledger, planner, finalizer, recovery } = this.#options;
    const { evaluationId } = seen.manifest;
    switch (seen.state) {
      case undefined:
        if (await this.#isAccepted(evaluationId))
          this.#start(evaluationId, () => recovery.recover(evaluationId, 'Redis has no ledger of it'));
        else if (this.#isAbandoned(evaluationId)) await store.dropStaged(evaluationId);
        return;
      case 'accepted':
        if (!(await this.#isAccepted(evaluationId)) && this.#isAbandoned(evaluationId)) {
          // In this order: a ledger that is left over would count for the next evaluation of the same id.
          await ledger.forget(evaluationId);
          await store.dropStaged(evaluationId);
        }
        return;
      case 'recovering':
        return this.#start(evaluationId, () => recovery.recover(evaluationId, 'it waits to be recovered'));
      case 'running':
        if (seen.doomed > 0) this.#start(evaluationId, () => this.#options.bury(evaluationId));
        planner.wake(evaluationId);
        if (this.#options.starved().size > 0) await planner.repair(seen, this.#options.starved());
        return;
      case 'finalizing':
        return this.#start(evaluationId, () => finalizer.finish(evaluationId));
      case 'paused':
        if (seen.doomed > 0) this.#start(evaluationId, () => this.#options.bury(evaluationId));
        return;
      default: {
        // Final in the ledger, so its report is written. Looked at again: it may have been reopened since.
        // Under the lock under which a requeue takes its end back; should that have expired, the mark is refused without this report.
        await this.#options.flight.run('finalize', evaluationId, async () => {
          const report = await store.report(evaluationId);
          const [look] = await ledger.looks([evaluationId]);
          if (!look || !isFinal(look.state)) return;
          if (report) await store.markFinished(evaluationId, digestOf(report));
          // Redis came back as it was before it was reopened: recovered by the next sweep.
          else await ledger.forget(evaluationId);
        });
      }
    }
  }

  async #isAccepted(evaluationId: string): Promise<boolean> {
    const isAccepted = await this.#options.store.isAccepted(evaluationId);
    if (isAccepted) this.#staged.delete(evaluationId);
    return isAccepted;
  }

  #isAbandoned(evaluationId: string): boolean {
    const now = this.#options.clock.monotonic();
    const sinceMs = this.#staged.get(evaluationId) ?? now;
    this.#staged.set(evaluationId, sinceMs);
    return now - sinceMs > STAGED_MS;
  }

  /** Starts what was accepted, one after the other beside the sweep: one that supersedes waits for the end of those that it cancels. */
  #takeTurns(all: readonly Seen[]): void {
    const accepted = all.filter((seen) => seen.state === 'accepted');
    if (this.#turns || accepted.length === 0) return;
    const { store, turns, logger } = this.#options;
    const start = async (): Promise<void> => {
      for (const { manifest } of accepted) {
        const { evaluationId } = manifest;
        try {
          if (await store.isAccepted(evaluationId)) await turns.start(manifest);
        } catch (error) {
          logger.warn({ evaluationId, error: AppError.from(error).message }, 'it could not be started; the sweep tries again');
        }
      }
    };
    this.#turns = start().finally(() => (this.#turns = undefined));
  }

  /** Long work runs beside the sweep, a few at a time; what finds no place comes with the next sweep. */
  #start(evaluationId: string, work: () => Promise<void>): void {
    if (this.#working.has(evaluationId) || this.#working.size >= WORKING_AT_ONCE) return;
    const done = work()
      .catch((error: unknown) => this.#options.logger.error({ evaluationId, error: AppError.from(error).message }, 'the sweep tries again'))
      .finally(() => this.#working.delete(evaluationId));
    this.#working.set(evaluationId, done);
  }

  /** Waits for long work that is under way, `limitMs` at most: it may be broken off anywhere. */
  async settle(limitMs: number): Promise<void> {
    const limit = new AbortController();
    await Promise.race([
      Promise.all([...this.#working.values(), this.#turns]),
      this.#options.clock.sleep(limitMs, limit.signal).catch(() => undefined),
    ]);
    limit.abort();
  }
}
