/** What administrators ask of namespaces: which have bounds of their own, what is taken of them, other bounds. */
import { NAMESPACE_LIMITS, type NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import { AppError } from '../../../shared/domain/errors.ts';
import { covers, describeIdentity, describeNamespaces, type Identity } from '../../../shared/domain/identity.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import { Turnstile } from '../../../shared/runtime/turnstile.ts';
import type { Logger } from '../../../shared/telemetry/logger.ts';
import type { Store } from '../../store/store.ts';
import type { NamespaceBook } from './book.ts';
import type { Quotas } from './quotas.ts';
import { NAMESPACES, recordOf, storedRecordOf, type NamespaceRecord } from './record.ts';

/** Every coordinator reads all of them every five seconds. */
const MAX_RECORDS = 1_000;
/** Whoever has an identity may ask what is taken, and to count it is some work: of a namespace once at a time, of so many together. */
const COUNTED_AT_ONCE = { places: 4, maxWaiting: 100 };

export interface NamespaceUsage {
  queuedSamples: number;
  tasks: number;
  contentBytes: number;
  costMicroUsd: number;
}

export interface NamespaceChanges {
  limits: NamespaceLimits;
  /** Bounds that are taken away. */
  clear: readonly (keyof NamespaceLimits)[];
}

/** Called once it is sure that something may be done; where it rejects nothing is done. */
export type BeforeSet = (about: { namespace: string; target: string }) => Promise<void>;

export interface NamespacesParts {
  store: Pick<Store, 'switches' | 'switchOf' | 'putSwitch'>;
  book: Pick<NamespaceBook, 'refresh'>;
  quotas: Pick<Quotas, 'usage'>;
  /** Tells the other coordinators that bounds were set. */
  notify: () => Promise<void>;
  /** Millionths of a dollar that a namespace has cost this day. */
  costOf: (namespace: string) => Promise<number>;
  /** Tasks of a namespace that run. */
  tasksOf: (namespace: string) => Promise<number>;
  clock: Clock;
  logger: Logger;
}

export class NamespaceAdmin {
  readonly #parts: NamespacesParts;
  readonly #counts = new Turnstile(COUNTED_AT_ONCE);
  /** By namespace: what is just being counted. */
  readonly #counting = new Map<string, Promise<NamespaceUsage>>();

  constructor(parts: NamespacesParts) {
    this.#parts = parts;
  }

  /** Those with bounds of their own that are the caller's to see, by name. */
  async list(by: Identity): Promise<NamespaceRecord[]> {
    const all = await this.#parts.store.switches(NAMESPACES);
    return [...all]
      .filter(([name]) => covers(by.namespaces, name))
      .map(([name, value]) => recordOf(name, value))
      .toSorted((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  async get(by: Identity, namespace: string): Promise<{ record: NamespaceRecord; usage: NamespaceUsage }> {
    if (!covers(by.namespaces, namespace))
      throw new AppError(
        'permission_denied',
        `${JSON.stringify(by.name)} may not look at the namespace ${JSON.stringify(namespace)}; its own: ${describeNamespaces(by.namespaces)}`,
      );
    return this.#shown(await this.#read(namespace));
  }

  /** Whoever has all namespaces sets bounds: nobody raises his own. */
  async set(
    by: Identity,
    namespace: string,
    changes: NamespaceChanges,
    before: BeforeSet,
  ): Promise<{ record: NamespaceRecord; usage: NamespaceUsage }> {
    const { limits, clear } = changes;
    const { store, book, notify, clock, logger } = this.#parts;
    const found = await this.#read(namespace);
    if (found.updatedAtMs === 0 && (await store.switches(NAMESPACES)).size >= MAX_RECORDS)
      throw new AppError('resource_exhausted', `${MAX_RECORDS} namespaces have bounds of their own; more are not kept`);
    const kept = Object.entries({ ...found.limits, ...limits }).filter(
      ([name, value]) => value !== undefined && !clear.includes(name as never),
    );
    const record = { namespace, limits: Object.fromEntries(kept), updatedAtMs: clock.now(), updatedBy: describeIdentity(by) };
    await before({ namespace, target: inWords(changes) });
    await store.putSwitch(NAMESPACES, namespace, storedRecordOf(record));
    await book.refresh();
    // A notice that is lost costs five seconds.
    await notify().catch(() => undefined);
    logger.info({ namespace, limits: record.limits, by: record.updatedBy }, 'the bounds of a namespace were set');
    return this.#shown(record);
  }

  async #read(namespace: string): Promise<NamespaceRecord> {
    return recordOf(namespace, await this.#parts.store.switchOf(NAMESPACES, namespace));
  }

  async #shown(record: NamespaceRecord): Promise<{ record: NamespaceRecord; usage: NamespaceUsage }> {
    return { record, usage: await this.#usage(record.namespace) };
  }

  #usage(namespace: string): Promise<NamespaceUsage> {
    const { quotas, tasksOf, costOf } = this.#parts;
    const counted = this.#counting.get(namespace);
    if (counted) return counted;
    const counting = this.#counts
      .pass(async () => {
        const [tasks, costMicroUsd] = [await tasksOf(namespace), await costOf(namespace)];
        return { ...(await quotas.usage(namespace)), tasks, costMicroUsd };
      })
      .finally(() => this.#counting.delete(namespace));
    this.#counting.set(namespace, counting);
    return counting;
  }
}

/** For the audit log: `max-tasks=5 keep-for=none`. */
const inWords = ({ limits, clear }: NamespaceChanges): string =>
  NAMESPACE_LIMITS.flatMap(({ name, word }) => {
    if (clear.includes(name)) return [`${word}=none`];
    return limits[name] === undefined ? [] : [`${word}=${limits[name]}`];
  }).join(' ');
