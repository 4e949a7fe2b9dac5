/**
 * Collecting what nobody refers to: when an operator asks, and once a day. One coordinator at a time does it; when two do it at once they
 * only work for nothing.
 */
import type { Collection } from '../../../shared/client/types.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Instruments } from '../../../shared/telemetry/metrics.ts';
import type { Store } from '../../store/store.ts';
import type { SingleFlight } from '../single-flight.ts';
import type { StoreBoard } from './store-board.ts';

export const DAY_MS = 24 * 3_600_000;
const PROGRESS_MS = 1_000;

/** What a Collector is made of. */
export interface CollectorParts {
  store: Pick<Store, 'collect'>;
  board: StoreBoard;
  flight: SingleFlight;
  /** Ids of the coordinators that run. */
  living: () => Promise<ReadonlySet<string>>;
  /** Removes the empty queues of routes that no evaluation names; returns how many there were. */
  collectQueues: (dryRun: boolean) => Promise<number>;
  clock: Clock;
  logger: Logger;
  instruments: Pick<Instruments, 'collectedTotal' | 'collectedBytesTotal'>;
}

export interface CollectionStep {
  collection: Collection;
  /** The last one. */
  done: boolean;
}

export class Collector {
  readonly #parts: CollectorParts;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
  }

  /** Tells about once a second how far it is. Ends, between two removals, when `signal` aborts or nobody listens any more. */
  async *collect(options: { graceMs: number; dryRun: boolean }, signal: AbortSignal): AsyncGenerator<CollectionStep, void, undefined> {
    const { clock } = this.#parts;
    const unheard = new AbortController();
    let collection: Collection = { collected: [], contents: 0, contentBytes: 0 };
    let isOver = false;
    const work = this.#run(options, AbortSignal.any([signal, unheard.signal]), (now) => (collection = now)).finally(() => (isOver = true));
    try {
      while (!isOver) {
        const pause = new AbortController();
        await Promise.race([work, clock.sleep(PROGRESS_MS, pause.signal).catch(() => undefined)]);
        pause.abort();
        if (!isOver) yield { collection, done: false };
      }
      const result = await work;
      if (!result) throw new AppError('failed_precondition', 'a collection is under way already; wait for its end');
      yield { collection: result, done: true };
    } finally {
      unheard.abort();
      await work.catch(() => undefined);
    }
  }

  /** Once a day; a store that is new here is left alone for the first one. */
  async daily(signal: AbortSignal): Promise<void> {
    const { board, clock } = this.#parts;
    const { lastCollection } = await board.read();
    if (!lastCollection) return await board.write({ lastCollection: { atMs: clock.now(), count: 0, bytes: 0 } });
    if (clock.now() - lastCollection.atMs < DAY_MS) return;
    await this.#run({ graceMs: DAY_MS, dryRun: false }, signal, () => undefined);
  }

  /** Undefined: another one is under way. */
  async #run(
    options: { graceMs: number; dryRun: boolean },
    signal: AbortSignal,
    onProgress: (collection: Collection) => void,
  ): Promise<Collection | undefined> {
    const { store, board, flight, living, collectQueues, clock, logger, instruments } = this.#parts;
    let result: Collection | undefined;
    await flight.run('collect', 'store', async () => {
      const alive = await living();
      const { collected, ...stays } = await store.collect({ ...options, signal, onProgress, isAlive: (id) => alive.has(id) });
      const queues = await collectQueues(options.dryRun);
      result = { collected: [...collected, ...(queues > 0 ? [{ kind: 'queue' as const, count: queues, bytes: 0 }] : [])], ...stays };
      if (options.dryRun) return;
      for (const { kind, count, bytes } of result.collected) {
        instruments.collectedTotal.add(count, { kind });
        instruments.collectedBytesTotal.add(bytes, { kind });
      }
      const sum = (of: 'count' | 'bytes'): number => result!.collected.reduce((total, row) => total + row[of], 0);
      logger.info({ ...result, graceMs: options.graceMs }, 'what nobody refers to was collected');
      await board.write({ ...stays, lastCollection: { atMs: clock.now(), count: sum('count'), bytes: sum('bytes') } });
    });
    return result;
  }
}
