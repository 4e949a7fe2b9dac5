/** The bounds of namespaces as this coordinator knows them, for what is asked too often to ask the store: drawn anew by every sweep. */
import type { NamespaceLimits } from '../../../shared/domain/namespace-limits.ts';
import type { Store } from '../../store/store.ts';
import { NAMESPACES, recordOf, type NamespaceRecord } from './record.ts';

export class NamespaceBook {
  readonly #store: Pick<Store, 'switches'>;
  #records: ReadonlyMap<string, NamespaceRecord> = new Map();
  #first: Promise<void> | undefined;

  constructor(store: Pick<Store, 'switches'>) {
    this.#store = store;
  }

  /** What was known holds while the store cannot be read. */
  refresh(): Promise<void> {
    const reading = this.#read();
    this.#first ??= reading;
    return reading;
  }

  async #read(): Promise<void> {
    const all = await this.#store.switches(NAMESPACES);
    this.#records = new Map([...all].map(([name, value]) => [name, recordOf(name, value)]));
  }

  /** Nothing is taken for unbounded before it was looked up once. */
  async limitsOf(namespace: string): Promise<NamespaceLimits> {
    await (this.#first ?? this.refresh().finally(() => undefined)).catch((error: unknown) => {
      this.#first = undefined;
      throw error;
    });
    return this.#records.get(namespace)?.limits ?? {};
  }

  all(): NamespaceRecord[] {
    return [...this.#records.values()];
  }
}
