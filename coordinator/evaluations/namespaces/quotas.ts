/**
 * The quotas of namespaces, asked before anything is taken in. A record is read from the store each time, and what is taken is counted there and
 * in the ledger; so a quota holds over all coordinators, restarts and losses of Redis. Where a namespace has no record, nothing is counted.
 */
import { randomBytes } from 'node:crypto';
import type { NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog } from '../catalog.ts';
import type { NamespaceBook } from './book.ts';
import type { Costs } from './costs.ts';
import { NAMESPACES, recordOf } from './record.ts';
import { checkPriority, FEWER_BYTES, LESS, over, spent } from './refusals.ts';
import { promise, type Promises, type Seen } from './reservations.ts';

const LOOKS_AT_ONCE = 16;
/** Before an evaluation: of what was opened while its ledger is being recovered. */
const OPENED = 'opened ';
/** What was promised is in the store within this, or never: an evaluation once it is staged, content once it was sent. */
export const HELD_MS = { maxQueuedSamples: 120_000, maxContentBytes: 3_600_000 };

export interface QuotasParts {
  store: Pick<Store, 'switchOf' | 'unfinished' | 'isFinished' | 'claims'>;
  ledger: Pick<Ledger, 'snapshot'>;
  catalog: Pick<Catalog, 'find'>;
  reservations: Promises;
  book: Pick<NamespaceBook, 'mayBound'>;
  costs: Pick<Costs, 'reached'>;
}

/** What an evaluation wants of its namespace. */
export interface Wanted {
  evaluationId: string;
  namespace: string;
  units: number;
  priority: number;
}

interface Place {
  namespace: string;
  quota: keyof typeof HELD_MS;
}

interface Room {
  name: string;
  amount: number;
  limit: number;
  seen: () => Promise<Seen>;
  remedy: string;
}

type Opened = Pick<Wanted, 'evaluationId' | 'namespace'>;
/** Promises room for so many samples, or throws: then nothing is opened. */
export type TakeRoom = (units: number) => Promise<void>;

export class Quotas {
  readonly #parts: QuotasParts;

  constructor(parts: QuotasParts) {
    this.#parts = parts;
  }

  async limitsOf(namespace: string): Promise<NamespaceLimits> {
    return recordOf(namespace, await this.#parts.store.switchOf(NAMESPACES, namespace)).limits;
  }

  /** Refuses what is refused whatever else there is; before datasets are fetched, with one sample. */
  async check({ namespace, units, priority }: Omit<Wanted, 'evaluationId'>): Promise<void> {
    const limits = await this.limitsOf(namespace);
    checkPriority(namespace, limits, priority);
    const cost = await this.#parts.costs.reached(namespace, limits);
    if (cost) throw spent(namespace, cost);
    const { maxEvaluationSamples = Infinity, maxQueuedSamples = Infinity } = limits;
    if (units > maxEvaluationSamples)
      throw over(
        namespace,
        'maxEvaluationSamples',
        { limit: maxEvaluationSamples, used: 0, needed: units },
        'split it, or lower limit or epochs',
      );
    if (units > maxQueuedSamples) throw over(namespace, 'maxQueuedSamples', { limit: maxQueuedSamples, used: 0, needed: units }, LESS);
  }

  async checkPriority(namespace: string, priority: number): Promise<void> {
    checkPriority(namespace, await this.limitsOf(namespace), priority);
  }

  /** Runs `work`, which accepts an evaluation, within the namespace's samples. */
  async admit<T>(wanted: Wanted, work: () => Promise<T>): Promise<T> {
    await this.check(wanted);
    const { namespace, evaluationId: name, units } = wanted;
    const { maxQueuedSamples: limit } = await this.limitsOf(namespace);
    if (limit === undefined) return work();
    const seen = (): Promise<Seen> => this.#queued(namespace);
    return this.#within(namespace, 'maxQueuedSamples', { name, amount: units, limit, seen, work, remedy: LESS });
  }

  /**
   * Runs `work`, which opens samples of an accepted evaluation again and takes room for them once it knows how many. Where the namespace has no
   * bound there is nothing to take, and nothing is waited for.
   */
  reopening<T>(of: Opened, work: (take: TakeRoom | undefined) => Promise<T>): Promise<T> {
    return this.#parts.book.mayBound(of.namespace, 'maxQueuedSamples') ? this.#reopening(of, work) : work(undefined);
  }

  async #reopening<T>({ namespace, evaluationId }: Opened, work: (take: TakeRoom | undefined) => Promise<T>): Promise<T> {
    const { maxQueuedSamples: limit } = await this.limitsOf(namespace);
    if (limit === undefined) return work(undefined);
    const place = { namespace, quota: 'maxQueuedSamples' } as const;
    // Beside what is open of it, and what others open of it at the same time.
    const name = `requeue ${evaluationId} ${randomBytes(8).toString('hex')}`;
    const seen = (): Promise<Seen> => this.#queued(namespace);
    let taken = 0;
    const take: TakeRoom = async (units) => {
      if (units === 0) return;
      await this.#take(place, { name, amount: units, limit, seen, remedy: LESS });
      taken = units;
    };
    const done = await this.#orRelease(place, name, () => work(take));
    // Where the room cannot be given back, it is forgotten after a while.
    if (taken > 0) await this.#opened(place, { evaluationId, name, units: taken }).catch(() => undefined);
    return done;
  }

