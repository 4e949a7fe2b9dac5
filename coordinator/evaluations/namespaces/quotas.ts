/**
 * The quotas of namespaces, asked before anything is taken in. A record is read from the store each time, and what is taken is counted there and
 * in the ledger; so a quota holds over all coordinators, restarts and losses of Redis. Where a namespace has no record, nothing is counted.
 */
import { NAMESPACE_LIMITS, usdOf, type NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { forEachBounded } from '../../../shared/runtime/bounded.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Store } from '../../store/store.ts';
import type { Catalog } from '../catalog.ts';
import type { CostReached, Costs } from './costs.ts';
import { NAMESPACES, recordOf } from './record.ts';
import type { Reservations, Seen } from './reservations.ts';

const LOOKS_AT_ONCE = 16;
/** What was promised is in the store within this, or never: an evaluation once it is staged, content once it was sent. */
const HELD_MS = { maxQueuedSamples: 120_000, maxContentBytes: 3_600_000 };

export interface QuotasParts {
  store: Pick<Store, 'switchOf' | 'unfinished' | 'isFinished' | 'claims' | 'contentSize'>;
  ledger: Pick<Ledger, 'snapshot'>;
  catalog: Pick<Catalog, 'find'>;
  reservations: Pick<Reservations, 'reserve' | 'release'>;
  costs: Pick<Costs, 'reached'>;
}

/** What an evaluation wants of its namespace. */
export interface Wanted {
  evaluationId: string;
  namespace: string;
  units: number;
  priority: number;
}

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

  /** Runs `work`, which makes the namespace hold content of so many bytes. */
  async content<T>(namespace: string, digest: string, bytes: number, work: () => Promise<T>): Promise<T> {
    const { maxContentBytes: limit } = await this.limitsOf(namespace);
    if (limit === undefined || (await this.#parts.store.claims.has(namespace, digest))) return work();
    const remedy = 'delete evaluations that nobody needs, or use a dataset that is there; what no evaluation names goes after a day';
    const seen = (): Promise<Seen> => this.#held(namespace);
    return this.#within(namespace, 'maxContentBytes', { name: digest, amount: bytes, limit, seen, work, remedy });
  }

  /** What is taken now. */
  async usage(namespace: string): Promise<{ queuedSamples: number; contentBytes: number }> {
    const sum = (seen: Seen): number => [...seen.values()].reduce((total, amount) => total + amount, 0);
    return { queuedSamples: sum(await this.#queued(namespace)), contentBytes: sum(await this.#held(namespace)) };
  }

  async #within<T>(
    namespace: string,
    quota: keyof typeof HELD_MS,
    found: { name: string; amount: number; limit: number; seen: () => Promise<Seen>; work: () => Promise<T>; remedy: string },
  ): Promise<T> {
    const { reservations } = this.#parts;
    const { name, amount, limit, remedy } = found;
    const place = { namespace, quota };
    const ask = async () => reservations.reserve(place, { name, amount, limit, heldMs: HELD_MS[quota], seen: await found.seen() });
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
    try {
      return await found.work();
    } catch (error) {
      // Where nobody can say what became of it, it is in the store, or forgotten after a while.
      if (AppError.from(error).code !== 'unavailable') await reservations.release(place, [name]).catch(() => undefined);
      throw error;
    }
  }

  async #over(names: readonly string[]): Promise<string[]> {
    const over: string[] = [];
    await forEachBounded(
      names.filter((name) => name.startsWith('ev_')),
      LOOKS_AT_ONCE,
      async (name) => {
        if (await this.#parts.store.isFinished(name)) over.push(name);
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

  async #held(namespace: string): Promise<Seen> {
    const { store } = this.#parts;
    const held = new Map<string, number>();
    for await (const digest of store.claims.of(namespace)) held.set(digest, await store.contentSize(digest).catch(() => 0));
    return held;
  }
}

/** Nobody knows what an evaluation will cost: what is refused is any that begins after. */
function spent(namespace: string, { limit, used, untilMs }: CostReached): AppError {
  const until = new Date(untilMs).toISOString();
  const { word, says } = NAMESPACE_LIMITS.find(({ name }) => name === 'maxCostPerDayMicroUsd')!;
  return new AppError(
    'resource_exhausted',
    `the namespace ${JSON.stringify(namespace)} has a bound on ${says} (${word}): it is $${usdOf(limit)}, and $${usdOf(used)} are taken. ` +
      `Nothing was kept of it; wait until the day ends (${until}), or ask an administrator for more (assay namespace set)`,
    { reason: 'NAMESPACE_QUOTA', details: { namespace, quota: word, limit: usdOf(limit), used: usdOf(used), until } },
  );
}

const LESS = 'wait until some are done, cancel some, or evaluate fewer';

function checkPriority(namespace: string, { firstPriority = 1 }: NamespaceLimits, priority: number): void {
  if (priority < firstPriority)
    throw over(
      namespace,
      'firstPriority',
      { limit: firstPriority, used: 0, needed: priority },
      `write a priority from ${firstPriority} to 10`,
    );
}

function over(
  namespace: string,
  quota: keyof NamespaceLimits,
  { limit, used, needed }: { limit: number; used: number; needed: number },
  remedy: string,
): AppError {
  const { word, says } = NAMESPACE_LIMITS.find(({ name }) => name === quota)!;
  const taken = used > 0 ? `, ${used} are taken` : '';
  return new AppError(
    'resource_exhausted',
    `the namespace ${JSON.stringify(namespace)} has a bound on ${says} (${word}): it is ${limit}${taken}, and this wants ${needed}. ` +
      `Nothing was kept of it; ${remedy}, or ask an administrator for more (assay namespace set)`,
    {
      reason: 'NAMESPACE_QUOTA',
      details: { namespace, quota: word, limit: String(limit), used: String(used), needed: String(needed) },
    },
  );
}
