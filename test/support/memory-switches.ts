/** Switches of a store, in memory: for what stands on them alone. */
export class MemorySwitches {
  readonly storeId: string;
  readonly kinds = new Map<string, Map<string, unknown>>();

  constructor(storeId = 'st_0000000000000001') {
    this.storeId = storeId;
  }

  #of(kind: string): Map<string, unknown> {
    const known = this.kinds.get(kind) ?? new Map<string, unknown>();
    this.kinds.set(kind, known);
    return known;
  }

  async putSwitch(kind: string, name: string, value: unknown): Promise<void> {
    this.#of(kind).set(name, JSON.parse(JSON.stringify(value)));
  }

  async createSwitch(kind: string, name: string, value: unknown): Promise<boolean> {
    await Promise.resolve();
    if (this.#of(kind).has(name)) return false;
    await this.putSwitch(kind, name, value);
    return true;
  }

  async removeSwitch(kind: string, name: string): Promise<void> {
    this.#of(kind).delete(name);
  }

  async switchOf(kind: string, name: string): Promise<unknown> {
    return this.#of(kind).get(name);
  }

  async switches(kind: string): Promise<ReadonlyMap<string, unknown>> {
    return new Map(this.#of(kind));
  }
}