  /** The ledger counts what was opened from here on; one that is still being recovered does so later. */
  async #opened(place: Place, { evaluationId, name, units }: { evaluationId: string; name: string; units: number }): Promise<void> {
    const { reservations } = this.#parts;
    if (await this.#isRecovering(evaluationId)) {
      // Room for it is there.
      const promise = { name: OPENED + evaluationId, amount: units, limit: Number.MAX_SAFE_INTEGER, seen: new Map() };
      await reservations.reserve(place, { ...promise, heldMs: HELD_MS[place.quota] });
    }
    await reservations.release(place, [name]);
  }

  async #isRecovering(evaluationId: string): Promise<boolean> {
    return (await this.#parts.ledger.snapshot(evaluationId))?.state === 'recovering';
  }

  /** Runs `work`, which makes the namespace hold content of so many bytes. */
  async content<T>(namespace: string, digest: string, bytes: number, work: () => Promise<T>): Promise<T> {
    const { maxContentBytes: limit } = await this.limitsOf(namespace);
    if (limit === undefined || (await this.#parts.store.claims.has(namespace, digest))) return work();
    const seen = (): Promise<Seen> => heldBy(this.#parts.store, namespace);
    const held = async (): Promise<T> => {
      const done = await work();
      // Where that cannot be said, it is promised for a while longer.
      await this.#parts.reservations.settle({ namespace, quota: 'maxContentBytes' }, digest).catch(() => undefined);
      return done;
    };
    return this.#within(namespace, 'maxContentBytes', { name: digest, amount: bytes, limit, seen, work: held, remedy: FEWER_BYTES });
  }

  /** What is taken now. */
  async usage(namespace: string): Promise<{ queuedSamples: number; contentBytes: number }> {
    const sum = (seen: Seen): number => [...seen.values()].reduce((total, amount) => total + amount, 0);
    return { queuedSamples: sum(await this.#queued(namespace)), contentBytes: sum(await heldBy(this.#parts.store, namespace)) };
  }

  async #within<T>(namespace: string, quota: keyof typeof HELD_MS, { work, ...found }: Room & { work: () => Promise<T> }): Promise<T> {
    const place = { namespace, quota };
    await this.#take(place, found);
    return this.#orRelease(place, found.name, work);
  }

  async #take(place: Place, found: Room): Promise<void> {
    const { reservations } = this.#parts;
    const { namespace, quota } = place;
    const { name, amount, limit, remedy } = found;
    const ask = () => promise(reservations, place, { name, amount, limit, heldMs: HELD_MS[quota] }, found.seen);
    let answer = await ask();
    if (!answer.granted && answer.unseen.length > 0) {
      // What was promised may be over already.
      const over = await this.#over(answer.unseen);
      if (over.length > 0) {
        await reservations.release(place, over);
        answer = await ask();
      }
    }
    if (!answer.granted) throw over(namespace, quota, { limit, used: answer.used, needed: amount }, remedy);
  }

  async #orRelease<T>(place: Place, name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // Where nobody can say what became of it, it is in the store, or forgotten after a while.
      if (AppError.from(error).code !== 'unavailable') await this.#parts.reservations.release(place, [name]).catch(() => undefined);
      throw error;
    }
  }

  async #over(names: readonly string[]): Promise<string[]> {
    const over: string[] = [];
    await forEachBounded(
      names.filter((name) => name.startsWith('ev_') || name.startsWith(OPENED)),
      LOOKS_AT_ONCE,
      async (name) => {
        const isOver = name.startsWith(OPENED)
          ? !(await this.#isRecovering(name.slice(OPENED.length)))
          : await this.#parts.store.isFinished(name);
        if (isOver) over.push(name);
      },
    );
    return over;
  }

  /** Of each evaluation that is not finished: what of it is open. */
  async #queued(namespace: string): Promise<Seen> {
    const { store, catalog, ledger } = this.#parts;
    const open = new Map<string, number>();
    await forEachBounded(await store.unfinished(), LOOKS_AT_ONCE, async (evaluationId) => {
      const known = await catalog.find(evaluationId);
      if (known?.manifest.namespace !== namespace) return;
      const snapshot = await ledger.snapshot(evaluationId);
      open.set(evaluationId, snapshot?.open ?? known.manifest.units);
    });
    return open;
  }
}

/** Of each content that a namespace holds: its bytes. */
export async function heldBy(store: Pick<Store, 'claims'>, namespace: string): Promise<Seen> {
  const held = new Map<string, number>();
  for await (const { digest, sizeBytes } of store.claims.of(namespace)) held.set(digest, sizeBytes);
  return held;
}
