/**
 * Who waits, of many owners: one of each in turns, and every second time of whoever has the fewest there. Who brings a thousand does not hold up who
 * brings eight, and waits no longer than twice as long for it.
 */
export class FairLine<T> {
  readonly #own = new Set<T>();
  readonly #lines = new Map<unknown, FairLine<T>>();
  #size = 0;
  #ofShortest = true;

  get size(): number {
    return this.#size;
  }

  /** `owners`: from the widest to the narrowest; turns are fair among the widest, then among those of each. An item is in it once. */
  add([owner, ...rest]: readonly unknown[], item: T): void {
    this.#size++;
    if (owner === undefined) return void this.#own.add(item);
    let line = this.#lines.get(owner);
    if (!line) this.#lines.set(owner, (line = new FairLine()));
    line.add(rest, item);
  }

  /** It waits no more; whether it did. `owners`: those that it was added with. */
  delete([owner, ...rest]: readonly unknown[], item: T): boolean {
    const line = owner === undefined ? this.#own : this.#lines.get(owner);
    const did = line instanceof FairLine ? line.delete(rest, item) : line?.delete(item) === true;
    if (did) this.#size--;
    if (line?.size === 0) this.#lines.delete(owner);
    return did;
  }

  /** Takes the next one out. */
  next(): T | undefined {
    const [owner, line] = this.#turn() ?? [];
    if (!line) {
      const [item] = this.#own;
      if (item !== undefined && this.#own.delete(item)) this.#size--;
      return item;
    }
    // It comes again behind the others.
    this.#lines.delete(owner);
    const item = line.next();
    this.#size--;
    if (line.size > 0) this.#lines.set(owner, line);
    return item;
  }

  #turn(): [unknown, FairLine<T>] | undefined {
    this.#ofShortest = !this.#ofShortest;
    let turn: [unknown, FairLine<T>] | undefined;
    for (const entry of this.#lines) {
      if (!turn || entry[1].size < turn[1].size) turn = entry;
      if (!this.#ofShortest) break;
    }
    return turn;
  }
}
