/**
 * The bounds of namespaces as this coordinator knows them, for what is asked too often to ask the store: drawn anew every few seconds, and by
 * notices of other coordinators.
 */
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import type { Store } from '../../store/store.ts';
import { NAMESPACES, recordOf, type NamespaceRecord } from './record.ts';

/** In S3 each look is a listing. */
const PERIOD_MS = 5_000;

export class NamespaceBook {
  readonly #store: Pick<Store, 'switches'>;
  #records: ReadonlyMap<string, NamespaceRecord> = new Map();
  #first: Promise<void> | undefined;
  readonly #clock: Clock;
  #readAtMs = -Infinity;

  constructor(store: Pick<Store, 'switches'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Part of every sweep. */
  async sweep(): Promise<void> {
    if (this.#clock.monotonic() - this.#readAtMs >= PERIOD_MS) await this.refresh();
  }

  /** What was known holds while the store cannot be read. */
  refresh(): Promise<void> {
    const reading = this.#read();
    this.#first ??= reading;
    return reading;
  }

  async #read(): Promise<void> {
    const beganAtMs = this.#clock.monotonic();
    const all = await this.#store.switches(NAMESPACES);
    this.#readAtMs = beganAtMs;
    this.#records = new Map([...all].map(([name, value]) => [name, recordOf(name, value)]));
  }

  /** Nothing is taken for unbounded before it was looked up once. */
  async limitsOf(namespace: string): Promise<NamespaceLimits> {
    await (this.#first ?? this.refresh()).catch((error: unknown) => {
      this.#first = undefined;
      throw error;
    });
    return this.#records.get(namespace)?.limits ?? {};
  }

  /** Whether it has this bound, as far as it is known here; while nothing is known it may. */
  mayBound(namespace: string, bound: keyof NamespaceLimits): boolean {
    return this.#readAtMs === -Infinity || this.#records.get(namespace)?.limits[bound] !== undefined;
  }

  /** As far as it is known here; for what cannot wait. */
  known(namespace: string): NamespaceLimits {
    return this.#records.get(namespace)?.limits ?? {};
  }

  all(): NamespaceRecord[] {
    return [...this.#records.values()];
  }
}
